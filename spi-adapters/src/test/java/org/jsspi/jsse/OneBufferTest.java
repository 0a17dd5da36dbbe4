package org.jsspi.jsse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jsspi.jsse.Toys.Memory;
import org.jsspi.jsse.Toys.Pair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data from one buffer to another, over packages that have calls of their own for that, and over those that want a list. */
@Timeout(60)
class OneBufferTest {
    private static final int OVERHEAD = ToyContext.HEADER + ToyContext.TRAILER;
    private static final String LISTS = "Calls with a list: ";
    private static final String NO_LIST = LISTS + 0;

    /** The ways in which a caller says that there is one buffer: the same, says SSLEngine. */
    private enum Form {
        BUFFER {
            @Override
            SSLEngineResult wrap(SSLEngine engine, ByteBuffer src, ByteBuffer dst) throws SSLException {
                return engine.wrap(src, dst);
            }

            @Override
            SSLEngineResult unwrap(SSLEngine engine, ByteBuffer src, ByteBuffer dst) throws SSLException {
                return engine.unwrap(src, dst);
            }
        },
        ARRAY {
            @Override
            SSLEngineResult wrap(SSLEngine engine, ByteBuffer src, ByteBuffer dst) throws SSLException {
                return engine.wrap(new ByteBuffer[] {src}, dst);
            }

            @Override
            SSLEngineResult unwrap(SSLEngine engine, ByteBuffer src, ByteBuffer dst) throws SSLException {
                return engine.unwrap(src, new ByteBuffer[] {dst});
            }
        },
        PART_OF_AN_ARRAY {
            @Override
            SSLEngineResult wrap(SSLEngine engine, ByteBuffer src, ByteBuffer dst) throws SSLException {
                return engine.wrap(amongOthers(src), 1, 1, dst);
            }

            @Override
            SSLEngineResult unwrap(SSLEngine engine, ByteBuffer src, ByteBuffer dst) throws SSLException {
                return engine.unwrap(src, amongOthers(dst), 1, 1);
            }
        };

        abstract SSLEngineResult wrap(SSLEngine engine, ByteBuffer src, ByteBuffer dst) throws SSLException;

        abstract SSLEngineResult unwrap(SSLEngine engine, ByteBuffer src, ByteBuffer dst) throws SSLException;

        /** The first is none, and the last cannot be written: neither is looked at. */
        private static ByteBuffer[] amongOthers(ByteBuffer one) {
            return new ByteBuffer[] {null, one, ByteBuffer.allocate(3).asReadOnlyBuffer()};
        }
    }

    private static Pair pair(boolean oneBuffer) {
        ToyPackage toy = new ToyPackage();
        toy.oneBuffer = oneBuffer;
        return new Pair(toy);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 31 + count);
        }
        return bytes;
    }

    /** What calls of one form have come to: results, exceptions, positions and contents. */
    private static final class Story {
        private final Form form;
        private final Pair pair;
        private final List<String> lines = new ArrayList<>();

        Story(Form form, boolean oneBuffer) {
            this.form = form;
            this.pair = pair(oneBuffer);
        }

        private interface Call {
            SSLEngineResult run() throws SSLException;
        }

        void wrap(SSLEngine engine, ByteBuffer src, ByteBuffer dst) {
            note(() -> form.wrap(engine, src, dst), src, dst);
        }

        void unwrap(SSLEngine engine, ByteBuffer src, ByteBuffer dst) {
            note(() -> form.unwrap(engine, src, dst), src, dst);
        }

        private void note(Call call, ByteBuffer src, ByteBuffer dst) {
            String outcome;
            try {
                outcome = call.run().toString();
            } catch (SSLException | RuntimeException e) {
                outcome = e.getClass().getName() + (e instanceof SSLException ? ": " + e.getMessage() : "");
            }
            lines.add(outcome + " " + trace(src) + " " + trace(dst));
        }

        private static String trace(ByteBuffer buffer) {
            return buffer == null
                    ? "null"
                    : buffer + " " + Arrays.hashCode(bytesOf(buffer.duplicate().clear()));
        }

        private static byte[] bytesOf(ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        }

        List<String> told() throws SSLException {
            refusals(pair.client);
            pair.connected();
            int before = lists();
            for (Memory memory : Memory.values()) {
                data(memory, 1);
                data(memory, 50);
            }
            lines.add(LISTS + (lists() - before));
            moreThanOneRecordHolds();
            wrap(pair.client, ByteBuffer.allocate(0), ByteBuffer.allocate(0));
            refusals(pair.client);
            tokenThatIsDue();
            failure();
            refusals(pair.server);
            return lines;
        }

        private int lists() {
            return pair.clientContext().lists + pair.serverContext().lists;
        }

        private void refusals(SSLEngine engine) {
            ByteBuffer some = ByteBuffer.wrap(bytes(30)).position(3).limit(20);
            ByteBuffer room = ByteBuffer.allocate(100).position(9);
            wrap(engine, some, room.asReadOnlyBuffer());
            wrap(engine, null, room);
            wrap(engine, some, null);
            unwrap(engine, some, room.asReadOnlyBuffer());
            unwrap(engine, null, room);
            unwrap(engine, some, null);
        }

        private void data(Memory memory, int size) {
            ByteBuffer data = memory.of(bytes(size)).asReadOnlyBuffer();
            for (int room = 0; room < size + OVERHEAD; room++) {
                wrap(pair.client, data, memory.room(room));
            }
            ByteBuffer record = memory.room(5 + size + OVERHEAD + 7).position(5);
            wrap(pair.client, data, record);
            record.flip().position(5);
            for (int prefix = 0; prefix < size + OVERHEAD; prefix++) {
                unwrap(pair.server, record.duplicate().limit(5 + prefix), memory.room(size));
            }
            for (int room = 0; room < size; room++) {
                unwrap(pair.server, record.asReadOnlyBuffer(), memory.room(room));
            }
            ByteBuffer target = memory.room(2 + size + 1).position(2);
            unwrap(pair.server, record.asReadOnlyBuffer(), target);
        }

        private void moreThanOneRecordHolds() {
            ByteBuffer record = ByteBuffer.allocate(50_000);
            wrap(pair.client, ByteBuffer.wrap(bytes(40_000)), record);
            unwrap(pair.server, record.flip(), ByteBuffer.allocate(40_000));
        }

        private void tokenThatIsDue() {
            pair.clientContext().demandKeyUpdate();
            ByteBuffer data = ByteBuffer.wrap(bytes(10));
            ByteBuffer records = ByteBuffer.allocate(100);
            wrap(pair.client, data, records);
            wrap(pair.client, data, records);
            records.flip();
            ByteBuffer target = ByteBuffer.allocate(10);
            unwrap(pair.server, records, target);
            unwrap(pair.server, records, target);
            ByteBuffer answer = ByteBuffer.allocate(100);
            wrap(pair.server, ByteBuffer.wrap(bytes(10)), answer);
            unwrap(pair.client, answer.flip(), target);
        }

        private void failure() throws SSLException {
            byte[] record = pair.record(pair.server, bytes(10));
            unwrap(pair.client, ByteBuffer.wrap(record), ByteBuffer.allocate(10));
            byte[] forged = pair.record(pair.server, bytes(10));
            forged[6] ^= 1;
            unwrap(pair.client, ByteBuffer.wrap(forged), ByteBuffer.allocate(10));
            ByteBuffer alert = ByteBuffer.allocate(100);
            wrap(pair.client, ByteBuffer.wrap(bytes(3)), ByteBuffer.allocate(OVERHEAD));
            wrap(pair.client, ByteBuffer.wrap(bytes(3)), alert);
            wrap(pair.client, ByteBuffer.wrap(bytes(3)), ByteBuffer.allocate(100));
            unwrap(pair.client, ByteBuffer.wrap(record), ByteBuffer.allocate(10));
        }
    }

    @ParameterizedTest(name = "the package has calls for one buffer: {0}")
    @ValueSource(booleans = {true, false})
    void anArrayOfOneBufferIsThatBuffer(boolean oneBuffer) throws Exception {
        List<String> expected = new Story(Form.BUFFER, oneBuffer).told();
        assertEquals(oneBuffer, expected.contains(NO_LIST), "what a package has calls for needs no list");
        for (Form form : Form.values()) {
            assertIterableEquals(expected, new Story(form, oneBuffer).told(), form::name);
        }
    }

    @Test
    void aPackageThatWantsListsGivesTheSameResults() throws Exception {
        List<String> expected = new Story(Form.BUFFER, true).told();
        List<String> found = new Story(Form.BUFFER, false).told();
        expected.removeIf(line -> line.startsWith(LISTS));
        found.removeIf(line -> line.startsWith(LISTS));
        assertIterableEquals(expected, found);
    }

    /** Has the server end its output, as another thread would, while it opens a record that was altered. */
    @ParameterizedTest(name = "the package has calls for one buffer: {0}")
    @ValueSource(booleans = {true, false})
    void aFailureClosesTheContextAtOnceWhereTheOutputEndedMeanwhile(boolean oneBuffer) throws Exception {
        Pair pair = pair(oneBuffer).connected();
        ByteBuffer record = altered(pair);
        ToyContext context = pair.serverContext();
        context.meanwhile =
                () -> CompletableFuture.runAsync(() -> endOutput(pair.server)).join();
        ByteBuffer target = ByteBuffer.allocate(10);
        assertThrows(SSLException.class, () -> pair.server.unwrap(record, target));
        assertTrue(context.closed, "the keys are wiped");
        assertEquals(0, record.position());
        assertEquals(0, target.position());
        assertTrue(pair.server.isInboundDone() && pair.server.isOutboundDone());
    }

    private static void endOutput(SSLEngine engine) {
        try {
            engine.closeOutbound();
            assertEquals(
                    Status.CLOSED,
                    engine.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(100))
                            .getStatus());
        } catch (SSLException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest(name = "the package has calls for one buffer: {0}")
    @ValueSource(booleans = {true, false})
    void aFailureOfWhichNothingIsSaidClosesTheContextAtOnce(boolean oneBuffer) throws Exception {
        Pair pair = pair(oneBuffer).connected();
        ByteBuffer record = altered(pair);
        pair.serverContext().alerts = false;
        assertThrows(SSLException.class, () -> pair.server.unwrap(record, ByteBuffer.allocate(10)));
        assertTrue(pair.serverContext().closed, "the keys are wiped");
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, pair.server.getHandshakeStatus());
    }

    @ParameterizedTest(name = "the package has calls for one buffer: {0}")
    @ValueSource(booleans = {true, false})
    void aFailureClosesTheContextWithTheAlert(boolean oneBuffer) throws Exception {
        Pair pair = pair(oneBuffer).connected();
        ByteBuffer record = altered(pair);
        assertThrows(SSLException.class, () -> pair.server.unwrap(record, ByteBuffer.allocate(10)));
        assertFalse(pair.serverContext().closed, "the alert has yet to leave");
        pair.server.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(100));
        assertTrue(pair.serverContext().closed, "the keys are wiped");
    }

    private static ByteBuffer altered(Pair pair) throws SSLException {
        byte[] record = pair.record(pair.client, bytes(10));
        record[6] ^= 1;
        return ByteBuffer.wrap(record);
    }
}
