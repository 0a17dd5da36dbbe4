package org.jsspi.conformance.bench;

import java.nio.ByteBuffer;

/** Where the buffers of a case lie. */
enum BufferKind {
    HEAP,
    DIRECT;

    ByteBuffer allocate(int capacity) {
        return this == HEAP ? ByteBuffer.allocate(capacity) : ByteBuffer.allocateDirect(capacity);
    }
}
