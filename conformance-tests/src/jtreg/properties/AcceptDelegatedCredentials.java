/*
 * @test
 * @summary with the property both sides take delegated credentials, which a key manager may have, and without it none
 * @run main/othervm -Dorg.jsspi.acceptDelegatedCredentials=true AcceptDelegatedCredentials TLSv1.3 true
 * @run main/othervm -Dorg.jsspi.acceptDelegatedCredentials=true AcceptDelegatedCredentials TLSv1.2 false
 * @run main/othervm AcceptDelegatedCredentials TLSv1.3 false
 */
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jsspi.CredentialUse;
import org.jsspi.DelegatedCredential;
import org.jsspi.DelegatedCredentials;
import org.jsspi.Identity;
import org.jsspi.Session;
import org.jsspi.jsse.JsseSession;
import org.jsspi.provider.JsspiProvider;

public class AcceptDelegatedCredentials {
    // They protect nothing. openssl req -x509 -addext 1.3.6.1.4.1.44363.44=ASN1:NULL -addext keyUsage=digitalSignature
    private static final String KEY = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg49/Djv7z3W5feNt3"
            + "uAUok7fv3ZxH4Jlr28ZiPwVP4SGhRANCAATCYGeKf/YF6eHjRVDve2Yeox+8IWkI"
            + "pTgl9zyRXPPvpV3TMK4lFWW6fa6rUXz98taMTLVAWHqVvXTc64zZ1vBg";

    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----\n"
            + "MIIBrjCCAVSgAwIBAgIUYdAgKgdQ46hqoskcOP2EaiFQ6QwwCgYIKoZIzj0EAwIw\n"
            + "FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjA1MzIyMVoYDzIxMjYxMTAy\n"
            + "MDUzMjIxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO\n"
            + "PQMBBwNCAATCYGeKf/YF6eHjRVDve2Yeox+8IWkIpTgl9zyRXPPvpV3TMK4lFWW6\n"
            + "fa6rUXz98taMTLVAWHqVvXTc64zZ1vBgo4GBMH8wHQYDVR0OBBYEFKZ5yHpXeeu+\n"
            + "a57hYsVTTDy2VTTEMB8GA1UdIwQYMBaAFKZ5yHpXeeu+a57hYsVTTDy2VTTEMA8G\n"
            + "CSsGAQQBgtpLLAQCBQAwCwYDVR0PBAQDAgeAMBQGA1UdEQQNMAuCCWxvY2FsaG9z\n"
            + "dDAJBgNVHRMEAjAAMAoGCCqGSM49BAMCA0gAMEUCIAlwiV8q1SP1g6JHF+jftwo1\n"
            + "ikPB/g0Nx8MUCWdXwktoAiEA3Un4VblyvfTnjlPToSPB3grJCIdIpUpt7AuAsMbl\n"
            + "ql0=\n"
            + "-----END CERTIFICATE-----\n";

    /** Has the certificate, keys that it has delegated to, and its own key where the test wants that. */
    private static final class Keys extends Loopback.OneKey implements DelegatedCredentials {
        private final Identity owner;
        private final boolean hasOwnKey;
        private final List<Identity> delegated;

        Keys(boolean hasOwnKey) throws Exception {
            this.owner = owner();
            this.hasOwnKey = hasOwnKey;
            this.delegated = List.of(delegated(CredentialUse.OUTBOUND), delegated(CredentialUse.INBOUND));
        }

        private Identity delegated(CredentialUse use) throws Exception {
            KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            Instant expiry = Instant.now().plus(Duration.ofDays(1));
            return Identity.delegated(
                    keys.getPrivate(),
                    owner.chain(),
                    DelegatedCredential.issue(owner, keys.getPublic(), expiry, use));
        }

        @Override
        public List<Identity> delegatedBy(X509Certificate certificate) {
            Loopback.expect(certificate.equals(owner.chain().get(0)), "the certificate that was chosen");
            return delegated;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return owner.chain().toArray(new X509Certificate[0]);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return hasOwnKey ? owner.privateKey() : null;
        }
    }

    private static final class Trust extends Loopback.OneCertificate {
        @Override
        public void check(X509Certificate[] chain) throws CertificateException {
            if (!chain[0].equals(certificate())) {
                throw new CertificateException("somebody else's certificate");
            }
        }
    }

    public static void main(String[] args) throws Exception {
        boolean delegated = Boolean.parseBoolean(args[1]);
        JsspiProvider provider = new JsspiProvider();
        Keys keys = new Keys(!delegated);
        Loopback loopback = new Loopback(
                Loopback.context(provider, keys, new Trust()), Loopback.context(provider, keys, new Trust()));
        loopback.client.engine.setEnabledProtocols(new String[] {args[0]});
        loopback.server.engine.setNeedClientAuth(true);
        loopback.handshake();
        for (SSLEngine engine : List.of(loopback.client.engine, loopback.server.engine)) {
            Session session = session(engine.getSession());
            Loopback.expect(session.peerDelegated() == delegated, "delegated: " + delegated);
            String scheme = delegated ? "ed25519" : "ecdsa_secp256r1_sha256";
            Loopback.expect(scheme.equals(session.peerSignatureScheme()), scheme);
        }
    }

    private static Session session(SSLSession session) {
        return ((JsseSession) session).session();
    }

    private static Identity owner() throws Exception {
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(KEY)));
        return new Identity(key, List.of(certificate()));
    }

    private static X509Certificate certificate() throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(CERTIFICATE.getBytes(StandardCharsets.US_ASCII)));
    }
}
