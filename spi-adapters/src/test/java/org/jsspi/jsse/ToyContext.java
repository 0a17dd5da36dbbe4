package org.jsspi.jsse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import org.jsspi.ApplicationProtocol;
import org.jsspi.ApplicationProtocols;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.IscReq;
import org.jsspi.KeyingMaterialInfo;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.Session;
import org.jsspi.SspiException;
import org.jsspi.SspiException.Kind;
import org.jsspi.StreamContext;
import org.jsspi.StreamSizes;

/**
 * A toy connection. Records are
 *
 * <pre>
 * | 'T' | type u8 | length u16 | data, each byte xor a number that every record changes | checksum u32 |
 * </pre>
 *
 * and the handshake is HELLO, then REPLY and CERTIFICATE in two records, then FINISHED, then perhaps TICKET.
 */
final class ToyContext extends StreamContext {
    static final int HEADER = 4;
    static final int TRAILER = 4;
    static final int MAXIMUM = 16_000;

    static final int HELLO = 1;
    static final int REPLY = 2;
    static final int CERTIFICATE = 3;
    static final int FINISHED = 4;
    static final int TICKET = 5;
    static final int KEY_UPDATE = 6;
    static final int KEY_UPDATE_ANSWER = 7;
    static final int DATA = 20;
    static final int ALERT = 21;
    static final int CLOSE = 22;

    private enum State {
        START,
        REPLY,
        CERTIFICATE,
        FINISHED,
        OPEN
    }

    private final boolean tickets;
    private final boolean oneBuffer;
    private final ToySession session = new ToySession();
    private final ArrayDeque<byte[]> out = new ArrayDeque<>();
    private State state = State.START;
    private boolean client;
    private ContextOptions options;
    private String target;
    private List<String> ownProtocols = List.of();
    private String agreed;
    private boolean clientAsked;
    private Runnable work;
    private boolean working;
    private SspiException workFailure;
    private boolean failed;
    private boolean shutdown;
    private boolean peerClosed;
    private boolean keyUpdateDue;
    private byte[] kept;
    private int readNumber;
    private int writeNumber;
    private KeyingMaterialInfo material;
    volatile boolean closed;
    volatile int answered;
    volatile int ticketsSeen;
    /** How many calls came with a list of data. */
    volatile int lists;
    /** What another thread does when a record of data is about to be opened. */
    volatile Runnable meanwhile = () -> {};
    /** Whether the peer is told of a failure. */
    volatile boolean alerts = true;

    ToyContext(boolean tickets, boolean oneBuffer) {
        this.tickets = tickets;
        this.oneBuffer = oneBuffer;
    }

    boolean initiated() {
        return client;
    }

    /** From now on a key update has to leave before data. */
    synchronized void demandKeyUpdate() {
        keyUpdateDue = true;
    }

    @Override
    public synchronized SecurityStatus initializeSecurityContext(
            String targetName, IscReq flags, ContextOptions given, SecBufferDesc input, SecBufferDesc output)
            throws SspiException {
        if (state == State.START && !failed) {
            client = true;
            options = given;
            target = targetName;
            readOptionBuffers(input);
            session.peerHost = given.peerHost();
            session.peerPort = given.peerPort();
            session.names = given.serverNames() != null
                    ? given.serverNames()
                    : targetName == null ? List.of() : List.of(new SNIHostName(targetName));
            queue(HELLO, hello());
            state = State.REPLY;
        }
        return step(input, output);
    }

    @Override
    public synchronized SecurityStatus acceptSecurityContext(
            AscReq flags, ContextOptions given, SecBufferDesc input, SecBufferDesc output) throws SspiException {
        if (options == null) {
            options = given;
            readOptionBuffers(input);
        }
        return step(input, output);
    }

    private void readOptionBuffers(SecBufferDesc input) throws SspiException {
        SecBuffer offer = input == null ? null : input.find(SecBufferType.APPLICATION_PROTOCOLS);
        if (offer != null) {
            ownProtocols = ApplicationProtocols.read(offer);
        }
    }

    private byte[] hello() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeUTF(session.names.isEmpty() ? "" : ((SNIHostName) session.names.get(0)).getAsciiName());
            data.writeByte(ownProtocols.size());
            for (String protocol : ownProtocols) {
                data.writeUTF(protocol);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private SecurityStatus step(SecBufferDesc input, SecBufferDesc output) throws SspiException {
        if (closed || failed && out.isEmpty()) {
            throw new SspiException(SecurityStatus.SEC_E_CONTEXT_EXPIRED, "the context has failed");
        }
        SecBuffer token = input == null ? null : input.find(SecBufferType.TOKEN);
        if (token != null) {
            if (working) {
                throw new AssertionError("input while work is pending");
            }
            ByteBuffer record = token.source().duplicate();
            record.position(token.sourceOffset()).limit(token.sourceOffset() + token.length());
            accept(record);
        } else if (!working && workFailure != null) {
            SspiException failure = workFailure;
            workFailure = null;
            throw fail(failure);
        }
        if (working) {
            return SecurityStatus.SEC_I_ASYNC_CALL_PENDING;
        }
        if (keyUpdateDue && state == State.OPEN) {
            keyUpdateDue = false;
            queue(KEY_UPDATE, new byte[0]);
        }
        SecBuffer to = output == null ? null : output.find(SecBufferType.TOKEN);
        if (to != null) {
            byte[] record = out.peek();
            if (record != null && record.length <= to.length()) {
                out.remove();
                to.target().put(to.targetOffset(), record);
                to.setLength(record.length);
            } else {
                to.setLength(0);
            }
        }
        if (!out.isEmpty()) {
            return SecurityStatus.SEC_I_MESSAGE_FRAGMENT;
        }
        if (failed || shutdown || peerClosed) {
            return SecurityStatus.SEC_I_CONTEXT_EXPIRED;
        }
        return state == State.OPEN ? SecurityStatus.SEC_E_OK : SecurityStatus.SEC_I_CONTINUE_NEEDED;
    }

    private void accept(ByteBuffer record) throws SspiException {
        if (kept != null) {
            byte[] given = new byte[record.remaining()];
            record.get(given);
            if (!java.util.Arrays.equals(given, kept)) {
                throw fail(new SspiException(SecurityStatus.SEC_E_ILLEGAL_MESSAGE, "not the message that was kept"));
            }
            kept = null;
            switch (given[1]) {
                case TICKET -> ticketsSeen++;
                case KEY_UPDATE -> queue(KEY_UPDATE_ANSWER, new byte[0]);
                case KEY_UPDATE_ANSWER -> answered++;
                default -> throw fail(unexpected(given[1]));
            }
            return;
        }
        int type = type(record);
        byte[] body = open(record);
        if (type == ALERT) {
            failed = true;
            throw new SspiException(
                    SecurityStatus.SEC_E_ILLEGAL_MESSAGE,
                    Kind.HANDSHAKE,
                    body[0],
                    "Received fatal alert: " + body[0],
                    null);
        }
        if (type == CLOSE) {
            peerClosed = true;
            return;
        }
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(body))) {
            if (state == State.START && type == HELLO) {
                acceptHello(data);
            } else if (state == State.REPLY && type == REPLY) {
                agreed = data.readUTF();
                clientAsked = data.readBoolean();
                session.protocol = "TOYv1";
                session.id = new byte[] {1, 2, 3};
                state = State.CERTIFICATE;
            } else if (state == State.CERTIFICATE && type == CERTIFICATE) {
                session.peer = readChain(data);
                start(() -> {
                    verify();
                    Identity own = clientAsked ? options.callbacks().selectIdentity(info(), List.of("EC"), null) : null;
                    session.local = own == null ? List.of() : own.chain();
                    queue(FINISHED, chain(session.local));
                    state = State.OPEN;
                });
            } else if (state == State.FINISHED && type == FINISHED) {
                session.peer = readChain(data);
                if (session.peer.isEmpty()) {
                    if (options.clientAuthentication() == ClientAuthentication.NEED) {
                        throw fail(new SspiException(
                                SecurityStatus.SEC_E_INCOMPLETE_CREDENTIALS,
                                Kind.PEER_UNVERIFIED,
                                116,
                                "the client sent no certificate",
                                null));
                    }
                    openAsServer();
                } else {
                    start(() -> {
                        verify();
                        openAsServer();
                    });
                }
            } else {
                throw fail(unexpected(type));
            }
        } catch (IOException e) {
            throw fail(new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "a message is cut short"));
        }
    }

    private void acceptHello(DataInputStream data) throws IOException {
        String name = data.readUTF();
        List<String> offered = new ArrayList<>();
        for (int count = data.readUnsignedByte(); count > 0; count--) {
            offered.add(data.readUTF());
        }
        session.names = name.isEmpty() ? List.of() : List.of(new SNIHostName(name));
        start(() -> {
            session.protocol = "TOYv1";
            session.id = new byte[] {1, 2, 3};
            if (!session.names.isEmpty() && !options.callbacks().matchServerName(info(), session.names)) {
                throw new SspiException(
                        SecurityStatus.SEC_E_TARGET_UNKNOWN, Kind.HANDSHAKE, 112, "unknown server name", null);
            }
            agreed = offered.isEmpty() ? "" : options.callbacks().selectApplicationProtocol(info(), offered);
            if (agreed == null) {
                throw new SspiException(
                        SecurityStatus.SEC_E_APPLICATION_PROTOCOL_MISMATCH,
                        Kind.HANDSHAKE,
                        120,
                        "no application protocol in common",
                        null);
            }
            Identity own = options.callbacks().selectIdentity(info(), List.of("RSA", "EC"), null);
            if (own == null) {
                throw new SspiException(
                        SecurityStatus.SEC_E_NO_CREDENTIALS, Kind.HANDSHAKE, 40, "no identity suits the client", null);
            }
            session.local = own.chain();
            ByteArrayOutputStream reply = new ByteArrayOutputStream();
            try (DataOutputStream body = new DataOutputStream(reply)) {
                body.writeUTF(agreed);
                body.writeBoolean(options.clientAuthentication() != ClientAuthentication.NONE);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            queue(REPLY, reply.toByteArray());
            queue(CERTIFICATE, chain(session.local));
            state = State.FINISHED;
        });
    }

    private void openAsServer() {
        state = State.OPEN;
        if (tickets) {
            queue(TICKET, new byte[] {9, 9});
        }
    }

    private void verify() throws SspiException {
        try {
            options.callbacks().verifyPeer(info(), session.peer.toArray(X509Certificate[]::new), "UNKNOWN");
        } catch (CertificateException e) {
            throw new SspiException(SecurityStatus.SEC_E_CERT_UNKNOWN, Kind.PEER_UNVERIFIED, 46, e.getMessage(), e);
        }
    }

    private static byte[] chain(List<X509Certificate> certificates) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeByte(certificates.size());
            for (X509Certificate certificate : certificates) {
                data.writeShort(certificate.getEncoded().length);
                data.write(certificate.getEncoded());
            }
        } catch (IOException | CertificateEncodingException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static List<X509Certificate> readChain(DataInputStream data) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        for (int count = data.readUnsignedByte(); count > 0; count--) {
            byte[] der = new byte[data.readUnsignedShort()];
            data.readFully(der);
            try {
                chain.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }
        return chain;
    }

    private interface Step {
        void run() throws SspiException;
    }

    private void start(Step step) {
        working = true;
        work = () -> {
            SspiException failure = null;
            try {
                step.run();
            } catch (SspiException e) {
                failure = e;
            }
            synchronized (this) {
                workFailure = failure;
                working = false;
            }
        };
    }

    @Override
    public synchronized Runnable pendingWork() {
        Runnable once = work;
        work = null;
        return once;
    }

    private HandshakeInfo info() {
        return new HandshakeInfo() {
            @Override
            public boolean initiator() {
                return client;
            }

            @Override
            public Session session() {
                return session;
            }

            @Override
            public String targetName() {
                return target;
            }

            @Override
            public String applicationProtocol() {
                return agreed;
            }

            @Override
            public boolean accepts(Identity identity) {
                return identity.privateKey().getAlgorithm().equals("EC");
            }
        };
    }

    private static SspiException unexpected(int type) {
        return new SspiException(
                SecurityStatus.SEC_E_ILLEGAL_MESSAGE,
                Kind.PROTOCOL,
                10,
                "a record of type " + type + " out of turn",
                null);
    }

    private SspiException fail(SspiException failure) {
        failed = true;
        out.clear();
        if (alerts) {
            queue(ALERT, new byte[] {(byte) failure.alert().orElse(80)});
        }
        return failure;
    }

    // ---- records

    @Override
    public Preview preview(ByteBuffer network) {
        int present = network.remaining();
        if (present > 0 && network.get(network.position()) != 'T') {
            return new Preview.Whole(present, 0);
        }
        if (present < HEADER) {
            return new Preview.Missing(HEADER - present);
        }
        int data = dataLength(network);
        if (data > MAXIMUM) {
            return new Preview.Whole(present, 0);
        }
        int length = HEADER + data + TRAILER;
        return present < length ? new Preview.Missing(length - present) : new Preview.Whole(length, data);
    }

    private static int dataLength(ByteBuffer network) {
        int at = network.position() + 2;
        return (network.get(at) & 0xFF) << 8 | network.get(at + 1) & 0xFF;
    }

    private static int type(ByteBuffer record) {
        return record.remaining() < HEADER ? -1 : record.get(record.position() + 1);
    }

    private void queue(int type, byte[] body) {
        synchronized (this) {
            ByteBuffer record = ByteBuffer.allocate(HEADER + body.length + TRAILER);
            record.put((byte) 'T').put((byte) type).putShort((short) body.length);
            int sum = writeNumber;
            for (byte b : body) {
                record.put((byte) (b ^ mask(writeNumber)));
                sum = sum * 31 + b;
            }
            record.putInt(sum);
            writeNumber++;
            out.add(record.array());
        }
    }

    private static int mask(int number) {
        return number * 7 + 0x5A;
    }

    /** Checks the record and takes its number. */
    private byte[] open(ByteBuffer record) throws SspiException {
        if (record.remaining() < HEADER + TRAILER || record.get(record.position()) != 'T') {
            throw fail(new SspiException(
                    SecurityStatus.SEC_E_INVALID_TOKEN, Kind.PROTOCOL, 10, "what arrived is no toy record", null));
        }
        byte[] body = new byte[dataLength(record)];
        int sum = readNumber;
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (record.get(record.position() + HEADER + i) ^ mask(readNumber));
            sum = sum * 31 + body[i];
        }
        ByteBuffer big = record.duplicate();
        if (big.getInt(record.position() + HEADER + body.length) != sum) {
            throw fail(new SspiException(
                    SecurityStatus.SEC_E_MESSAGE_ALTERED, Kind.PROTOCOL, 20, "a record was altered", null));
        }
        readNumber++;
        return body;
    }

    @Override
    public synchronized int pendingTokenSize() {
        return out.isEmpty() ? 0 : out.peek().length;
    }

    @Override
    public synchronized SecurityStatus encryptMessage(int qop, SecBufferDesc message, int number) throws SspiException {
        lists++;
        return seal(message);
    }

    @Override
    public synchronized SecurityStatus encryptMessage(ByteBuffer source, ByteBuffer target) throws SspiException {
        if (!oneBuffer) {
            return super.encryptMessage(source, target);
        }
        int length = Math.min(source.remaining(), MAXIMUM);
        if (target.remaining() < HEADER + length + TRAILER) {
            return SecurityStatus.SEC_E_INSUFFICIENT_BUFFERS;
        }
        SecBufferDesc list = new SecBufferDesc();
        int place = target.position();
        list.add().set(SecBufferType.STREAM_HEADER, null, 0, target, place, HEADER);
        list.add().set(SecBufferType.DATA, source, source.position(), target, place + HEADER, length);
        list.add().set(SecBufferType.STREAM_TRAILER, null, 0, target, place + HEADER + length, TRAILER);
        SecurityStatus answer = seal(list);
        if (answer == SecurityStatus.SEC_E_OK) {
            source.position(source.position() + length);
            target.position(place + HEADER + length + TRAILER);
        }
        return answer;
    }

    private SecurityStatus seal(SecBufferDesc message) throws SspiException {
        if (closed || failed || shutdown || state != State.OPEN) {
            throw new SspiException(SecurityStatus.SEC_E_CONTEXT_EXPIRED, "the context does not send");
        }
        if (keyUpdateDue || !out.isEmpty()) {
            return SecurityStatus.SEC_I_RENEGOTIATE;
        }
        SecBuffer header = message.get(0);
        int sum = writeNumber;
        int total = 0;
        int place = header.targetOffset() + HEADER;
        int i = 1;
        for (; message.get(i).type() == SecBufferType.DATA; i++) {
            SecBuffer data = message.get(i);
            if (data.targetOffset() != place || data.target() != header.target()) {
                throw new AssertionError("the data is not laid out contiguously");
            }
            for (int j = 0; j < data.length(); j++) {
                byte b = data.source().get(data.sourceOffset() + j);
                data.target().put(data.targetOffset() + j, (byte) (b ^ mask(writeNumber)));
                sum = sum * 31 + b;
            }
            total += data.length();
            place += data.length();
        }
        SecBuffer trailer = message.get(i);
        if (trailer.targetOffset() != place || total > MAXIMUM) {
            throw new AssertionError("the trailer does not follow the data");
        }
        ByteBuffer to = header.target();
        to.put(header.targetOffset(), (byte) 'T').put(header.targetOffset() + 1, (byte) DATA);
        to.put(header.targetOffset() + 2, (byte) (total >> 8)).put(header.targetOffset() + 3, (byte) total);
        for (int j = 0; j < TRAILER; j++) {
            to.put(place + j, (byte) (sum >> 24 - 8 * j));
        }
        writeNumber++;
        return SecurityStatus.SEC_E_OK;
    }

    @Override
    public SecurityStatus decryptMessage(SecBufferDesc message, int number) throws SspiException {
        meanwhile.run();
        synchronized (this) {
            lists++;
            return open(message);
        }
    }

    @Override
    public SecurityStatus decryptMessage(ByteBuffer source, ByteBuffer target) throws SspiException {
        if (!oneBuffer) {
            return super.decryptMessage(source, target);
        }
        meanwhile.run();
        synchronized (this) {
            if (!(preview(source) instanceof Preview.Whole whole)) {
                return SecurityStatus.SEC_E_INCOMPLETE_MESSAGE;
            }
            if (closed || type(source) != DATA || source.get(source.position()) != 'T') {
                return SecurityStatus.SEC_I_RENEGOTIATE;
            }
            SecBufferDesc list = new SecBufferDesc();
            list.add().set(SecBufferType.STREAM, source, source.position(), null, 0, whole.length());
            SecBuffer data = list.add().set(SecBufferType.DATA, null, 0, target, target.position(), target.remaining());
            list.add();
            SecurityStatus answer = open(list);
            if (answer == SecurityStatus.SEC_E_OK) {
                source.position(source.position() + whole.length());
                target.position(target.position() + data.length());
            }
            return answer;
        }
    }

    private SecurityStatus open(SecBufferDesc message) throws SspiException {
        if (closed || failed || state != State.OPEN || peerClosed) {
            throw new SspiException(SecurityStatus.SEC_E_CONTEXT_EXPIRED, "the context does not receive");
        }
        SecBuffer stream = message.get(0);
        ByteBuffer record = stream.source().duplicate();
        record.position(stream.sourceOffset()).limit(stream.sourceOffset() + stream.length());
        if (!(preview(record) instanceof Preview.Whole whole)) {
            return SecurityStatus.SEC_E_INCOMPLETE_MESSAGE;
        }
        int type = type(record);
        if (type == DATA && record.get(record.position()) == 'T') {
            int room = 0;
            for (int i = 1; message.get(i).type() == SecBufferType.DATA; i++) {
                room += message.get(i).length();
            }
            if (room < whole.dataBound()) {
                return SecurityStatus.SEC_E_INSUFFICIENT_BUFFERS;
            }
        }
        byte[] body = open(record);
        stream.setLength(whole.length());
        int left = body.length;
        switch (type) {
            case DATA -> {
                for (int i = 1; message.get(i).type() == SecBufferType.DATA; i++) {
                    SecBuffer data = message.get(i);
                    int part = Math.min(left, data.length());
                    data.target().put(data.targetOffset(), body, body.length - left, part);
                    data.setLength(part);
                    left -= part;
                }
                return SecurityStatus.SEC_E_OK;
            }
            case CLOSE -> {
                peerClosed = true;
                return SecurityStatus.SEC_I_CONTEXT_EXPIRED;
            }
            case ALERT -> {
                failed = true;
                throw new SspiException(
                        SecurityStatus.SEC_E_ILLEGAL_MESSAGE,
                        Kind.HANDSHAKE,
                        body[0],
                        "Received fatal alert: " + body[0],
                        null);
            }
            default -> {
                kept = new byte[whole.length()];
                record.get(record.position(), kept);
                message.find(SecBufferType.EMPTY)
                        .set(SecBufferType.EXTRA, ByteBuffer.wrap(kept).asReadOnlyBuffer());
                return SecurityStatus.SEC_I_RENEGOTIATE;
            }
        }
    }

    @Override
    public synchronized SecurityStatus applyControlToken(SecBufferDesc input) throws SspiException {
        if (failed || closed) {
            throw new SspiException(SecurityStatus.SEC_E_CONTEXT_EXPIRED, "the context has failed");
        }
        working = false;
        shutdown = true;
        queue(CLOSE, new byte[0]);
        return SecurityStatus.SEC_E_OK;
    }

    @Override
    public synchronized <T> T queryContextAttributes(ContextAttribute<T> attribute) throws SspiException {
        Object value = null;
        if (attribute == ContextAttribute.STREAM_SIZES) {
            value = new StreamSizes(HEADER, TRAILER, MAXIMUM, 4, 1);
        } else if (attribute == ContextAttribute.SESSION) {
            value = session;
        } else if (attribute == ContextAttribute.APPLICATION_PROTOCOL) {
            value = agreed == null || agreed.isEmpty()
                    ? new ApplicationProtocol(ApplicationProtocol.Status.NONE, null)
                    : new ApplicationProtocol(ApplicationProtocol.Status.SUCCESS, agreed);
        } else if (attribute == ContextAttribute.KEYING_MATERIAL && material != null) {
            byte[] bytes = new byte[material.length()];
            java.util.Arrays.fill(bytes, (byte) material.label().length());
            value = bytes;
        } else {
            return super.queryContextAttributes(attribute);
        }
        return attribute.type().cast(value);
    }

    @Override
    public synchronized <T> void setContextAttributes(ContextAttribute<T> attribute, T value) {
        material = (KeyingMaterialInfo) value;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
