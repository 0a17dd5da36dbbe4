package org.jsspi.conformance.demo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jsspi.Identity;

/**
 * A certificate that lasts for a few days, made on the fly: P-256, signed by itself with ECDSA and SHA-256.
 *
 * <p>It is written as DER here, sixty lines, because the JDK has no public way to make one: {@code keytool} would take a
 * second JVM, and a file with a private key and a password for it. Nothing here touches the disk.
 */
public final class SelfSignedCertificate {
    private static final Duration LIFE = Duration.ofDays(7);
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter GENERALIZED_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Instant END_OF_UTC_TIME = Instant.parse("2050-01-01T00:00:00Z");

    private SelfSignedCertificate() {}

    /**
     * {@return a new key and its certificate}
     *
     * @param commonName the subject's CN
     * @param dnsNames the host names that it is for
     * @param addresses the addresses that it is for
     */
    public static Identity create(String commonName, List<String> dnsNames, List<InetAddress> addresses)
            throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();

        // RFC 5280 4.1: Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }
        byte[] ecdsaWithSha256 = sequence(oid(1, 2, 840, 10045, 4, 3, 2));
        byte[] tbsCertificate = tbsCertificate(commonName, dnsNames, addresses, keys, ecdsaWithSha256);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(tbsCertificate);
        byte[] certificate = sequence(tbsCertificate, ecdsaWithSha256, bits(0, signature.sign()));

        X509Certificate parsed = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
        return new Identity(keys.getPrivate(), List.of(parsed));
    }

    /** {@return a new key and its certificate for this machine as it sees itself: localhost, 127.0.0.1, ::1} */
    public static Identity forLocalhost() throws GeneralSecurityException {
        return create("localhost", List.of("localhost"), List.of(address(4, 127), address(16, 0)));
    }

    private static byte[] tbsCertificate(
            String commonName,
            List<String> dnsNames,
            List<InetAddress> addresses,
            KeyPair keys,
            byte[] signatureAlgorithm) {
        Instant now = Instant.now();
        byte[] name = sequence(set(sequence(oid(2, 5, 4, 3), der(0x0C, commonName.getBytes(StandardCharsets.UTF_8)))));
        // An hour ago, for clocks that are a little behind.
        byte[] validity = sequence(time(now.minus(Duration.ofHours(1))), time(now.plus(LIFE)));

        List<byte[]> names = new ArrayList<>();
        dnsNames.forEach(dns -> names.add(der(0x82, dns.getBytes(StandardCharsets.US_ASCII))));
        addresses.forEach(address -> names.add(der(0x87, address.getAddress())));
        byte[] extensions = sequence(
                extension(oid(2, 5, 29, 17), false, sequence(names.toArray(byte[][]::new))), // subjectAltName
                extension(oid(2, 5, 29, 19), true, sequence()), // basicConstraints: not an authority
                extension(oid(2, 5, 29, 15), true, bits(7, new byte[] {(byte) 0x80})), // keyUsage: digitalSignature
                extension(
                        oid(2, 5, 29, 37), // extKeyUsage: serverAuth, clientAuth
                        false,
                        sequence(oid(1, 3, 6, 1, 5, 5, 7, 3, 1), oid(1, 3, 6, 1, 5, 5, 7, 3, 2))));

        return sequence(
                der(0xA0, integer(BigInteger.TWO)), // v3
                integer(new BigInteger(127, new SecureRandom()).setBit(126)),
                signatureAlgorithm,
                name,
                validity,
                name,
                keys.getPublic().getEncoded(), // SubjectPublicKeyInfo
                der(0xA3, extensions));
    }

    private static byte[] extension(byte[] id, boolean critical, byte[] value) {
        byte[] octets = der(0x04, value);
        return critical ? sequence(id, der(0x01, new byte[] {(byte) 0xFF}), octets) : sequence(id, octets);
    }

    // RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime from then on.
    private static byte[] time(Instant instant) {
        boolean utc = instant.isBefore(END_OF_UTC_TIME);
        String text = (utc ? UTC_TIME : GENERALIZED_TIME).format(instant);
        return der(utc ? 0x17 : 0x18, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sequence(byte[]... parts) {
        return der(0x30, parts);
    }

    private static byte[] set(byte[] part) {
        return der(0x31, part);
    }

    private static byte[] integer(BigInteger value) {
        return der(0x02, value.toByteArray());
    }

    private static byte[] bits(int unused, byte[] bytes) {
        return der(0x03, new byte[] {(byte) unused}, bytes);
    }

    private static byte[] oid(int... arcs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(40 * arcs[0] + arcs[1]);
        for (int i = 2; i < arcs.length; i++) {
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arcs[i] >>> shift != 0) {
                    out.write(arcs[i] >>> shift & 0x7F | 0x80);
                }
            }
            out.write(arcs[i] & 0x7F);
        }
        return der(0x06, out.toByteArray());
    }

    private static byte[] der(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >>> 8);
            out.write(length);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static InetAddress address(int length, int first) {
        byte[] bytes = new byte[length];
        bytes[0] = (byte) first;
        bytes[length - 1] = 1;
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
        }
    }
}
