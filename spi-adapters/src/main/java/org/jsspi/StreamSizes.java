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
public record StreamSizes(int header, int trailer, int maximumMessage, int buffers, int blockSize) {}
