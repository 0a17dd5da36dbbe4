package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jsspi.conformance.fixture.End;
import org.jsspi.conformance.fixture.Memory;

/**
 * An engine that is tried at every step. Before a record is given to it, every strict prefix of the record is: it answers
 * BUFFER_UNDERFLOW. Room for what comes out grows byte by byte: it answers BUFFER_OVERFLOW until the very last byte is there.
 * None of these answers may change anything, and the exchange that goes on in between shows that they did not.
 */
final class LawfulEnd implements End {
    private static final int LARGEST = 3000;

    private final SSLEngine engine;
    private final Memory memory;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private byte[] inbox = new byte[0];
    private int finished;
    private int underflows;
    private int overflows;

    LawfulEnd(SSLEngine engine, Memory memory) {
        this.engine = engine;
        this.memory = memory;
    }

    SSLEngine engine() {
        return engine;
    }

    int finished() {
        return finished;
    }

    int underflows() {
        return underflows;
    }

    int overflows() {
        return overflows;
    }

    @Override
    public void arrive(byte[] bytes) {
        byte[] all = Arrays.copyOf(inbox, inbox.length + bytes.length);
        System.arraycopy(bytes, 0, all, inbox.length, bytes.length);
        inbox = all;
    }

    @Override
    public byte[] takeReceived() {
        byte[] all = received.toByteArray();
        received.reset();
        return all;
    }

    @Override
    public boolean established() {
        return finished > 0 && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    @Override
    public int send(byte[] data, End peer) throws SSLException {
        return wrap(data, peer).bytesConsumed();
    }

    @Override
    public boolean step(End peer) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
                return true;
            }
            case NEED_WRAP -> {
                wrap(new byte[0], peer);
                return true;
            }
            default -> {
                return inbox.length > 0 && !engine.isInboundDone() && unwrap();
            }
        }
    }

    SSLEngineResult wrap(byte[] data, End peer) throws SSLException {
        HandshakeStatus before = engine.getHandshakeStatus();
        for (int room = 0; room < LARGEST; room++) {
            ByteBuffer source = memory.source(data);
            ByteBuffer target = memory.destination(room);
            SSLEngineResult result = engine.wrap(source, target);
            assertEquals(result.bytesConsumed(), source.position());
            assertEquals(result.bytesProduced(), target.position());
            if (result.getStatus() != Status.BUFFER_OVERFLOW) {
                if (result.bytesProduced() > 0) {
                    assertEquals(room, result.bytesProduced(), "wrap asked for more room than the record takes");
                    byte[] record = new byte[room];
                    target.flip().get(record);
                    peer.arrive(record);
                }
                note(result);
                return result;
            }
            assertEquals(0, result.bytesConsumed() + result.bytesProduced(), "BUFFER_OVERFLOW moved something");
            assertEquals(before, engine.getHandshakeStatus(), "BUFFER_OVERFLOW changed the status");
            overflows++;
        }
        throw new AssertionError("wrap does not fit into " + LARGEST + " bytes");
    }

    private boolean unwrap() throws SSLException {
        if (inbox.length < 5) {
            return false;
        }
        int length = 5 + ((inbox[3] & 0xFF) << 8 | inbox[4] & 0xFF);
        if (inbox.length < length) {
            return false;
        }
        HandshakeStatus before = engine.getHandshakeStatus();
        for (int prefix = 0; prefix < length; prefix++) {
            byte[] part = Arrays.copyOf(inbox, prefix);
            ByteBuffer source = memory.source(part);
            ByteBuffer target = memory.destination(LARGEST);
            SSLEngineResult result = engine.unwrap(source, target);
            assertEquals(Status.BUFFER_UNDERFLOW, result.getStatus(), prefix + " bytes of " + length);
            assertEquals(0, result.bytesConsumed() + source.position() + result.bytesProduced() + target.position());
            assertEquals(before, engine.getHandshakeStatus(), "BUFFER_UNDERFLOW changed the status");
            underflows++;
        }
        byte[] record = Arrays.copyOf(inbox, length);
        for (int room = 0; room < LARGEST; room++) {
            ByteBuffer source = memory.source(record);
            ByteBuffer target = memory.destination(room);
            SSLEngineResult result = engine.unwrap(source, target);
            assertEquals(result.bytesConsumed(), source.position());
            assertEquals(result.bytesProduced(), target.position());
            byte[] after = new byte[length];
            source.rewind().get(after);
            assertArrayEquals(record, after, "unwrap wrote into its source");
            if (result.getStatus() != Status.BUFFER_OVERFLOW) {
                if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
                    assertNotEquals(
                            HandshakeStatus.NEED_UNWRAP, result.getHandshakeStatus(), "a whole record was not taken");
                } else {
                    assertEquals(length, result.bytesConsumed());
                    inbox = Arrays.copyOfRange(inbox, length, inbox.length);
                }
                assertEquals(room, result.bytesProduced(), "unwrap asked for more room than the plaintext takes");
                byte[] data = new byte[room];
                target.flip().get(data);
                received.writeBytes(data);
                note(result);
                return true;
            }
            assertEquals(0, result.bytesConsumed() + result.bytesProduced(), "BUFFER_OVERFLOW moved something");
            assertEquals(before, engine.getHandshakeStatus(), "BUFFER_OVERFLOW changed the status");
            overflows++;
        }
        throw new AssertionError("unwrap does not fit into " + LARGEST + " bytes");
    }

    private void note(SSLEngineResult result) {
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            finished++;
        }
    }

    @Override
    public String toString() {
        return engine.getHandshakeStatus() + " with " + inbox.length + " bytes waiting";
    }
}
