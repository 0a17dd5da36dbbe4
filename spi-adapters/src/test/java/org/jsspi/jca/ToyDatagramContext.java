package org.jsspi.jca;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextKey;
import org.jsspi.ContextOptions;
import org.jsspi.DatagramMac;
import org.jsspi.DatagramProtection;
import org.jsspi.IscReq;
import org.jsspi.ReplayWindow;
import org.jsspi.SealedBlob;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SequenceGuard;
import org.jsspi.SspiException;

/**
 * A datagram context. Both sides derive their keys from a shared secret, so what is exchanged is for show:
 *
 * <pre>
 * client: nothing; server: nothing -> "?"; client: "?" -> "!"; server: "!" -> done, and again from the start at any time
 * message token: | number 4 | HMAC-SHA-256(key, number | message)[0..12] |
 * </pre>
 *
 * Without the DATAGRAM flag it is connection-oriented, which here means no more than that Mac and Signature refuse it.
 */
final class ToyDatagramContext extends SecurityContext {
    static final int TOKEN = 16;

    private final byte[] secret;
    private SequenceGuard guard = new SequenceGuard();
    private ReplayWindow window;
    private boolean client;
    private boolean datagram;
    private boolean established;
    private volatile boolean closed;

    ToyDatagramContext(byte[] secret) {
        this.secret = secret.clone();
    }

    @Override
    public SecurityStatus initializeSecurityContext(
            String targetName, IscReq contextReq, ContextOptions options, SecBufferDesc input, SecBufferDesc output)
            throws SspiException {
        client = true;
        datagram = contextReq.has(IscReq.DATAGRAM);
        detectReplays(contextReq.has(IscReq.REPLAY_DETECT) || contextReq.has(IscReq.SEQUENCE_DETECT));
        SecBuffer token = output.find(SecBufferType.TOKEN);
        if (input == null) {
            token.setLength(0);
            return SecurityStatus.SEC_I_CONTINUE_NEEDED;
        }
        answer(input, '?', token, '!');
        established = true;
        return SecurityStatus.SEC_E_OK;
    }

    @Override
    public SecurityStatus acceptSecurityContext(
            AscReq contextReq, ContextOptions options, SecBufferDesc input, SecBufferDesc output) throws SspiException {
        datagram = contextReq.has(AscReq.DATAGRAM);
        detectReplays(contextReq.has(AscReq.REPLAY_DETECT) || contextReq.has(AscReq.SEQUENCE_DETECT));
        SecBuffer token = output.find(SecBufferType.TOKEN);
        if (input == null) {
            token.target().put(token.targetOffset(), (byte) '?');
            token.setLength(1);
            return SecurityStatus.SEC_I_CONTINUE_NEEDED;
        }
        answer(input, '!', token, 0);
        established = true;
        return SecurityStatus.SEC_E_OK;
    }

    private void detectReplays(boolean wanted) {
        if (wanted && window == null) {
            window = new ReplayWindow();
        }
    }

    private static void answer(SecBufferDesc input, char expected, SecBuffer token, int answer) throws SspiException {
        byte[] bytes = input.find(SecBufferType.TOKEN).toByteArray();
        if (bytes.length != 1 || bytes[0] != expected) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "not the toy's token");
        }
        token.target().put(token.targetOffset(), (byte) answer);
        token.setLength(answer == 0 ? 0 : 1);
    }

    @Override
    public <T> T queryContextAttributes(ContextAttribute<T> attribute) throws SspiException {
        if (closed || !(established || client && datagram && attribute == ContextAttribute.SIGNING_KEY)) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_HANDLE, "closed or incomplete");
        }
        if (attribute == ContextAttribute.SIGNING_KEY) {
            return attribute.type().cast(new ContextKey.Signing(ToyDatagramPackage.NAME, new Direction(client, true)));
        }
        if (attribute == ContextAttribute.VERIFYING_KEY) {
            return attribute
                    .type()
                    .cast(new ContextKey.Verifying(ToyDatagramPackage.NAME, new Direction(!client, false)));
        }
        return super.queryContextAttributes(attribute);
    }

    @Override
    public <T> void setContextAttributes(ContextAttribute<T> attribute, T value) throws SspiException {
        if (attribute != ContextAttribute.RESET_KEYS) {
            super.setContextAttributes(attribute, value);
        } else if (window != null) {
            window.reset();
        }
    }

    @Override
    public SecurityStatus makeSignature(int qop, SecBufferDesc message, int messageSeqNo) throws SspiException {
        DatagramMac mac = new ToyMac(new Direction(client, true));
        mac.begin(messageSeqNo, false);
        update(mac, message);
        byte[] token = new byte[TOKEN];
        mac.sign(token, 0);
        SecBuffer buffer = message.find(SecBufferType.TOKEN);
        buffer.target().put(buffer.targetOffset(), token);
        buffer.setLength(TOKEN);
        return SecurityStatus.SEC_E_OK;
    }

    @Override
    public SecurityStatus verifySignature(SecBufferDesc message, int messageSeqNo) throws SspiException {
        DatagramMac mac = new ToyMac(new Direction(!client, false));
        mac.begin(messageSeqNo, false);
        update(mac, message);
        if (!mac.verify(message.find(SecBufferType.TOKEN).view())) {
            throw new SspiException(SecurityStatus.SEC_E_MESSAGE_ALTERED, "token does not fit the message");
        }
        message.setMessageSeqNo(messageSeqNo);
        return SecurityStatus.SEC_E_OK;
    }

    /** Shares numbers with makeSignature; that is all that tests look at. */
    @Override
    public SecurityStatus encryptMessage(int qop, SecBufferDesc message, int messageSeqNo) throws SspiException {
        return makeSignature(qop, message, messageSeqNo);
    }

    private static void update(DatagramMac mac, SecBufferDesc message) throws SspiException {
        for (int i = 0; i < message.count(); i++) {
            if (message.get(i).type() == SecBufferType.DATA) {
                mac.update(message.get(i).view());
            }
        }
    }

    @Override
    public int peekSequence(ByteBuffer token) throws SspiException {
        if (token.remaining() != TOKEN) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "a toy token has 16 bytes");
        }
        return token.getInt(token.position());
    }

    @Override
    public ByteBuffer exportSecurityContext(int flags, SecretKey sealingKey) throws SspiException {
        byte[] used = guard.encode();
        byte[] seen = window == null || (flags & EXPORT_RESET_NEW) != 0 ? new ReplayWindow().encode() : window.encode();
        byte[] content = ByteBuffer.allocate(3 + secret.length + used.length + seen.length)
                .put((byte) (client ? 1 : 0))
                .put((byte) (window == null ? 0 : 1))
                .put((byte) secret.length)
                .put(secret)
                .put(used)
                .put(seen)
                .array();
        ByteBuffer blob = SealedBlob.seal(sealingKey, SealedBlob.SECURITY_CONTEXT, ToyDatagramPackage.NAME, content);
        if ((flags & EXPORT_DELETE_OLD) != 0) {
            close();
        }
        return blob;
    }

    static ToyDatagramContext restore(byte[] content) throws SspiException {
        ByteBuffer in = ByteBuffer.wrap(content);
        boolean client = in.get() == 1;
        boolean detecting = in.get() == 1;
        byte[] secret = new byte[in.get()];
        in.get(secret);
        ToyDatagramContext context = new ToyDatagramContext(secret);
        context.client = client;
        context.datagram = true;
        context.established = true;
        context.guard = SequenceGuard.decode(in);
        ReplayWindow seen = ReplayWindow.decode(in);
        context.window = detecting ? seen : null;
        return context;
    }

    /** {@return the key bytes themselves, for tests that look whether they are wiped} */
    byte[] secret() {
        return secret;
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(secret, (byte) 0);
    }

    private final class Direction implements DatagramProtection {
        private final boolean fromClient;
        private final boolean signing;

        Direction(boolean fromClient, boolean signing) {
            this.fromClient = fromClient;
            this.signing = signing;
        }

        @Override
        public boolean isDatagram() {
            return datagram;
        }

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public DatagramMac newMac() {
            return new ToyMac(this);
        }

        @Override
        public int peekSequence(ByteBuffer token) throws SspiException {
            return ToyDatagramContext.this.peekSequence(token);
        }
    }

    private final class ToyMac extends DatagramMac {
        private final Direction direction;
        private final Mac mac;
        private int number;

        ToyMac(Direction direction) {
            super(direction, TOKEN);
            this.direction = direction;
            try {
                mac = Mac.getInstance("HmacSHA256");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected void engineBegin(int messageSeqNo) {
            try {
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
            mac.update((byte) (direction.fromClient ? 1 : 2));
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, messageSeqNo));
            number = messageSeqNo;
        }

        @Override
        protected void engineUpdate(ByteBuffer data) {
            mac.update(data);
        }

        @Override
        protected void engineUpdate(byte[] data, int offset, int count) {
            mac.update(data, offset, count);
        }

        @Override
        protected void engineSign(byte[] token, int offset) {
            ByteBuffer.wrap(token).putInt(offset, number).put(offset + Integer.BYTES, mac.doFinal(), 0, TOKEN - 4);
        }

        @Override
        protected boolean engineVerify(ByteBuffer token) {
            byte[] received = new byte[TOKEN];
            token.get(token.position(), received);
            byte[] expected = new byte[TOKEN];
            engineSign(expected, 0);
            return MessageDigest.isEqual(expected, received);
        }

        @Override
        protected SequenceGuard engineGuard() {
            return direction.signing ? guard : null;
        }

        @Override
        protected ReplayWindow engineWindow() {
            return direction.signing ? null : window;
        }
    }

    /** {@return two contexts that have not met} */
    static ToyDatagramContext[] strangers() {
        byte[] shared = "the secret that both sides share".getBytes(StandardCharsets.UTF_8);
        return new ToyDatagramContext[] {new ToyDatagramContext(shared), new ToyDatagramContext(shared)};
    }
}
