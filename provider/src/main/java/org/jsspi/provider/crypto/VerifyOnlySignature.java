package org.jsspi.provider.crypto;

import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import java.util.Map;

/**
 * ECDSA as a {@code Signature} that verifies and never signs.
 *
 * <p>The JDK's PKIX check of a certificate chain asks the most preferred provider for {@code SHA256withECDSA} and its like;
 * SunEC takes several times as long as bcprov for the answer. Where our provider stands before SunEC it answers instead. Only
 * the arithmetic of one verification changes hands: which chain is built, what is trusted, revoked, expired or constrained
 * stays PKIX's decision, and nothing is remembered between two signatures but decoded public keys.
 *
 * <p>{@code initSign} refuses every key, and {@code initVerify} every key that is not on P-256, P-384 or P-521: JCA then goes
 * on to the next provider, so whoever signs is served as if we were not there. In first place this verifies for the whole JVM,
 * tokens and jars included; {@value #SWITCH}={@code false} keeps these services from being registered.
 *
 * <p>Verification works on public values alone, so its timing tells nothing.
 */
public class VerifyOnlySignature extends SignatureSpi {
    /** System or security property that removes these services. */
    public static final String SWITCH = "org.jsspi.verifySignatures";

    /** What is served: the JCA name, and the names that it goes by otherwise. */
    public static final Map<String, List<String>> SERVICES = Map.of(
            "SHA256withECDSA", List.of("1.2.840.10045.4.3.2", "OID.1.2.840.10045.4.3.2"),
            "SHA384withECDSA", List.of("1.2.840.10045.4.3.3", "OID.1.2.840.10045.4.3.3"),
            "SHA512withECDSA", List.of("1.2.840.10045.4.3.4", "OID.1.2.840.10045.4.3.4"));

    private final SignatureAlgorithm algorithm;
    private final MessageDigest digest;
    private PublicKey key;
    private NistCurve curve;

    /** @param algorithm one of the names of {@link #SERVICES} */
    public VerifyOnlySignature(String algorithm) {
        this.algorithm = SignatureAlgorithm.ofJcaName(algorithm);
        this.digest = this.algorithm.hash().orElseThrow().newDigest();
    }

    /** {@return whether the services are to be registered} */
    public static boolean isWanted() {
        return !"false".equalsIgnoreCase(ProviderChoice.property(SWITCH));
    }

    @Override
    protected void engineInitVerify(PublicKey publicKey) throws InvalidKeyException {
        if (!(publicKey instanceof ECPublicKey ec)) {
            throw new InvalidKeyException("not an ECPublicKey");
        }
        curve = NistCurve.of(ec.getParams()).orElseThrow(() -> new InvalidKeyException("not a curve that is served"));
        key = publicKey;
        digest.reset();
    }

    @Override
    protected void engineInitSign(PrivateKey privateKey) throws InvalidKeyException {
        throw new InvalidKeyException("this Signature verifies only; another provider signs");
    }

    @Override
    protected void engineUpdate(byte b) throws SignatureException {
        digest.update(b);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
        digest.update(bytes, offset, length);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
        throw new SignatureException("this Signature verifies only");
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
        if (key == null) {
            throw new SignatureException("not initialized to verify");
        }
        return Signing.verifyEcdsa(algorithm, curve, key, signature, digest.digest());
    }

    /** {@inheritDoc} ECDSA has no parameters. */
    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
        throw new InvalidParameterException("ECDSA has no parameters");
    }

    /** {@inheritDoc} ECDSA has no parameters. */
    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
        throw new InvalidParameterException("ECDSA has no parameters");
    }
}
