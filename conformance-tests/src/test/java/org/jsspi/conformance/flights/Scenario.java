package org.jsspi.conformance.flights;

import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jsspi.ContextCallbacks;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.SchCredentials;
import org.jsspi.Sspi;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;

/** The connections that are recorded: our side, the version, the suite and the group, and whether the client has a certificate. */
enum Scenario {
    CLIENT_TLS13_AES_128("TLSv1.3", "TLS_AES_128_GCM_SHA256", "x25519", true, false),
    CLIENT_TLS13_AES_256_P256("TLSv1.3", "TLS_AES_256_GCM_SHA384", "secp256r1", true, false),
    CLIENT_TLS13_CHACHA20_MUTUAL("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256", "x25519", true, true),
    CLIENT_TLS12_AES_128("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "x25519", true, false),
    CLIENT_TLS12_CHACHA20_MUTUAL("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "x25519", true, true),
    SERVER_TLS13_AES_128("TLSv1.3", "TLS_AES_128_GCM_SHA256", "x25519", false, false),
    SERVER_TLS13_AES_256_RETRY("TLSv1.3", "TLS_AES_256_GCM_SHA384", "secp384r1", false, false),
    SERVER_TLS13_CHACHA20_MUTUAL("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256", "secp256r1", false, true),
    SERVER_TLS12_AES_256("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "secp256r1", false, false),
    SERVER_TLS12_CHACHA20_MUTUAL("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "x25519", false, true);

    private static final char[] PASSWORD = "changeit".toCharArray();

    // An Ed25519 key, whose signatures are the same each time, and a certificate for localhost until 2126; they protect
    // nothing.
    private static final String KEY = "MC4CAQAwBQYDK2VwBCIEIGYh3gJJNGsFPgrvdKUtOFcS6fYUZxpyvwkhX8qp9uvo";
    private static final String CERTIFICATE =
            "MIIBVTCCAQegAwIBAgIUMJABVP7jJUyN9xsd+YZMleIKoIUwBQYDK2VwMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDAgFw"
                    + "0yNjExMjUyMzE3NDBaGA8yMTI2MTEwMTIzMTc0MFowFDESMBAGA1UEAwwJbG9jYWxob3N0MCowBQYDK2VwAyEA1wzy"
                    + "4GjypKhu9wJSiFHY79ycpTzFfiSQlLRJs+KmCJijaTBnMB0GA1UdDgQWBBSSXWdjPPu5if4EHIgwXnnEc8CEazAfBg"
                    + "NVHSMEGDAWgBSSXWdjPPu5if4EHIgwXnnEc8CEazAPBgNVHRMBAf8EBTADAQH/MBQGA1UdEQQNMAuCCWxvY2FsaG9z"
                    + "dDAFBgMrZXADQQDt5KaFxsSRrhtN6XPTnYQqO2ZUZhT6Ca5Z1w4hLLiSnIp5KaWIzU7xhywGCWyIAr37eOQMdafW/J"
                    + "CmnTBOHLQA";

    private final String protocol;
    private final String suite;
    private final String group;
    private final boolean client;
    private final boolean mutual;

    Scenario(String protocol, String suite, String group, boolean client, boolean mutual) {
        this.protocol = protocol;
        this.suite = suite;
        this.group = group;
        this.client = client;
        this.mutual = mutual;
    }

    boolean isClient() {
        return client;
    }

    boolean isTls13() {
        return protocol.equals("TLSv1.3");
    }

    String file() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + ".txt";
    }

    String comment(String peer) {
        return protocol + ", we are the " + (client ? "client" : "server") + ", " + peer + " is the other side: "
                + suite + ", " + group + (mutual ? ", with a certificate of the client" : "");
    }

    /** {@return a context of ours at its beginning, without tickets: they hold the time of day} */
    StreamContext context() throws SspiException {
        CredHandle handle = Sspi.acquireCredentialsHandle(
                null,
                "Schannel",
                client ? CredentialUse.OUTBOUND : CredentialUse.INBOUND,
                SchCredentials.builder()
                        .identities(List.of(identity()))
                        .flags(SchCredentials.SCH_CRED_DISABLE_RECONNECTS)
                        .build());
        return (StreamContext) handle.newContext();
    }

    ContextOptions options() {
        return ContextOptions.builder()
                .protocols(List.of(protocol))
                .cipherSuites(List.of(suite))
                .namedGroups(List.of(group))
                // Which there are else depends on the JDK.
                .signatureSchemes(List.of("ed25519", "ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256"))
                .clientAuthentication(mutual && !client ? ClientAuthentication.NEED : ClientAuthentication.NONE)
                .callbacks(new Trusting())
                .build();
    }

    /** {@return the other side's engine} */
    SSLEngine peer() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        Identity identity = identity();
        store.setKeyEntry(
                "key", identity.privateKey(), PASSWORD, identity.chain().toArray(new X509Certificate[0]));
        store.setCertificateEntry("root", identity.chain().get(0));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("NewSunX509", "SunJSSE");
        keys.init(store, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX", "SunJSSE");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        SSLEngine engine = client ? context.createSSLEngine() : context.createSSLEngine("localhost", 443);
        engine.setUseClientMode(!client);
        engine.setNeedClientAuth(client && mutual);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        parameters.setCipherSuites(new String[] {suite});
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static Identity identity() {
        try {
            PrivateKey key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(KEY)));
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new java.io.ByteArrayInputStream(Base64.getDecoder().decode(CERTIFICATE)));
            return new Identity(key, List.of(certificate));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Trusts everybody: who the other side is plays no part. */
    private static final class Trusting implements ContextCallbacks {
        @Override
        public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType) {}

        @Override
        public Identity selectIdentity(HandshakeInfo info, List<String> keyTypes, Principal[] issuers) {
            return identity();
        }

        @Override
        public String selectApplicationProtocol(HandshakeInfo info, List<String> offered) {
            return "";
        }

        @Override
        public boolean matchServerName(HandshakeInfo info, List<SNIServerName> names) {
            return true;
        }
    }
}
