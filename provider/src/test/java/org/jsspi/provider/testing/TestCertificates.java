package org.jsspi.provider.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jsspi.Identity;

/** Certificates made for tests: X.509 v3 in DER, signed by JCA. Keys are made once for each kind. */
public final class TestCertificates {
    /** The kinds of keys. */
    public enum KeyKind {
        P256("EC", "secp256r1", "SHA256withECDSA", "06082a8648ce3d040302"),
        P384("EC", "secp384r1", "SHA384withECDSA", "06082a8648ce3d040303"),
        P521("EC", "secp521r1", "SHA512withECDSA", "06082a8648ce3d040304"),
        RSA("RSA", null, "SHA256withRSA", "06092a864886f70d01010b0500"),
        RSASSA_PSS("RSASSA-PSS", null, "RSASSA-PSS", "06092a864886f70d01010a"),
        ED25519("Ed25519", null, "Ed25519", "06032b6570"),
        ED448("Ed448", null, "Ed448", "06032b6571"),
        ML_DSA_44("ML-DSA-44", null, "ML-DSA-44", "0609608648016503040311"),
        ML_DSA_65("ML-DSA-65", null, "ML-DSA-65", "0609608648016503040312"),
        ML_DSA_87("ML-DSA-87", null, "ML-DSA-87", "0609608648016503040313");

        private final String algorithm;
        private final String curve;
        private final String signature;
        private final byte[] signatureIdentifier;

        KeyKind(String algorithm, String curve, String signature, String identifier) {
            this.algorithm = algorithm;
            this.curve = curve;
            this.signature = signature;
            this.signatureIdentifier = HexFormat.of().parseHex(identifier);
        }

        /** {@return whether it is one that came with JDK 24} */
        public boolean isMlDsa() {
            return algorithm.startsWith("ML-DSA");
        }

        /** {@return a new pair of keys} */
        public KeyPair generate() {
            try {
                KeyPairGenerator generator = isMlDsa()
                        ? KeyPairGenerator.getInstance(algorithm, ML_DSA_PROVIDER)
                        : KeyPairGenerator.getInstance(algorithm);
                if (curve != null) {
                    generator.initialize(new ECGenParameterSpec(curve));
                } else if (this == RSA || this == RSASSA_PSS) {
                    generator.initialize(2048);
                }
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The JDK's own from 24 on, otherwise bcprov's without an installation of it. */
    private static final Provider ML_DSA_PROVIDER = Security.getProviders("Signature.ML-DSA-65") == null
            ? new BouncyCastleProvider()
            : Security.getProviders("Signature.ML-DSA-65")[0];

    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final Map<KeyKind, Identity> SELF_SIGNED = new ConcurrentHashMap<>();

    private final KeyKind kind;
    private final KeyPair keys;
    private String subject = "CN=test";
    private List<String> dnsNames = List.of();
    private String responder;
    private boolean authority;
    private Instant notBefore = Instant.now().minus(Duration.ofDays(1));
    private Instant notAfter = Instant.now().plus(Duration.ofDays(30));

    private int keyUsage = -1;
    private boolean delegating;

    private TestCertificates(KeyKind kind) {
        this.kind = kind;
        this.keys = kind.generate();
    }

    /** {@return a self-signed identity of this kind for localhost, the same each time} */
    public static Identity selfSigned(KeyKind kind) {
        return SELF_SIGNED.computeIfAbsent(
                kind,
                wanted ->
                        of(wanted).subject("CN=" + wanted).dnsNames("localhost").selfSigned());
    }

    /** {@return the description of a certificate with a new key of this kind: CN=test, valid for 30 days} */
    public static TestCertificates of(KeyKind kind) {
        return new TestCertificates(kind);
    }

    /** Sets the subject, as X500Principal reads it. */
    public TestCertificates subject(String name) {
        this.subject = name;
        return this;
    }

    /** Sets the DNS names of subjectAltName. */
    public TestCertificates dnsNames(String... names) {
        this.dnsNames = List.of(names);
        return this;
    }

    /** Names an OCSP responder in authorityInfoAccess. */
    public TestCertificates responder(String uri) {
        this.responder = uri;
        return this;
    }

    /** Sets keyUsage: its first eight bits, digitalSignature the highest. */
    public TestCertificates keyUsage(int bits) {
        this.keyUsage = bits;
        return this;
    }

    /** Adds DelegationUsage (RFC 9345 4.2). */
    public TestCertificates delegating() {
        this.delegating = true;
        return this;
    }

    /** Makes it one that may sign others. */
    public TestCertificates authority() {
        this.authority = true;
        return this;
    }

    /** Sets when it is valid. */
    public TestCertificates valid(Instant from, Instant to) {
        this.notBefore = from;
        this.notAfter = to;
        return this;
    }

    /** Makes it one that has expired. */
    public TestCertificates expired() {
        return valid(Instant.now().minus(Duration.ofDays(3)), Instant.now().minus(Duration.ofDays(2)));
    }

    /** {@return the identity, signed by its own key} */
    public Identity selfSigned() {
        X509Certificate certificate = sign(kind, keys, new X500Principal(subject));
        return new Identity(keys.getPrivate(), List.of(certificate));
    }

    /** {@return the identity, signed by the issuer's key and followed by the issuer's chain} */
    public Identity signedBy(Identity issuer) {
        X509Certificate above = issuer.chain().get(0);
        KeyPair issuerKeys = new KeyPair(above.getPublicKey(), issuer.privateKey());
        X509Certificate certificate = sign(kindOf(above), issuerKeys, above.getSubjectX500Principal());
        List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
        chain.addAll(issuer.chain());
        return new Identity(keys.getPrivate(), chain);
    }

    private static KeyKind kindOf(X509Certificate certificate) {
        String algorithm = certificate.getPublicKey().getAlgorithm();
        if (certificate.getPublicKey() instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            return bits == 256 ? KeyKind.P256 : bits == 384 ? KeyKind.P384 : KeyKind.P521;
        } else if (certificate.getPublicKey() instanceof EdECPublicKey ed) {
            return ed.getParams().getName().equals("Ed25519") ? KeyKind.ED25519 : KeyKind.ED448;
        }
        return algorithm.equals("RSA") ? KeyKind.RSA : KeyKind.RSASSA_PSS;
    }

    private X509Certificate sign(KeyKind issuerKind, KeyPair issuerKeys, X500Principal issuer) {
        try {
            byte[] algorithm = algorithmIdentifier(issuerKind);
            byte[] body = sequence(
                    tlv(0xA0, tlv(0x02, new byte[] {2})),
                    tlv(0x02, BigInteger.valueOf(SERIAL.getAndIncrement()).toByteArray()),
                    algorithm,
                    issuer.getEncoded(),
                    sequence(time(notBefore), time(notAfter)),
                    new X500Principal(subject).getEncoded(),
                    keys.getPublic().getEncoded(),
                    tlv(0xA3, sequence(extensions())));
            Signature signer = issuerKind.isMlDsa()
                    ? Signature.getInstance(issuerKind.signature, ML_DSA_PROVIDER)
                    : Signature.getInstance(issuerKind.signature);
            signer.initSign(issuerKeys.getPrivate());
            if (issuerKind == KeyKind.RSASSA_PSS) {
                signer.setParameter(PSS);
            }
            signer.update(body);
            byte[] der = sequence(body, algorithm, tlv(0x03, join(new byte[1], signer.sign())));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] algorithmIdentifier(KeyKind kind) throws GeneralSecurityException, IOException {
        if (kind != KeyKind.RSASSA_PSS) {
            return sequence(kind.signatureIdentifier);
        }
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
        parameters.init(PSS);
        return sequence(kind.signatureIdentifier, parameters.getEncoded());
    }

    private byte[] extensions() {
        // basicConstraints, critical: SEQUENCE { cA BOOLEAN DEFAULT FALSE }
        byte[] constraints = authority ? sequence(tlv(0x01, new byte[] {(byte) 0xFF})) : sequence();
        byte[] extensions = sequence(
                tlv(0x06, new byte[] {0x55, 0x1D, 0x13}), tlv(0x01, new byte[] {(byte) 0xFF}), tlv(0x04, constraints));
        if (!dnsNames.isEmpty()) {
            byte[][] names = dnsNames.stream()
                    .map(name -> tlv(0x82, name.getBytes(StandardCharsets.US_ASCII)))
                    .toArray(byte[][]::new);
            extensions =
                    join(extensions, sequence(tlv(0x06, new byte[] {0x55, 0x1D, 0x11}), tlv(0x04, sequence(names))));
        }
        if (keyUsage >= 0) {
            // RFC 5280 4.2.1.3: KeyUsage ::= BIT STRING, without its trailing zeros.
            byte[] bits = {(byte) Integer.numberOfTrailingZeros(keyUsage | 0x100), (byte) keyUsage};
            extensions = join(
                    extensions,
                    sequence(
                            tlv(0x06, new byte[] {0x55, 0x1D, 0x0F}),
                            tlv(0x01, new byte[] {(byte) 0xFF}),
                            tlv(0x04, tlv(0x03, bits))));
        }
        if (delegating) {
            // 1.3.6.1.4.1.44363.44, and NULL
            extensions = join(
                    extensions,
                    sequence(HexFormat.of().parseHex("06092b0601040182da4b2c"), tlv(0x04, tlv(0x05, new byte[0]))));
        }
        if (responder != null) {
            // RFC 5280 4.2.2.1: SEQUENCE OF { accessMethod id-ad-ocsp, accessLocation [6] URI }
            byte[] access = sequence(
                    HexFormat.of().parseHex("06082b06010505073001"),
                    tlv(0x86, responder.getBytes(StandardCharsets.US_ASCII)));
            extensions = join(
                    extensions, sequence(HexFormat.of().parseHex("06082b06010505070101"), tlv(0x04, sequence(access))));
        }
        return extensions;
    }

    private static byte[] time(Instant instant) {
        // UTCTime until 2049 (RFC 5280 4.1.2.5.1).
        return tlv(0x17, TIME.format(instant).substring(2).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sequence(byte[]... parts) {
        return tlv(0x30, join(parts));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] tlv(int tag, byte[] value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (value.length < 0x80) {
            out.write(value.length);
        } else if (value.length < 0x100) {
            out.write(0x81);
            out.write(value.length);
        } else {
            out.write(0x82);
            out.write(value.length >>> 8);
            out.write(value.length);
        }
        out.writeBytes(value);
        return out.toByteArray();
    }
}
