package org.jsspi;

/**
 * SecPkgContext_StreamSizes: what to reserve around a message. These are reservations; what a call really used stands in the
 * lengths of its buffers afterwards.
 *
 * @param header cbHeader, in bytes
 * @param trailer cbTrailer, in bytes, at most
 * @param maximumMessage cbMaximumMessage: the largest message of one call, in bytes
 * @param buffers cBuffers: how many buffers to pass
 * @param blockSize cbBlockSize: the preferred integral size of messages, in bytes
 */
public record StreamSizes(int header, int trailer, int maximumMessage, int buffers, int blockSize) {
    // Connections share what they have in common from the first on, and the equality that a record gets by itself is
    // linked
    // out of method handles, which a first handshake would wait for.

    @Override
    public boolean equals(Object other) {
        return other instanceof StreamSizes that
                && header == that.header
                && trailer == that.trailer
                && maximumMessage == that.maximumMessage
                && buffers == that.buffers
                && blockSize == that.blockSize;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * (31 * header + trailer) + maximumMessage) + buffers) + blockSize;
    }
}
