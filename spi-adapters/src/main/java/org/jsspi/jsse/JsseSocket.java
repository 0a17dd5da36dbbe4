package org.jsspi.jsse;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jsspi.StreamContext;

/**
 * A {@link JsseEngine} over a connected socket. The managers of the application see this socket, not the engine.
 *
 * <p>The handshake runs on the first read, write, {@link #getSession} or {@link #startHandshake}. One thread may read while
 * another writes; any thread may close. A timeout (SO_TIMEOUT) loses nothing: the same call may be repeated, in the handshake
 * too.
 *
 * <p>{@link #startHandshake} on an established connection of TLS 1.2 renegotiates where {@code org.jsspi.renegotiation} permits that
 * and the peer can do it, and returns when the renegotiation is complete; data that comes meanwhile is there for the next read. Otherwise, and in TLS
 * 1.3, it does nothing. Listeners hear of every handshake.
 *
 * <p>A connection that ends without the peer's close_notify may have been cut by an attacker: read says so with an
 * SSLException whose cause is an EOFException. The system property {@code com.sun.net.ssl.requireCloseNotify=false} makes it
 * the end of the stream instead.
 *
 * <p>{@link #close} sends close_notify but waits for nobody longer than a second (or SO_LINGER): neither for another thread
 * that is writing nor for a peer that does not read. Where autoClose is false the socket below goes on afterwards: then only
 * whole records are read from it, and close waits within the same bounds for the peer's close_notify.
 */
public final class JsseSocket extends TransportSocket {
    private static final int CLOSE_SECONDS = 1;

    /** Of a peer that goes on sending, no more than this is read away. */
    private static final int MOST_DROPPED = 1 << 20;

    /** Of data that comes during a renegotiation which nobody reads in, no more than this is kept. */
    private static final int MOST_KEPT = 1 << 20;

    /** How long it is waited for somebody who reads them. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    /** How long who carries a renegotiation on waits for those who do it too. */
    private static final long PAUSE_NANOS = 1_000_000;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();
    private static final ByteBuffer NOTHING_TO_FILL = ByteBuffer.allocate(0);
    /** Enough for most short messages: a reader that waits holds no more. */
    private static final int FIRST_READ = 512;

    private static final String SHUT_DOWN_INCORRECTLY = "SSL peer shut down incorrectly";

    private final JsseEngine engine;
    private final boolean autoClose;
    private final boolean requireCloseNotify =
            Boolean.parseBoolean(System.getProperty("com.sun.net.ssl.requireCloseNotify", "true"));
    private final List<HandshakeCompletedListener> listeners = new CopyOnWriteArrayList<>();

    // Order: handshake, read, write.
    private final ReentrantLock handshakeLock = new ReentrantLock();
    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();

    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean open;
    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;
    private volatile boolean truncated;
    private volatile SSLException failure;

    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private InputStream networkInput;
    private OutputStream networkOutput;

    /**
     * Bytes from the network that no record call has consumed: position to limit. Guarded by the read lock. Either
     * {@link #first}, or borrowed from the pool.
     */
    private ByteBuffer network = NOTHING;
    /** Made by the first read. */
    private ByteBuffer first;
    /** Whether the last read got all that it asked for: then more is likely to be there. */
    private boolean flowing;
    /** Plaintext of a record that was larger than what the reader asked for. Guarded by the read lock. */
    private ByteBuffer plain = NOTHING;
    /** Whether a renegotiation can go on only when somebody has read some of it. */
    private volatile boolean keptTooMuch;
    /** The record that leaves: borrowed from the pool, null at rest. Guarded by the write lock. */
    private ByteBuffer record;

    /**
     * A socket over {@code transport}, which may not be connected yet.
     *
     * @param autoClose whether closing this closes the transport
     */
    JsseSocket(
            JsseCredential credential,
            ConnectionSettings settings,
            Socket transport,
            boolean autoClose,
            boolean client) {
        super(transport);
        this.autoClose = autoClose;
        this.engine = new JsseEngine(credential, settings, null, -1, this);
        engine.setUseClientMode(client);
    }

    @Override
    public void connect(SocketAddress address, int timeout) throws IOException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        transport().connect(address, timeout);
        layer(
                address instanceof InetSocketAddress inet ? nameOf(inet) : null,
                address instanceof InetSocketAddress inet ? inet.getPort() : -1,
                null);
    }

    /** The name as the caller gave it: no name service is asked for one, unless the application trusts it with that. */
    private static String nameOf(InetSocketAddress address) {
        return PlatformSettings.TRUST_NAME_SERVICE ? address.getHostName() : address.getHostString();
    }

    @Override
    public void connect(SocketAddress address) throws IOException {
        connect(address, 0);
    }

    /**
     * Begins to use the connected transport.
     *
     * @param consumed bytes that were already read from it and come first, or null
     */
    void layer(String host, int port, InputStream consumed) throws IOException {
        engine.setPeer(host, port);
        InputStream below = transport().getInputStream();
        networkInput = consumed == null ? below : new SequenceInputStream(consumed, below);
        networkOutput = transport().getOutputStream();
    }

    // ---- the handshake

    /** On an established connection of TLS 1.2 a renegotiation, where {@link JsseEngine#renegotiate} has one; otherwise nothing. */
    @Override
    public void startHandshake() throws IOException {
        if (!open || handshakeLock.isHeldByCurrentThread()) {
            shakeHands();
            return;
        }
        handshakeLock.lock();
        try {
            requireUsable();
            if (engine.renegotiate()) {
                renegotiate();
            }
        } catch (SSLException e) {
            throw failure == null ? abort(e) : e;
        } finally {
            handshakeLock.unlock();
        }
    }

    /** The first handshake, if that is not complete. */
    private void shakeHands() throws IOException {
        if (open || handshakeLock.isHeldByCurrentThread()) {
            requireUsable();
            return;
        }
        handshakeLock.lock();
        try {
            requireUsable();
            if (!open) {
                handshake();
            }
        } finally {
            handshakeLock.unlock();
        }
    }

    private void handshake() throws IOException {
        try {
            engine.beginHandshake();
            for (HandshakeStatus status = engine.getHandshakeStatus(); status != HandshakeStatus.FINISHED; ) {
                status = switch (status) {
                    case NEED_TASK -> runTasks();
                    case NEED_WRAP -> wrapFlight();
                    case NEED_UNWRAP -> unwrapOnce();
                    default -> throw new SSLHandshakeException("the connection was closed during the handshake");
                };
            }
        } catch (SSLException e) {
            throw abort(e);
        }
        open = true;
        if (!listeners.isEmpty()) {
            notifyListeners(new HandshakeCompletedEvent(this, engine.getSession()));
        }
    }

    /**
     * Carries a renegotiation on until it is complete. Other threads may read and write meanwhile, and carry it on as well: whoever
     * reads is the one whom the network wakes.
     */
    private void renegotiate() throws IOException {
        SSLSession before = engine.getSession();
        long fullSince = 0;
        while (engine.isRenegotiating()) {
            requireUsable();
            boolean moved =
                    switch (engine.getHandshakeStatus()) {
                        case NEED_TASK -> runTasks() != HandshakeStatus.NEED_TASK;
                        case NEED_WRAP -> {
                            wrapFlight();
                            yield true;
                        }
                        default -> unwrapAgain();
                    };
            if (!moved) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            if (!keptTooMuch) {
                fullSince = 0;
            } else if (fullSince == 0) {
                fullSince = System.nanoTime();
            } else if (System.nanoTime() - fullSince > PATIENCE_NANOS) {
                throw new SSLException("more than " + MOST_KEPT
                        + " bytes of data came before the peer's answer to a renegotiation, and nobody reads them");
            }
        }
        sendTokens();
        if (engine.getSession() != before) {
            return;
        }
        if (failure != null) {
            throw new SSLException(failure.getMessage(), failure);
        }
        if (engine.isInboundDone()) {
            throw new SSLHandshakeException("the connection was closed during the handshake");
        }
    }

    /** {@return whether this thread has had its turn to read; data that came is there for whoever reads next} */
    private boolean unwrapAgain() throws IOException {
        // Who reads for the application comes first: what it takes need not be kept.
        if (readLock.hasQueuedThreads() || !readLock.tryLock()) {
            return false;
        }
        ByteBuffer target = RecordBuffers.take();
        try {
            keptTooMuch = plain.remaining() > MOST_KEPT;
            if (keptTooMuch) {
                return false;
            }
            if (!engine.isRenegotiating() || engine.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP) {
                return true;
            }
            SSLEngineResult result = unwrap(target);
            if (result == null) {
                truncated = !inputShutdown;
                SSLHandshakeException end = new SSLHandshakeException("Remote host terminated the handshake");
                end.initCause(new EOFException(SHUT_DOWN_INCORRECTLY));
                throw end;
            }
            keep(target.flip());
            return true;
        } finally {
            RecordBuffers.give(target, target.capacity());
            releaseEmpty();
            readLock.unlock();
        }
    }

    /** With the read lock: puts data behind that which nobody has read yet. */
    private void keep(ByteBuffer data) {
        if (!data.hasRemaining()) {
            return;
        }
        if (plain.capacity() - plain.limit() < data.remaining() || plain == NOTHING) {
            ByteBuffer all = ByteBuffer.allocate(Math.max(2 * plain.remaining(), data.remaining()) + data.remaining());
            all.put(plain.duplicate()).flip();
            releasePlain();
            plain = all;
        }
        int end = plain.limit();
        plain.limit(end + data.remaining());
        plain.put(end, data, data.position(), data.remaining());
    }

    private HandshakeStatus runTasks() {
        for (Runnable task; (task = engine.getDelegatedTask()) != null; ) {
            task.run();
        }
        return engine.getHandshakeStatus();
    }

    private HandshakeStatus unwrapOnce() throws IOException {
        readLock.lock();
        try {
            SSLEngineResult result = unwrap(NOTHING_TO_FILL);
            if (result == null) {
                SSLHandshakeException failure = new SSLHandshakeException("Remote host terminated the handshake");
                failure.initCause(new EOFException(SHUT_DOWN_INCORRECTLY));
                throw failure;
            }
            if (result.getStatus() == Status.CLOSED && engine.isInboundDone()) {
                throw new SSLHandshakeException("the peer closed the connection during the handshake");
            }
            return result.getHandshakeStatus();
        } finally {
            releaseEmpty();
            readLock.unlock();
        }
    }

    /** A renegotiation is complete, whoever has carried it so far. The first handshake has its own end. */
    private void note(SSLEngineResult result) {
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED && open && !listeners.isEmpty()) {
            notifyListeners(new HandshakeCompletedEvent(this, engine.getSession()));
        }
    }

    private void notifyListeners(HandshakeCompletedEvent event) {
        // Listeners may wait for this very socket: they get a thread of their own.
        Thread thread = new Thread(
                () -> listeners.forEach(listener -> listener.handshakeCompleted(event)),
                "HandshakeCompletedNotify-Thread");
        thread.setDaemon(true);
        thread.start();
    }

    /** A fatal failure: the alert goes out, then the connection ends. */
    private SSLException abort(SSLException cause) {
        failure = cause;
        try {
            sendLast();
            if (autoClose) {
                closed.set(true);
                transport().close();
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return cause;
    }

    private void requireUsable() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (!isConnected()) {
            throw new SocketException("Socket is not connected");
        }
    }

    // ---- reading

    /**
     * With the read lock: one record, waiting for the network where it is not complete.
     *
     * @return null at the end of the network
     */
    private SSLEngineResult unwrap(ByteBuffer target) throws IOException {
        while (true) {
            SSLEngineResult result = engine.unwrap(network, target);
            if (result.getStatus() != Status.BUFFER_UNDERFLOW) {
                note(result);
                return result;
            }
            if (!fill()) {
                return null;
            }
        }
    }

    /** With the read lock: some more bytes; false at the end of the network. A timeout changes nothing. */
    private boolean fill() throws IOException {
        int present = network.remaining();
        int missing = engine.preview(network) instanceof StreamContext.Preview.Missing more ? more.count() : 1;
        if (present == 0 && !flowing && networkInput.available() == 0) {
            releaseNetwork();
            if (first == null) {
                first = ByteBuffer.allocate(FIRST_READ);
            }
            network = first.clear().limit(0);
        } else if (network == NOTHING || network == first || present + missing > network.capacity()) {
            ByteBuffer larger = present + missing <= JsseSession.PACKET_BUFFER_SIZE
                    ? RecordBuffers.take()
                    : ByteBuffer.allocate(present + missing);
            larger.put(network).flip();
            releaseNetwork();
            network = larger;
        } else if (present == 0) {
            network.clear().limit(0);
        } else if (network.position() > 0 && network.limit() + missing > network.capacity()) {
            network.compact().flip();
        }
        int end = network.limit();
        // What follows the last record belongs to whoever uses the transport after us.
        int wanted = autoClose ? network.capacity() - end : missing;
        int count = networkInput.read(network.array(), end, wanted);
        flowing = autoClose && count == wanted;
        if (count < 0) {
            return false;
        }
        network.limit(end + count);
        return true;
    }

    /** With the read lock: what is borrowed goes back; what it held is used up or copied. */
    private void releaseNetwork() {
        if (network != NOTHING && network != first) {
            RecordBuffers.give(network, 0);
        }
        network = NOTHING;
    }

    /** With the read lock, at the end of a read: nothing is kept that is empty. */
    private void releaseEmpty() {
        if (!network.hasRemaining()) {
            releaseNetwork();
        }
        if (!plain.hasRemaining()) {
            releasePlain();
        }
    }

    private void releasePlain() {
        if (plain != NOTHING) {
            RecordBuffers.give(plain, plain.limit());
            plain = NOTHING;
        }
    }

    /** {@return how much memory for records this socket holds now, in bytes; for tests, while nobody uses it} */
    int heldMemory() {
        return network.capacity() + plain.capacity() + (record == null ? 0 : record.capacity());
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            if (inputShutdown) {
                return -1;
            }
            shakeHands();
            readLock.lock();
            try {
                return readPlain(bytes, offset, length);
            } catch (SSLException e) {
                throw truncated || failure != null ? e : abort(e);
            } finally {
                releaseEmpty();
                readLock.unlock();
            }
        }

        @Override
        public int available() throws IOException {
            if (isClosed()) {
                throw new SocketException("Socket is closed");
            }
            return readLock.tryLock() ? availableLocked() : 0;
        }

        private int availableLocked() {
            try {
                return plain.remaining();
            } finally {
                readLock.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            JsseSocket.this.close();
        }
    }

    /** With the read lock: what is there, or what the next record of data brings. */
    private int readPlain(byte[] bytes, int offset, int length) throws IOException {
        while (true) {
            if (plain.hasRemaining()) {
                int count = Math.min(length, plain.remaining());
                plain.get(bytes, offset, count);
                return count;
            }
            releasePlain();
            if (inputShutdown) {
                return -1;
            }
            if (isClosed()) {
                throw new SocketException("Socket is closed");
            }
            if (failure != null) {
                throw new SSLException(failure.getMessage(), failure);
            }
            if (truncated) {
                return endWithoutCloseNotify();
            }
            if (engine.isInboundDone()) {
                return -1;
            }
            // Straight into the reader's array if the record is sure to fit, else by way of our own buffer.
            boolean fits = !(engine.preview(network) instanceof StreamContext.Preview.Whole whole)
                    || whole.dataBound() <= length;
            SSLEngineResult result = null;
            if (fits && network.hasRemaining()) {
                result = engine.unwrap(network, ByteBuffer.wrap(bytes, offset, length));
            } else if (!fits) {
                result = unwrapIntoPlain();
            }
            if (result == null || result.getStatus() == Status.BUFFER_UNDERFLOW) {
                if (!fill()) {
                    truncated = !inputShutdown;
                }
                continue;
            }
            note(result);
            int produced = result.bytesProduced();
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                runTasks();
            }
            sendTokens();
            if (fits && produced > 0) {
                return produced;
            }
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                throw new SSLException("a record holds more than " + plain.capacity() + " bytes");
            }
        }
    }

    /** With the read lock: what a failure leaves in our buffer is nobody's data. */
    private SSLEngineResult unwrapIntoPlain() throws SSLException {
        ByteBuffer target = RecordBuffers.take();
        try {
            SSLEngineResult result = engine.unwrap(network, target);
            plain = target.flip();
            return result;
        } finally {
            if (plain != target) {
                RecordBuffers.give(target, target.capacity());
            }
        }
    }

    private int endWithoutCloseNotify() throws SSLException {
        if (requireCloseNotify || network.hasRemaining()) {
            throw new SSLException(
                    SHUT_DOWN_INCORRECTLY + ": the connection ended without close_notify, so data may be missing (with"
                            + " com.sun.net.ssl.requireCloseNotify=false it counts as the end of the stream)",
                    new EOFException(SHUT_DOWN_INCORRECTLY));
        }
        return -1;
    }

    // ---- writing

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            requireOutput();
            shakeHands();
            ByteBuffer source = ByteBuffer.wrap(bytes, offset, length);
            try {
                while (!send(source)) {
                    // Data waits until a renegotiation is complete, which need not have anybody else to carry it on.
                    renegotiate();
                }
            } catch (SSLException e) {
                throw failure == null ? abort(e) : e;
            }
            sendTokens();
        }

        /** {@return whether all of it has been sent; false if a renegotiation comes first} */
        private boolean send(ByteBuffer source) throws IOException {
            writeLock.lock();
            try {
                while (source.hasRemaining()) {
                    requireOutput();
                    SSLEngineResult result = wrapLocked(source);
                    if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK
                            && runTasks() == HandshakeStatus.NEED_TASK) {
                        // The reader runs it.
                        Thread.yield();
                    }
                    boolean held = result.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP
                            && result.bytesConsumed() == 0
                            && result.bytesProduced() == 0;
                    if (held && engine.isRenegotiating()) {
                        return false;
                    }
                }
                return true;
            } finally {
                unlockWrite();
            }
        }

        @Override
        public void close() throws IOException {
            JsseSocket.this.close();
        }
    }

    private void requireOutput() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (outputShutdown || engine.isOutboundDone()) {
            throw new SocketException("Socket output is shutdown");
        }
    }

    private SSLEngineResult wrapOnce(ByteBuffer source) throws IOException {
        writeLock.lock();
        try {
            return wrapLocked(source);
        } finally {
            unlockWrite();
        }
    }

    /**
     * What the handshake has to send now, in one write: record by record, the network would hold each back until the one before
     * it is acknowledged.
     */
    private HandshakeStatus wrapFlight() throws IOException {
        writeLock.lock();
        try {
            ByteArrayOutputStream flight = new ByteArrayOutputStream();
            HandshakeStatus status = HandshakeStatus.NEED_WRAP;
            try {
                while (status == HandshakeStatus.NEED_WRAP) {
                    SSLEngineResult result = wrapRecord(NOTHING);
                    flight.write(record.array(), 0, record.position());
                    if (result.getStatus() == Status.CLOSED) {
                        return result.getHandshakeStatus();
                    }
                    status = result.getHandshakeStatus();
                }
                return status;
            } finally {
                // Also what came before a failure: the peer is to see it before the alert.
                networkOutput.write(flight.toByteArray());
            }
        } finally {
            unlockWrite();
        }
    }

    /** Lets the write lock go, and the memory that was needed under it. */
    private void unlockWrite() {
        if (record != null) {
            RecordBuffers.give(record, 0);
            record = null;
        }
        writeLock.unlock();
    }

    /** With the write lock: one record to the network. */
    private SSLEngineResult wrapLocked(ByteBuffer source) throws IOException {
        SSLEngineResult result = wrapRecord(source);
        if (record.position() > 0) {
            networkOutput.write(record.array(), 0, record.position());
        }
        return result;
    }

    /** With the write lock: one record into {@link #record}. */
    private SSLEngineResult wrapRecord(ByteBuffer source) throws IOException {
        if (record == null) {
            record = RecordBuffers.take();
        }
        record.clear();
        SSLEngineResult result = engine.wrap(source, record);
        while (result.getStatus() == Status.BUFFER_OVERFLOW && record.position() == 0) {
            record = ByteBuffer.allocate(2 * record.capacity());
            result = engine.wrap(source, record);
        }
        note(result);
        return result;
    }

    /**
     * Sends what the context owes the peer. Whoever holds the write lock looks again after letting it go, so a reader never
     * waits for a writer here.
     */
    private void sendTokens() throws IOException {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && writeLock.tryLock()) {
            try {
                while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                    wrapLocked(NOTHING);
                }
            } finally {
                unlockWrite();
            }
        }
    }

    // ---- closing

    @Override
    public InputStream getInputStream() throws IOException {
        requireUsable();
        if (inputShutdown) {
            throw new SocketException("Socket input is shutdown");
        }
        return input;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        requireUsable();
        if (outputShutdown) {
            throw new SocketException("Socket output is shutdown");
        }
        return output;
    }

    /** Sends close_notify; the peer's data can still be read (RFC 8446 6.1). */
    @Override
    public void shutdownOutput() throws IOException {
        requireUsable();
        if (outputShutdown) {
            throw new SocketException("Socket output is already shutdown");
        }
        outputShutdown = true;
        engine.closeOutbound();
        writeLock.lock();
        try {
            while (!engine.isOutboundDone()) {
                wrapLocked(NOTHING);
            }
        } finally {
            unlockWrite();
        }
        if (autoClose) {
            transport().shutdownOutput();
        }
    }

    /**
     * Reads nothing more.
     *
     * @throws SSLException if the peer has not sent its close_notify; the input is shut down nevertheless
     */
    @Override
    public void shutdownInput() throws IOException {
        requireUsable();
        if (inputShutdown) {
            throw new SocketException("Socket input is already shutdown");
        }
        inputShutdown = true;
        try {
            engine.closeInbound();
        } finally {
            if (autoClose) {
                transport().shutdownInput();
            }
        }
    }

    @Override
    public boolean isInputShutdown() {
        return inputShutdown;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public boolean isClosed() {
        return closed.get();
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            engine.closeOutbound();
            if (isConnected()) {
                sendLast();
                if (autoClose) {
                    dropArrived();
                } else if (open) {
                    awaitPeerClose();
                }
            }
        } finally {
            if (autoClose) {
                transport().close();
            }
            closeEngineInbound();
        }
    }

    /**
     * Reads what has arrived and nobody has asked for, a server's tickets above all: with unread bytes the transport would be
     * reset when it is closed, and what was written last would be lost.
     */
    private void dropArrived() {
        if (transport().isClosed() || !readLock.tryLock()) {
            return;
        }
        try {
            InputStream network = transport().getInputStream();
            int dropped = 0;
            for (int here = network.available(); here > 0 && dropped < MOST_DROPPED; here = network.available()) {
                dropped += (int) network.skip(here);
            }
        } catch (IOException e) {
            // Then there is nothing to read.
        } finally {
            readLock.unlock();
        }
    }

    private void closeEngineInbound() {
        try {
            engine.closeInbound();
        } catch (SSLException e) {
            // Who closes does not ask what the peer still wanted to say.
        }
    }

    /** Sends close_notify or an alert, within bounds. */
    private void sendLast() {
        try {
            int linger = transport().isClosed() ? -1 : transport().getSoLinger();
            int seconds = linger >= 0 ? linger : CLOSE_SECONDS;
            // The first attempt is not interruptible: a thread that was told to stop still says good-bye.
            if (!writeLock.tryLock() && !writeLock.tryLock(seconds, TimeUnit.SECONDS)) {
                return;
            }
            CompletableFuture<Void> guard =
                    new CompletableFuture<Void>().orTimeout(Math.max(1, seconds), TimeUnit.SECONDS);
            guard.whenComplete((done, late) -> {
                if (late instanceof TimeoutException && autoClose) {
                    closeTransport();
                }
            });
            try {
                while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                    wrapLocked(NOTHING);
                }
            } finally {
                guard.complete(null);
                unlockWrite();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The peer is gone: there is nobody to notify.
        }
    }

    private void closeTransport() {
        try {
            transport().close();
        } catch (IOException e) {
            // It was on its way out.
        }
    }

    /** The records up to the peer's close_notify: after them the transport is the caller's again. */
    private void awaitPeerClose() throws IOException {
        if (!readLock.tryLock()) {
            return;
        }
        int timeout = transport().getSoTimeout();
        ByteBuffer ignored = RecordBuffers.take();
        try {
            int bound = CLOSE_SECONDS * 1000;
            transport().setSoTimeout(timeout == 0 ? bound : Math.min(timeout, bound));
            while (!engine.isInboundDone() && unwrap(ignored.clear()) != null) {
                // What still arrives is nobody's.
            }
        } catch (IOException e) {
            // The peer does not answer in time, or not in records: the caller gets the transport as it is.
        } finally {
            RecordBuffers.give(ignored, ignored.capacity());
            releasePlain();
            releaseEmpty();
            readLock.unlock();
            transport().setSoTimeout(timeout);
        }
    }

    // ---- what the application asks and sees

    @Override
    public SSLSession getSession() {
        if (!open && !isClosed() && isConnected() && !handshakeLock.isHeldByCurrentThread()) {
            try {
                startHandshake();
            } catch (IOException e) {
                // The null session says that there is none; the next read or write says why.
            }
        }
        return engine.getSession();
    }

    @Override
    public SSLSession getHandshakeSession() {
        return engine.getHandshakeSession();
    }

    @Override
    public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
        if (listener == null) {
            throw new IllegalArgumentException("listener is null");
        }
        listeners.add(listener);
    }

    @Override
    public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
        if (!listeners.remove(listener)) {
            throw new IllegalArgumentException("the listener is not registered");
        }
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return engine.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return engine.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        engine.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return engine.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return engine.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        engine.setEnabledProtocols(protocols);
    }

    @Override
    public void setUseClientMode(boolean mode) {
        engine.setUseClientMode(mode);
    }

    @Override
    public boolean getUseClientMode() {
        return engine.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        engine.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return engine.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        engine.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return engine.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        engine.setEnableSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return engine.getEnableSessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return engine.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        engine.setSSLParameters(parameters);
    }

    @Override
    public String getApplicationProtocol() {
        return engine.getApplicationProtocol();
    }

    @Override
    public String getHandshakeApplicationProtocol() {
        return engine.getHandshakeApplicationProtocol();
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(BiFunction<SSLSocket, List<String>, String> selector) {
        engine.setSocketSelector(selector);
    }

    @Override
    public BiFunction<SSLSocket, List<String>, String> getHandshakeApplicationProtocolSelector() {
        return engine.socketSelector();
    }

    @Override
    public String toString() {
        return "SSLSocket[" + (isConnected() ? getRemoteSocketAddress() : "unconnected") + ", " + engine.getSession()
                + "]";
    }
}
