package org.jsspi.provider.tls.handshake;

import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.wire.Reader;

/**
 * A handshake message as it arrived.
 *
 * @param message what it says
 * @param bytes the whole message with its header, for the transcript: never encoded anew
 */
public record Inbound(HandshakeMessage message, byte[] bytes) {
    /** {@return the message that these bytes are} */
    public static Inbound decode(byte[] bytes) throws SspiException {
        return new Inbound(HandshakeMessage.decode(Reader.of(bytes)), bytes);
    }

    /** {@return the message if it is the one that is waited for} */
    <M extends HandshakeMessage> M expect(Class<M> type) throws SspiException {
        if (!type.isInstance(message)) {
            throw unexpected("where " + type.getSimpleName() + " is due");
        }
        return type.cast(message);
    }

    /** {@return the error that says so} */
    SspiException unexpected(String where) {
        return AlertDescription.UNEXPECTED_MESSAGE.because("the peer sent " + message.type() + " " + where);
    }

    /** {@return the type of the message; its bytes may hold what travelled encrypted} */
    @Override
    public String toString() {
        return "Inbound[" + message.type() + "]";
    }
}
