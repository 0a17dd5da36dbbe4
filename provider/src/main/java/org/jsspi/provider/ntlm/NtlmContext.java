package org.jsspi.provider.ntlm;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.SecretKey;
import org.jsspi.AscReq;
import org.jsspi.AscRet;
import org.jsspi.AuthIdentity;
import org.jsspi.ChannelBindings;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredentialUse;
import org.jsspi.IscReq;
import org.jsspi.IscRet;
import org.jsspi.ReplayWindow;
import org.jsspi.SealedBlob;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SequenceGuard;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * One side of an NTLM session, connection-oriented or datagram.
 *
 * <p>A token that fails ends a connection's exchange; a datagram context stays as it was, because anybody can send it a
 * datagram. Everything that a token changes is changed at once, after it was judged and its answer was written.
 */
final class NtlmContext extends SecurityContext {
    private static final byte[] NOTHING = {};
    /** The longest service name that a client may give, so that no token is too long. */
    private static final int LONGEST_TARGET = 512;

    /** What the context waits for. */
    private sealed interface State {}

    /** Nothing was called. */
    private record Start() implements State {}

    /** A client that has sent a NEGOTIATE_MESSAGE, or has begun a datagram session: it takes challenges, one or many. */
    private record AwaitChallenge(NegotiateFlags offered, byte[] negotiate) implements State {}

    /** A server that has sent a challenge. */
    private record AwaitAuthenticate(byte[] negotiate, byte[] challenge) implements State {}

    /** A datagram server between two establishments. */
    private record DatagramServer() implements State {}

    /** A connection that is complete, or a context that is imported. */
    private record Complete() implements State {}

    /** A connection whose exchange has failed. */
    private record Failed() implements State {}

    private final CredentialUse use;
    private final AuthIdentity identity;
    private final ClientExchange clientExchange;
    private final ServerExchange serverExchange;
    private final ReentrantLock lock = new ReentrantLock();
    private State state = new Start();
    private boolean client;
    private boolean datagram;
    private boolean detectReplays;
    /** The exported session key of a datagram client, chosen before its first message. */
    private Secret datagramKey;

    private ChannelBindings bindings;
    private volatile Direction outbound;
    private volatile Direction inbound;
    private volatile Session session;
    private volatile IscRet initiatorAttributes = IscRet.NONE;
    private volatile AscRet acceptorAttributes = AscRet.NONE;
    private volatile boolean closed;

    /** @param identity owned from now on; null for an inbound credential */
    NtlmContext(CredentialUse use, AuthIdentity identity, ClientExchange client, ServerExchange server) {
        this.use = use;
        this.identity = identity;
        this.clientExchange = client;
        this.serverExchange = server;
    }

    // The client

    @Override
    public SecurityStatus initializeSecurityContext(
            String targetName, IscReq contextReq, ContextOptions options, SecBufferDesc input, SecBufferDesc output)
            throws SspiException {
        lock.lock();
        try {
            requireOpen();
            if (!use.outbound()) {
                throw new SspiException(
                        SecurityStatus.SEC_E_NO_CREDENTIALS, "an inbound credential cannot initialize contexts");
            }
            if (targetName != null && !ServerNames.isShort(targetName, LONGEST_TARGET)) {
                throw new SspiException(SecurityStatus.SEC_E_TARGET_UNKNOWN, "a target name that is too long");
            }
            byte[] token = Tokens.input(input);
            ChannelBindings given = Tokens.bindings(input);
            bindings = given == null ? bindings : given;
            boolean allocate = contextReq.has(IscReq.ALLOCATE_MEMORY);
            SecurityStatus status;
            if (state instanceof Start) {
                status = begin(contextReq, token, output, allocate);
            } else if (client && state instanceof AwaitChallenge await) {
                status = answer(await, targetName, contextReq, token, output, allocate);
            } else {
                throw outOfSequence();
            }
            initiatorAttributes = ContextAttributes.initiator(contextReq, session, datagram, detectReplays);
            return status;
        } finally {
            lock.unlock();
        }
    }

    private SecurityStatus begin(IscReq request, byte[] token, SecBufferDesc output, boolean allocate)
            throws SspiException {
        if (token.length != 0) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "a client begins without a token");
        }
        boolean asDatagram = request.has(IscReq.DATAGRAM);
        NegotiateFlags offered = clientExchange.offer(request);
        byte[] negotiate = asDatagram ? NOTHING : clientExchange.negotiate(offered);
        Tokens.output(output, negotiate, allocate);
        client = true;
        datagram = asDatagram;
        detectReplays = detects(request.has(IscReq.REPLAY_DETECT), request.has(IscReq.SEQUENCE_DETECT));
        state = new AwaitChallenge(offered, negotiate);
        if (asDatagram) {
            outbound = new Direction(true);
            inbound = new Direction(true);
            if (isAnonymous(request)) {
                outbound.useNothing();
            } else {
                // From here on the context signs: with what it is going to insist on.
                datagramKey = Secret.owning(clientExchange.newExportedKey());
                outbound.use(
                        new DirectionKeys(
                                offered,
                                NtlmVersion.W2K3,
                                datagramKey.bytes(),
                                SessionKeys.Direction.CLIENT_TO_SERVER,
                                new SequenceGuard()),
                        null);
            }
        }
        return SecurityStatus.SEC_I_CONTINUE_NEEDED;
    }

    private SecurityStatus answer(
            AwaitChallenge await,
            String targetName,
            IscReq request,
            byte[] token,
            SecBufferDesc output,
            boolean allocate)
            throws SspiException {
        if (token.length == 0) {
            if (!datagram) {
                throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "the CHALLENGE_MESSAGE is missing");
            }
            // The session may be established again at any time: what was sent and comes back is a new challenge.
            Tokens.output(output, NOTHING, allocate);
            return SecurityStatus.SEC_I_CONTINUE_NEEDED;
        }
        ClientExchange.Answer answer;
        try {
            answer = clientExchange.answer(
                    identity,
                    await.offered,
                    await.negotiate,
                    token,
                    datagramKey == null ? null : datagramKey.bytes(),
                    new ClientExchange.Wishes(
                            targetName, request.has(IscReq.UNVERIFIED_TARGET_NAME), bindings, isAnonymous(request)));
            if (datagramKey != null) {
                requireUnusedOrSame(outbound.keys(), answer.flags());
            }
        } catch (SspiException e) {
            fail();
            throw e;
        }
        Secret key = answer.exportedSessionKey() == null ? null : Secret.owning(answer.exportedSessionKey());
        try {
            Tokens.output(output, answer.token(), allocate);
        } catch (SspiException e) {
            wipe(key);
            throw e;
        }
        boolean nobody = key == null;
        establish(new Session(
                true,
                answer.flags(),
                answer.revision(),
                key,
                nobody ? "" : identity.user(),
                nobody ? "" : identity.domain(),
                nobody,
                targetName,
                answer.targetName(),
                answer.targetInfo() == null ? NOTHING : answer.targetInfo().encode(),
                Instant.now()));
        if (!datagram) {
            state = new Complete();
            identity.close();
        }
        return SecurityStatus.SEC_E_OK;
    }

    /** What was signed before the server was heard of was signed with keys that the server must agree to. */
    private static void requireUnusedOrSame(DirectionKeys used, NegotiateFlags agreed) throws SspiException {
        boolean unused = used.guard().encode().length == Integer.BYTES;
        if (!unused && !Session.sameKeys(used.flags(), agreed)) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                    SspiException.Kind.HANDSHAKE,
                    "a server that cannot verify what was signed before it was asked",
                    null);
        }
    }

    private boolean isAnonymous(IscReq request) {
        return request.has(IscReq.NULL_SESSION) || identity.isAnonymous();
    }

    // The server

    @Override
    public SecurityStatus acceptSecurityContext(
            AscReq contextReq, ContextOptions options, SecBufferDesc input, SecBufferDesc output) throws SspiException {
        lock.lock();
        try {
            requireOpen();
            if (!use.inbound()) {
                throw new SspiException(
                        SecurityStatus.SEC_E_NO_CREDENTIALS, "an outbound credential cannot accept contexts");
            }
            byte[] token = Tokens.input(input);
            ChannelBindings given = Tokens.bindings(input);
            bindings = given == null ? bindings : given;
            boolean allocate = contextReq.has(AscReq.ALLOCATE_MEMORY);
            SecurityStatus status;
            if (state instanceof Start) {
                status = challenge(contextReq, token, output, allocate);
            } else if (client) {
                throw outOfSequence();
            } else if (state instanceof AwaitAuthenticate await) {
                status = judge(await, contextReq, token, output, allocate);
            } else if (state instanceof DatagramServer && token.length == 0) {
                status = datagramChallenge(contextReq, output, allocate);
            } else {
                throw outOfSequence();
            }
            acceptorAttributes = ContextAttributes.acceptor(contextReq, session, datagram, detectReplays);
            return status;
        } finally {
            lock.unlock();
        }
    }

    private SecurityStatus challenge(AscReq request, byte[] token, SecBufferDesc output, boolean allocate)
            throws SspiException {
        if (request.has(AscReq.DATAGRAM)) {
            if (token.length != 0) {
                throw new SspiException(
                        SecurityStatus.SEC_E_INVALID_TOKEN, "a token before the challenge of a datagram context");
            }
            SecurityStatus status = datagramChallenge(request, output, allocate);
            datagram = true;
            detectReplays = detects(request.has(AscReq.REPLAY_DETECT), request.has(AscReq.SEQUENCE_DETECT));
            outbound = new Direction(true);
            inbound = new Direction(true);
            return status;
        }
        if (token.length == 0) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "the NEGOTIATE_MESSAGE is missing");
        }
        byte[] answer;
        try {
            answer = serverExchange
                    .challenge(NegotiateMessage.decode(token), request)
                    .encode();
        } catch (SspiException e) {
            fail();
            throw e;
        }
        Tokens.output(output, answer, allocate);
        detectReplays = detects(request.has(AscReq.REPLAY_DETECT), request.has(AscReq.SEQUENCE_DETECT));
        state = new AwaitAuthenticate(token, answer);
        return SecurityStatus.SEC_I_CONTINUE_NEEDED;
    }

    private SecurityStatus datagramChallenge(AscReq request, SecBufferDesc output, boolean allocate)
            throws SspiException {
        byte[] answer = serverExchange.datagramChallenge(request).encode();
        Tokens.output(output, answer, allocate);
        state = new AwaitAuthenticate(NOTHING, answer);
        return SecurityStatus.SEC_I_CONTINUE_NEEDED;
    }

    private SecurityStatus judge(
            AwaitAuthenticate await, AscReq request, byte[] token, SecBufferDesc output, boolean allocate)
            throws SspiException {
        if (token.length == 0) {
            if (!datagram) {
                throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "the AUTHENTICATE_MESSAGE is missing");
            }
            // The challenge may be lost: it is sent again, so that an answer under way stays good.
            Tokens.output(output, await.challenge, allocate);
            return SecurityStatus.SEC_I_CONTINUE_NEEDED;
        }
        ServerExchange.Accepted accepted;
        try {
            accepted = serverExchange.accept(await.negotiate, await.challenge, token, bindings, request);
        } catch (SspiException e) {
            fail();
            throw e;
        }
        Tokens.output(output, NOTHING, allocate);
        ChallengeMessage challenge = ChallengeMessage.decode(await.challenge);
        establish(new Session(
                false,
                accepted.flags(),
                accepted.revision(),
                accepted.exportedSessionKey() == null ? null : Secret.owning(accepted.exportedSessionKey()),
                accepted.user(),
                accepted.domain(),
                accepted.anonymous(),
                accepted.targetName(),
                challenge.targetInfo().text(TargetInfo.NB_COMPUTER_NAME),
                challenge.targetInfo().encode(),
                Instant.now()));
        state = datagram ? new DatagramServer() : new Complete();
        return SecurityStatus.SEC_E_OK;
    }

    // Both

    /** Moves to a new session: nothing here can fail. */
    private void establish(Session fresh) {
        Session before = session;
        if (!datagram) {
            boolean shared = fresh.isProtected() && !fresh.flags().has(NegotiateFlags.EXTENDED_SESSIONSECURITY);
            outbound = new Direction(false);
            // MS-NLMP 3.4.4.1: without extended session security both directions share one stream.
            inbound = shared ? outbound : new Direction(false);
        }
        if (!fresh.isProtected()) {
            outbound.useNothing();
            inbound.useNothing();
        } else {
            // The guard belongs to the key: where the keys stay, the numbers that are used up stay used up.
            DirectionKeys old = outbound.keys();
            boolean same =
                    client ? old != null && Session.sameKeys(old.flags(), fresh.flags()) : fresh.sameKeys(before);
            SequenceGuard guard = !datagram ? null : same && old != null ? old.guard() : new SequenceGuard();
            protect(fresh, guard, same && before != null);
        }
        session = fresh;
        if (before != null) {
            wipe(before.exportedSessionKey());
        }
    }

    /** @param sameWindow whether what has arrived still counts as arrived */
    private void protect(Session fresh, SequenceGuard guard, boolean sameWindow) {
        byte[] key = fresh.exportedSessionKey().bytes();
        outbound.use(new DirectionKeys(fresh.flags(), fresh.revision(), key, fresh.outbound(), guard), null);
        if (inbound != outbound) {
            ReplayWindow window = !datagram || !detectReplays
                    ? null
                    : sameWindow && inbound.window() != null ? inbound.window() : new ReplayWindow();
            inbound.use(new DirectionKeys(fresh.flags(), fresh.revision(), key, fresh.inbound(), null), window);
        }
    }

    /** A token was refused. */
    private void fail() {
        if (!datagram) {
            state = new Failed();
            if (identity != null) {
                identity.close();
            }
        }
    }

    @Override
    public SecurityStatus makeSignature(int qop, SecBufferDesc message, int messageSeqNo) throws SspiException {
        direction(outbound).sign(qop, message, messageSeqNo);
        return SecurityStatus.SEC_E_OK;
    }

    @Override
    public SecurityStatus verifySignature(SecBufferDesc message, int messageSeqNo) throws SspiException {
        direction(inbound).verify(message, messageSeqNo);
        return SecurityStatus.SEC_E_OK;
    }

    @Override
    public SecurityStatus encryptMessage(int qop, SecBufferDesc message, int messageSeqNo) throws SspiException {
        direction(outbound).seal(qop, message, messageSeqNo);
        return SecurityStatus.SEC_E_OK;
    }

    @Override
    public SecurityStatus decryptMessage(SecBufferDesc message, int messageSeqNo) throws SspiException {
        direction(inbound).unseal(message, messageSeqNo);
        return SecurityStatus.SEC_E_OK;
    }

    @Override
    public int peekSequence(ByteBuffer token) throws SspiException {
        return direction(inbound).peekSequence(token);
    }

    @Override
    public IscRet initiatorAttributes() {
        return initiatorAttributes;
    }

    @Override
    public AscRet acceptorAttributes() {
        return acceptorAttributes;
    }

    @Override
    public <T> T queryContextAttributes(ContextAttribute<T> attribute) throws SspiException {
        lock.lock();
        try {
            requireOpen();
            Object answer = ContextAttributes.answer(attribute, session, datagram ? outbound : null, outbound, inbound);
            if (attribute == ContextAttribute.FLAGS) {
                answer = client ? initiatorAttributes.bits() : acceptorAttributes.bits();
            }
            return attribute.type().cast(answer);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public <T> void setContextAttributes(ContextAttribute<T> attribute, T value) throws SspiException {
        if (attribute != ContextAttribute.RESET_KEYS) {
            super.setContextAttributes(attribute, value);
            return;
        }
        boolean both = session != null && inbound != outbound;
        if (both) {
            direction(inbound).requireResettable();
        }
        direction(outbound).reset();
        if (both) {
            inbound.reset();
        }
    }

    @Override
    public ByteBuffer exportSecurityContext(int flags, SecretKey sealingKey) throws SspiException {
        if ((flags & ~(EXPORT_RESET_NEW | EXPORT_DELETE_OLD)) != 0) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_PARAMETER, "unknown export flags " + flags);
        }
        lock.lock();
        try {
            requireOpen();
            Session now = session;
            if (now == null) {
                throw new SspiException(SecurityStatus.SEC_E_INVALID_HANDLE, "the context is not complete");
            }
            boolean reset = (flags & EXPORT_RESET_NEW) != 0;
            // Neither an RC4 stream under way nor a window can be written down.
            boolean moved = datagram ? detectReplays : outbound.nextNumber() + inbound.nextNumber() != 0;
            if (!now.isProtected() || moved && !reset) {
                throw new SspiException(
                        SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                        "a context whose stream or window has moved is exported with EXPORT_RESET_NEW only");
            }
            Writer out = new Writer(512);
            now.encode(out);
            out.u8(detectReplays ? 1 : 0);
            out.vector24(datagram ? outbound.keys().guard().encode() : NOTHING);
            out.u64(initiatorAttributes.bits()).u64(acceptorAttributes.bits());
            byte[] content = out.toByteArray();
            try {
                ByteBuffer blob = SealedBlob.seal(sealingKey, SealedBlob.SECURITY_CONTEXT, NtlmPackage.NAME, content);
                if ((flags & EXPORT_DELETE_OLD) != 0) {
                    close();
                }
                return blob;
            } finally {
                Arrays.fill(content, (byte) 0);
                out.overwrite(0, new byte[content.length]);
            }
        } finally {
            lock.unlock();
        }
    }

    /** {@return the context of an exported one} It protects messages and is not established again. */
    static SecurityContext imported(ByteBuffer packed, SecretKey sealingKey) throws SspiException {
        byte[] content = SealedBlob.open(sealingKey, SealedBlob.SECURITY_CONTEXT, NtlmPackage.NAME, packed);
        try {
            Reader in = Reader.of(content);
            Session session = Session.decode(in);
            NtlmContext context = new NtlmContext(CredentialUse.BOTH, null, null, null);
            context.client = session.client();
            context.datagram = session.isDatagram();
            context.detectReplays = in.u8() != 0;
            byte[] guard = in.vector24Bytes(0, 1 << 20);
            context.initiatorAttributes = IscRet.of(in.u64());
            context.acceptorAttributes = AscRet.of(in.u64());
            in.end();
            if (context.datagram) {
                context.outbound = new Direction(true);
                context.inbound = new Direction(true);
                context.protect(session, SequenceGuard.decode(ByteBuffer.wrap(guard)), false);
                context.session = session;
            } else {
                context.establish(session);
            }
            context.state = new Complete();
            return context;
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (outbound != null) {
                outbound.close();
            }
            if (inbound != null) {
                inbound.close();
            }
            if (session != null) {
                wipe(session.exportedSessionKey());
            }
            wipe(datagramKey);
            if (identity != null) {
                identity.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean detects(boolean replays, boolean sequence) {
        return replays || sequence;
    }

    private static void wipe(Secret secret) {
        if (secret != null) {
            secret.destroy();
        }
    }

    private Direction direction(Direction direction) throws SspiException {
        requireOpen();
        if (direction == null) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_HANDLE, "the context is not complete");
        }
        return direction;
    }

    private void requireOpen() throws SspiException {
        if (closed) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_HANDLE, "the context is closed");
        }
    }

    private static SspiException outOfSequence() {
        return new SspiException(
                SecurityStatus.SEC_E_OUT_OF_SEQUENCE, "the exchange has come to its end, or belongs to the other side");
    }

    @Override
    public String toString() {
        return "NtlmContext[" + (session == null ? "incomplete" : session.name()) + "]";
    }
}
