package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * A message of the handshake protocol (RFC 8446 4).
 *
 * <pre>
 * struct {
 *     HandshakeType msg_type;
 *     uint24 length;
 *     body
 * } Handshake;
 * </pre>
 *
 * <p>{@code encode} of a message that was decoded gives the bytes it was decoded from.
 */
public sealed interface HandshakeMessage
        permits CertificateMessage,
                CertificateRequest,
                CertificateVerify,
                ClientHello,
                EncryptedExtensions,
                Finished,
                HelloRetryRequest,
                KeyUpdate,
                NewSessionTicket,
                ServerHello {
    /** The length of type and length in front of the body. */
    int HEADER_LENGTH = 4;

    /** {@return the type of the message} */
    HandshakeType type();

    /** Writes the body, without the header. */
    void encode(Writer out);

    /** {@return the message with its header, in a new array} */
    default byte[] toBytes() {
        Writer out = new Writer();
        out.u8(type().code()).vector24(this::encode);
        return out.toByteArray();
    }

    /**
     * Reads one whole message with its header, all of {@code in}.
     *
     * @throws SspiException as {@link #decode(int, Reader)} does
     */
    static HandshakeMessage decode(Reader in) throws SspiException {
        int type = in.u8();
        Reader body = in.vector24(0, 0xFFFFFF);
        in.end();
        return decode(type, body);
    }

    /**
     * Reads the body of a message as TLS 1.3 lays it out, all of {@code body}.
     *
     * @param type the number on the wire
     * @throws SspiException SEC_E_INVALID_TOKEN without an alert if the bytes have the wrong form;
     *     unexpected_message if the type is not one of TLS 1.3 (end_of_early_data among them: early data is never
     *     accepted); illegal_parameter if a value contradicts another or the rules for its field
     */
    static HandshakeMessage decode(int type, Reader body) throws SspiException {
        HandshakeType known = HandshakeType.of(type)
                .orElseThrow(() ->
                        AlertDescription.UNEXPECTED_MESSAGE.because("a handshake message of the unknown type " + type));
        return switch (known) {
            case CLIENT_HELLO -> ClientHello.decode(body);
            case SERVER_HELLO ->
                HelloRetryRequest.isNext(body) ? HelloRetryRequest.decode(body) : ServerHello.decode(body);
            case ENCRYPTED_EXTENSIONS -> EncryptedExtensions.decode(body);
            case CERTIFICATE_REQUEST -> CertificateRequest.decode(body);
            case CERTIFICATE -> CertificateMessage.decode(body);
            case CERTIFICATE_VERIFY -> CertificateVerify.decode(body);
            case FINISHED -> Finished.decode(body);
            case NEW_SESSION_TICKET -> NewSessionTicket.decode(body);
            case KEY_UPDATE -> KeyUpdate.decode(body);
            default ->
                throw AlertDescription.UNEXPECTED_MESSAGE.because(
                        "a handshake message " + known + ", which TLS 1.3 does not use here");
        };
    }
}
