package org.jsspi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;

/**
 * A delegated credential (RFC 9345): what the key of a certificate has signed of another key, which for a few days may stand for it
 * in TLS 1.3. So a server far from home has a key of its own, and that of the certificate stays where it is. Immutable, and public: the
 * delegated private key is not in it.
 *
 * <pre>
 * KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
 * DelegatedCredential credential = DelegatedCredential.issue(
 *         owner, keys.getPublic(), Instant.now().plus(Duration.ofDays(3)), CredentialUse.INBOUND);
 * Identity delegated = Identity.delegated(keys.getPrivate(), owner.chain(), credential);
 * </pre>
 *
 * <p>Nothing revokes it but the revocation of the certificate: who has its private key is the peer until it expires.
 */
public final class DelegatedCredential {
    /** RFC 9345 4.1.3: no longer than this from now on is a credential valid. */
    public static final Duration LONGEST_VALIDITY = Duration.ofDays(7);

    /** The object identifier of DelegationUsage (RFC 9345 4.2): a certificate without this extension delegates nothing. */
    public static final String DELEGATION_USAGE = "1.3.6.1.4.1.44363.44";

    /** What peers of this package want of a key of RSASSA-PSS. */
    private static final int SHORTEST_MODULUS_BITS = 2048;

    /** An extension is of 2^16 - 1 bytes at most. */
    private static final int LARGEST = 0xFFFF;

    /** RFC 5280 4.2.1.3: the first bit of keyUsage. */
    private static final int DIGITAL_SIGNATURE = 0;

    /** valid_time 4, dc_cert_verify_algorithm 2, the length of the key 3. */
    private static final int CREDENTIAL_HEADER = 9;

    private static final String SERVER_LABEL = "DELEGATED CREDENTIAL";
    private static final String CLIENT_LABEL = "CLIENT DELEGATED CREDENTIAL";

    private final CredentialUse use;
    private final byte[] encoded;
    private final long validTime;
    private final int scheme;
    private final byte[] publicKey;
    private final int signedBy;
    private final byte[] signature;

    private DelegatedCredential(CredentialUse use, byte[] encoded) throws SspiException {
        this.use = use;
        this.encoded = encoded;
        // struct {
        //     uint32 valid_time;
        //     SignatureScheme dc_cert_verify_algorithm;
        //     opaque ASN1_subjectPublicKeyInfo<1..2^24-1>;
        // } Credential;
        // struct {
        //     Credential cred;
        //     SignatureScheme algorithm;
        //     opaque signature<0..2^16-1>;
        // } DelegatedCredential;
        if (encoded.length > LARGEST) {
            throw malformed("more than " + LARGEST + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(encoded);
        this.validTime = number(in, 4);
        this.scheme = (int) number(in, 2);
        this.publicKey = vector(in, (int) number(in, 3), 1);
        this.signedBy = (int) number(in, 2);
        this.signature = vector(in, (int) number(in, 2), 0);
        if (in.hasRemaining()) {
            throw malformed(in.remaining() + " bytes after its end");
        }
    }

    /**
     * {@return a credential for this key, signed by the owner of the certificate}
     *
     * @param owner has the certificate that delegates, and its key, which signs by the first of {@link Identity#signatureSchemes()}
     *     that fits it, and without those by the usual one
     * @param key the public key that is delegated to: of ECDSA, EdDSA, RSASSA-PSS or ML-DSA, and none of RSA that other things use as well
     * @param expiry when it ends: at most {@link #LONGEST_VALIDITY} from now, and not after the certificate; rounded down to a second
     * @param use INBOUND for a server, OUTBOUND for a client: one that serves as both there is not (RFC 9345 7.2)
     * @throws SspiException SEC_E_UNKNOWN_CREDENTIALS if no peer would take it: because of the certificate, see {@link #mayDelegate};
     *     because of one of the keys; or of the time
     * @throws IllegalArgumentException if {@code use} is BOTH
     */
    public static DelegatedCredential issue(Identity owner, PublicKey key, Instant expiry, CredentialUse use)
            throws SspiException {
        byte[] context = context(use);
        X509Certificate certificate = owner.chain().get(0);
        requireDelegation(certificate);
        Instant now = Instant.now();
        if (!expiry.isAfter(now) || expiry.isAfter(now.plus(LONGEST_VALIDITY))) {
            // RFC 9345 3: longer than that nobody must issue one.
            throw unusable("it would end in the past, or in more than " + LONGEST_VALIDITY.toDays() + " days");
        }
        if (expiry.isAfter(certificate.getNotAfter().toInstant())) {
            throw unusable("it would end after its certificate");
        }
        SigningScheme delegated = SigningScheme.of(key)
                .filter(fitting -> !fitting.isRsae())
                .orElseThrow(() -> unusable("no signature scheme for keys of " + key.getAlgorithm() + " is one of "
                        + "delegated credentials"));
        if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < SHORTEST_MODULUS_BITS) {
            throw unusable("a key of RSA with less than " + SHORTEST_MODULUS_BITS + " bits");
        }
        SigningScheme signing = signingScheme(owner);
        long seconds =
                Duration.between(certificate.getNotBefore().toInstant(), expiry).getSeconds();
        byte[] info = key.getEncoded();
        if (info == null || seconds < 0 || seconds > 0xFFFF_FFFFL) {
            throw unusable("the key has no encoding, or the certificate is too old or too young");
        }
        ByteBuffer cred = ByteBuffer.allocate(CREDENTIAL_HEADER + info.length)
                .putInt((int) seconds)
                .putShort((short) delegated.code())
                .put((byte) (info.length >>> 16))
                .putShort((short) info.length)
                .put(info);
        byte[] algorithm = number(signing.code());
        try {
            // RFC 9345 4: the context, the certificate, the Credential and the scheme of the signature.
            byte[] signature =
                    signing.sign(owner.privateKey(), context, certificate.getEncoded(), cred.array(), algorithm);
            ByteBuffer whole = ByteBuffer.allocate(cred.capacity() + 4 + signature.length)
                    .put(cred.array())
                    .put(algorithm)
                    .putShort((short) signature.length)
                    .put(signature);
            return new DelegatedCredential(use, whole.array());
        } catch (GeneralSecurityException | RuntimeException e) {
            throw unusable("the key of the certificate cannot sign by " + signing, e);
        }
    }

    private static SigningScheme signingScheme(Identity owner) throws SspiException {
        PublicKey key = owner.chain().get(0).getPublicKey();
        if (owner.signatureSchemes() == null) {
            return SigningScheme.of(key)
                    .orElseThrow(() -> unusable("no signature scheme fits the key of the certificate"));
        }
        for (String name : owner.signatureSchemes()) {
            for (SigningScheme candidate : SigningScheme.values()) {
                if (candidate.toString().equalsIgnoreCase(name) && candidate.fits(key)) {
                    return candidate;
                }
            }
        }
        throw unusable("none of the signature schemes of the identity fits its certificate");
    }

    private static void requireDelegation(X509Certificate certificate) throws SspiException {
        if (!mayDelegate(certificate)) {
            throw unusable("the certificate must not delegate: it lacks the extension DelegationUsage ("
                    + DELEGATION_USAGE + "), or a key usage with digitalSignature (RFC 9345 4.2)");
        }
    }

    /** {@return whether peers take credentials of this certificate: it has DelegationUsage, and digitalSignature in its key usage} */
    public static boolean mayDelegate(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        // RFC 9345 4.2 wants both: it is not enough that no key usage forbids it.
        return certificate.getExtensionValue(DELEGATION_USAGE) != null && usage != null && usage[DIGITAL_SIGNATURE];
    }

    /**
     * {@return the credential of these bytes, a DelegatedCredential of RFC 9345 4}
     *
     * @param use INBOUND for a server's, OUTBOUND for a client's
     * @throws SspiException SEC_E_INVALID_TOKEN if they are none. Whether it is valid {@link Identity#delegated} says
     */
    public static DelegatedCredential decode(byte[] encoded, CredentialUse use) throws SspiException {
        context(use);
        return new DelegatedCredential(use, encoded.clone());
    }

    /** {@return what a block of a PEM file holds that has this label, or null if it is none of a credential} */
    static DelegatedCredential ofBlock(String label, byte[] der) throws SspiException {
        return switch (label) {
            case SERVER_LABEL -> new DelegatedCredential(CredentialUse.INBOUND, der);
            case CLIENT_LABEL -> new DelegatedCredential(CredentialUse.OUTBOUND, der);
            default -> null;
        };
    }

    /** {@return the credential as a block of a PEM file, which {@link CredentialFiles#delegated} reads; there is no standard for one} */
    public String toPem() {
        String label = use.inbound() ? SERVER_LABEL : CLIENT_LABEL;
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    /** {@return INBOUND for a server's, OUTBOUND for a client's} */
    public CredentialUse use() {
        return use;
    }

    /** {@return the DelegatedCredential as it is sent, a copy} */
    public byte[] encoded() {
        return encoded.clone();
    }

    /** {@return how many bytes that is} */
    public int length() {
        return encoded.length;
    }

    /** {@return the number of the signature scheme by which the delegated key signs handshakes, and by no other} */
    public int scheme() {
        return scheme;
    }

    /** {@return the number of the signature scheme by which the key of the certificate has signed it} */
    public int signedBy() {
        return signedBy;
    }

    /** {@return when it ends, if it is one of this certificate} */
    public Instant expiry(X509Certificate certificate) {
        return certificate.getNotBefore().toInstant().plusSeconds(validTime);
    }

    /**
     * {@return whether this is the key that it delegates to, and one that may be delegated to: it signs, and what it signed is verified}
     */
    public boolean isFor(PrivateKey key) {
        SigningScheme delegated = SigningScheme.of(scheme).orElse(null);
        if (delegated == null || delegated.isRsae()) {
            // RFC 9345 4: a key of RSA is one of RSASSA-PSS and of nothing else.
            return false;
        }
        try {
            PublicKey published =
                    KeyFactory.getInstance(delegated.keyAlgorithm()).generatePublic(new X509EncodedKeySpec(publicKey));
            return delegated.fits(published) && delegated.pairs(key, published);
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    /** {@return whether the key of this certificate has signed it; what the certificate allows is another matter, see {@link #mayDelegate}} */
    public boolean isSignedBy(X509Certificate certificate) {
        SigningScheme signing = SigningScheme.of(signedBy).orElse(null);
        byte[] cred = Arrays.copyOf(encoded, CREDENTIAL_HEADER + publicKey.length);
        try {
            return signing != null
                    && signing.fits(certificate.getPublicKey())
                    && signing.verify(
                            certificate.getPublicKey(),
                            signature,
                            context(use),
                            certificate.getEncoded(),
                            cred,
                            number(signedBy));
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    private static byte[] number(int code) {
        return new byte[] {(byte) (code >>> 8), (byte) code};
    }

    /** RFC 9345 4: 64 octets of 32, the context string, a single 0. */
    private static byte[] context(CredentialUse use) {
        if (use.inbound() && use.outbound()) {
            throw new IllegalArgumentException(
                    "a delegated credential is for servers or for clients, and not for both");
        }
        String side = use.inbound() ? "server" : "client";
        byte[] name = ("TLS, " + side + " delegated credentials").getBytes(StandardCharsets.US_ASCII);
        byte[] context = new byte[64 + name.length + 1];
        Arrays.fill(context, 0, 64, (byte) ' ');
        System.arraycopy(name, 0, context, 64, name.length);
        return context;
    }

    private static long number(ByteBuffer in, int bytes) throws SspiException {
        if (in.remaining() < bytes) {
            throw malformed("it ends early");
        }
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number = number << 8 | in.get() & 0xFF;
        }
        return number;
    }

    private static byte[] vector(ByteBuffer in, int length, int min) throws SspiException {
        if (length < min || length > in.remaining()) {
            throw malformed("a vector of " + length + " bytes, where " + min + " to " + in.remaining() + " fit");
        }
        byte[] body = new byte[length];
        in.get(body);
        return body;
    }

    private static SspiException malformed(String what) {
        return new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "not a delegated credential: " + what);
    }

    static SspiException unusable(String why) {
        return unusable(why, null);
    }

    private static SspiException unusable(String why, Exception cause) {
        return new SspiException(
                SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS,
                SspiException.Kind.KEY,
                "a delegated credential that nobody would take: " + why,
                cause);
    }

    /** {@return whether the other is the same, byte for byte, and for the same side} */
    @Override
    public boolean equals(Object other) {
        return other instanceof DelegatedCredential that && use == that.use && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Objects.hash(use, Arrays.hashCode(encoded));
    }

    @Override
    public String toString() {
        String name = SigningScheme.of(scheme).map(SigningScheme::toString).orElse("0x" + Integer.toHexString(scheme));
        return "DelegatedCredential[" + (use.inbound() ? "server, " : "client, ") + name + "]";
    }
}
