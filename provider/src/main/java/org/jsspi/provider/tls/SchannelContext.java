package org.jsspi.provider.tls;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.ApplicationProtocol;
import org.jsspi.ApplicationProtocols;
import org.jsspi.AscReq;
import org.jsspi.AscRet;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextCallbacks;
import org.jsspi.ContextFlags;
import org.jsspi.ContextOptions;
import org.jsspi.EchConfig;
import org.jsspi.IscReq;
import org.jsspi.IscRet;
import org.jsspi.KeyingMaterialInfo;
import org.jsspi.SchCredentials;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.StreamSizes;
import org.jsspi.provider.tls.handshake.ClientHandshake;
import org.jsspi.provider.tls.handshake.Connected;
import org.jsspi.provider.tls.handshake.HandshakeSettings;
import org.jsspi.provider.tls.handshake.Renegotiations;
import org.jsspi.provider.tls.handshake.ResumableSession;
import org.jsspi.provider.tls.handshake.ServerHandshake;
import org.jsspi.provider.tls.handshake.TlsSession;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.AlertLevel;
import org.jsspi.provider.tls.message.ContentType;
import org.jsspi.provider.tls.record.RecordFormat;
import org.jsspi.provider.tls.record.RecordFormat.Framing;
import org.jsspi.provider.tls.record.RecordReader;
import org.jsspi.provider.tls.record.RecordWriter;
import org.jsspi.provider.wire.Recent;

/** One side of a TLS connection, as SSPI sees it: statuses, buffer lists, attributes, control tokens, failure and shutdown. */
final class SchannelContext extends StreamContext {
    /** A longer ticket is not worth its memory; a server's are a few hundred bytes, with a client's chain inside a few thousand. */
    private static final int MAXIMUM_TICKET = 1 << 14;

    /** What a record has at most beyond its content, whichever version and suite will be agreed. */
    private static final int LARGEST_EXPANSION = Framing.TLS12_EXPLICIT_NONCE.sizeOf(0);

    /** RFC 8449 4: no record is limited to less than this. */
    private static final int MINIMUM_RECORD_LIMIT = 64;

    /** SecPkgContext_StreamSizes.cBuffers: HEADER, DATA, TRAILER, EMPTY. */
    private static final int BUFFERS = 4;

    private enum Phase {
        NEW,
        HANDSHAKE,
        ESTABLISHED,
        /** A call has failed. The alert that it owes the peer may still be waiting. */
        FAILED,
        CLOSED
    }

    /** What every context of this package has. */
    private static final IscRet INITIATOR_ATTRIBUTES = IscRet.REPLAY_DETECT
            .or(IscRet.SEQUENCE_DETECT)
            .or(IscRet.CONFIDENTIALITY)
            .or(IscRet.STREAM);

    private static final AscRet ACCEPTOR_ATTRIBUTES = AscRet.REPLAY_DETECT
            .or(AscRet.SEQUENCE_DETECT)
            .or(AscRet.CONFIDENTIALITY)
            .or(AscRet.STREAM);

    private static final VarHandle ESTABLISHING;

    static {
        try {
            ESTABLISHING = MethodHandles.lookup().findVarHandle(SchannelContext.class, "establishing", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final Recent<StreamSizes> SIZES = new Recent<>();

    private final SchannelCredential credential;
    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    private final HandshakeInbox inbox = new HandshakeInbox(TlsProperties.MAXIMUM_HANDSHAKE_MESSAGE);
    private final RecordReader reader = new RecordReader();
    private final RecordWriter writer = new RecordWriter();
    private final OutboundQueue outbound = new OutboundQueue(writer);
    private final InboundRecords inbound = new InboundRecords(reader, inbox);

    /** Whether an establishing call is at work: by {@link #ESTABLISHING}. */
    private volatile boolean establishing;

    private volatile Phase phase = Phase.NEW;
    private volatile boolean shutDown;
    private volatile HandshakeDriver driver;
    private volatile TlsSession session;
    /** What the connection began with, once a renegotiation has given it another session; null until then. */
    private volatile TlsSession firstSession;

    private boolean initiator;
    private boolean mayResume;
    private ClientSessions.Key sessionKey;
    /** The bits of {@link IscRet} or {@link AscRet}. */
    private volatile long attributes;
    /** In milliseconds since the epoch; 0 until it is. */
    private volatile long establishedAt;

    private volatile KeyingMaterialInfo keyingMaterial;
    /** What the next handshake on this connection is to be like; null where there is none. */
    private volatile HandshakeWishes wishes;

    SchannelContext(SchannelCredential credential) {
        this.credential = credential;
    }

    // Establishing calls

    @Override
    public SecurityStatus initializeSecurityContext(
            String targetName, IscReq contextReq, ContextOptions options, SecBufferDesc input, SecBufferDesc output)
            throws SspiException {
        IscReq request = contextReq == null ? IscReq.NONE : contextReq;
        enter();
        try {
            if (request.has(IscReq.DATAGRAM)) {
                throw misuse(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "Schannel has no datagram contexts here");
            }
            TokenOutput token =
                    TokenOutput.of(output, request.has(IscReq.FRAGMENT_TO_FIT), request.has(IscReq.ALLOCATE_MEMORY));
            boolean first = phase == Phase.NEW;
            if (first) {
                startInitiator(targetName, request, options == null ? ContextOptions.DEFAULT : options, input);
            } else {
                require(initiator, SecurityStatus.SEC_E_INVALID_HANDLE, "this context accepts and does not initiate");
                if (options != null) {
                    wish(initiatorWishes(targetName, request, options));
                }
            }
            SecurityStatus status = step(first, input, token);
            attributes = initiatorAttributes(request);
            return status;
        } finally {
            leave();
        }
    }

    @Override
    public SecurityStatus acceptSecurityContext(
            AscReq contextReq, ContextOptions options, SecBufferDesc input, SecBufferDesc output) throws SspiException {
        AscReq request = contextReq == null ? AscReq.NONE : contextReq;
        enter();
        try {
            if (request.has(AscReq.DATAGRAM) || request.has(AscReq.DELEGATE)) {
                throw misuse(
                        SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                        "Schannel has no datagram contexts and no delegation here");
            }
            TokenOutput token =
                    TokenOutput.of(output, request.has(AscReq.FRAGMENT_TO_FIT), request.has(AscReq.ALLOCATE_MEMORY));
            if (phase == Phase.NEW) {
                require(
                        input != null && input.find(SecBufferType.TOKEN) != null,
                        SecurityStatus.SEC_E_INVALID_TOKEN,
                        "the first call of an acceptor needs the client's TOKEN");
                startAcceptor(request, options == null ? ContextOptions.DEFAULT : options, input);
            } else {
                require(!initiator, SecurityStatus.SEC_E_INVALID_HANDLE, "this context initiates and does not accept");
                HandshakeWishes before = wishes;
                if (options != null) {
                    wish(acceptorWishes(request, options));
                } else if (before != null && request.has(AscReq.MUTUAL_AUTH)) {
                    wish(acceptorWishes(request, before.options()));
                }
            }
            SecurityStatus status = step(false, input, token);
            attributes = acceptorAttributes(request);
            return status;
        } finally {
            leave();
        }
    }

    @Override
    public IscRet initiatorAttributes() {
        // First: whoever sees them sees which side it is.
        long bits = attributes;
        return initiator ? IscRet.of(bits) : IscRet.NONE;
    }

    @Override
    public AscRet acceptorAttributes() {
        long bits = attributes;
        return initiator ? AscRet.NONE : AscRet.of(bits);
    }

    @Override
    public Instant expiry() {
        TlsSession known = session;
        Instant end = known == null || known.peerCertificates().isEmpty()
                ? Instant.MAX
                : known.peerCertificates().get(0).getNotAfter().toInstant();
        if (known == null || !known.peerDelegated()) {
            return end;
        }
        Instant delegated = Instant.ofEpochMilli(known.delegatedUntil());
        return delegated.isBefore(end) ? delegated : end;
    }

    @Override
    public Runnable pendingWork() {
        HandshakeDriver running = driver;
        return running == null ? null : running.takeWork();
    }

    /** An initiator's first call has only option buffers as input; every other call may have a TOKEN. */
    private SecurityStatus step(boolean first, SecBufferDesc input, TokenOutput output) throws SspiException {
        if (phase == Phase.FAILED || phase == Phase.CLOSED) {
            return lastWords(output);
        }
        SecBuffer token = input == null ? null : input.find(SecBufferType.TOKEN);
        // After a shutdown input is ignored, but for what decryptMessage has handed out, and for the end of the
        // handshake of a client that has sent its data before that: the peer's direction goes on.
        boolean ignored = shutDown && !startsFalsely() && (token == null || !inbound.isKept(token));
        if (ignored && pendingTokenSize() == 0) {
            // One close_notify, whatever is asked for afterwards.
            return SecurityStatus.SEC_E_INCOMPLETE_MESSAGE;
        }
        if (!first && !ignored) {
            if (token == null && phase == Phase.ESTABLISHED && refusesRenegotiation()) {
                output.nothing();
                return SecurityStatus.SEC_I_NO_RENEGOTIATION;
            }
            SecurityStatus progress = token == null ? proceed() : consume(input, token);
            if (progress == SecurityStatus.SEC_E_INCOMPLETE_MESSAGE) {
                return progress;
            }
            if (progress == SecurityStatus.SEC_I_CONTEXT_EXPIRED || progress == SecurityStatus.SEC_I_NO_RENEGOTIATION) {
                output.nothing();
                return progress;
            }
        }
        return emit(output);
    }

    /** A call without input asks an established context for new keys. In TLS 1.2 that is a renegotiation, which there may not be. */
    private boolean refusesRenegotiation() {
        Connected connected = driver.connected();
        return pendingTokenSize() == 0
                && !driver.awaitsHandshake()
                && !connected.canUpdateKeys()
                && !connected.canRenegotiate();
    }

    /** A call without input: work that was done, a flight that waits, or the wish for new keys. */
    private SecurityStatus proceed() throws SspiException {
        try {
            if (driver.isBusy()) {
                resume();
            } else if (pendingTokenSize() == 0) {
                if (phase == Phase.HANDSHAKE || driver.awaitsHandshake()) {
                    return SecurityStatus.SEC_E_INCOMPLETE_MESSAGE;
                }
                if (driver.isTls13()) {
                    updateKeys();
                } else {
                    renegotiate();
                }
            }
            return SecurityStatus.SEC_E_OK;
        } catch (SspiException e) {
            throw failed(e);
        }
    }

    private void resume() throws SspiException {
        if (phase == Phase.HANDSHAKE) {
            driver.resume();
            noteEstablishment();
            return;
        }
        readLock.lock();
        try {
            requireEstablished();
            driver.resume();
            noteEstablishment();
        } finally {
            endReading();
        }
    }

    /** RFC 5246 7.4.1.1, 7.4.1.2: a client says hello, a server asks for it. */
    private void renegotiate() throws SspiException {
        readLock.lock();
        try {
            requireEstablished();
            driver.renegotiate();
        } finally {
            endReading();
        }
    }

    /** RFC 8446 4.6.3. The message and the change of keys stand in the queue together. */
    private void updateKeys() throws SspiException {
        writeLock.lock();
        try {
            requireEstablished();
            driver.connected().updateKeys(false, driver);
        } finally {
            writeLock.unlock();
        }
    }

    private SecurityStatus consume(SecBufferDesc input, SecBuffer token) throws SspiException {
        SecBuffer spare = spareBuffer(input);
        require(
                token.source() != null || token.length() == 0,
                SecurityStatus.SEC_E_INVALID_TOKEN,
                "TOKEN has no memory");
        if (driver.isBusy()) {
            throw misuse(
                    SecurityStatus.SEC_E_OUT_OF_SEQUENCE, "the work of the last call has to be done before new input");
        }
        if (receivesEarlyData()) {
            require(
                    token.length() == 0 || inbound.isKept(token),
                    SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                    "early data is due, and for decryptMessage, until that has shown its end");
            return consumeKept(token);
        }
        if (phase == Phase.HANDSHAKE) {
            return consumeRecords(token, spare);
        }
        if (token.length() == 0 || inbound.hasKept() || !driver.awaitsHandshake()) {
            return consumeKept(token);
        }
        readLock.lock();
        try {
            // Another thread may have failed the context, and then there are no keys to read with: nothing is clear
            // because of that.
            requireEstablished();
            return consumeRecords(token, spare);
        } finally {
            endReading();
        }
    }

    /** What comes from the network while a handshake runs: records, as many as are whole. */
    private SecurityStatus consumeRecords(SecBuffer token, SecBuffer spare) throws SspiException {
        ByteBuffer network = token.length() == 0
                ? ByteBuffer.allocate(0)
                : token.source()
                        .duplicate()
                        .limit(token.sourceOffset() + token.length())
                        .position(token.sourceOffset());
        int start = network.position();
        boolean refused;
        try {
            while (network.hasRemaining() && takesRecord(network)) {
                Preview preview = preview(network);
                if (!(preview instanceof Preview.Whole whole)) {
                    break;
                }
                inbound.take(network, whole.length(), driver);
                network.position(network.position() + whole.length());
            }
            if (inbound.peerHasClosed()) {
                // RFC 5246 7.2.1, RFC 8446 6.1: what follows a closure alert is ignored. This handshake has no end.
                return SecurityStatus.SEC_I_CONTEXT_EXPIRED;
            }
            refused = inbound.takeRefusal();
            if (network.position() == start && preview(network) instanceof Preview.Missing missing) {
                if (spare != null) {
                    spare.set(SecBufferType.MISSING, null, 0, missing.count());
                }
                return SecurityStatus.SEC_E_INCOMPLETE_MESSAGE;
            }
            noteEstablishment();
        } catch (SspiException e) {
            throw failed(e);
        }
        if (network.hasRemaining()) {
            if (spare == null) {
                throw failed(new SspiException(
                        SecurityStatus.SEC_E_INVALID_TOKEN,
                        "bytes are left over and there is no EMPTY buffer for them"));
            }
            spare.set(SecBufferType.EXTRA, token.source(), network.position(), network.remaining());
        }
        return refused ? SecurityStatus.SEC_I_NO_RENEGOTIATION : SecurityStatus.SEC_E_OK;
    }

    /** {@return whether the next record is one of the handshake, and can be taken in now} */
    private boolean takesRecord(ByteBuffer network) {
        if (driver.isBusy() || inbound.peerHasClosed() || receivesEarlyData()) {
            return false;
        }
        if (!driver.isEstablished()) {
            return true;
        }
        // In a renegotiation data may come in between, which is for decryptMessage.
        boolean data = network.get(network.position()) == ContentType.APPLICATION_DATA.code() && driver.takesData();
        return driver.awaitsHandshake() && !data;
    }

    /**
     * What decryptMessage has handed out with SEC_I_RENEGOTIATE comes back. The kept message is what is processed; bytes that
     * differ from it did not come through the record protection, and must not pass for a message of the peer.
     */
    private SecurityStatus consumeKept(SecBuffer token) throws SspiException {
        readLock.lock();
        // The write lock is for secrets that an exporter looks at as well, and not held where the application may be
        // asked.
        boolean changesSecrets = driver.isTls13();
        if (changesSecrets) {
            writeLock.lock();
        }
        try {
            if (phase == Phase.FAILED || phase == Phase.CLOSED) {
                throw expired();
            }
            if (!inbound.isKept(token)) {
                if (token.length() == 0) {
                    return SecurityStatus.SEC_E_INCOMPLETE_MESSAGE;
                }
                throw failed(AlertDescription.UNEXPECTED_MESSAGE.because(
                        "bytes that no protected record carried were given to an established context"));
            }
            inbound.release();
            driver.deliver();
            noteEstablishment();
            return SecurityStatus.SEC_E_OK;
        } catch (SspiException e) {
            throw failed(e);
        } finally {
            if (changesSecrets) {
                writeLock.unlock();
            }
            endReading();
        }
    }

    /** Lets the read lock go. Whoever has failed the context meanwhile could not wait for it. */
    private void endReading() {
        if (phase == Phase.FAILED) {
            wipeReads();
        }
        readLock.unlock();
    }

    private void noteEstablishment() {
        writeLock.lock();
        try {
            if (driver.isEstablished() && phase == Phase.HANDSHAKE) {
                establishedAt = System.currentTimeMillis();
                phase = Phase.ESTABLISHED;
                driver.forgetFalseStart();
            } else if (phase == Phase.ESTABLISHED && driver.connected().session() != session) {
                establishedAt = System.currentTimeMillis();
                firstSession = firstSession == null ? session : firstSession;
                session = driver.connected().session();
            }
        } finally {
            writeLock.unlock();
        }
    }

    private SecurityStatus emit(TokenOutput output) throws SspiException {
        writeLock.lock();
        try {
            output.take(outbound);
            if (driver.isBusy()) {
                return SecurityStatus.SEC_I_ASYNC_CALL_PENDING;
            }
            if (!outbound.isEmpty()) {
                return SecurityStatus.SEC_I_MESSAGE_FRAGMENT;
            }
            if (phase == Phase.ESTABLISHED && !driver.awaitsHandshake()) {
                return SecurityStatus.SEC_E_OK;
            }
            if (phase == Phase.HANDSHAKE && driver.falseStart() != null && inbound.peerHasClosed()) {
                // What was sent is never confirmed, whatever this call was for.
                return SecurityStatus.SEC_I_CONTEXT_EXPIRED;
            }
            if (shutDown && !startsFalsely()) {
                return SecurityStatus.SEC_E_OK;
            }
            EarlyData early = driver.earlyData();
            boolean mayPass = !shutDown && (early != null && early.isPassing() || startsFalsely());
            return phase == Phase.HANDSHAKE && mayPass
                    ? SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK
                    : SecurityStatus.SEC_I_CONTINUE_NEEDED;
        } finally {
            writeLock.unlock();
        }
    }

    /** The alert that a failed context owes the peer; then nothing more. */
    private SecurityStatus lastWords(TokenOutput output) throws SspiException {
        writeLock.lock();
        try {
            if (outbound.isEmpty()) {
                throw expired();
            }
            output.take(outbound);
            if (!outbound.isEmpty()) {
                return SecurityStatus.SEC_I_MESSAGE_FRAGMENT;
            }
            phase = Phase.CLOSED;
        } finally {
            writeLock.unlock();
        }
        wipe();
        return SecurityStatus.SEC_I_CONTEXT_EXPIRED;
    }

    // The first call

    private void startInitiator(String targetName, IscReq request, ContextOptions options, SecBufferDesc input)
            throws SspiException {
        require(
                credential.use().outbound(),
                SecurityStatus.SEC_E_NO_CREDENTIALS,
                "the credential is for accepting contexts only");
        List<String> protocols = applicationProtocols(input);
        HandshakeWishes first = initiatorWishes(targetName, request, options);
        ProtocolChoices choices = first.choices(protocols);
        ContextCallbacks callbacks = first.callbacks(protocols);
        List<EchConfig> echConfigs = first.echConfigs(choices);
        mayResume = !credential.settings().has(SchCredentials.SCH_CRED_DISABLE_RECONNECTS);
        sessionKey = ClientSessions.key(targetName, options, choices, callbacks.trustScope());
        ResumableSession offered = mayResume && sessionKey != null
                ? credential
                        .clientSessions()
                        .take(sessionKey, options.resumptionAcrossNames() ? choices.serverNames() : List.of())
                : null;
        require(
                offered != null || options.sessionCreation(),
                SecurityStatus.SEC_E_NO_CREDENTIALS,
                "no session can be resumed and new ones are not allowed");
        initiator = true;
        session = new TlsSession(options.peerHost(), options.peerPort());
        HandshakeSettings settings = first.settings(choices, callbacks, session)
                .renegotiations(renegotiations(first))
                .resumption(offered)
                .echConfigs(echConfigs)
                .echGrease(options.echGrease())
                .build();
        if (settings.renegotiations() != null) {
            wishes = first;
        }
        start(options, settings.maximumEarlyData());
        try {
            driver.begin(ClientHandshake.start(settings, driver), true);
        } catch (SspiException e) {
            throw failed(e);
        }
    }

    private void startAcceptor(AscReq request, ContextOptions options, SecBufferDesc input) throws SspiException {
        require(
                credential.use().inbound(),
                SecurityStatus.SEC_E_NO_CREDENTIALS,
                "the credential is for initiating contexts only");
        require(
                options.callbacks() != null
                        || credential.settings().preSharedKeys() != null
                        || !credential.settings().identities().isEmpty(),
                SecurityStatus.SEC_E_NO_CREDENTIALS,
                "a server needs a certificate and its key, or pre-shared keys");
        List<String> protocols = applicationProtocols(input);
        HandshakeWishes first = acceptorWishes(request, options);
        ProtocolChoices choices = first.choices(protocols);
        ContextCallbacks callbacks = first.callbacks(protocols);
        session = new TlsSession(options.peerHost(), options.peerPort());
        HandshakeSettings settings = first.settings(choices, callbacks, session)
                .renegotiations(renegotiations(first))
                .echKeys(credential.settings().echKeys())
                .tickets(
                        credential.settings().has(SchCredentials.SCH_CRED_DISABLE_RECONNECTS)
                                ? null
                                : credential.serverSessions())
                .build();
        if (settings.renegotiations() != null) {
            wishes = first;
        }
        start(options, settings.maximumEarlyData());
        try {
            driver.begin(ServerHandshake.start(settings), false);
        } catch (SspiException e) {
            throw failed(e);
        }
    }

    private HandshakeWishes initiatorWishes(String targetName, IscReq request, ContextOptions options) {
        return HandshakeWishes.initiating(credential, targetName, request.has(IscReq.MANUAL_CRED_VALIDATION), options);
    }

    private HandshakeWishes acceptorWishes(AscReq request, ContextOptions options) {
        return HandshakeWishes.accepting(credential, request.has(AscReq.MUTUAL_AUTH), options);
    }

    /** Takes over what the caller says of the next handshake, before that begins. */
    private void wish(HandshakeWishes next) {
        HandshakeWishes before = wishes;
        if (before != null && phase == Phase.ESTABLISHED && !driver.isRenegotiating()) {
            wishes = next.forPeerOf(before);
        }
    }

    /** {@return where another handshake on the connection would have its settings from, or null where there can be none} */
    private Renegotiations renegotiations(HandshakeWishes of) {
        return of.renegotiation().isPossible() ? this::renegotiationSettings : null;
    }

    private HandshakeSettings renegotiationSettings() throws SspiException {
        HandshakeWishes next = wishes;
        ProtocolChoices choices = next.choices(List.of());
        ContextCallbacks callbacks = next.callbacks(List.of());
        TlsSession fresh =
                new TlsSession(next.options().peerHost(), next.options().peerPort());
        return next.settings(choices, callbacks, fresh)
                .renegotiations(renegotiations(next))
                .build();
    }

    private void start(ContextOptions options, int maximumEarlyData) {
        outbound.tell(options.messageObserver());
        inbox.tell(options.messageObserver());
        inbox.boundCertificates(TlsProperties.maximumCertificateMessage(options));
        driver = new HandshakeDriver(
                reader, readLock, outbound, writeLock, inbox, options.async(), this::keepTicket, maximumEarlyData);
        if (options.maximumPacketSize() > 0) {
            int content = Math.max(MINIMUM_RECORD_LIMIT - 1, options.maximumPacketSize() - LARGEST_EXPANSION);
            outbound.limitContent(Math.min(content, RecordFormat.MAX_PLAINTEXT));
        }
        phase = Phase.HANDSHAKE;
    }

    private void keepTicket(ResumableSession ticket) {
        boolean kept = sessionKey != null
                && mayResume
                && session.isValid()
                && !credential.isClosed()
                && ticket.ticket().length <= MAXIMUM_TICKET;
        if (kept) {
            credential.clientSessions().put(sessionKey, ticket);
        } else {
            ticket.destroy();
        }
    }

    private static List<String> applicationProtocols(SecBufferDesc input) throws SspiException {
        SecBuffer offer = input == null ? null : input.find(SecBufferType.APPLICATION_PROTOCOLS);
        return offer == null ? List.of() : ApplicationProtocols.read(offer);
    }

    /** {@return the EMPTY buffer that may become EXTRA or MISSING, or null} */
    private static SecBuffer spareBuffer(SecBufferDesc input) throws SspiException {
        SecBuffer spare = input.find(SecBufferType.EMPTY);
        if (spare != null && spare.length() != 0) {
            throw misuse(SecurityStatus.SEC_E_INVALID_TOKEN, "an EMPTY buffer has a length");
        }
        return spare;
    }

    // Messages

    @Override
    public SecurityStatus encryptMessage(int qop, SecBufferDesc message, int messageSeqNo) throws SspiException {
        writeLock.lock();
        try {
            return switch (qop) {
                case 0 -> encryptData(message);
                case QOP_EARLY_DATA -> encryptEarlyData(message);
                case QOP_FALSE_START -> encryptFalseStart(message);
                default ->
                    throw misuse(SecurityStatus.SEC_E_QOP_NOT_SUPPORTED, "Schannel has no such quality of protection");
            };
        } catch (SspiException e) {
            throw e.alert().isPresent() ? failed(e) : e;
        } finally {
            writeLock.unlock();
        }
    }

    private SecurityStatus encryptData(SecBufferDesc message) throws SspiException {
        if (!admitsData()) {
            return SecurityStatus.SEC_I_RENEGOTIATE;
        }
        writer.seal(message);
        return SecurityStatus.SEC_E_OK;
    }

    /** With the write lock. {@return whether data may leave; if not, a token has to leave first} */
    private boolean admitsData() throws SspiException {
        requireEstablished();
        if (shutDown) {
            throw expired();
        }
        return outbound.admitsData()
                && !(writer.limitReached() && driver.connected().canUpdateKeys());
    }

    @Override
    public SecurityStatus encryptMessage(ByteBuffer source, ByteBuffer target) throws SspiException {
        writeLock.lock();
        try {
            return admitsData()
                    ? writer.seal(source, target, Math.min(source.remaining(), outbound.maximumMessage()))
                    : SecurityStatus.SEC_I_RENEGOTIATE;
        } catch (SspiException e) {
            throw e.alert().isPresent() ? failed(e) : e;
        } finally {
            writeLock.unlock();
        }
    }

    /** What a client sends before the server has answered, and a server before the client has. */
    private SecurityStatus encryptEarlyData(SecBufferDesc message) throws SspiException {
        if (phase == Phase.FAILED || phase == Phase.CLOSED || shutDown) {
            throw expired();
        }
        EarlyData early = phase == Phase.HANDSHAKE ? driver.earlyData() : null;
        boolean possible = early != null && (initiator ? early.isPassing() : early.isAccepted());
        require(possible, SecurityStatus.SEC_E_QOP_NOT_SUPPORTED, "no early data can be sent, or not any more");
        if (!outbound.isEmpty()) {
            return SecurityStatus.SEC_I_RENEGOTIATE;
        }
        early.seal(message, writer, initiator);
        return SecurityStatus.SEC_E_OK;
    }

    /** RFC 7918 4: what a client sends behind its Finished, and perhaps before the server's. */
    private SecurityStatus encryptFalseStart(SecBufferDesc message) throws SspiException {
        if (phase != Phase.HANDSHAKE) {
            require(
                    initiator || phase == Phase.FAILED || phase == Phase.CLOSED,
                    SecurityStatus.SEC_E_QOP_NOT_SUPPORTED,
                    "this context has no False Start");
            return encryptData(message);
        }
        if (shutDown || inbound.peerHasClosed()) {
            // This handshake has no end, and nobody will ever know who has read what is sent now.
            throw expired();
        }
        require(
                driver.falseStart() != null,
                SecurityStatus.SEC_E_QOP_NOT_SUPPORTED,
                "this handshake has no False Start, or has not come so far");
        if (!outbound.isEmpty()) {
            return SecurityStatus.SEC_I_RENEGOTIATE;
        }
        writer.seal(message);
        return SecurityStatus.SEC_E_OK;
    }

    /** {@return whether this client may send, or has, and waits for the server's Finished} */
    private boolean startsFalsely() {
        return phase == Phase.HANDSHAKE && driver.falseStart() != null;
    }

    /** {@return whether what arrives is early data, which this server takes, and not ended yet} */
    private boolean receivesEarlyData() {
        HandshakeDriver running = driver;
        EarlyData early = initiator || phase != Phase.HANDSHAKE || running == null ? null : running.earlyData();
        return early != null && early.isPassing();
    }

    @Override
    public SecurityStatus decryptMessage(SecBufferDesc message, int messageSeqNo) throws SspiException {
        readLock.lock();
        try {
            if (phase != Phase.ESTABLISHED && receivesEarlyData()) {
                return inbound.open(message, null, driver.earlyData());
            }
            requireEstablished();
            require(
                    !driver.isBusy(),
                    SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                    "the work of the last call has to be done before new input");
            return inbound.open(message, driver, null);
        } catch (SspiException e) {
            throw e.alert().isPresent() ? failed(e) : e;
        } finally {
            endReading();
        }
    }

    @Override
    public SecurityStatus decryptMessage(ByteBuffer source, ByteBuffer target) throws SspiException {
        readLock.lock();
        try {
            if (phase != Phase.ESTABLISHED || driver.isBusy()) {
                return SecurityStatus.SEC_I_RENEGOTIATE;
            }
            return inbound.open(source, target, driver);
        } catch (SspiException e) {
            throw e.alert().isPresent() ? failed(e) : e;
        } finally {
            endReading();
        }
    }

    /** Stream callers know the two message functions under these names; the lists are the same. */
    @Override
    public SecurityStatus makeSignature(int qop, SecBufferDesc message, int messageSeqNo) throws SspiException {
        return encryptMessage(qop, message, messageSeqNo);
    }

    @Override
    public SecurityStatus verifySignature(SecBufferDesc message, int messageSeqNo) throws SspiException {
        return decryptMessage(message, messageSeqNo);
    }

    /** Lowers the number of records that one key protects, so that a test sees it end. */
    void limitRecordsPerKey(long records) {
        writeLock.lock();
        try {
            writer.setRecordLimit(records);
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public Preview preview(ByteBuffer network) {
        return reader.preview(network);
    }

    @Override
    public int pendingTokenSize() {
        return outbound.nextRecordSize();
    }

    // Control tokens

    @Override
    public SecurityStatus applyControlToken(SecBufferDesc input) throws SspiException {
        require(phase != Phase.NEW, SecurityStatus.SEC_E_INVALID_HANDLE, "there is no context to control");
        ControlToken.apply(input, this);
        return SecurityStatus.SEC_E_OK;
    }

    /** Has close_notify sent behind what waits, or in its place during a handshake. Takes the write lock. */
    void shutDown() throws SspiException {
        writeLock.lock();
        try {
            if (shutDown || phase == Phase.FAILED || phase == Phase.CLOSED) {
                return;
            }
            shutDown = true;
            if (phase == Phase.HANDSHAKE && !startsFalsely()) {
                outbound.clear();
            }
            outbound.closeNotify();
        } finally {
            writeLock.unlock();
        }
    }

    /** Has the alert sent, and ends the context with a fatal one. Takes the write lock, and then the read lock if nobody has it. */
    void alert(AlertLevel level, int number) throws SspiException {
        writeLock.lock();
        try {
            if (phase == Phase.FAILED || phase == Phase.CLOSED || shutDown) {
                return;
            }
            if (level == AlertLevel.FATAL) {
                endSession();
                phase = Phase.FAILED;
                outbound.clear();
            }
            outbound.alert(level, number);
        } finally {
            writeLock.unlock();
        }
        if (phase == Phase.FAILED) {
            tryWipeReads();
        }
    }

    /** After a renegotiation it is the first one that can be resumed. Needs no lock. */
    void invalidateSessions() {
        session.invalidate();
        TlsSession first = firstSession;
        if (first != null) {
            first.invalidate();
        }
    }

    // Attributes

    @Override
    public <T> T queryContextAttributes(ContextAttribute<T> attribute) throws SspiException {
        return attribute.type().cast(answer(attribute));
    }

    /**
     * What a stream asks for as soon as it is established. {@link ContextAnswers} knows whatever else there is, and when there is what: a
     * first connection does without it.
     */
    private Object answer(ContextAttribute<?> attribute) throws SspiException {
        if (phase == Phase.ESTABLISHED) {
            if (attribute == ContextAttribute.STREAM_SIZES) {
                return streamSizes(RecordFormat.MAX_PLAINTEXT);
            } else if (attribute == ContextAttribute.APPLICATION_PROTOCOL) {
                return applicationProtocol(driver.connected().applicationProtocol());
            } else if (attribute == ContextAttribute.SESSION) {
                return session;
            }
        }
        return ContextAnswers.of(attribute, this);
    }

    /** @param maximumMessage that there may be, whatever the record layer would take */
    StreamSizes streamSizes(int maximumMessage) {
        return SIZES.share(new StreamSizes(
                writer.headerLength(),
                writer.trailerLength(),
                Math.min(outbound.maximumMessage(), maximumMessage),
                BUFFERS,
                1));
    }

    /** @param agreed empty for none */
    static ApplicationProtocol applicationProtocol(String agreed) {
        return agreed.isEmpty()
                ? new ApplicationProtocol(ApplicationProtocol.Status.NONE, null)
                : new ApplicationProtocol(ApplicationProtocol.Status.SUCCESS, agreed);
    }

    boolean isInHandshake() {
        return phase == Phase.HANDSHAKE;
    }

    boolean isInitiator() {
        return initiator;
    }

    /** {@return who moves the handshake, or null before it begins} */
    HandshakeDriver driver() {
        return driver;
    }

    /** {@return the session of the connection or of its first handshake, or null before that begins} */
    TlsSession session() {
        return session;
    }

    /** {@return the bits of {@link IscRet} or {@link AscRet}} */
    long attributes() {
        return attributes;
    }

    /** {@return since when the connection, or what a renegotiation has made of it, is established; null until then} */
    Instant establishedAt() {
        long known = establishedAt;
        return known == 0 ? null : Instant.ofEpochMilli(known);
    }

    /** {@return what the caller wants to be exported, or null} */
    KeyingMaterialInfo keyingMaterial() {
        return keyingMaterial;
    }

    /** Asks an exporter under the write lock, so that nothing is wiped meanwhile; null as it answers. */
    byte[] export(ContextAnswers.Exporter exporter, KeyingMaterialInfo wanted) throws SspiException {
        writeLock.lock();
        try {
            if (phase == Phase.FAILED || phase == Phase.CLOSED) {
                throw expired();
            }
            return exporter.export(wanted.label(), wanted.context(), wanted.length());
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public <T> void setContextAttributes(ContextAttribute<T> attribute, T value) throws SspiException {
        if (attribute != ContextAttribute.KEYING_MATERIAL_INFO) {
            throw misuse(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "attribute " + attribute + " cannot be set");
        }
        keyingMaterial = (KeyingMaterialInfo) value;
    }

    private static long initiatorAttributes(IscReq request) {
        boolean manual = request.has(IscReq.MANUAL_CRED_VALIDATION);
        return INITIATOR_ATTRIBUTES.bits()
                | granted(request.has(IscReq.INTEGRITY), IscRet.INTEGRITY)
                | granted(request.has(IscReq.USE_SUPPLIED_CREDS), IscRet.USED_SUPPLIED_CREDS)
                | granted(request.has(IscReq.ALLOCATE_MEMORY), IscRet.ALLOCATED_MEMORY)
                | granted(request.has(IscReq.EXTENDED_ERROR), IscRet.EXTENDED_ERROR)
                | granted(request.has(IscReq.FRAGMENT_TO_FIT), IscRet.FRAGMENT_ONLY)
                | granted(manual, IscRet.MANUAL_CRED_VALIDATION)
                | granted(request.has(IscReq.MUTUAL_AUTH) && !manual, IscRet.MUTUAL_AUTH);
    }

    private long acceptorAttributes(AscReq request) {
        boolean mutual = session.authenticatesByCertificate() || session.preSharedKeyName() != null;
        return ACCEPTOR_ATTRIBUTES.bits()
                | granted(request.has(AscReq.INTEGRITY), AscRet.INTEGRITY)
                | granted(request.has(AscReq.ALLOCATE_MEMORY), AscRet.ALLOCATED_MEMORY)
                | granted(request.has(AscReq.EXTENDED_ERROR), AscRet.EXTENDED_ERROR)
                | granted(request.has(AscReq.FRAGMENT_TO_FIT), AscRet.FRAGMENT_ONLY)
                | granted(mutual, AscRet.MUTUAL_AUTH);
    }

    private static long granted(boolean asked, ContextFlags<?> attribute) {
        return asked ? attribute.bits() : 0;
    }

    // Failure and the end

    /** Ends the context: the read keys go now, the alert waits under the write keys that the peer knows. */
    private SspiException failed(SspiException e) {
        writeLock.lock();
        try {
            if (phase == Phase.FAILED || phase == Phase.CLOSED) {
                return e;
            }
            endSession();
            phase = Phase.FAILED;
            if (!driver.sendsLastFlight()) {
                outbound.clear();
            }
            if (!inbound.peerHasFailed()) {
                outbound.alert(AlertLevel.FATAL, alertNumber(e));
            }
        } catch (SspiException unsendable) {
            outbound.clear();
            e.addSuppressed(unsendable);
        } finally {
            writeLock.unlock();
        }
        tryWipeReads();
        return e;
    }

    /**
     * RFC 5246 7.2.2: a connection that a fatal alert ends is not resumed; RFC 8446 6.2 wants the same. Before the handshake is
     * complete nobody has proven to be of the session, and nobody can end it.
     */
    private void endSession() {
        if (phase == Phase.ESTABLISHED) {
            invalidateSessions();
        }
    }

    /** Everything but what the alert needs. A reader that is at work does it itself, as soon as it has ended. */
    private void tryWipeReads() {
        if (readLock.tryLock()) {
            try {
                wipeReads();
            } finally {
                readLock.unlock();
            }
        }
    }

    /** With the read lock. */
    private void wipeReads() {
        writeLock.lock();
        try {
            reader.destroy();
            inbox.clear();
            driver.destroy();
        } finally {
            writeLock.unlock();
        }
    }

    private void wipe() {
        readLock.lock();
        writeLock.lock();
        try {
            outbound.clear();
            writer.destroy();
            reader.destroy();
            inbox.clear();
            HandshakeDriver running = driver;
            if (running != null) {
                running.destroy();
            }
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
    }

    private static int alertNumber(SspiException e) {
        AlertDescription fallback = e.status() == SecurityStatus.SEC_E_INVALID_TOKEN
                ? AlertDescription.DECODE_ERROR
                : AlertDescription.INTERNAL_ERROR;
        return e.alert().orElse(fallback.code());
    }

    /** Ends the context; an establishing call that is at work on another thread wipes it when it ends. */
    @Override
    public void close() {
        writeLock.lock();
        try {
            phase = Phase.CLOSED;
        } finally {
            writeLock.unlock();
        }
        if (ESTABLISHING.compareAndSet(this, false, true)) {
            leave();
        }
    }

    private void enter() throws SspiException {
        if (!ESTABLISHING.compareAndSet(this, false, true)) {
            throw misuse(
                    SecurityStatus.SEC_E_OUT_OF_SEQUENCE, "two establishing calls on one context at the same time");
        }
    }

    private void leave() {
        if (phase == Phase.CLOSED) {
            wipe();
        }
        establishing = false;
        if (phase == Phase.CLOSED && ESTABLISHING.compareAndSet(this, false, true)) {
            // Closed between the two lines above.
            wipe();
            establishing = false;
        }
    }

    private void requireEstablished() throws SspiException {
        if (phase == Phase.FAILED || phase == Phase.CLOSED) {
            throw expired();
        }
        require(phase == Phase.ESTABLISHED, SecurityStatus.SEC_E_INVALID_HANDLE, "the context is not complete");
    }

    static void require(boolean condition, SecurityStatus status, String message) throws SspiException {
        if (!condition) {
            throw misuse(status, message);
        }
    }

    private static SspiException expired() {
        return misuse(SecurityStatus.SEC_E_CONTEXT_EXPIRED, "the context has ended");
    }

    static SspiException misuse(SecurityStatus status, String message) {
        return new SspiException(status, message);
    }
}
