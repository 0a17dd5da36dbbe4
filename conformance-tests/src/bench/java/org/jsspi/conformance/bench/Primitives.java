package org.jsspi.conformance.bench;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import javax.crypto.KeyAgreement;
import org.jsspi.provider.crypto.KeyExchange;
import org.jsspi.provider.crypto.KeyExchangeGroup;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.crypto.Signing;

/**
 * The limit of a handshake: its public-key operations alone, without a protocol around them. Two key pairs and two agreements,
 * and for each side that shows a certificate one signature made and verified; the signature of the CA has been verified before.
 */
final class Primitives implements Work {
    /** Whose implementations. */
    enum Source {
        /** Those that JSSPI chooses, by its own calls. */
        CHOSEN("primitives"),
        /** Those of the JCA providers in their order, as every other provider in Java takes them. */
        JCA("JCA primitives");

        private final String label;

        Source(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private interface Step {
        void run() throws GeneralSecurityException;
    }

    private static final int BATCH = 4;
    /** About as long as what CertificateVerify signs (RFC 8446 4.4.3). */
    private static final byte[] CONTENT = new byte[130];

    private final Step exchange;
    private final Step authentication;
    private final int signatures;

    /**
     * @param signatures how many sides show a certificate: 0 to 2
     * @throws GeneralSecurityException if JCA does not have them
     */
    Primitives(Source source, Group group, Identity identity, int signatures) throws GeneralSecurityException {
        boolean chosen = source == Source.CHOSEN;
        PublicKey known = identity.certificate().getPublicKey();
        this.exchange = chosen ? exchange(group) : jcaExchange(group);
        this.authentication = chosen ? authentication(identity.key(), known) : jcaAuthentication(identity.key(), known);
        this.signatures = signatures;
        run();
    }

    @Override
    public int operations() {
        return BATCH;
    }

    @Override
    public void run() throws GeneralSecurityException {
        for (int i = 0; i < BATCH; i++) {
            exchange.run();
            for (int n = 0; n < signatures; n++) {
                authentication.run();
            }
        }
    }

    private static Step exchange(Group group) {
        KeyExchangeGroup named = KeyExchangeGroup.of(group.code()).orElseThrow();
        return () -> {
            KeyExchange client = KeyExchange.generate(named);
            KeyExchange.Response server = KeyExchange.respond(named, client.publicShare());
            client.agree(server.serverShare()).destroy();
            server.sharedSecret().destroy();
        };
    }

    private static Step authentication(PrivateKey key, PublicKey known) {
        SignatureAlgorithm scheme = known.getAlgorithm().equals("RSA")
                ? SignatureAlgorithm.RSA_PSS_RSAE_SHA256
                : SignatureAlgorithm.ECDSA_SECP256R1_SHA256;
        return () -> {
            byte[] signature = Signing.sign(scheme, key, CONTENT);
            require(Signing.verify(scheme, known, signature, CONTENT));
        };
    }

    private static Step jcaExchange(Group group) throws GeneralSecurityException {
        KeyPairGenerator generator;
        String agreement;
        switch (group) {
            case X25519 -> {
                generator = KeyPairGenerator.getInstance("X25519");
                agreement = "X25519";
            }
            case SECP256R1 -> {
                generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec("secp256r1"));
                agreement = "ECDH";
            }
            default -> throw new GeneralSecurityException("JCA has no name for " + group);
        }
        return () -> {
            KeyPair client = generator.generateKeyPair();
            KeyPair server = generator.generateKeyPair();
            agree(agreement, server, client);
            agree(agreement, client, server);
        };
    }

    private static void agree(String algorithm, KeyPair own, KeyPair peer) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance(algorithm);
        agreement.init(own.getPrivate());
        agreement.doPhase(peer.getPublic(), true);
        agreement.generateSecret();
    }

    private static Step jcaAuthentication(PrivateKey key, PublicKey known) {
        boolean rsa = known.getAlgorithm().equals("RSA");
        return () -> {
            Signature signer = signature(rsa);
            signer.initSign(key);
            signer.update(CONTENT);
            byte[] signed = signer.sign();
            Signature verifier = signature(rsa);
            verifier.initVerify(known);
            verifier.update(CONTENT);
            require(verifier.verify(signed));
        };
    }

    private static Signature signature(boolean rsa) throws GeneralSecurityException {
        if (!rsa) {
            return Signature.getInstance("SHA256withECDSA");
        }
        Signature pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        return pss;
    }

    private static void require(boolean verified) throws GeneralSecurityException {
        if (!verified) {
            throw new GeneralSecurityException("the signature does not verify");
        }
    }
}
