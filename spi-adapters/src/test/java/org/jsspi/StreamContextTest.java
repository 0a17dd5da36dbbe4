package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamContextTest {
    /** A package that has nothing else: no call without a list may become one with a list, or look at the bytes. */
    private static final class WithListsOnly extends StreamContext {
        @Override
        public Preview preview(ByteBuffer network) {
            throw new AssertionError("preview");
        }

        @Override
        public int pendingTokenSize() {
            throw new AssertionError("pendingTokenSize");
        }

        @Override
        public SecurityStatus encryptMessage(int qop, SecBufferDesc message, int number) {
            throw new AssertionError("encryptMessage");
        }

        @Override
        public SecurityStatus decryptMessage(SecBufferDesc message, int number) {
            throw new AssertionError("decryptMessage");
        }

        @Override
        public void close() {}
    }

    /** What a caller may pass: none of it is looked at. */
    private enum Buffers {
        DATA(ByteBuffer.wrap(new byte[] {23, 3, 3, 0, 1, 7, 8}), ByteBuffer.allocate(100)),
        INCOMPLETE(ByteBuffer.wrap(new byte[] {23, 3, 3, 1, 0, 7, 8}), ByteBuffer.allocate(100)),
        NO_ROOM(ByteBuffer.wrap(new byte[] {23, 3, 3, 0, 1, 7, 8}), ByteBuffer.allocate(2)),
        NOTHING(ByteBuffer.allocate(2), ByteBuffer.allocate(2)),
        READ_ONLY(
                ByteBuffer.allocate(9).asReadOnlyBuffer(),
                ByteBuffer.allocate(9).asReadOnlyBuffer()),
        DIRECT(ByteBuffer.allocateDirect(9), ByteBuffer.allocateDirect(9));

        final ByteBuffer source;
        final ByteBuffer target;

        Buffers(ByteBuffer source, ByteBuffer target) {
            this.source = source.position(2);
            this.target = target.position(1);
        }
    }

    private interface Call {
        SecurityStatus run(ByteBuffer source, ByteBuffer target) throws SspiException;
    }

    private static void assertWantsAList(Call call, Buffers buffers) throws SspiException {
        ByteBuffer source = buffers.source.duplicate();
        ByteBuffer target = buffers.target.duplicate();
        ByteBuffer before = copy(source);
        ByteBuffer room = copy(target);
        assertSame(SecurityStatus.SEC_I_RENEGOTIATE, call.run(source, target));
        assertSame(SecurityStatus.SEC_I_RENEGOTIATE, call.run(source, target));
        assertEquals(buffers.source.toString(), source.toString());
        assertEquals(buffers.target.toString(), target.toString());
        assertEquals(before, source.clear());
        assertEquals(room, target.clear());
    }

    private static ByteBuffer copy(ByteBuffer buffer) {
        ByteBuffer all = buffer.duplicate().clear();
        return ByteBuffer.allocate(all.capacity()).put(all).flip();
    }

    @ParameterizedTest
    @EnumSource
    void encryptMessageOfOneBufferWantsAListWhereAPackageHasNoOther(Buffers buffers) throws Exception {
        assertWantsAList(new WithListsOnly()::encryptMessage, buffers);
    }

    @ParameterizedTest
    @EnumSource
    void decryptMessageOfOneBufferWantsAListWhereAPackageHasNoOther(Buffers buffers) throws Exception {
        assertWantsAList(new WithListsOnly()::decryptMessage, buffers);
    }
}
