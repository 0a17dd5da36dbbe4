package org.jsspi;

/**
 * SecPkgContext_ConnectionInfo. ALG_IDs are those of {@code wincrypt.h}; 0 stands for an algorithm that has none.
 *
 * @param protocol one SP_PROT_ bit of this side, see {@link SchCredentials}
 * @param cipher aiCipher
 * @param cipherStrength dwCipherStrength, in bits
 * @param hash aiHash; 0 for an AEAD cipher
 * @param hashStrength dwHashStrength, in bits
 * @param exchange aiExch
 * @param exchangeStrength dwExchStrength, in bits
 */
public record ConnectionInfo(
        int protocol, int cipher, int cipherStrength, int hash, int hashStrength, int exchange, int exchangeStrength) {}
