package org.jsspi.conformance.demo;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.ApplicationProtocols;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.EarlyDataInfo;
import org.jsspi.IscReq;
import org.jsspi.SchannelControl;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.Sspi;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.StreamSizes;

/**
 * A TLS connection over two byte streams, made with SSPI calls and nothing else. It is the loop that every caller of
 * Schannel writes, in the order in which a connection lives: establish, encrypt, decrypt, shut down.
 *
 * <p>Three lengths decide everything and are never guessed: the TOKEN of a call says what to send, EXTRA says how many bytes
 * at the end of the input were not used, and SEC_E_INCOMPLETE_MESSAGE says that nothing has happened yet.
 *
 * <p>A client of TLS 1.2 may be asked not to wait for the server's Finished, with {@link ContextOptions#falseStart()}: then it can
 * write before it {@link #isComplete}, and whatever reads completes it first.
 *
 * <p>One thread may read while another writes, unless the options permit renegotiation: then one thread does both. Closing sends
 * nothing: {@link #shutdown} does.
 */
public final class SchannelStream implements AutoCloseable {
    /** The package that is asked for. */
    public static final String PACKAGE = "Schannel";

    /** RFC 8446 5.2: a record has a header of 5 bytes and at most 2^14 + 256 behind it. */
    private static final int LARGEST_RECORD = 5 + (1 << 14) + 256;

    /** RFC 5246 6.2.1: the type of a record of data, which is in the clear. */
    private static final int DATA_RECORD = 23;

    private static final IscReq CLIENT_ASKS = IscReq.STREAM
            .or(IscReq.CONFIDENTIALITY)
            .or(IscReq.INTEGRITY)
            .or(IscReq.REPLAY_DETECT)
            .or(IscReq.SEQUENCE_DETECT)
            .or(IscReq.EXTENDED_ERROR);
    private static final AscReq SERVER_ASKS = AscReq.STREAM
            .or(AscReq.CONFIDENTIALITY)
            .or(AscReq.INTEGRITY)
            .or(AscReq.REPLAY_DETECT)
            .or(AscReq.SEQUENCE_DETECT)
            .or(AscReq.EXTENDED_ERROR);

    private final SecurityContext context;
    private final boolean client;
    private final String targetName;
    private ContextOptions options;

    private final InputStream in;
    private final OutputStream out;
    /** Received and not used yet: the bytes from position to limit. */
    private final ByteBuffer received;

    /** Held from the call that makes bytes until they are sent: records leave in the order of their sequence numbers. */
    private final ReentrantLock sending = new ReentrantLock();

    private final ByteBuffer token;
    private StreamSizes sizes;
    private ByteBuffer record;
    private ByteBuffer peeked;
    /** Whether what comes next is known already, which at the end it stays. */
    private boolean looked;

    /** A server's client sends early data, and the context is not complete. */
    private boolean early;

    /** A client's Finished is sent, and the server's has not come. */
    private volatile boolean unfinished;

    private int quality;
    private boolean established;
    /** The connection is being negotiated again. */
    private boolean renegotiating;

    private int renegotiations;
    /** Data that came while a writer waited for the renegotiation to end. */
    private final ByteArrayOutputStream inFlight = new ByteArrayOutputStream();

    private final SecBufferDesc decrypting = new SecBufferDesc();
    private final SecBufferDesc encrypting = new SecBufferDesc();

    private SchannelStream(
            CredHandle credential,
            boolean client,
            String targetName,
            ContextOptions options,
            InputStream in,
            OutputStream out)
            throws SspiException {
        this.client = client;
        this.targetName = targetName;
        this.options = options;
        this.in = in;
        this.out = new BufferedOutputStream(out, LARGEST_RECORD);
        this.received = ByteBuffer.allocate(2 * LARGEST_RECORD).limit(0);
        // cbMaxToken is the promise that lets a caller allocate once.
        this.token = ByteBuffer.allocate(Sspi.querySecurityPackageInfo(PACKAGE).maxToken());
        this.context = credential.newContext();
    }

    /** What a client sends before the server has answered. */
    @FunctionalInterface
    public interface EarlyData {
        /** Early data may be sent now, by {@link SchannelStream#writeEarly}: with the first flight, and between the server's records. */
        void send(SchannelStream stream) throws IOException, SspiException;
    }

    /**
     * Connects as a client.
     *
     * @param targetName the server's name, which its certificate has to fit
     * @param protocols what to offer by ALPN, best first; may be empty
     * @throws SspiException if the handshake failed; the server has been told why
     */
    public static SchannelStream connect(
            CredHandle credential,
            String targetName,
            ContextOptions options,
            List<String> protocols,
            InputStream in,
            OutputStream out)
            throws IOException, SspiException {
        return connect(credential, targetName, options, protocols, stream -> {}, in, out);
    }

    /**
     * Connects as a client that sends early data, if it resumes a session that allows it. Whether the server has taken it is in
     * {@link ContextAttribute#EARLY_DATA} afterwards.
     *
     * @param targetName the server's name, which its certificate has to fit
     * @param protocols what to offer by ALPN, best first; may be empty
     * @throws SspiException if the handshake failed; the server has been told why
     */
    public static SchannelStream connect(
            CredHandle credential,
            String targetName,
            ContextOptions options,
            List<String> protocols,
            EarlyData earlyData,
            InputStream in,
            OutputStream out)
            throws IOException, SspiException {
        SchannelStream stream = new SchannelStream(credential, true, targetName, options, in, out);
        return stream.established(protocols, earlyData);
    }

    /**
     * Accepts a client. Where the options allow early data and the client sends some the stream is early: {@link #readEarly} goes
     * before everything else.
     *
     * @param protocols what the server speaks, best first; empty if it takes no part in ALPN
     * @throws SspiException if the handshake failed; the client has been told why
     */
    public static SchannelStream accept(
            CredHandle credential, ContextOptions options, List<String> protocols, InputStream in, OutputStream out)
            throws IOException, SspiException {
        SchannelStream stream = new SchannelStream(credential, false, null, options, in, out);
        return stream.established(protocols, null);
    }

    private SchannelStream established(List<String> protocols, EarlyData earlyData) throws IOException, SspiException {
        try {
            handshake(protocols, earlyData);
            prepareRecord();
            established = isComplete();
            return this;
        } catch (IOException | SspiException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * {@return whether the handshake is complete; if not, a client may write already, and the server has not shown yet that it is there}
     */
    public boolean isComplete() {
        return !unfinished && !early;
    }

    /**
     * Waits for the server's Finished, where that is still to come. For the thread that reads.
     *
     * @throws SspiException if the handshake failed; the server has been told why
     */
    public void complete() throws IOException, SspiException {
        if (unfinished) {
            exchangeTokens(true, null, null);
            unfinished = false;
            established = true;
        }
    }

    /** The suite decides how long header and trailer are. */
    private void prepareRecord() throws SspiException {
        sizes = query(ContextAttribute.STREAM_SIZES);
        record = ByteBuffer.allocate(sizes.header() + sizes.maximumMessage() + sizes.trailer());
    }

    /** {@return what the context knows under this attribute} */
    public <T> T query(ContextAttribute<T> attribute) throws SspiException {
        return context.queryContextAttributes(attribute);
    }

    /** Tells the context the value of this attribute. */
    public <T> void set(ContextAttribute<T> attribute, T value) throws SspiException {
        context.setContextAttributes(attribute, value);
    }

    // Establish. The client speaks first, without input; the server begins with what the client sent.

    private void handshake(List<String> protocols, EarlyData earlyData) throws IOException, SspiException {
        SecBuffer offer = protocols.isEmpty() ? null : ApplicationProtocols.offer(protocols);
        SecBufferDesc input = new SecBufferDesc();
        boolean begun = false;
        if (client) {
            if (offer != null) {
                lay(input, offer);
            }
            SecurityStatus status = establish(offer == null ? null : input);
            while (status == SecurityStatus.SEC_I_ASYNC_CALL_PENDING) {
                context.pendingWork().run();
                status = establish(null);
            }
            if (status == SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK) {
                earlyData.send(this);
            }
            begun = true;
        }
        exchangeTokens(begun, offer, earlyData);
    }

    private void exchangeTokens(boolean firstCallDone, SecBuffer offer, EarlyData earlyData)
            throws IOException, SspiException {
        SecBufferDesc input = new SecBufferDesc();
        boolean begun = firstCallDone;
        while (true) {
            if (!received.hasRemaining()) {
                receive();
            }
            input.clear();
            input.add(SecBufferType.TOKEN, received);
            input.add();
            if (!begun && offer != null) {
                lay(input, offer);
            }
            SecurityStatus status = establish(input);
            while (status == SecurityStatus.SEC_I_ASYNC_CALL_PENDING) {
                // The input is taken in, and what it calls for is ours to run: here, or on a thread that may block.
                begun = true;
                context.pendingWork().run();
                status = establish(null);
            }
            switch (status) {
                // Nothing has happened: the same bytes again, with more behind them. The first call is still the first.
                case SEC_E_INCOMPLETE_MESSAGE -> receive();
                // The server asks for a certificate and the credential has none: the same input once more goes on
                // without.
                case SEC_I_INCOMPLETE_CREDENTIALS -> {}
                case SEC_I_CONTINUE_NEEDED -> {
                    begun = true;
                    keepExtra(input);
                    if (renegotiating && received.hasRemaining() && received.get(received.position()) == DATA_RECORD) {
                        keepInFlight();
                        if (!renegotiating) {
                            return;
                        }
                    }
                }
                case SEC_I_CONTINUE_NEEDED_MESSAGE_OK -> {
                    begun = true;
                    keepExtra(input);
                    if (!client) {
                        // What comes now is early data, until decryptMessage says that it ends.
                        early = true;
                        return;
                    }
                    if (startsFalsely()) {
                        // Only whoever reads has to wait for the rest, which may come in several pieces.
                        if (!unfinished) {
                            unfinished = true;
                            quality = StreamContext.QOP_FALSE_START;
                            return;
                        }
                    } else {
                        earlyData.send(this);
                    }
                }
                case SEC_E_OK -> {
                    // EXTRA is the peer's first protected record: it stays for decryptMessage.
                    keepExtra(input);
                    return;
                }
                case SEC_I_NO_RENEGOTIATION -> {
                    keepExtra(input);
                    return;
                }
                case SEC_I_CONTEXT_EXPIRED ->
                    throw new EOFException("the peer closed the connection during the handshake");
                default -> throw new SspiException(status, "the handshake answered " + status);
            }
        }
    }

    /** {@return whether it is not early data that may pass: TLS 1.2 has none, and TLS 1.3 no False Start} */
    private boolean startsFalsely() throws SspiException {
        return "TLSv1.2".equals(query(ContextAttribute.SESSION).protocol());
    }

    /**
     * One call of InitializeSecurityContext or AcceptSecurityContext, and what it wants to be sent. A call that throws owes
     * the peer an alert, which the next call without input hands out.
     */
    private SecurityStatus establish(SecBufferDesc input) throws IOException, SspiException {
        sending.lock();
        try (SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token))) {
            SecurityStatus status = call(input, output);
            // Nothing has happened, so nothing was produced: TOKEN is as long as it was before.
            if (status != SecurityStatus.SEC_E_INCOMPLETE_MESSAGE) {
                send(output.get(0));
            }
            follow(status);
            return status;
        } catch (SspiException e) {
            sendAlert();
            throw e;
        } finally {
            sending.unlock();
        }
    }

    /** Takes note of where a renegotiation is, once the connection is established. */
    private void follow(SecurityStatus status) throws SspiException {
        if (!established) {
            return;
        }
        switch (status) {
            case SEC_I_CONTINUE_NEEDED -> renegotiating = true;
            case SEC_I_NO_RENEGOTIATION -> renegotiating = false;
            case SEC_E_OK -> {
                if (renegotiating) {
                    renegotiating = false;
                    renegotiations++;
                    prepareRecord();
                }
            }
            default -> {}
        }
    }

    private SecurityStatus call(SecBufferDesc input, SecBufferDesc output) throws SspiException {
        return client
                ? context.initializeSecurityContext(targetName, CLIENT_ASKS, options, input, output)
                : context.acceptSecurityContext(SERVER_ASKS, options, input, output);
    }

    private void keepExtra(SecBufferDesc input) {
        SecBuffer extra = input.find(SecBufferType.EXTRA);
        received.position(received.limit() - (extra == null ? 0 : extra.length()));
    }

    // Encrypt: the header in front, the trailer behind, the data where it lies.

    /**
     * Sends {@code data} as one or more records.
     *
     * @throws SspiException SEC_E_CONTEXT_EXPIRED after {@link #shutdown}
     */
    public void write(ByteBuffer data) throws IOException, SspiException {
        write(data, quality);
    }

    /**
     * Sends {@code data} before the handshake is complete: a client as much of it as may still be sent as early data, a server all
     * of it. What is sent has left {@code data}.
     *
     * @throws SspiException SEC_E_QOP_NOT_SUPPORTED if it is too late for it
     */
    public void writeEarly(ByteBuffer data) throws IOException, SspiException {
        if (sizes == null) {
            prepareRecord();
        }
        int limit = data.limit();
        if (client) {
            EarlyDataInfo info = query(ContextAttribute.EARLY_DATA);
            data.limit(data.position() + (int) Math.min(data.remaining(), info.maximum() - info.transferred()));
        }
        try {
            write(data, StreamContext.QOP_EARLY_DATA);
        } finally {
            data.limit(limit);
        }
    }

    private void write(ByteBuffer data, int qop) throws IOException, SspiException {
        sending.lock();
        try {
            while (data.hasRemaining()) {
                if (renegotiating) {
                    // Data waits until that is over; what comes meanwhile is for the reader.
                    exchangeTokens(true, null, null);
                }
                int length = Math.min(data.remaining(), sizes.maximumMessage());
                record.put(sizes.header(), data, data.position(), length);
                data.position(data.position() + length);
                while (encrypt(length, qop) == SecurityStatus.SEC_I_RENEGOTIATE) {
                    // The keys have protected enough: a KeyUpdate leaves first, then the same message again.
                    establish(null);
                }
                for (int i = 0; i < 3; i++) {
                    SecBuffer part = encrypting.get(i);
                    out.write(record.array(), part.targetOffset(), part.length());
                }
                out.flush();
            }
        } finally {
            sending.unlock();
        }
    }

    private SecurityStatus encrypt(int length, int qop) throws SspiException {
        encrypting.clear();
        encrypting.add(SecBufferType.STREAM_HEADER, record, 0, sizes.header());
        encrypting.add(SecBufferType.DATA, record, sizes.header(), length);
        encrypting.add(SecBufferType.STREAM_TRAILER, record, sizes.header() + length, sizes.trailer());
        encrypting.add();
        return context.encryptMessage(qop, encrypting, 0);
    }

    /** Moves the keys on under which this side sends, and tells the peer: an establishing call for which nothing waits. */
    public void updateKeys() throws IOException, SspiException {
        establish(null);
    }

    /**
     * Begins a renegotiation of TLS 1.2: a client says hello, a server asks its client to. {@link #read} carries it on.
     *
     * @return whether it has begun; it has not where one of the two does not permit it
     */
    public boolean renegotiate() throws IOException, SspiException {
        return renegotiate(options);
    }

    /**
     * Begins a renegotiation of TLS 1.2 that is to be like this: one of a server that asks for a certificate now, for one.
     *
     * @return whether it has begun; it has not where one of the two does not permit it
     */
    public boolean renegotiate(ContextOptions next) throws IOException, SspiException {
        options = next;
        return establish(null) != SecurityStatus.SEC_I_NO_RENEGOTIATION;
    }

    /** {@return whether a renegotiation is running} */
    public boolean isRenegotiating() {
        return renegotiating;
    }

    /** {@return how many renegotiations are complete} */
    public int renegotiations() {
        return renegotiations;
    }

    /** An establishing call with an empty TOKEN, which brings nothing: an established context stays as it is. */
    public void establishAgain() throws IOException, SspiException {
        SecurityStatus status = establish(
                new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, ByteBuffer.allocate(0)), new SecBuffer()));
        if (status != SecurityStatus.SEC_E_INCOMPLETE_MESSAGE) {
            throw new SspiException(status, "an establishing call with nothing answered " + status);
        }
    }

    // Decrypt: one record at a time, in place.

    /**
     * {@return the next bytes that the peer sent, valid until the next call; null after its close_notify}
     *
     * @throws EOFException if the connection ended without close_notify: what was read may be cut short
     */
    public ByteBuffer read() throws IOException, SspiException {
        ByteBuffer next = peek();
        looked = next == null;
        return next;
    }

    /**
     * {@return what the next {@link #read} returns, the same until then}
     *
     * @throws EOFException if the connection ended without close_notify: what was read may be cut short
     */
    public ByteBuffer peek() throws IOException, SspiException {
        if (early) {
            throw new IllegalStateException("early data comes first");
        }
        if (!looked) {
            complete();
            peeked = receiveData();
            looked = true;
        }
        return peeked;
    }

    /** {@return whether a server's client sends early data, which comes before the handshake is complete} */
    public boolean isEarly() {
        return early;
    }

    /**
     * {@return the next early data that the client sent, valid until the next call; null when it was all, and then the handshake is
     * complete}
     *
     * <p>A client that has sent the same before may send it again: act on nothing that must not happen twice.
     */
    public ByteBuffer readEarly() throws IOException, SspiException {
        if (!early) {
            return null;
        }
        ByteBuffer data = receiveData();
        if (data == null && early) {
            throw new EOFException("the client closed the connection during the handshake");
        }
        return data;
    }

    private void keepInFlight() throws IOException, SspiException {
        ByteBuffer data = receiveRecord();
        if (data == null) {
            throw new EOFException("the peer closed the connection during the renegotiation");
        }
        byte[] copy = new byte[data.remaining()];
        data.get(copy);
        inFlight.write(copy);
    }

    private ByteBuffer receiveData() throws IOException, SspiException {
        if (inFlight.size() > 0) {
            ByteBuffer earlier = ByteBuffer.wrap(inFlight.toByteArray());
            inFlight.reset();
            return earlier;
        }
        return receiveRecord();
    }

    private ByteBuffer receiveRecord() throws IOException, SspiException {
        while (true) {
            if (!received.hasRemaining()) {
                receive();
            }
            // DATA becomes HEADER, and the EMPTY buffers DATA, TRAILER, EXTRA and EXTRA.
            decrypting.clear();
            decrypting.add(SecBufferType.DATA, received);
            for (int i = 0; i < 4; i++) {
                decrypting.add();
            }
            SecurityStatus status = decrypt();
            if (status == SecurityStatus.SEC_E_INCOMPLETE_MESSAGE) {
                receive();
                continue;
            }
            SecBuffer data = decrypting.get(1);
            received.position(received.position()
                    + decrypting.get(0).length()
                    + data.length()
                    + decrypting.get(2).length());
            switch (status) {
                case SEC_E_OK -> {
                    // An empty record is legal and means nothing.
                    if (data.length() > 0) {
                        return data.view();
                    }
                }
                case SEC_I_CONTEXT_EXPIRED -> {
                    return null;
                }
                // The peer does not want to renegotiate, and the connection goes on.
                case SEC_I_NO_RENEGOTIATION -> follow(status);
                // A session ticket, a KeyUpdate, a message of a renegotiation or the end of early data: the
                // establishing call wants to see it, and may have an answer to it.
                case SEC_I_RENEGOTIATE -> {
                    SecBuffer message = decrypting.find(SecBufferType.EXTRA);
                    SecurityStatus answer = establish(
                            new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, message.view()), new SecBuffer()));
                    while (answer == SecurityStatus.SEC_I_ASYNC_CALL_PENDING) {
                        context.pendingWork().run();
                        answer = establish(null);
                    }
                    if (early) {
                        // The end of early data: what follows completes the handshake.
                        early = false;
                        exchangeTokens(true, null, null);
                        established = true;
                        return null;
                    }
                }
                default -> throw new SspiException(status, "decryptMessage answered " + status);
            }
        }
    }

    private SecurityStatus decrypt() throws IOException, SspiException {
        try {
            return context.decryptMessage(decrypting, 0);
        } catch (SspiException e) {
            sendAlert();
            throw e;
        }
    }

    // Shut down: a control token announces it, the next establishing call carries it out.

    /**
     * Sends close_notify. The peer may go on sending: {@link #read} still works. Who has not waited for the server's Finished, and does not
     * read, never learns whether the handshake was in order: {@link #isComplete} tells.
     */
    public void shutdown() throws IOException, SspiException {
        sending.lock();
        try {
            context.applyControlToken(SchannelControl.shutdown());
            establish(null);
        } finally {
            sending.unlock();
        }
    }

    /** Sends a fatal alert, and ends the context. */
    public void alert(int number) throws IOException, SspiException {
        sending.lock();
        try {
            context.applyControlToken(SchannelControl.alert(SchannelControl.ALERT_FATAL, number));
            establish(null);
        } finally {
            sending.unlock();
        }
    }

    /** DeleteSecurityContext: wipes the keys. The byte streams stay open. */
    @Override
    public void close() {
        context.close();
    }

    private void receive() throws IOException {
        if (received.limit() == received.capacity()) {
            received.compact().flip();
        }
        int space = received.capacity() - received.limit();
        if (space == 0) {
            throw new IOException("a record is longer than records can be");
        }
        int count = in.read(received.array(), received.limit(), space);
        if (count < 0) {
            throw new EOFException(
                    sizes == null || unfinished
                            ? "the peer closed the connection during the handshake"
                            : "the peer closed the connection without close_notify");
        }
        received.limit(received.limit() + count);
    }

    private void send(SecBuffer buffer) throws IOException {
        if (buffer.length() > 0) {
            out.write(token.array(), buffer.targetOffset(), buffer.length());
            out.flush();
        }
    }

    /** The failure that called for the alert is what the caller hears of, whatever happens to the alert. */
    private void sendAlert() {
        sending.lock();
        try (SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token))) {
            if (call(null, output) != SecurityStatus.SEC_E_INCOMPLETE_MESSAGE) {
                send(output.get(0));
            }
        } catch (IOException | SspiException e) {
            // The peer is gone, or there was nothing to say.
        } finally {
            sending.unlock();
        }
    }

    private static void lay(SecBufferDesc list, SecBuffer buffer) {
        list.add(buffer.type(), buffer.source(), buffer.sourceOffset(), buffer.length());
    }
}
