package org.jsspi.provider.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jsspi.ContextCallbacks;
import org.jsspi.EchStatus;
import org.jsspi.EndpointIdentification;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.SchCredentials;
import org.jsspi.TrustAnchorId;

/**
 * The decisions of a context whose caller leaves them to the credential: the credential's identities, PKIX over its roots, and
 * for a client the server's name.
 *
 * @param manualValidation ISC_REQ_MANUAL_CRED_VALIDATION: the caller judges the server's chain itself, afterwards
 * @param applicationProtocols what a server speaks, best first; empty if it does not negotiate
 */
record CredentialCallbacks(SchannelCredential credential, boolean manualValidation, List<String> applicationProtocols)
        implements ContextCallbacks {

    /** {@return whether clients check the server's name} */
    static boolean identifyServer(SchannelCredential credential, boolean manualValidation) {
        SchCredentials settings = credential.settings();
        return !manualValidation
                && !settings.has(SchCredentials.SCH_CRED_MANUAL_CRED_VALIDATION)
                && !settings.has(SchCredentials.SCH_CRED_NO_SERVERNAME_CHECK);
    }

    @Override
    public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType) throws CertificateException {
        SchCredentials settings = credential.settings();
        // RFC 9849 6.1.7: of a connection that ends here nobody can judge the chain afterwards.
        boolean rejected = info.initiator() && info.session().echStatus() == EchStatus.REJECTED;
        if (!rejected && (manualValidation || settings.has(SchCredentials.SCH_CRED_MANUAL_CRED_VALIDATION))) {
            return;
        }
        X509TrustManager trust = credential.trustManager();
        if (!info.initiator()) {
            trust.checkClientTrusted(chain, authType);
            return;
        }
        trust.checkServerTrusted(chain, authType);
        if (!settings.has(SchCredentials.SCH_CRED_NO_SERVERNAME_CHECK)) {
            EndpointIdentification.check("HTTPS", info.targetName(), chain[0]);
        }
    }

    @Override
    public Identity selectIdentity(HandshakeInfo info, List<String> keyTypes, Principal[] issuers) {
        if (info.initiator() && credential.settings().has(SchCredentials.SCH_CRED_NO_DEFAULT_CREDS)) {
            return null;
        }
        Set<TrustAnchorId> wanted = wantedAnchors(info);
        int perfect = wanted.isEmpty() ? 1 : 0;
        Identity best = null;
        int rank = Integer.MAX_VALUE;
        for (Identity identity : credential.settings().identities()) {
            if (!info.accepts(identity)) {
                continue;
            }
            int candidate = rank(identity, wanted) + (isNamed(identity, info) ? 0 : 3);
            if (candidate <= perfect) {
                return identity;
            }
            if (candidate < rank) {
                best = identity;
                rank = candidate;
            }
        }
        return best;
    }

    /** {@return how well the identity fits what the peer says whom it trusts: asked for, for everybody, for those who ask for it} */
    private static int rank(Identity identity, Set<TrustAnchorId> wanted) {
        TrustAnchorId anchor = identity.trustAnchor();
        if (anchor == null) {
            return 1;
        }
        return wanted.contains(anchor) ? 0 : 2;
    }

    /**
     * {@return the anchors of identities here that the peer asks for}
     *
     * <p>Its list may be long, and there may be many identities: each of its anchors is looked up among ours, which no peer chooses.
     */
    private Set<TrustAnchorId> wantedAnchors(HandshakeInfo info) {
        Set<TrustAnchorId> ours = credential.trustAnchors();
        List<TrustAnchorId> requested = ours.isEmpty() ? null : info.requestedTrustAnchors();
        if (requested == null) {
            return Set.of();
        }
        Set<TrustAnchorId> wanted = new HashSet<>();
        for (TrustAnchorId anchor : requested) {
            if (ours.contains(anchor)) {
                wanted.add(anchor);
            }
        }
        return wanted;
    }

    private static boolean isNamed(Identity identity, HandshakeInfo info) {
        return info.initiator() || answersTo(identity, info.session().requestedServerNames());
    }

    @Override
    public List<Identity> availableIdentities(HandshakeInfo info) {
        // Not of other services that are hosted here (draft-ietf-tls-trust-anchor-ids, privacy considerations).
        return credential.settings().identities().stream()
                .filter(identity -> identity.trustAnchor() != null && isNamed(identity, info))
                .toList();
    }

    private static boolean answersTo(Identity identity, List<SNIServerName> names) {
        for (SNIServerName name : names) {
            if (name instanceof SNIHostName host) {
                try {
                    EndpointIdentification.check(
                            "HTTPS", host.getAsciiName(), identity.chain().get(0));
                    return true;
                } catch (CertificateException anotherIdentity) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public String selectApplicationProtocol(HandshakeInfo info, List<String> offered) {
        if (applicationProtocols.isEmpty()) {
            return "";
        }
        // RFC 7301 3.2: the server chooses by its own preference, and refuses a client with which it shares none.
        return applicationProtocols.stream()
                .filter(offered::contains)
                .findFirst()
                .orElse(null);
    }

    @Override
    public boolean matchServerName(HandshakeInfo info, List<SNIServerName> names) {
        return true;
    }

    @Override
    public Object trustScope() {
        return List.of(manualValidation);
    }

    static X509TrustManager trustManager(KeyStore roots) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(roots);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("the PKIX trust manager factory has no X.509 trust manager");
    }
}
