package org.jsspi.conformance.bogo;

import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SNIServerName;
import javax.security.auth.x500.X500Principal;
import org.jsspi.ContextCallbacks;
import org.jsspi.EchStatus;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.RefusalException;
import org.jsspi.TrustAnchorId;

/** What the flags decide during a handshake. */
final class Decisions implements ContextCallbacks {
    private Configuration configuration;
    private final Map<Configuration.Credential, Identity> identities;
    private Integer selected;
    private String failure;

    /**
     * Decisions of one connection.
     *
     * @param identities what the test gives us, best first
     */
    Decisions(Configuration configuration, Map<Configuration.Credential, Identity> identities) {
        this.configuration = configuration;
        this.identities = identities;
    }

    /** From here on another configuration decides. */
    void follow(Configuration next) {
        configuration = next;
    }

    /** {@return the number of the credential that was chosen; -1 for the default one, or none} */
    int selected() {
        return selected == null ? -1 : selected;
    }

    /** {@return schemes that our keys sign by, one at least for each} */
    List<String> ownSchemes() {
        return identities.values().stream()
                .map(identity -> identity.chain().get(0).getPublicKey().getAlgorithm())
                .flatMap(algorithm -> switch (algorithm) {
                    case "RSA" -> Stream.of("rsa_pss_rsae_sha256", "rsa_pkcs1_sha256");
                    case "EC" ->
                        Stream.of("ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "ecdsa_secp521r1_sha512");
                    default -> Stream.of("ed25519");
                })
                .toList();
    }

    /** Fails if what a callback was told is not what the test expects. */
    void check() throws ExpectationFailed {
        if (failure != null) {
            throw new ExpectationFailed(failure);
        }
    }

    @Override
    public void admit(HandshakeInfo info) {
        if (configuration.refuseClient != 0) {
            throw new RefusalException(configuration.refuseClient, "the test wants no clients");
        }
    }

    @Override
    public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType) throws CertificateException {
        String override = info.session().echStatus() == EchStatus.REJECTED ? info.targetName() : null;
        expect(!configuration.expectNoEchNameOverride || override == null, "the server is judged by a public name");
        expect(
                configuration.expectEchNameOverride == null || configuration.expectEchNameOverride.equals(override),
                "the server is judged by another name than the public one");
        // Without a wish to verify, BoringSSL asks all the same and does not mind the answer.
        if (configuration.verifyFail && (configuration.verifyPeer || configuration.requireClientCertificate)) {
            if (!configuration.customVerifyCallback) {
                // BoringSSL's plain callback answers yes or no, and no is this alert.
                throw new RefusalException(RefusalException.HANDSHAKE_FAILURE, "the test wants it to be refused");
            }
            throw new CertificateException("the test wants it to be refused");
        }
    }

    /** The runner's responses are no OCSP responses: all that is asked of them is to arrive. */
    @Override
    public void verifyStatus(HandshakeInfo info, boolean readable) throws CertificateException {
        expect(
                configuration.expectOcspResponse.length == 0
                        || !info.session().statusResponses().isEmpty(),
                "no OCSP response is there while the certificates are judged");
        if (configuration.failOcsp) {
            throw new CertificateException("the test wants the status to be refused");
        }
    }

    @Override
    public Identity selectIdentity(HandshakeInfo info, List<String> keyTypes, Principal[] issuers) {
        if (configuration.failCertCallback) {
            throw new IllegalStateException("the test wants the choice of a certificate to fail");
        }
        if (info.initiator() && configuration.expectAuthorities != null) {
            List<byte[]> named = new ArrayList<>();
            for (Principal issuer : issuers == null ? new Principal[0] : issuers) {
                named.add(((X500Principal) issuer).getEncoded());
            }
            expect(
                    Arrays.deepEquals(named.toArray(), configuration.expectAuthorities.toArray()),
                    "the server names other authorities than expected");
        }
        for (Map.Entry<Configuration.Credential, Identity> candidate : identities.entrySet()) {
            Configuration.Credential credential = candidate.getKey();
            if (info.accepts(candidate.getValue())
                    && (!credential.mustMatchIssuer
                            || issuedByOneOf(candidate.getValue(), issuers)
                            || isAskedFor(candidate.getValue(), info))) {
                selected = credential.number;
                return candidate.getValue();
            }
        }
        if (info.initiator() && !identities.isEmpty()) {
            // Who has certificates for the test, and none that fits, is not to go on without one.
            throw new RefusalException(RefusalException.HANDSHAKE_FAILURE, "none of our certificates fits");
        }
        return null;
    }

    private static boolean isAskedFor(Identity identity, HandshakeInfo info) {
        List<TrustAnchorId> requested = info.requestedTrustAnchors();
        return requested != null && identity.trustAnchor() != null && requested.contains(identity.trustAnchor());
    }

    @Override
    public List<Identity> availableIdentities(HandshakeInfo info) {
        return List.copyOf(identities.values());
    }

    private static boolean issuedByOneOf(Identity identity, Principal[] issuers) {
        return issuers != null
                && identity.chain().stream()
                        .map(X509Certificate::getIssuerX500Principal)
                        .anyMatch(List.of(issuers)::contains);
    }

    @Override
    public String selectApplicationProtocol(HandshakeInfo info, List<String> offered) {
        if (configuration.expectAdvertisedAlpn != null) {
            expect(
                    offered.equals(Shim.protocols(configuration.expectAdvertisedAlpn)),
                    "the client offers other application protocols than expected");
        }
        if (configuration.rejectAlpn) {
            return null;
        }
        return configuration.declineAlpn || configuration.selectAlpn == null ? "" : configuration.selectAlpn;
    }

    @Override
    public boolean matchServerName(HandshakeInfo info, List<SNIServerName> names) {
        return true;
    }

    @Override
    public boolean acknowledgeServerName(HandshakeInfo info, List<SNIServerName> names) {
        return !configuration.silentAboutName;
    }

    @Override
    public boolean acceptEncryptedClientHello(HandshakeInfo info, List<SNIServerName> names) {
        return !configuration.declineEch;
    }

    /** One judge for all connections of a test: what is asked of a session is the test's to say. */
    @Override
    public Object trustScope() {
        return Decisions.class;
    }

    @Override
    public List<X500Principal> acceptedIssuers() {
        return configuration.clientAuthorities.stream().map(X500Principal::new).toList();
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            failure = otherwise;
            throw new IllegalStateException(otherwise);
        }
    }
}
