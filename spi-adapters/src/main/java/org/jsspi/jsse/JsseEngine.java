package org.jsspi.jsse;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jsspi.ApplicationProtocol;
import org.jsspi.ApplicationProtocols;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.HandshakeInfo;
import org.jsspi.IscReq;
import org.jsspi.KeyingMaterialInfo;
import org.jsspi.SchannelControl;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.Session;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.StreamSizes;

/**
 * A stream context as an {@link SSLEngine}.
 *
 * <p>One call moves at most one record, or every record that a close has left to send. Nothing is buffered here: records go
 * from the caller's memory to the caller's memory, src is never written, dst needs room for the record at hand and no more.
 *
 * <p>wrap and unwrap may run on two threads at once. There are two locks, taken in this order: read (unwrap) and handshake
 * (establishing calls and every change of state). A record of data from one buffer to another needs neither, nor a list: the context has
 * a lock of its own for each direction. None is held while a delegated task
 * runs. The status, the sessions and the application protocol are snapshots that never block.
 *
 * <p>{@link #beginHandshake} on an established engine gives what it sends new keys, as the platform's does for TLS 1.3; the package
 * does the same by itself when they are due. In TLS 1.2 it renegotiates where {@code org.jsspi.renegotiation} permits that and the peer can
 * do it, otherwise it throws. Parameters count that were set before. While a renegotiation runs the status is that of a handshake, and
 * data goes on arriving; what is to be sent waits from the hello of this side on, so that wrap takes nothing and says NEED_UNWRAP. The
 * session changes with FINISHED. A peer that refuses ends the connection.
 */
public final class JsseEngine extends SSLEngine {
    private static final IscReq CLIENT_REQUEST = IscReq.STREAM
            .or(IscReq.FRAGMENT_TO_FIT)
            .or(IscReq.CONFIDENTIALITY)
            .or(IscReq.INTEGRITY)
            .or(IscReq.REPLAY_DETECT)
            .or(IscReq.SEQUENCE_DETECT)
            .or(IscReq.EXTENDED_ERROR)
            .or(IscReq.USE_SUPPLIED_CREDS);
    private static final AscReq SERVER_REQUEST = AscReq.STREAM
            .or(AscReq.FRAGMENT_TO_FIT)
            .or(AscReq.CONFIDENTIALITY)
            .or(AscReq.INTEGRITY)
            .or(AscReq.REPLAY_DETECT)
            .or(AscReq.SEQUENCE_DETECT)
            .or(AscReq.EXTENDED_ERROR);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** RFC 5246 7.2. */
    private static final int HANDSHAKE_FAILURE = 40;

    private enum Phase {
        /** Not begun: parameters and mode may change. */
        FRESH,
        /** Establishing calls. */
        HANDSHAKING,
        /** FINISHED: data may flow. */
        OPEN
    }

    private final JsseCredential credential;
    private final ConnectionSettings settings;
    private final SSLSocket socket;
    /** As the platform's provider: the peer's close_notify is answered at once, and both directions end. */
    private final boolean acknowledgeClose = Boolean.getBoolean("jdk.tls.acknowledgeCloseNotify");

    private volatile String peerHost;
    private volatile int peerPort;

    private final ReentrantLock read = new ReentrantLock();
    private final ReentrantLock handshake = new ReentrantLock();

    // Written under the handshake lock, read by anyone.
    private volatile Phase phase = Phase.FRESH;
    private volatile HandshakeStatus status = HandshakeStatus.NOT_HANDSHAKING;
    private volatile boolean inboundDone;
    private volatile boolean outboundDone;
    private volatile JsseSession session = JsseSession.none();
    private volatile JsseSession handshakeSession;
    private volatile String applicationProtocol;
    private volatile String handshakeApplicationProtocol;
    private volatile BiFunction<SSLEngine, List<String>, String> selector;
    private volatile BiFunction<SSLSocket, List<String>, String> socketSelector;
    /** Null until the mode is set. */
    private volatile Boolean client;

    // Guarded by the handshake lock.
    private StreamContext context;
    /** Null once the handshake is complete: only the first call reads it. */
    private ContextOptions options;

    /** While a handshake runs. */
    private HandshakeReport report;

    private boolean clientNeeded;
    private StreamSizes sizes;
    private boolean tls12;
    private boolean started;
    private boolean closing;
    private boolean shutdownDue;
    private boolean failed;
    private boolean tokenWaiting;
    private boolean finishedDue;
    private boolean keyUpdateDue;
    private boolean renegotiationDue;
    private volatile boolean renegotiating;
    private boolean contextClosed;
    private SSLException deferred;
    private Task task;
    private boolean taskOffered;

    /**
     * An engine.
     *
     * @param host the peer, or null
     * @param port its port, or -1
     * @param socket what the application holds and its managers are to see, or null for the engine itself
     */
    JsseEngine(JsseCredential credential, ConnectionSettings settings, String host, int port, SSLSocket socket) {
        super(host, port);
        this.peerHost = host;
        this.peerPort = port;
        this.credential = credential;
        this.settings = settings;
        this.socket = socket;
    }

    /** For sockets, which learn their peer when they connect. */
    void setPeer(String host, int port) {
        peerHost = host;
        peerPort = port;
    }

    @Override
    public String getPeerHost() {
        return peerHost;
    }

    @Override
    public int getPeerPort() {
        return peerPort;
    }

    ConnectionSettings settings() {
        return settings;
    }

    // ---- unwrap

    @Override
    public SSLEngineResult unwrap(ByteBuffer src, ByteBuffer dst) throws SSLException {
        requireBuffers(src, dst);
        if (phase == Phase.OPEN && status == HandshakeStatus.NOT_HANDSHAKING && !inboundDone && !dst.isReadOnly()) {
            SSLEngineResult result = decrypt(src, dst);
            if (result != null) {
                return result;
            }
        }
        return unwrap(src, dst, null, 0, 1);
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer src, ByteBuffer[] dsts, int offset, int length) throws SSLException {
        requireBuffers(src, dsts, offset, length);
        return length == 1 ? unwrap(src, dsts[offset]) : unwrap(src, null, dsts, offset, length);
    }

    /**
     * One record of data, without the lock: decryptMessage orders itself with every change that a holder of it makes to the context.
     *
     * @return null if the record is none of data, or the context has something to say
     */
    private SSLEngineResult decrypt(ByteBuffer src, ByteBuffer dst) throws SSLException {
        int from = src.position();
        int to = dst.position();
        try {
            return switch (context.decryptMessage(src, dst)) {
                case SEC_E_OK -> result(Status.OK, src.position() - from, dst.position() - to);
                case SEC_E_INSUFFICIENT_BUFFERS -> result(Status.BUFFER_OVERFLOW, 0, 0);
                case SEC_E_INCOMPLETE_MESSAGE -> result(Status.BUFFER_UNDERFLOW, 0, 0);
                default -> null;
            };
        } catch (SspiException e) {
            src.position(from);
            dst.position(to);
            if (e.alert().isEmpty()) {
                // Closed meanwhile, by another thread: the call with the lock finds the reason.
                return null;
            }
            SSLException failure = failLocked(e);
            closeContextWhenDone();
            throw failure;
        }
    }

    /** Into the one buffer, or into several where that is null: what most callers have is spared an array. */
    private SSLEngineResult unwrap(ByteBuffer src, ByteBuffer single, ByteBuffer[] dsts, int offset, int length)
            throws SSLException {
        for (int i = offset; i < offset + length; i++) {
            if (at(single, dsts, i).isReadOnly()) {
                throw new ReadOnlyBufferException();
            }
        }
        SSLEngineResult result;
        read.lock();
        try {
            result = unwrapRecord(src, single, dsts, offset, length);
        } finally {
            read.unlock();
            closeContextWhenDone();
        }
        return result;
    }

    private SSLEngineResult unwrapRecord(ByteBuffer src, ByteBuffer single, ByteBuffer[] dsts, int offset, int length)
            throws SSLException {
        if (phase != Phase.OPEN || status != HandshakeStatus.NOT_HANDSHAKING) {
            SSLEngineResult answer = beforeUnwrap();
            if (answer != null) {
                return answer;
            }
        }
        if (inboundDone) {
            return result(Status.CLOSED, 0, 0);
        }
        if (!(context.preview(src) instanceof StreamContext.Preview.Whole record)) {
            return result(Status.BUFFER_UNDERFLOW, 0, 0);
        }
        return phase == Phase.OPEN
                ? decrypt(src, single, dsts, offset, length, record.length())
                : acceptToken(src, record.length());
    }

    /** {@return what unwrap answers without a look at src, or null} */
    private SSLEngineResult beforeUnwrap() throws SSLException {
        handshake.lock();
        try {
            if (phase == Phase.FRESH && !inboundDone) {
                begin();
            }
            throwDeferred();
            if (inboundDone) {
                return result(Status.CLOSED, 0, 0);
            }
            if (finishedDue && !tokenWaiting) {
                return finished(0, 0);
            }
            boolean toSend = phase == Phase.HANDSHAKING && status == HandshakeStatus.NEED_WRAP;
            return toSend || status == HandshakeStatus.NEED_TASK ? result(Status.OK, 0, 0) : null;
        } finally {
            handshake.unlock();
        }
    }

    /** Hands one record of the handshake to the context. */
    private SSLEngineResult acceptToken(ByteBuffer src, int recordLength) throws SSLException {
        SecBufferDesc input = BufferLists.take();
        handshake.lock();
        try {
            if (phase == Phase.OPEN || inboundDone) {
                // Another thread has come first: the caller sees the new state and repeats.
                return inboundDone ? result(Status.CLOSED, 0, 0) : result(Status.OK, 0, 0);
            }
            if (status == HandshakeStatus.NEED_WRAP || status == HandshakeStatus.NEED_TASK) {
                return result(Status.OK, 0, 0);
            }
            input.add().set(SecBufferType.TOKEN, src, src.position(), null, 0, recordLength);
            input.add();
            if (!started) {
                addApplicationProtocols(input);
            }
            SecurityStatus answer = establish(input, null);
            if (answer == SecurityStatus.SEC_E_INCOMPLETE_MESSAGE) {
                return result(Status.BUFFER_UNDERFLOW, 0, 0);
            }
            SecBuffer extra = input.find(SecBufferType.EXTRA);
            int consumed = recordLength - (extra == null ? 0 : extra.length());
            src.position(src.position() + consumed);
            return settle(answer) ? finished(consumed, 0) : closedOrOk(consumed);
        } catch (SspiException e) {
            throw fail(e);
        } finally {
            handshake.unlock();
            BufferLists.give(input);
        }
    }

    private SSLEngineResult decrypt(
            ByteBuffer src, ByteBuffer single, ByteBuffer[] dsts, int offset, int length, int recordLength)
            throws SSLException {
        SecBufferDesc list = BufferLists.take();
        try {
            list.add().set(SecBufferType.STREAM, src, src.position(), null, 0, recordLength);
            for (int i = offset; i < offset + length; i++) {
                ByteBuffer dst = at(single, dsts, i);
                list.add().set(SecBufferType.DATA, null, 0, dst, dst.position(), dst.remaining());
            }
            if (length == 0) {
                list.add().set(SecBufferType.DATA, null, 0, NOTHING, 0, 0);
            }
            list.add();
            list.add();
            SecurityStatus answer = context.decryptMessage(list, 0);
            switch (answer) {
                case SEC_E_OK -> {
                    int consumed = list.get(0).length();
                    int produced = 0;
                    for (int i = 0; i < length; i++) {
                        int received = list.get(1 + i).length();
                        ByteBuffer dst = at(single, dsts, offset + i);
                        dst.position(dst.position() + received);
                        produced += received;
                    }
                    src.position(src.position() + consumed);
                    return result(Status.OK, consumed, produced);
                }
                case SEC_E_INSUFFICIENT_BUFFERS -> {
                    return result(Status.BUFFER_OVERFLOW, 0, 0);
                }
                case SEC_E_INCOMPLETE_MESSAGE -> {
                    return result(Status.BUFFER_UNDERFLOW, 0, 0);
                }
                case SEC_I_RENEGOTIATE -> {
                    src.position(src.position() + recordLength);
                    return acceptPostHandshake(list.find(SecBufferType.EXTRA), recordLength);
                }
                case SEC_I_CONTEXT_EXPIRED -> {
                    src.position(src.position() + recordLength);
                    return peerClosed(recordLength);
                }
                case SEC_I_NO_RENEGOTIATION -> {
                    src.position(src.position() + recordLength);
                    throw refused();
                }
                default ->
                    throw new SspiException(SecurityStatus.SEC_E_INTERNAL_ERROR, "decryptMessage answered " + answer);
            }
        } catch (SspiException e) {
            throw failLocked(e);
        } finally {
            BufferLists.give(list);
        }
    }

    /** As the platform's: who wants to renegotiate, to have a client authenticated above all, does not go on without. */
    private SspiException refused() throws SspiException {
        handshake.lock();
        try {
            context.applyControlToken(SchannelControl.alert(SchannelControl.ALERT_FATAL, HANDSHAKE_FAILURE));
        } finally {
            handshake.unlock();
        }
        return new SspiException(
                SecurityStatus.SEC_E_ILLEGAL_MESSAGE,
                SspiException.Kind.HANDSHAKE,
                HANDSHAKE_FAILURE,
                "the peer refuses to renegotiate",
                null);
    }

    /** A ticket, a key update, a renegotiation: the context has kept the message, the establishing call processes it. */
    private SSLEngineResult acceptPostHandshake(SecBuffer message, int consumed) throws SspiException {
        if (message == null) {
            throw new SspiException(SecurityStatus.SEC_E_INTERNAL_ERROR, "SEC_I_RENEGOTIATE came without a message");
        }
        SecBufferDesc input = BufferLists.take();
        handshake.lock();
        try {
            input.add().set(SecBufferType.TOKEN, message.source(), message.sourceOffset(), null, 0, message.length());
            input.add();
            // Nothing else than a renegotiation comes in TLS 1.2, and then what the application wants now is what
            // counts.
            boolean mayBegin = tls12 && !renegotiating;
            if (mayBegin) {
                readOptions();
            }
            boolean complete = settle(establish(input, null));
            if (mayBegin && !renegotiating && !tokenWaiting) {
                options = null;
            }
            return complete ? finished(consumed, 0) : closedOrOk(consumed);
        } finally {
            handshake.unlock();
            BufferLists.give(input);
        }
    }

    private SSLEngineResult peerClosed(int consumed) {
        handshake.lock();
        try {
            expireInbound();
            return result(Status.CLOSED, consumed, 0);
        } finally {
            handshake.unlock();
        }
    }

    /** With the handshake lock: the peer sends nothing more. */
    private void expireInbound() {
        inboundDone = true;
        renegotiating = false;
        // RFC 8446 6.1: each direction closes on its own, once there are two. RFC 5246 7.2.1: in TLS 1.2 both close
        // together.
        if (phase != Phase.OPEN || acknowledgeClose || tls12) {
            requestShutdown();
        }
        publish();
    }

    /** {@return what the context sees at the position of {@code network}; only once the handshake has begun} */
    StreamContext.Preview preview(ByteBuffer network) {
        return context.preview(network);
    }

    // ---- wrap

    @Override
    public SSLEngineResult wrap(ByteBuffer src, ByteBuffer dst) throws SSLException {
        requireBuffers(src, dst);
        return wrap(src, null, 0, 1, dst);
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] srcs, int offset, int length, ByteBuffer dst) throws SSLException {
        requireBuffers(dst, srcs, offset, length);
        return length == 1 ? wrap(srcs[offset], dst) : wrap(null, srcs, offset, length, dst);
    }

    /** From the one buffer, or from several where that is null. */
    private SSLEngineResult wrap(ByteBuffer single, ByteBuffer[] srcs, int offset, int length, ByteBuffer dst)
            throws SSLException {
        if (dst.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        SspiException failure = null;
        StreamSizes before = sizes;
        // Without the lock, which is a tenth of a small record: encryptMessage orders itself with every change that a
        // holder of it makes to the context. It refuses once the context has failed, was shut down or closed, and
        // answers that a token has to leave first; then the lock is taken and the reason is found. What else is read
        // here (context, sizes) was written before phase.
        if (phase == Phase.OPEN && status == HandshakeStatus.NOT_HANDSHAKING && !outboundDone) {
            try {
                SSLEngineResult result = single == null ? null : encrypt(single, dst);
                if (result == null) {
                    result = encrypt(single, srcs, offset, length, dst);
                }
                if (result != null) {
                    return result;
                }
            } catch (SspiException e) {
                failure = e;
            }
        }
        handshake.lock();
        try {
            // A reader may have failed the context in the meantime: then its alert is due, and not our complaint. Or a
            // renegotiation has changed the sizes.
            if (failure != null && !failed && !closing && sizes == before) {
                throw failure;
            }
            return wrapToken(single, srcs, offset, length, dst);
        } catch (SspiException e) {
            throw fail(e);
        } finally {
            handshake.unlock();
            closeContextWhenDone();
        }
    }

    /** With the handshake lock: what the context has to send comes before data. */
    private SSLEngineResult wrapToken(ByteBuffer single, ByteBuffer[] srcs, int offset, int length, ByteBuffer dst)
            throws SspiException, SSLException {
        if (phase == Phase.FRESH && !outboundDone) {
            begin();
        }
        throwDeferred();
        if (outboundDone) {
            return result(Status.CLOSED, 0, 0);
        }
        if (failed || closing) {
            return wrapLast(dst);
        }
        if (task != null) {
            return result(Status.OK, 0, 0);
        }
        if (finishedDue && !tokenWaiting) {
            return finished(0, 0);
        }
        boolean data = phase == Phase.OPEN && !tokenWaiting && !keyUpdateDue;
        keyUpdateDue = false;
        if (data) {
            SSLEngineResult result = encrypt(single, srcs, offset, length, dst);
            if (result != null) {
                return result;
            }
        } else if (phase == Phase.HANDSHAKING && !tokenWaiting && (started || !client)) {
            // It is the peer's turn: a server that has not heard the client yet says nothing.
            return result(Status.OK, 0, 0);
        }
        return produceToken(dst);
    }

    /** One record of ours: of the handshake, or what the context sends between data. */
    private SSLEngineResult produceToken(ByteBuffer dst) throws SspiException {
        if (tokenWaiting && dst.remaining() < context.pendingTokenSize()) {
            return result(Status.BUFFER_OVERFLOW, 0, 0);
        }
        SecBufferDesc input = BufferLists.take();
        SecBufferDesc output = BufferLists.take();
        SecurityStatus answer;
        int produced;
        try {
            if (!started) {
                addApplicationProtocols(input);
            }
            SecBuffer token = output.add(SecBufferType.TOKEN, dst, dst.position(), dst.remaining());
            answer = establish(input.count() == 0 ? null : input, output);
            // Where nothing has happened, since it is the peer's turn, the length is still the room.
            produced = answer == SecurityStatus.SEC_E_INCOMPLETE_MESSAGE ? 0 : token.length();
            dst.position(dst.position() + produced);
        } finally {
            BufferLists.give(output);
            BufferLists.give(input);
        }
        if (settle(answer)) {
            return finished(0, produced);
        }
        boolean noRoom = produced == 0 && tokenWaiting && answer == SecurityStatus.SEC_I_MESSAGE_FRAGMENT;
        return noRoom ? result(Status.BUFFER_OVERFLOW, 0, 0) : result(Status.OK, 0, produced);
    }

    /** The records before the end, close_notify or the alert of a failure last: as many as fit, then CLOSED. */
    private SSLEngineResult wrapLast(ByteBuffer dst) throws SspiException {
        int produced = 0;
        while (tokenWaiting || shutdownDue) {
            if (dst.remaining() < context.pendingTokenSize()) {
                return result(produced == 0 ? Status.BUFFER_OVERFLOW : Status.OK, 0, produced);
            }
            SecBufferDesc output = BufferLists.take();
            try {
                SecBuffer token = output.add(SecBufferType.TOKEN, dst, dst.position(), dst.remaining());
                establish(null, output);
                shutdownDue = false;
                tokenWaiting = context.pendingTokenSize() > 0;
                if (token.length() == 0) {
                    continue;
                }
                dst.position(dst.position() + token.length());
                produced += token.length();
            } catch (SspiException e) {
                if (!failed) {
                    throw e;
                }
                break;
            } finally {
                BufferLists.give(output);
            }
        }
        outboundDone = true;
        tokenWaiting = false;
        shutdownDue = false;
        if (failed || phase != Phase.OPEN) {
            inboundDone = true;
        }
        publish();
        return result(Status.CLOSED, 0, produced);
    }

    /** {@return null if a token has to leave first, or the package wants a list} */
    private SSLEngineResult encrypt(ByteBuffer src, ByteBuffer dst) throws SspiException {
        if (!src.hasRemaining()) {
            return result(Status.OK, 0, 0);
        }
        int from = src.position();
        int to = dst.position();
        return switch (context.encryptMessage(src, dst)) {
            case SEC_E_OK -> result(Status.OK, src.position() - from, dst.position() - to);
            case SEC_E_INSUFFICIENT_BUFFERS -> result(Status.BUFFER_OVERFLOW, 0, 0);
            default -> null;
        };
    }

    /**
     * One record of data, laid out in dst as | header | data of all srcs | trailer |.
     *
     * @return null if a token has to leave first
     */
    private SSLEngineResult encrypt(ByteBuffer single, ByteBuffer[] srcs, int offset, int length, ByteBuffer dst)
            throws SspiException {
        StreamSizes room = sizes;
        int total = 0;
        for (int i = offset; i < offset + length && total < room.maximumMessage(); i++) {
            total = (int) Math.min(
                    room.maximumMessage(), (long) total + at(single, srcs, i).remaining());
        }
        if (total == 0) {
            return result(Status.OK, 0, 0);
        }
        if (dst.remaining() < room.header() + total + room.trailer()) {
            return result(Status.BUFFER_OVERFLOW, 0, 0);
        }
        SecBufferDesc list = BufferLists.take();
        try {
            int place = dst.position();
            SecBuffer header = list.add().set(SecBufferType.STREAM_HEADER, null, 0, dst, place, room.header());
            place += room.header();
            int left = total;
            for (int i = offset; left > 0; i++) {
                ByteBuffer src = at(single, srcs, i);
                int part = Math.min(left, src.remaining());
                if (part > 0) {
                    list.add().set(SecBufferType.DATA, src, src.position(), dst, place, part);
                    place += part;
                    left -= part;
                }
            }
            SecBuffer trailer = list.add().set(SecBufferType.STREAM_TRAILER, null, 0, dst, place, room.trailer());
            SecurityStatus answer = context.encryptMessage(0, list, 0);
            if (answer == SecurityStatus.SEC_I_RENEGOTIATE) {
                return null;
            }
            if (answer != SecurityStatus.SEC_E_OK) {
                throw new SspiException(SecurityStatus.SEC_E_INTERNAL_ERROR, "encryptMessage answered " + answer);
            }
            int produced = header.length() + total + trailer.length();
            dst.position(dst.position() + produced);
            left = total;
            for (int i = offset; left > 0; i++) {
                ByteBuffer src = at(single, srcs, i);
                int part = Math.min(left, src.remaining());
                src.position(src.position() + part);
                left -= part;
            }
            return result(Status.OK, total, produced);
        } finally {
            BufferLists.give(list);
        }
    }

    // ---- the handshake

    @Override
    public void beginHandshake() throws SSLException {
        handshake.lock();
        try {
            if (client == null) {
                throw noMode();
            }
            if (inboundDone || outboundDone || closing) {
                throw new SSLException("the engine is closed");
            }
            if (phase == Phase.FRESH) {
                begin();
            } else if (phase == Phase.OPEN && tls12) {
                if (!renegotiate()) {
                    throw new SSLException(
                            "there is no renegotiation: a connection of TLS 1.2 stays as it was established, unless"
                                    + " org.jsspi.renegotiation permits it and the peer can do it");
                }
            } else if (phase == Phase.OPEN) {
                // As SunJSSE does for TLS 1.3: an established connection gets new keys, and no new handshake.
                keyUpdateDue = true;
                publish();
            }
        } finally {
            handshake.unlock();
        }
    }

    /**
     * Begins a renegotiation, if none is running.
     *
     * @return false, and nothing has changed, if there is none in TLS 1.3, it is not permitted or the peer cannot do it
     */
    boolean renegotiate() throws SSLException {
        handshake.lock();
        try {
            if (phase != Phase.OPEN || !tls12 || inboundDone || outboundDone || closing || failed) {
                return false;
            }
            if (!renegotiating && !renegotiationDue) {
                // What the context has to send goes first.
                renegotiationDue = tokenWaiting;
                if (!tokenWaiting && !askToRenegotiate()) {
                    return false;
                }
                publish();
            }
            return true;
        } catch (SspiException e) {
            throw fail(e);
        } finally {
            handshake.unlock();
        }
    }

    private boolean askToRenegotiate() throws SspiException {
        readOptions();
        SecurityStatus answer = establish(null, null);
        if (answer == SecurityStatus.SEC_I_NO_RENEGOTIATION) {
            options = null;
            return false;
        }
        beginAgain();
        settle(answer);
        return true;
    }

    /** With the handshake lock: what is established stays until the new handshake is complete. */
    private void beginAgain() {
        renegotiating = true;
        report = HandshakeReport.begin();
    }

    /** {@return whether a renegotiation is running; any thread} */
    boolean isRenegotiating() {
        return renegotiating;
    }

    /** With the handshake lock: what the application wants of a handshake on an established connection. */
    private void readOptions() throws SspiException {
        try {
            options = settings.options(getPeerHost(), getPeerPort(), new Decisions(this, socket, credential));
        } catch (SSLException e) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, SspiException.Kind.HANDSHAKE, e.getMessage(), e);
        }
        clientNeeded = options.clientAuthentication() == ClientAuthentication.NEED;
    }

    /** With the handshake lock: from here on mode and parameters are fixed. */
    private void begin() throws SSLException {
        if (client == null) {
            throw noMode();
        }
        options = settings.options(getPeerHost(), getPeerPort(), new Decisions(this, socket, credential));
        try {
            if (!(credential.handle().newContext() instanceof StreamContext stream)) {
                throw new SSLException("the contexts of this package are not stream contexts");
            }
            context = stream;
        } catch (SspiException e) {
            throw Failures.translate(e, client, peer(), false);
        }
        clientNeeded = options.clientAuthentication() == ClientAuthentication.NEED;
        report = HandshakeReport.begin();
        phase = Phase.HANDSHAKING;
        publish();
    }

    private static IllegalStateException noMode() {
        return new IllegalStateException("client or server mode is not set");
    }

    /** With the handshake lock: the establishing call of this side. */
    private SecurityStatus establish(SecBufferDesc input, SecBufferDesc output) throws SspiException {
        started = true;
        SecurityStatus answer = establishOnce(input, output);
        // The credential has nothing for the server that asks: the same call again goes on without.
        return answer == SecurityStatus.SEC_I_INCOMPLETE_CREDENTIALS ? establishOnce(null, output) : answer;
    }

    private SecurityStatus establishOnce(SecBufferDesc input, SecBufferDesc output) throws SspiException {
        if (client) {
            return context.initializeSecurityContext(getPeerHost(), CLIENT_REQUEST, options, input, output);
        }
        AscReq request = clientNeeded ? SERVER_REQUEST.or(AscReq.MUTUAL_AUTH) : SERVER_REQUEST;
        return context.acceptSecurityContext(request, options, input, output);
    }

    private void addApplicationProtocols(SecBufferDesc input) {
        List<String> protocols = settings.applicationProtocols();
        boolean selected = !client && (selector != null || socketSelector != null);
        if (!protocols.isEmpty() && !selected) {
            SecBuffer offer = ApplicationProtocols.offer(protocols);
            input.add()
                    .set(
                            SecBufferType.APPLICATION_PROTOCOLS,
                            offer.source(),
                            offer.sourceOffset(),
                            null,
                            0,
                            offer.length());
        }
    }

    /**
     * With the handshake lock: takes over what an establishing call has come to.
     *
     * @return true if the handshake is complete now
     */
    private boolean settle(SecurityStatus answer) throws SspiException {
        tokenWaiting = context.pendingTokenSize() > 0;
        boolean complete = false;
        switch (answer) {
            case SEC_E_OK -> complete = (phase == Phase.HANDSHAKING || renegotiating) && !tokenWaiting;
            case SEC_I_ASYNC_CALL_PENDING -> {
                Runnable work = context.pendingWork();
                if (work == null) {
                    throw new SspiException(
                            SecurityStatus.SEC_E_INTERNAL_ERROR, "SEC_I_ASYNC_CALL_PENDING came without work");
                }
                task = new Task(work);
                taskOffered = false;
                noteRenegotiation();
            }
            case SEC_I_CONTEXT_EXPIRED -> {
                // Once data flows it is decryptMessage that sees the peer's close; here it is our own that is complete.
                if (phase == Phase.HANDSHAKING) {
                    expireInbound();
                }
            }
            case SEC_I_CONTINUE_NEEDED -> noteRenegotiation();
            case SEC_I_MESSAGE_FRAGMENT, SEC_E_INCOMPLETE_MESSAGE -> {
                // tokenWaiting says which way the next record goes
            }
            default ->
                throw new SspiException(
                        SecurityStatus.SEC_E_INTERNAL_ERROR, "the establishing call answered " + answer);
        }
        if (complete) {
            complete();
        }
        if (renegotiationDue && !tokenWaiting && phase == Phase.OPEN) {
            renegotiationDue = false;
            if (!renegotiating && !askToRenegotiate()) {
                // The peer has had its one time in between.
                throw refused();
            }
        }
        publish();
        return complete;
    }

    /** An established context that wants to hear more is negotiating again: the peer has begun. */
    private void noteRenegotiation() {
        if (phase == Phase.OPEN && !renegotiating) {
            beginAgain();
        }
    }

    private void complete() throws SspiException {
        sizes = context.queryContextAttributes(ContextAttribute.STREAM_SIZES);
        ApplicationProtocol agreed = context.queryContextAttributes(ContextAttribute.APPLICATION_PROTOCOL);
        applicationProtocol = agreed == null || agreed.protocol() == null ? "" : agreed.protocol();
        session = view(context.queryContextAttributes(ContextAttribute.SESSION));
        tls12 = "TLSv1.2".equals(session.getProtocol());
        handshakeSession = null;
        handshakeApplicationProtocol = null;
        options = null;
        report.established(client, peerHost, peerPort, session.session(), applicationProtocol);
        report = null;
        renegotiating = false;
        phase = Phase.OPEN;
    }

    private JsseSession view(Session agreed) {
        JsseSession seen = handshakeSession;
        return seen != null && seen.session() == agreed
                ? seen
                : new JsseSession(agreed, credential.sessions(client), this);
    }

    /** {@return keying material of the connection, once it is established} */
    byte[] exportKeyingMaterial(KeyingMaterialInfo info) throws SspiException {
        handshake.lock();
        try {
            if (phase != Phase.OPEN || contextClosed || failed) {
                throw new SspiException(SecurityStatus.SEC_E_INVALID_HANDLE, "the connection is not established");
            }
            context.setContextAttributes(ContextAttribute.KEYING_MATERIAL_INFO, info);
            return context.queryContextAttributes(ContextAttribute.KEYING_MATERIAL);
        } finally {
            handshake.unlock();
        }
    }

    /** Called by callbacks, on any thread: the handshake's session as the application's managers shall see it. */
    void seen(HandshakeInfo info) {
        if (phase == Phase.HANDSHAKING || renegotiating) {
            handshakeApplicationProtocol = info.applicationProtocol();
            handshakeSession = view(info.session());
        }
    }

    String selectApplicationProtocol(List<String> offered) {
        if (socketSelector != null) {
            return socketSelector.apply(socket, offered);
        }
        if (selector != null) {
            return selector.apply(this, offered);
        }
        List<String> ours = settings.applicationProtocols();
        return ours.isEmpty()
                ? ""
                : ours.stream().filter(offered::contains).findFirst().orElse(null);
    }

    @Override
    public Runnable getDelegatedTask() {
        handshake.lock();
        try {
            if (task == null || taskOffered) {
                return null;
            }
            taskOffered = true;
            return task;
        } finally {
            handshake.unlock();
        }
    }

    /** Work of the context, and then the call that it had interrupted: so the status is right when the task returns. */
    private final class Task implements Runnable {
        private final Runnable work;
        private final AtomicBoolean taken = new AtomicBoolean();

        Task(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (taken.compareAndSet(false, true)) {
                Throwable thrown = null;
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    thrown = e;
                }
                resume(thrown);
            }
        }
    }

    private void resume(Throwable thrown) {
        handshake.lock();
        try {
            task = null;
            if (outboundDone || failed || closing) {
                publish();
                return;
            }
            if (thrown != null) {
                throw new SspiException(
                        SecurityStatus.SEC_E_INTERNAL_ERROR,
                        SspiException.Kind.HANDSHAKE,
                        "a delegated task failed: " + thrown,
                        thrown);
            }
            // Completed by the task: the next wrap or unwrap tells the caller.
            finishedDue |= settle(establish(null, null));
            publish();
        } catch (SspiException e) {
            deferred = fail(e);
            publish();
        } finally {
            handshake.unlock();
            closeContextWhenDone();
        }
    }

    private void throwDeferred() throws SSLException {
        if (deferred != null) {
            SSLException failure = deferred;
            deferred = null;
            publish();
            throw failure;
        }
    }

    // ---- status

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return status;
    }

    /** With the handshake lock: the status that everyone sees from now on. */
    private void publish() {
        status = currentStatus();
    }

    private HandshakeStatus currentStatus() {
        if (deferred != null) {
            return HandshakeStatus.NEED_WRAP;
        }
        if (phase == Phase.FRESH || inboundDone && outboundDone) {
            return HandshakeStatus.NOT_HANDSHAKING;
        }
        if (!outboundDone && (closing || failed)) {
            return HandshakeStatus.NEED_WRAP;
        }
        // Before what waits to be sent: wrap has no call to make while the last one is not finished.
        if (task != null) {
            return HandshakeStatus.NEED_TASK;
        }
        if (!outboundDone && (tokenWaiting || keyUpdateDue)) {
            return HandshakeStatus.NEED_WRAP;
        }
        if (finishedDue) {
            return HandshakeStatus.NEED_WRAP;
        }
        if (phase == Phase.HANDSHAKING) {
            return client && !started ? HandshakeStatus.NEED_WRAP : HandshakeStatus.NEED_UNWRAP;
        }
        if (renegotiating) {
            return HandshakeStatus.NEED_UNWRAP;
        }
        return outboundDone ? HandshakeStatus.NEED_UNWRAP : HandshakeStatus.NOT_HANDSHAKING;
    }

    private SSLEngineResult result(Status outcome, int consumed, int produced) {
        return new SSLEngineResult(outcome, status, consumed, produced);
    }

    private SSLEngineResult closedOrOk(int consumed) {
        return result(inboundDone ? Status.CLOSED : Status.OK, consumed, 0);
    }

    /** With the handshake lock: the one result of a handshake that says FINISHED. */
    private SSLEngineResult finished(int consumed, int produced) {
        finishedDue = false;
        publish();
        return new SSLEngineResult(Status.OK, HandshakeStatus.FINISHED, consumed, produced);
    }

    private static ByteBuffer at(ByteBuffer single, ByteBuffer[] several, int index) {
        return single == null ? several[index] : single;
    }

    private static void requireBuffers(Object one, Object other) {
        if (one == null || other == null) {
            throw new IllegalArgumentException("a buffer is null");
        }
    }

    private static void requireBuffers(ByteBuffer single, ByteBuffer[] array, int offset, int length) {
        requireBuffers(single, array);
        Objects.checkFromIndexSize(offset, length, array.length);
        for (int i = offset; i < offset + length; i++) {
            if (array[i] == null) {
                throw new IllegalArgumentException("buffer " + i + " is null");
            }
        }
    }

    // ---- failure and close

    private SSLException failLocked(SspiException cause) {
        handshake.lock();
        try {
            return fail(cause);
        } finally {
            handshake.unlock();
        }
    }

    /** With the handshake lock: nothing is received any more, the alert waits for wrap. */
    private SSLException fail(SspiException cause) {
        boolean established = phase == Phase.OPEN && !renegotiating;
        failed = true;
        inboundDone = true;
        finishedDue = false;
        renegotiating = false;
        handshakeSession = null;
        tokenWaiting = context.pendingTokenSize() > 0;
        if (!tokenWaiting) {
            outboundDone = true;
        }
        publish();
        SSLException failure = Failures.translate(cause, client, peer(), established);
        HandshakeReport running = report;
        report = null;
        if (running != null) {
            running.failed(client, peerHost, peerPort, failure);
        }
        return failure;
    }

    private String peer() {
        return peerHost == null ? "an unnamed peer" : peerPort < 0 ? peerHost : peerHost + ":" + peerPort;
    }

    @Override
    public void closeInbound() throws SSLException {
        handshake.lock();
        try {
            if (inboundDone) {
                return;
            }
            inboundDone = true;
            if (phase == Phase.HANDSHAKING) {
                requestShutdown();
            }
            publish();
            if (phase != Phase.FRESH) {
                throw new SSLException("closing inbound before receiving peer's close_notify");
            }
        } finally {
            handshake.unlock();
            closeContextWhenDone();
        }
    }

    @Override
    public boolean isInboundDone() {
        return inboundDone;
    }

    @Override
    public void closeOutbound() {
        handshake.lock();
        try {
            requestShutdown();
            publish();
        } finally {
            handshake.unlock();
            closeContextWhenDone();
        }
    }

    /** With the handshake lock: asks the context for close_notify, which the next wrap sends. */
    private void requestShutdown() {
        if (closing || outboundDone || failed) {
            return;
        }
        try {
            closing = true;
            if (!started) {
                // Nothing has left and nothing will: there is nobody to notify.
                outboundDone = true;
                inboundDone = true;
                return;
            }
            if (task != null) {
                if (!task.taken.compareAndSet(false, true)) {
                    // The work is running and the context is not ours now: it ends without close_notify.
                    tokenWaiting = false;
                    return;
                }
                task = null;
            }
            context.applyControlToken(SchannelControl.shutdown());
            shutdownDue = true;
            tokenWaiting = context.pendingTokenSize() > 0;
        } catch (SspiException e) {
            tokenWaiting = false;
        }
    }

    @Override
    public boolean isOutboundDone() {
        return outboundDone;
    }

    /** Wipes the keys once both directions have ended. Called without locks. */
    private void closeContextWhenDone() {
        if (!inboundDone || !outboundDone || read.isHeldByCurrentThread()) {
            return;
        }
        read.lock();
        handshake.lock();
        try {
            if (context != null && !contextClosed && task == null) {
                contextClosed = true;
                context.close();
            }
        } finally {
            handshake.unlock();
            read.unlock();
        }
    }

    // ---- what the application asks and sees

    @Override
    public String[] getSupportedCipherSuites() {
        return credential.supportedCipherSuites().toArray(String[]::new);
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return settings.enabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        settings.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return credential.supportedProtocols().toArray(String[]::new);
    }

    @Override
    public String[] getEnabledProtocols() {
        return settings.enabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        settings.setEnabledProtocols(protocols);
    }

    @Override
    public SSLSession getSession() {
        return session;
    }

    @Override
    public SSLSession getHandshakeSession() {
        return handshakeSession;
    }

    @Override
    public void setUseClientMode(boolean mode) {
        handshake.lock();
        try {
            if (phase != Phase.FRESH && client != mode) {
                throw new IllegalArgumentException("the mode cannot change once the handshake has begun");
            }
            client = mode;
            settings.setClient(mode);
        } finally {
            handshake.unlock();
        }
    }

    @Override
    public boolean getUseClientMode() {
        return client != null && client;
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        settings.setClientAuthentication(need ? ClientAuthentication.NEED : ClientAuthentication.NONE);
    }

    @Override
    public boolean getNeedClientAuth() {
        return settings.clientAuthentication() == ClientAuthentication.NEED;
    }

    @Override
    public void setWantClientAuth(boolean want) {
        settings.setClientAuthentication(want ? ClientAuthentication.WANT : ClientAuthentication.NONE);
    }

    @Override
    public boolean getWantClientAuth() {
        return settings.clientAuthentication() == ClientAuthentication.WANT;
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        settings.setSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return settings.sessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return settings.parameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        settings.setParameters(parameters);
    }

    @Override
    public String getApplicationProtocol() {
        return applicationProtocol;
    }

    @Override
    public String getHandshakeApplicationProtocol() {
        return handshakeApplicationProtocol;
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(BiFunction<SSLEngine, List<String>, String> function) {
        selector = function;
    }

    @Override
    public BiFunction<SSLEngine, List<String>, String> getHandshakeApplicationProtocolSelector() {
        return selector;
    }

    void setSocketSelector(BiFunction<SSLSocket, List<String>, String> function) {
        socketSelector = function;
    }

    BiFunction<SSLSocket, List<String>, String> socketSelector() {
        return socketSelector;
    }

    @Override
    public String toString() {
        String side = client == null ? "no mode" : client ? "client" : "server";
        return "SSLEngine[" + side + ", " + getPeerHost() + ":" + getPeerPort() + ", " + session + "]";
    }
}
