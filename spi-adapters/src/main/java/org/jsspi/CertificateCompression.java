package org.jsspi;

/**
 * A way to compress the certificates of a handshake of TLS 1.3 (RFC 8879): it saves a few hundred bytes of a usual chain, and lets
 * a long one travel in fewer round trips. Safe for all threads; called while a handshake waits.
 */
public interface CertificateCompression {
    /** The algorithm zlib (RFC 1950), by {@code java.util.zip}. */
    CertificateCompression ZLIB = new ZlibCompression();

    /** {@return the number of the algorithm in the IANA registry TLS Certificate Compression Algorithm IDs, 0 to 65535} */
    int algorithm();

    /**
     * {@return the message in compressed form; null to send it as it is, because it would gain nothing}
     *
     * <p>The result is kept and sent again with the same chain.
     *
     * @param message the body of a Certificate message; stays the caller's
     */
    byte[] compress(byte[] message);

    /**
     * Restores a message that the peer has compressed, whatever it did.
     *
     * @param compressed stays the caller's
     * @param message to be filled; its length is what the peer said, and not more than a handshake message may have
     * @return false if the compressed form is none, or not one of exactly this many bytes
     */
    boolean decompress(byte[] compressed, byte[] message);
}
