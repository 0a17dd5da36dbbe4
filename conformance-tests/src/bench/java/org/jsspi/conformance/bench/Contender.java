package org.jsspi.conformance.bench;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.conscrypt.Conscrypt;
import org.jsspi.provider.JsspiProvider;

/** A JSSE provider that takes part. */
enum Contender {
    SUNJSSE("SunJSSE") {
        @Override
        Provider load() {
            return Security.getProvider("SunJSSE");
        }
    },
    /** Over the JCA providers in their order, Bouncy Castle's the last of them: its AES-GCM would be the slower choice. */
    BCJSSE("BCJSSE") {
        @Override
        Provider load() {
            if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
                Security.addProvider(new BouncyCastleProvider());
            }
            return new BouncyCastleJsseProvider();
        }

        /** Without secp256r1 among its groups it would not use a P-256 certificate; its key share is of the other one. */
        @Override
        SSLContext context(Identity identity) throws GeneralSecurityException {
            System.setProperty(
                    "org.bouncycastle.jsse.client.earlyKeyShares",
                    Group.pinned().toString());
            return Group.pinned() == Group.SECP256R1
                    ? super.context(identity)
                    : Group.withSecondGroup(Group.SECP256R1, () -> super.context(identity));
        }

        /** Its own key manager: it asks for {@code EC/secp256r1}, which the JDK's does not know. */
        @Override
        KeyManager[] keyManagers(Identity identity) throws GeneralSecurityException {
            return identity.keyManagers(KeyManagerFactory.getInstance("PKIX", provider()));
        }
    },
    CONSCRYPT("Conscrypt") {
        @Override
        Provider load() {
            return Conscrypt.newProvider();
        }

        @Override
        TrustManager[] trustManagers(Identity identity) throws GeneralSecurityException {
            X509ExtendedTrustManager jdk = (X509ExtendedTrustManager) super.trustManagers(identity)[0];
            return new TrustManager[] {new GenericAuthTypeTrust(jdk)};
        }

        /**
         * Its suites of TLS 1.3 are not to be chosen, and without one of TLS 1.2 it finds no certificate. Tickets, which others
         * have by default, it must be asked for.
         */
        @Override
        void pin(SSLEngine engine) {
            engine.setEnabledProtocols(new String[] {PROTOCOL});
            Conscrypt.setUseSessionTickets(engine, true);
        }
    },
    JSSPI("JSSPI") {
        @Override
        Provider load() {
            return new JsspiProvider();
        }
    };

    /** The protocol of every case. */
    static final String PROTOCOL = "TLSv1.3";

    /** The suite of every case: the one that all contenders take by themselves where AES is in hardware. */
    static final String CIPHER_SUITE = "TLS_AES_128_GCM_SHA256";

    private final String label;
    private Provider provider;

    Contender(String label) {
        this.label = label;
    }

    /** {@return the provider's name, as tables show it} */
    String label() {
        return label;
    }

    /**
     * {@return a fresh context with the identity for itself and for its peer, with no sessions}
     *
     * @throws GeneralSecurityException if the provider has no TLS context, or none for these managers
     */
    SSLContext context(Identity identity) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS", provider());
        context.init(keyManagers(identity), trustManagers(identity), new SecureRandom());
        return context;
    }

    /** Sets what every case has in common. The group is the one that the JVM was started with. */
    void pin(SSLEngine engine) {
        engine.setEnabledProtocols(new String[] {PROTOCOL});
        engine.setEnabledCipherSuites(new String[] {CIPHER_SUITE});
    }

    /** {@return the JDK's SunX509, which keeps the key; its PKIX decrypts the PKCS#12 entry for every handshake} */
    KeyManager[] keyManagers(Identity identity) throws GeneralSecurityException {
        return identity.keyManagers(KeyManagerFactory.getInstance("SunX509"));
    }

    /** {@return the JDK's PKIX} */
    TrustManager[] trustManagers(Identity identity) throws GeneralSecurityException {
        return identity.trustManagers(TrustManagerFactory.getInstance("PKIX"));
    }

    Provider provider() {
        if (provider == null) {
            provider = load();
        }
        return provider;
    }

    abstract Provider load();
}
