package org.jsspi.provider.tls.handshake;

import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.HandshakeType;
import org.jsspi.provider.tls.message.KeyExchangeAlgorithm;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.wire.Reader;

/**
 * A message that arrived.
 *
 * @param bytes with its header, as the transcript needs it; nobody writes to it any more
 * @param message what it says
 */
public record Inbound(byte[] bytes, HandshakeMessage message) {
    private static final int HELLO_REQUEST = HandshakeType.HELLO_REQUEST.code();
    private static final int CLIENT_HELLO = HandshakeType.CLIENT_HELLO.code();
    private static final int SERVER_HELLO = HandshakeType.SERVER_HELLO.code();

    /**
     * {@return the message in these bytes, which are the whole of it with its header}
     *
     * @param version that is agreed, or null before one is: then it is a hello, the same in all
     * @throws SspiException as {@link HandshakeMessage#decode} does, always with an alert
     */
    public static Inbound decode(byte[] bytes, ProtocolVersion version) throws SspiException {
        return decode(bytes, version, KeyExchangeAlgorithm.ECDHE);
    }

    /** {@return the message in these bytes, which are the whole of it with its header, for this state} */
    public static Inbound decode(State state, byte[] bytes) throws SspiException {
        return decode(bytes, state.version(), state.keyExchange());
    }

    private static Inbound decode(byte[] bytes, ProtocolVersion version, KeyExchangeAlgorithm algorithm)
            throws SspiException {
        if (version == null && bytes[0] != CLIENT_HELLO && bytes[0] != SERVER_HELLO && bytes[0] != HELLO_REQUEST) {
            // Before a version is agreed nobody can say what another message looks like.
            throw AlertDescription.UNEXPECTED_MESSAGE.because(
                    "a handshake message of the type " + (bytes[0] & 0xFF) + " where a hello is due");
        }
        ProtocolVersion layout = version == null && bytes[0] == HELLO_REQUEST ? ProtocolVersion.TLS12 : version;
        try {
            return new Inbound(bytes, HandshakeMessage.decode(layout, algorithm, Reader.of(bytes)));
        } catch (SspiException e) {
            if (e.alert().isPresent()) {
                throw e;
            }
            // Readers serve other protocols too; in this one a message that cannot be read is decode_error (RFC 8446
            // 6.2).
            throw new SspiException(e.status(), e.kind(), AlertDescription.DECODE_ERROR.code(), e.getMessage(), null);
        }
    }

    /** {@return the type of the message} */
    public HandshakeType type() {
        return message.type();
    }

    /** {@return the message, which must be of this type} */
    <M extends HandshakeMessage> M expect(Class<M> type) throws SspiException {
        if (type.isInstance(message)) {
            return type.cast(message);
        }
        // RFC 8446 4: messages in the wrong order are answered with unexpected_message.
        throw unexpected("where " + type.getSimpleName() + " is due");
    }

    /** {@return the error for a message that has no place here} */
    SspiException unexpected(String where) {
        return AlertDescription.UNEXPECTED_MESSAGE.because(
                "a " + message.getClass().getSimpleName() + " " + where);
    }
}
