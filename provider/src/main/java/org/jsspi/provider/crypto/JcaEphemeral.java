package org.jsspi.provider.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.KeyAgreement;
import javax.security.auth.DestroyFailedException;
import org.jsspi.SspiException;

/**
 * A key pair on a curve by a JCA provider: by one that somebody has put before the platform's own, which is there because it
 * is native and fast, or that a property names; or by SunEC while the JVM is young ({@link ColdStart}).
 *
 * <p>What a peer sends is judged here before the provider sees it, as for bcprov's keys.
 */
final class JcaEphemeral implements KeyExchange.Ephemeral {
    /** How the keys of one curve are made and written: a SubjectPublicKeyInfo ends with the share that TLS sends. */
    enum Curve implements ProviderChoice.Primitive {
        X25519("X25519", "XDH", "XDH", "302a300506032b656e032100", 32, null),
        P256("secp256r1", "EC", "ECDH", "3059301306072a8648ce3d020106082a8648ce3d030107034200", 65, NistCurve.P256),
        P384("secp384r1", "EC", "ECDH", "3076301006072a8648ce3d020106052b81040022036200", 97, NistCurve.P384),
        P521("secp521r1", "EC", "ECDH", "30819b301006072a8648ce3d020106052b8104002303818600", 133, NistCurve.P521);

        private final String standardName;
        private final String keyAlgorithm;
        private final String agreementAlgorithm;
        private final byte[] prefix;
        private final int shareLength;
        private final NistCurve nist;

        private final ColdStart coldStart;

        /** Null until the first use; empty for bcprov. A benign race: every writer writes the same. */
        private volatile Optional<Provider> preferred;

        private volatile boolean named;

        Curve(
                String standardName,
                String keyAlgorithm,
                String agreementAlgorithm,
                String prefix,
                int shareLength,
                NistCurve nist) {
            this.standardName = standardName;
            this.keyAlgorithm = keyAlgorithm;
            this.agreementAlgorithm = agreementAlgorithm;
            this.prefix = HexFormat.of().parseHex(prefix);
            this.shareLength = shareLength;
            this.nist = nist;
            this.coldStart = nist == null ? new X25519ColdStart() : nist.coldStart();
        }

        /** {@return the provider whose key is to be used, or null for bcprov's: preferred, chosen once, or SunEC at first} */
        Provider provider() {
            Optional<Provider> chosen = preferred;
            if (chosen == null) {
                named = ProviderChoice.isNamed(standardName);
                chosen = ProviderChoice.preferred("KeyAgreement", agreementAlgorithm, standardName, this);
                preferred = chosen;
            }
            return chosen.isPresent() ? chosen.get() : named ? null : coldStart.provider();
        }

        /** {@return whether the provider agrees with bcprov on a secret, both ways: encodings and leading zeros are its own} */
        @Override
        public boolean isServedBy(Provider candidate) {
            try {
                JcaEphemeral theirs = generate(this, candidate);
                if (ProviderChoice.isOfThePlatform(candidate)) {
                    // The tests compare it, and bcprov is not to be loaded for that.
                    return true;
                }
                KeyExchange.Ephemeral reference = lightweight();
                return MessageDigest.isEqual(
                        theirs.agree(reference.publicShare()), reference.agree(theirs.publicShare()));
            } catch (GeneralSecurityException | RuntimeException e) {
                return false;
            }
        }

        KeyExchange.Ephemeral lightweight() {
            return nist == null ? EphemeralX25519.generate() : EphemeralPoint.generate(nist);
        }
    }

    private static final class X25519ColdStart extends ColdStart {
        @Override
        void warmUp() {
            EphemeralX25519.warmUp();
        }
    }

    private final Curve curve;
    private final Provider provider;
    private final byte[] publicShare;
    private PrivateKey privateKey;

    private JcaEphemeral(Curve curve, Provider provider, PrivateKey privateKey, byte[] publicShare) {
        this.curve = curve;
        this.provider = provider;
        this.privateKey = privateKey;
        this.publicShare = publicShare;
    }

    /** {@return a key pair of a preferred provider, of SunEC in a JVM that has just begun, or of bcprov} */
    static KeyExchange.Ephemeral generate(Curve curve) {
        Provider provider = curve.provider();
        if (provider != null) {
            try {
                return generate(curve, provider);
            } catch (GeneralSecurityException | RuntimeException noLonger) {
                // A preferred one worked when it was chosen, SunEC is the platform's; bcprov always does.
            }
        }
        return curve.lightweight();
    }

    static JcaEphemeral generate(Curve curve, Provider provider) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(curve.keyAlgorithm, provider);
        if (curve.nist != null) {
            generator.initialize(new ECGenParameterSpec(curve.standardName), Randomness.secureRandom());
        } else if (ProviderChoice.isOfThePlatform(provider)) {
            // Others know no parameters for it.
            generator.initialize(new NamedParameterSpec(curve.standardName), Randomness.secureRandom());
        }
        return of(curve, provider, generator.generateKeyPair());
    }

    static JcaEphemeral of(Curve curve, Provider provider, KeyPair pair) throws GeneralSecurityException {
        byte[] encoded = pair.getPublic().getEncoded();
        if (encoded == null
                || encoded.length != curve.prefix.length + curve.shareLength
                || !Arrays.equals(encoded, 0, curve.prefix.length, curve.prefix, 0, curve.prefix.length)) {
            throw new GeneralSecurityException("a public key of " + curve.standardName + " in another form");
        }
        return new JcaEphemeral(
                curve, provider, pair.getPrivate(), Arrays.copyOfRange(encoded, curve.prefix.length, encoded.length));
    }

    @Override
    public byte[] publicShare() {
        return publicShare;
    }

    @Override
    public byte[] agree(byte[] share) throws SspiException {
        if (curve.nist != null) {
            // RFC 8446 4.2.8.2: that it is a point of the curve.
            curve.nist.requirePoint(share);
        } else if (share.length != curve.shareLength) {
            throw Failures.illegalParameter("key share is not as long as one of " + curve.standardName, null);
        }
        byte[] encoded = Arrays.copyOf(curve.prefix, curve.prefix.length + share.length);
        System.arraycopy(share, 0, encoded, curve.prefix.length, share.length);
        KeyAgreement agreement;
        KeyFactory keys;
        try {
            agreement = KeyAgreement.getInstance(curve.agreementAlgorithm, provider);
            agreement.init(privateKey);
            keys = KeyFactory.getInstance(curve.keyAlgorithm, provider);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw Failures.unsupported(provider.getName() + " no longer agrees on " + curve.standardName, e);
        }
        byte[] secret;
        try {
            agreement.doPhase(keys.generatePublic(new X509EncodedKeySpec(encoded)), true);
            secret = agreement.generateSecret();
        } catch (GeneralSecurityException | RuntimeException e) {
            // RFC 8446 7.4.2: providers refuse points of small order with exceptions of their own, and on X25519 no
            // others are invalid.
            throw curve.nist == null && e instanceof InvalidKeyException
                    ? smallOrder(e)
                    : Failures.illegalParameter("key share that " + provider.getName() + " refuses", e);
        }
        if (curve.nist == null && isZero(secret)) {
            throw smallOrder(null);
        }
        return secret;
    }

    private static SspiException smallOrder(Throwable cause) {
        return Failures.illegalParameter("key share is a point of small order on x25519", cause);
    }

    private static boolean isZero(byte[] secret) {
        int bits = 0;
        for (byte b : secret) {
            bits |= b;
        }
        return bits == 0;
    }

    @Override
    public void destroy() {
        PrivateKey key = privateKey;
        privateKey = null;
        if (key != null) {
            try {
                key.destroy();
            } catch (DestroyFailedException unable) {
                // The default of the interface: without a reference the key is the provider's garbage.
            }
        }
    }
}
