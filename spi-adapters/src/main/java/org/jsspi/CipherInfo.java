package org.jsspi;

/**
 * SecPkgContext_CipherInfo, version 1.
 *
 * @param protocol the version on the wire, such as 0x0304
 * @param cipherSuite the number of the cipher suite
 * @param baseCipherSuite the number of the suite that it is a variant of; the same here
 * @param cipherSuiteName its standard name
 * @param cipher the cipher, such as {@code AES}
 * @param cipherLength key length in bits
 * @param cipherBlockLength block length in bytes
 * @param hash the hash, such as {@code SHA384}; empty where the cipher authenticates
 * @param hashLength its length in bits
 * @param exchange the key exchange, such as {@code ECDH}; empty where the suite does not say
 * @param minimumExchangeLength in bits
 * @param maximumExchangeLength in bits
 * @param certificate the kind of certificate, such as {@code ECDSA}; empty where the suite does not say
 * @param keyType the number of the named group
 */
public record CipherInfo(
        int protocol,
        int cipherSuite,
        int baseCipherSuite,
        String cipherSuiteName,
        String cipher,
        int cipherLength,
        int cipherBlockLength,
        String hash,
        int hashLength,
        String exchange,
        int minimumExchangeLength,
        int maximumExchangeLength,
        String certificate,
        int keyType) {}
