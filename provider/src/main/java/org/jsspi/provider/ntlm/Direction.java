package org.jsspi.provider.ntlm;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.DatagramMac;
import org.jsspi.DatagramProtection;
import org.jsspi.ReplayWindow;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SequenceGuard;
import org.jsspi.SspiException;

/**
 * The messages of one direction of a context: the message functions, and the key for {@code Mac} and {@code Signature}.
 *
 * <p>In connection mode it counts the messages and its RC4 stream runs on; in datagram mode the caller counts, and each
 * message has a stream of its own. Without extended session security a connection has one stream and one count for both
 * directions, hence one object (MS-NLMP 3.4.4.1). A message that is refused changes nothing.
 */
final class Direction implements DatagramProtection, AutoCloseable {
    private static final int SIGN_OR_SEAL = NegotiateFlags.SIGN | NegotiateFlags.SEAL;

    private final boolean datagram;
    private final ReentrantLock lock = new ReentrantLock();
    /** What Macs work with, to be wiped with the context. */
    private final Set<Protection> issued = Collections.newSetFromMap(new WeakHashMap<>());

    private final byte[] token = new byte[Protection.TOKEN_LENGTH];
    private volatile DirectionKeys keys;
    private volatile ReplayWindow window;
    private volatile boolean withoutSecurity;
    private volatile boolean closed;
    private Protection protection;
    private int next;

    Direction(boolean datagram) {
        this.datagram = datagram;
    }

    /** Protects with these keys from now on; earlier ones are wiped. */
    void use(DirectionKeys newKeys, ReplayWindow newWindow) {
        lock.lock();
        try {
            DirectionKeys oldKeys = keys;
            Protection oldProtection = protection;
            // Never without keys in between: Macs begin without the lock.
            window = newWindow;
            keys = newKeys;
            protection = newKeys.protection();
            withoutSecurity = false;
            if (oldKeys != null) {
                oldKeys.close();
                oldProtection.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The session is that of nobody or of a guest: there is nothing to protect messages with (MS-NLMP 3.4). */
    void useNothing() {
        lock.lock();
        try {
            wipe();
            withoutSecurity = true;
        } finally {
            lock.unlock();
        }
    }

    DirectionKeys keys() {
        return keys;
    }

    /** {@return what has arrived; null unless replays are detected} */
    ReplayWindow window() {
        return window;
    }

    /** {@return the number of the next message in connection mode} */
    int nextNumber() {
        lock.lock();
        try {
            return next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The stream and the window return to where they began. The count of a connection goes on: after the mechListMIC of
     * SPNEGO, which has number 0, the stream starts anew and the next message has number 1 (MS-SPNG 3.3.5.1). That is also
     * the last moment for it: later there would be two messages under one keystream.
     */
    void reset() throws SspiException {
        lock.lock();
        try {
            requireResettable();
            if (!datagram) {
                protection.cipher().restart();
            } else if (window != null) {
                window.reset();
            }
        } finally {
            lock.unlock();
        }
    }

    void requireResettable() throws SspiException {
        lock.lock();
        try {
            requireKeys();
            // One signature in each direction; where both share a stream, two in this one.
            if (!datagram && next > (protection.isExtended() ? 1 : 2)) {
                throw outOfSequence("the stream of a connection starts anew after its mechListMIC only");
            }
        } finally {
            lock.unlock();
        }
    }

    void sign(int qop, SecBufferDesc message, int messageSeqNo) throws SspiException {
        protect(qop, message, messageSeqNo, false);
    }

    void seal(int qop, SecBufferDesc message, int messageSeqNo) throws SspiException {
        protect(qop, message, messageSeqNo, true);
    }

    private void protect(int qop, SecBufferDesc message, int messageSeqNo, boolean encrypt) throws SspiException {
        if (qop != 0) {
            throw new SspiException(SecurityStatus.SEC_E_QOP_NOT_SUPPORTED, "NTLM has no quality of protection " + qop);
        }
        lock.lock();
        try {
            DirectionKeys now = requireKeys();
            SecBuffer target = MessageBuffers.toProtect(message, encrypt);
            requireAgreed(now, encrypt);
            int number = datagram ? messageSeqNo : next;
            if (!now.flags().hasAny(SIGN_OR_SEAL)) {
                Arrays.fill(token, (byte) 0);
                token[0] = 1;
            } else {
                if (datagram) {
                    claim(now, number);
                    protection.rekey(number);
                }
                begin(message, number, false);
                if (encrypt) {
                    crypt(message);
                }
                protection.token(number, token, 0);
                next++;
            }
            target.target().put(target.targetOffset(), token);
            target.setLength(Protection.TOKEN_LENGTH);
            MessageBuffers.noPadding(message);
        } finally {
            lock.unlock();
        }
    }

    private static void claim(DirectionKeys now, int number) throws SspiException {
        // A direction that only receives has no guard and protects nothing.
        if (now.guard() != null && !now.guard().use(number)) {
            throw new SspiException(
                    SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                    "number " + Integer.toUnsignedString(number) + " has protected a message under this key before");
        }
    }

    void verify(SecBufferDesc message, int messageSeqNo) throws SspiException {
        lock.lock();
        try {
            DirectionKeys now = requireKeys();
            unprotect(now, MessageBuffers.toVerify(message, false), message, messageSeqNo, false);
        } finally {
            lock.unlock();
        }
    }

    void unseal(SecBufferDesc message, int messageSeqNo) throws SspiException {
        lock.lock();
        try {
            DirectionKeys now = requireKeys();
            requireAgreed(now, true);
            SecBuffer stream = MessageBuffers.stream(message);
            if (stream == null) {
                unprotect(now, MessageBuffers.toVerify(message, true), message, messageSeqNo, true);
                return;
            }
            // | signature 16 | data n |, as encryptMessage's TOKEN and DATA follow each other.
            byte[] signature = new byte[Protection.TOKEN_LENGTH];
            stream.source().get(stream.sourceOffset(), signature);
            SecBuffer data = message.find(SecBufferType.DATA);
            SecBufferDesc whole = new SecBufferDesc();
            whole.add(
                    SecBufferType.DATA,
                    stream.target(),
                    stream.targetOffset() + signature.length,
                    stream.length() - signature.length);
            unprotect(now, signature, whole, messageSeqNo, true);
            data.set(
                    SecBufferType.DATA,
                    stream.target(),
                    stream.targetOffset() + signature.length,
                    stream.length() - signature.length);
            message.setMessageSeqNo(whole.messageSeqNo());
        } finally {
            lock.unlock();
        }
    }

    private void unprotect(
            DirectionKeys now, byte[] signature, SecBufferDesc message, int messageSeqNo, boolean encrypted)
            throws SspiException {
        requireAgreed(now, encrypted);
        if (!now.flags().hasAny(SIGN_OR_SEAL)) {
            checkDummy(signature);
            return;
        }
        int number = datagram ? messageSeqNo : next;
        if (protection.isExtended() && Protection.sequenceOf(signature) != number) {
            throw outOfSequence("the message has number " + unsigned(Protection.sequenceOf(signature)) + ", not "
                    + unsigned(number));
        }
        ReplayWindow received = window;
        if (received != null && !received.wouldAccept(number)) {
            throw replayed(number);
        }
        if (datagram) {
            protection.rekey(number);
        } else {
            protection.cipher().record((encrypted ? encryptedLength(message) : 0) + protection.checksumKeystream());
        }
        if (encrypted) {
            crypt(message);
        }
        begin(message, number, encrypted);
        Protection.Verdict verdict = protection.judge(number, signature);
        if (verdict == Protection.Verdict.RIGHT && (received == null || received.accept(number))) {
            if (!datagram) {
                protection.cipher().commit();
                next++;
            }
            message.setMessageSeqNo(number);
            message.setQop(0);
            return;
        }
        restore(message, number, encrypted);
        throw switch (verdict) {
            case RIGHT -> replayed(number);
            case OUT_OF_SEQUENCE -> outOfSequence("the message has not number " + unsigned(number));
            case ALTERED -> new SspiException(SecurityStatus.SEC_E_MESSAGE_ALTERED, "the signature does not verify");
        };
    }

    /** A message that is refused leaves no plaintext and moves nothing: what was in place is ciphertext again. */
    private void restore(SecBufferDesc message, int number, boolean encrypted) {
        if (datagram) {
            protection.rekey(number);
        } else {
            protection.cipher().rewind();
        }
        if (encrypted) {
            for (int i = 0; i < message.count(); i++) {
                SecBuffer buffer = message.get(i);
                if (!MessageBuffers.isEncrypted(buffer)) {
                    continue;
                }
                protection.crypt(buffer);
                if (!buffer.inPlace()) {
                    for (int at = 0; at < buffer.length(); at++) {
                        buffer.target().put(buffer.targetOffset() + at, (byte) 0);
                    }
                }
            }
        }
        if (!datagram) {
            protection.cipher().rewindAll();
        }
    }

    private void crypt(SecBufferDesc message) {
        for (int i = 0; i < message.count(); i++) {
            if (MessageBuffers.isEncrypted(message.get(i))) {
                protection.crypt(message.get(i));
            }
        }
    }

    /** The checksum is over the plaintext of all DATA, in order: before sealing in the source, after unsealing in the target. */
    private void begin(SecBufferDesc message, int number, boolean decrypted) {
        protection.begin(number);
        for (int i = 0; i < message.count(); i++) {
            SecBuffer buffer = message.get(i);
            if (!MessageBuffers.isData(buffer)) {
                continue;
            }
            if (decrypted && MessageBuffers.isEncrypted(buffer)) {
                protection.update(buffer.target(), buffer.targetOffset(), buffer.length());
            } else {
                protection.update(buffer.source(), buffer.sourceOffset(), buffer.length());
            }
        }
    }

    private static int encryptedLength(SecBufferDesc message) {
        int length = 0;
        for (int i = 0; i < message.count(); i++) {
            length +=
                    MessageBuffers.isEncrypted(message.get(i)) ? message.get(i).length() : 0;
        }
        return length;
    }

    private static void checkDummy(byte[] signature) throws SspiException {
        for (int i = 0; i < signature.length; i++) {
            if (signature[i] != (i == 0 ? 1 : 0)) {
                throw new SspiException(
                        SecurityStatus.SEC_E_MESSAGE_ALTERED, "a signature where no signatures were agreed on");
            }
        }
    }

    private DirectionKeys requireKeys() throws SspiException {
        DirectionKeys now = keys;
        if (withoutSecurity && !closed) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "the session of nobody or of a guest has no keys");
        }
        if (closed || now == null) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_HANDLE, "the context is not complete, or closed");
        }
        return now;
    }

    private static void requireAgreed(DirectionKeys now, boolean encrypt) throws SspiException {
        if (encrypt && !now.flags().has(NegotiateFlags.SEAL)) {
            throw new SspiException(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "confidentiality was not agreed on");
        }
        // MS-NLMP 3.4.3: in connectionless mode it is defined with extended session security alone.
        if (encrypt
                && now.flags().has(NegotiateFlags.DATAGRAM)
                && !now.flags().has(NegotiateFlags.EXTENDED_SESSIONSECURITY)) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                    "datagrams are encrypted with extended session security only");
        }
        if (!now.flags().hasAny(SIGN_OR_SEAL | NegotiateFlags.ALWAYS_SIGN)) {
            throw new SspiException(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "signatures were not agreed on");
        }
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
    public int peekSequence(ByteBuffer signature) throws SspiException {
        DirectionKeys now = keys;
        if (now != null && !now.flags().has(NegotiateFlags.EXTENDED_SESSIONSECURITY)) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                    "without extended session security the number is encrypted");
        }
        byte[] bytes = new byte[Protection.TOKEN_LENGTH];
        if (signature.remaining() != bytes.length) {
            throw new SspiException(
                    SecurityStatus.SEC_E_INVALID_TOKEN, "a signature of " + signature.remaining() + " bytes");
        }
        signature.get(signature.position(), bytes);
        if (bytes[0] != 1 || bytes[1] != 0 || bytes[2] != 0 || bytes[3] != 0) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "a signature of another version");
        }
        return Protection.sequenceOf(bytes);
    }

    @Override
    public DatagramMac newMac() throws SspiException {
        DirectionKeys now = requireKeys();
        if (!datagram
                || !now.flags().hasAny(SIGN_OR_SEAL)
                || !now.flags().has(NegotiateFlags.EXTENDED_SESSIONSECURITY)) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "the context has no signatures of single datagrams");
        }
        return new Computation();
    }

    /** One message after another, beside those of other threads. */
    private final class Computation extends DatagramMac {
        private DirectionKeys begunUnder;
        private Protection own;

        Computation() {
            super(Direction.this, Protection.TOKEN_LENGTH);
        }

        @Override
        protected void engineBegin(int messageSeqNo) throws SspiException {
            if (own == null || begunUnder != keys) {
                lock.lock();
                try {
                    begunUnder = requireKeys();
                    if (own != null) {
                        own.close();
                    }
                    own = begunUnder.protection();
                    issued.add(own);
                } finally {
                    lock.unlock();
                }
            }
            own.rekey(messageSeqNo);
            own.begin(messageSeqNo);
        }

        @Override
        protected void engineUpdate(ByteBuffer data) {
            own.update(data, data.position(), data.remaining());
            data.position(data.limit());
        }

        @Override
        protected void engineUpdate(byte[] data, int offset, int count) {
            own.update(data, offset, count);
        }

        @Override
        protected void engineSign(byte[] signature, int offset) {
            own.token(sequence(), signature, offset);
        }

        @Override
        protected boolean engineVerify(ByteBuffer signature) {
            byte[] bytes = new byte[Protection.TOKEN_LENGTH];
            signature.get(signature.position(), bytes);
            return own.judge(sequence(), bytes) == Protection.Verdict.RIGHT;
        }

        @Override
        protected SequenceGuard engineGuard() {
            return begunUnder.guard();
        }

        @Override
        protected ReplayWindow engineWindow() {
            return window;
        }
    }

    private void wipe() {
        if (keys != null) {
            keys.close();
            keys = null;
        }
        if (protection != null) {
            protection.close();
            protection = null;
        }
    }

    @Override
    public void close() {
        closed = true;
        lock.lock();
        try {
            wipe();
            issued.forEach(Protection::close);
            issued.clear();
        } finally {
            lock.unlock();
        }
    }

    private static SspiException replayed(int number) {
        return outOfSequence(
                "a message with number " + unsigned(number) + " has arrived before, or it is too old to tell");
    }

    private static SspiException outOfSequence(String what) {
        return new SspiException(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, what);
    }

    private static String unsigned(int number) {
        return Integer.toUnsignedString(number);
    }
}
