package org.jsspi;

import java.util.Objects;

/**
 * SecPkgContext_KeyInfo: which algorithms protect messages.
 *
 * @param signatureAlgorithmName such as {@code HMAC-MD5}
 * @param encryptAlgorithmName such as {@code RSADSI RC4}
 * @param keySize in bits
 * @param signatureAlgorithm the ALG_ID or checksum type of the package
 * @param encryptAlgorithm the ALG_ID or encryption type of the package
 */
public record KeyInfo(
        String signatureAlgorithmName,
        String encryptAlgorithmName,
        int keySize,
        int signatureAlgorithm,
        int encryptAlgorithm) {
    /** Checks that the names are there. */
    public KeyInfo {
        Objects.requireNonNull(signatureAlgorithmName, "signatureAlgorithmName");
        Objects.requireNonNull(encryptAlgorithmName, "encryptAlgorithmName");
    }
}
