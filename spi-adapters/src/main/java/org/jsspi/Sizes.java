package org.jsspi;

/**
 * SecPkgContext_Sizes: how much room the message functions need. All in bytes.
 *
 * @param maxToken the longest token of the exchange
 * @param maxSignature the longest TOKEN of makeSignature
 * @param blockSize the length that PADDING must have room for; 0 where messages are not padded
 * @param securityTrailer the longest TOKEN of encryptMessage
 */
public record Sizes(int maxToken, int maxSignature, int blockSize, int securityTrailer) {}
