package org.jsspi.conformance.flights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jsspi.AscReq;
import org.jsspi.ContextOptions;
import org.jsspi.IscReq;
import org.jsspi.SchannelControl;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.StreamSizes;
import org.jsspi.conformance.fixture.Memory;

/**
 * One of our contexts, given what was recorded. On the way it is asked what it must not be able to answer yet: every beginning of
 * every record, and every room that is too small. What it then sends shows that no such question has changed anything.
 */
final class Replay {
    /** What is asked on the way. */
    enum Law {
        NONE,
        /** SEC_E_INCOMPLETE_MESSAGE to every strict prefix of a record, with what is missing. */
        PREFIX,
        /** SEC_E_INSUFFICIENT_BUFFERS or SEC_E_INSUFFICIENT_MEMORY to every room that is too small. */
        OVERFLOW
    }

    private static final int PLENTY = 20_000;

    private final StreamContext context;
    private final boolean client;
    private final ContextOptions options;
    private final Memory memory;
    private final Law law;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private byte[] inbox = {};
    private boolean established;
    private boolean expired;
    private int questions;

    Replay(Scenario scenario, Memory memory, Law law) throws SspiException {
        RepeatableRandom.restart(scenario.name());
        this.context = scenario.context();
        this.client = scenario.isClient();
        this.options = scenario.options();
        this.memory = memory;
        this.law = law;
    }

    /** {@return how often it was asked what it could not answer} */
    int questions() {
        return questions;
    }

    boolean isEstablished() {
        return established;
    }

    /** A client says hello. */
    void begin() throws SspiException {
        if (client) {
            establish(null);
        }
    }

    /** {@return what it has sent since the last call} */
    byte[] takeSent() {
        byte[] all = sent.toByteArray();
        sent.reset();
        return all;
    }

    byte[] takeReceived() {
        byte[] all = received.toByteArray();
        received.reset();
        return all;
    }

    boolean isExpired() {
        return expired;
    }

    void arrive(byte[] bytes) throws SspiException {
        inbox = Recording.joined(inbox, bytes);
        while (inbox.length > 0 && !expired && (established ? decrypt() : establish(inbox))) {
            // the next record, or flight
        }
    }

    /** Goes on with the recording, all of it, and holds what leaves to it. {@return this} */
    Replay play(Recording recording) throws SspiException {
        begin();
        for (Recording.Event event : recording.inFlights().events()) {
            perform(event);
        }
        return this;
    }

    /** Arrives in two parts, and must come to the same. */
    void arriveInTwo(byte[] bytes, int cut) throws SspiException {
        arrive(Arrays.copyOf(bytes, cut));
        arrive(Arrays.copyOfRange(bytes, cut, bytes.length));
    }

    void perform(Recording.Event event) throws SspiException {
        switch (event.kind()) {
            case ARRIVES -> arrive(event.bytes());
            case LEAVES -> expect(event.bytes(), takeSent(), "sent");
            default -> {
                switch (event.word()) {
                    case "send" -> send(event.bytes());
                    case "received" -> expect(event.bytes(), takeReceived(), "received");
                    case "shutdown" -> {
                        context.applyControlToken(SchannelControl.shutdown());
                        establish(null);
                    }
                    case "closed" -> {
                        if (!expired) {
                            throw new AssertionError("close_notify was not seen");
                        }
                    }
                    default -> throw new AssertionError("unknown: " + event.word());
                }
            }
        }
    }

    private static void expect(byte[] recorded, byte[] now, String what) {
        if (!Arrays.equals(recorded, now)) {
            int at = Arrays.mismatch(recorded, now);
            throw new AssertionError(what + " otherwise than it is recorded, from byte " + at + " on:\n  recorded "
                    + HexFormat.of().formatHex(recorded) + "\n  now      "
                    + HexFormat.of().formatHex(now));
        }
    }

    // The handshake

    private boolean establish(byte[] input) throws SspiException {
        if (input != null && law == Law.PREFIX && input.length >= 5) {
            int record = Math.min(input.length, Recording.recordLength(input, 0));
            for (int prefix = 0; prefix < record; prefix++) {
                SecBuffer spare = new SecBuffer();
                SecBufferDesc in = tokens(Arrays.copyOf(input, prefix), spare);
                SecurityStatus status = call(in, new SecBuffer(SecBufferType.TOKEN, memory.destination(PLENTY)));
                check(status == SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, prefix + " bytes of a record: " + status);
                check(
                        spare.type() == SecBufferType.MISSING
                                && spare.length() > 0
                                && prefix + spare.length() <= record,
                        prefix + " bytes of " + record + ": " + spare);
                questions++;
            }
        }
        SecBuffer extra = new SecBuffer();
        SecBufferDesc in = input == null ? null : tokens(input, extra);
        SecBuffer token = new SecBuffer(SecBufferType.TOKEN, memory.destination(PLENTY));
        SecurityStatus status;
        if (law == Law.OVERFLOW) {
            status = withTooLittleRoom(in, token);
        } else {
            status = call(in, token);
        }
        if (status == SecurityStatus.SEC_E_INCOMPLETE_MESSAGE) {
            return false;
        }
        sent.writeBytes(token.toByteArray());
        if (input != null) {
            int rest = extra.type() == SecBufferType.EXTRA ? extra.length() : 0;
            inbox = Arrays.copyOfRange(inbox, inbox.length - rest, inbox.length);
        }
        established |= status == SecurityStatus.SEC_E_OK;
        return true;
    }

    /** The flight waits until there is room for all of it. */
    private SecurityStatus withTooLittleRoom(SecBufferDesc in, SecBuffer token) throws SspiException {
        SecBufferDesc input = in;
        for (int room = 1; ; room += 1 + room / 8) {
            SecBuffer small = new SecBuffer(SecBufferType.TOKEN, memory.destination(room));
            try {
                SecurityStatus status = call(input, small);
                if (small.length() > 0) {
                    check(small.length() <= room, "more was written than there was room");
                }
                token.set(SecBufferType.TOKEN, small.target(), small.targetOffset(), small.length());
                return status;
            } catch (SspiException e) {
                check(e.status() == SecurityStatus.SEC_E_INSUFFICIENT_MEMORY, room + " bytes of room: " + e);
                questions++;
                input = null; // was taken; the flight is kept
            }
        }
    }

    private SecBufferDesc tokens(byte[] input, SecBuffer extra) {
        return new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, memory.source(input)), extra);
    }

    private SecurityStatus call(SecBufferDesc in, SecBuffer token) throws SspiException {
        SecBufferDesc out = new SecBufferDesc(token);
        return client
                ? context.initializeSecurityContext("localhost", IscReq.NONE, options, in, out)
                : context.acceptSecurityContext(AscReq.NONE, options, in, out);
    }

    // Data

    private void send(byte[] data) throws SspiException {
        StreamSizes sizes = context.queryContextAttributes(org.jsspi.ContextAttribute.STREAM_SIZES);
        ByteBuffer source = memory.source(data);
        ByteBuffer target = memory.destination(sizes.header() + data.length + sizes.trailer());
        SecBufferDesc message = new SecBufferDesc();
        message.add(SecBufferType.STREAM_HEADER, target, 0, sizes.header());
        message.add().set(SecBufferType.DATA, source, 0, target, sizes.header(), data.length);
        message.add(SecBufferType.STREAM_TRAILER, target, sizes.header() + data.length, sizes.trailer());
        message.add();
        check(context.encryptMessage(0, message, 0) == SecurityStatus.SEC_E_OK, "encryptMessage");
        int length = message.get(0).length()
                + message.get(1).length()
                + message.get(2).length();
        byte[] record = new byte[length];
        target.get(0, record);
        sent.writeBytes(record);
    }

    private boolean decrypt() throws SspiException {
        if (inbox.length < 5 || inbox.length < Recording.recordLength(inbox, 0)) {
            return false;
        }
        byte[] record = Arrays.copyOf(inbox, Recording.recordLength(inbox, 0));
        if (law == Law.PREFIX) {
            for (int prefix = 0; prefix < record.length; prefix++) {
                SecBufferDesc list = list(Arrays.copyOf(record, prefix), PLENTY);
                SecurityStatus status = context.decryptMessage(list, 0);
                check(status == SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, prefix + " bytes of a record: " + status);
                check(list.get(0).type() == SecBufferType.MISSING, prefix + " bytes of a record: " + list);
                questions++;
            }
        }
        SecBufferDesc list = list(record, PLENTY);
        SecurityStatus status = null;
        if (law == Law.OVERFLOW) {
            for (int room = 0; status == null || status == SecurityStatus.SEC_E_INSUFFICIENT_BUFFERS; room++) {
                list = list(record, room);
                status = context.decryptMessage(list, 0);
                if (status == SecurityStatus.SEC_E_INSUFFICIENT_BUFFERS) {
                    check(list.get(1).length() > room, room + " bytes of room: " + list);
                    questions++;
                }
            }
        } else {
            status = context.decryptMessage(list, 0);
        }
        inbox = Arrays.copyOfRange(inbox, record.length, inbox.length);
        switch (status) {
            case SEC_E_OK -> received.writeBytes(list.find(SecBufferType.DATA).toByteArray());
            case SEC_I_CONTEXT_EXPIRED -> expired = true;
            case SEC_I_RENEGOTIATE -> {
                byte[] kept = list.find(SecBufferType.EXTRA).toByteArray();
                SecBuffer token = new SecBuffer(SecBufferType.TOKEN, memory.destination(PLENTY));
                call(new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, kept), new SecBuffer()), token);
                sent.writeBytes(token.toByteArray());
            }
            default -> throw new AssertionError("decryptMessage answered " + status);
        }
        return true;
    }

    /** STREAM, DATA, EMPTY, EMPTY: from one memory into the other. */
    private SecBufferDesc list(byte[] record, int room) {
        SecBufferDesc list = new SecBufferDesc();
        list.add(SecBufferType.STREAM, memory.source(record));
        list.add(SecBufferType.DATA, memory.destination(room));
        list.add();
        list.add();
        return list;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
