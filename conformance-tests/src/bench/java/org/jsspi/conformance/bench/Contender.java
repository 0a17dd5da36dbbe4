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
        void pin(SSLEngine engine, Protocol protocol) {
            if (protocol == Protocol.TLS13) {
                engine.setEnabledProtocols(new String[] {protocol.toString()});
            } else {
                super.pin(engine, protocol);
            }
            Conscrypt.setUseSessionTickets(engine, true);
        }
    },
    JSSPI("JSSPI") {
        @Override
        Provider load() {
            return new JsspiProvider();
        }
    };

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

    /** {@return two fresh engines of this contender, pinned, with memory between them} */
    Pair pair(Protocol protocol, SSLEngine client, SSLEngine server, Pair.Wire wire) {
        Pair pair = new Pair(protocol, client, server, wire);
        pin(client, protocol);
        pin(server, protocol);
        return pair;
    }

    /** Sets what is the same for everybody. The group is the one that the JVM was started with. */
    void pin(SSLEngine engine, Protocol protocol) {
        engine.setEnabledProtocols(new String[] {protocol.toString()});
        engine.setEnabledCipherSuites(new String[] {protocol.suite()});
    }

    /** {@return the JDK's SunX509, which keeps the key; its PKIX decrypts the PKCS#12 entry for every handshake} */
    KeyManager[] keyManagers(Identity identity) throws GeneralSecurityException {
        return identity.keyManagers(KeyManagerFactory.getInstance("SunX509", "SunJSSE"));
    }

    /** {@return the JDK's PKIX} */
    TrustManager[] trustManagers(Identity identity) throws GeneralSecurityException {
        return identity.trustManagers(TrustManagerFactory.getInstance("PKIX", "SunJSSE"));
    }

    Provider provider() {
        if (provider == null) {
            provider = load();
        }
        return provider;
    }

    abstract Provider load();
}
