package org.jsspi.provider.crypto;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;

/** The hash of a certificate in the channel binding {@code tls-server-end-point} (RFC 5929 4.1). */
public final class CertificateHash {
    private static final String PSS_OID = "1.2.840.113549.1.1.10";

    private CertificateHash() {}

    /**
     * {@return the hash of the certificate's DER by the hash function of its signature, SHA-256 in place of MD5 and
     * SHA-1; empty where RFC 5929 leaves the binding undefined}
     *
     * <p>RSASSA-PSS gives the hash of its parameters. An EdDSA certificate names no hash function, which RFC 5929 leaves
     * undefined: {@code tls-exporter} (RFC 9266) binds such connections.
     */
    public static Optional<byte[]> tlsServerEndPoint(X509Certificate certificate) {
        Optional<String> name = hashName(certificate);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(MessageDigest.getInstance(name.get()).digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> hashName(X509Certificate certificate) {
        String oid = certificate.getSigAlgOID();
        if (PSS_OID.equals(oid)) {
            return pssHash(certificate.getSigAlgParams()).map(CertificateHash::atLeastSha256);
        }
        // The JCA's standard names: <digest>with<encryption>, where a digest is SHA256 or SHA3-256.
        String name = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        int with = name.indexOf("WITH");
        if (with <= 0) {
            return Optional.empty();
        }
        String digest = name.substring(0, with);
        boolean isSha2 = digest.startsWith("SHA") && !digest.contains("-");
        return Optional.of(atLeastSha256(isSha2 ? "SHA-" + digest.substring("SHA".length()) : digest));
    }

    /** RFC 4055 3.1: parameters that leave the hash out mean SHA-1. */
    private static Optional<String> pssHash(byte[] encodedParameters) {
        if (encodedParameters == null) {
            return Optional.empty();
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(encodedParameters);
            return Optional.of(
                    parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm());
        } catch (GeneralSecurityException | java.io.IOException e) {
            return Optional.empty();
        }
    }

    /** RFC 5929 4.1: if the signature's hash is MD5 or SHA-1, SHA-256. */
    private static String atLeastSha256(String digest) {
        return switch (digest.toUpperCase(Locale.ROOT)) {
            case "MD2", "MD5", "SHA-1", "SHA1" -> "SHA-256";
            default -> digest;
        };
    }
}
