package org.jsspi.provider.tls.message;

import java.util.Optional;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * A message of the handshake protocol (RFC 8446 4, RFC 5246 7.4). Where the two versions lay out a message differently, the name
 * of TLS 1.2's ends with 12.
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
public sealed interface HandshakeMessage extends Writer.Body
        permits CertificateMessage,
                CertificateMessage12,
                CertificateRequest,
                CertificateRequest12,
                CertificateStatusMessage,
                CertificateVerify,
                ClientHello,
                ClientKeyExchange,
                CompressedCertificate,
                EcdhePskClientKeyExchange,
                EcdhePskServerKeyExchange,
                EncryptedExtensions,
                EndOfEarlyData,
                Finished,
                HelloRequest,
                HelloRetryRequest,
                KeyUpdate,
                NewSessionTicket,
                NewSessionTicket12,
                ServerHello,
                ServerHelloDone,
                ServerKeyExchange {
    /** The length of type and length in front of the body. */
    int HEADER_LENGTH = 4;

    /** {@return the type of the message} */
    HandshakeType type();

    /** Writes the body, without the header. */
    void encode(Writer out);

    /** A message is the body of a vector, behind its type. */
    @Override
    default void writeTo(Writer out) {
        encode(out);
    }

    /** {@return the message with its header, in a new array} */
    default byte[] toBytes() {
        return Writer.messageOf(type().code(), this);
    }

    /**
     * Reads one whole message with its header, all of {@code in}.
     *
     * @param version TLS 1.2 or 1.3; the hellos are the same in both
     * @param algorithm of the suite that is agreed, in TLS 1.2
     * @throws SspiException as {@link #decode(int, Reader)} does
     */
    static HandshakeMessage decode(ProtocolVersion version, KeyExchangeAlgorithm algorithm, Reader in)
            throws SspiException {
        int type = in.u8();
        Reader body = in.vector24(0, 0xFFFFFF);
        in.end();
        return version == ProtocolVersion.TLS12 ? decode12(type, algorithm, body) : decode(type, body);
    }

    /** Reads one whole message as {@link #decode(ProtocolVersion, KeyExchangeAlgorithm, Reader)} does, with ECDHE. */
    static HandshakeMessage decode(ProtocolVersion version, Reader in) throws SspiException {
        return decode(version, KeyExchangeAlgorithm.ECDHE, in);
    }

    /** Reads one whole message of TLS 1.3 with its header, all of {@code in}; errors as {@link #decode(int, Reader)} has them. */
    static HandshakeMessage decode(Reader in) throws SspiException {
        return decode(ProtocolVersion.TLS13, in);
    }

    /**
     * Reads the body of a message as TLS 1.3 lays it out, all of {@code body}.
     *
     * @param type the number on the wire
     * @throws SspiException SEC_E_INVALID_TOKEN without an alert if the bytes have the wrong form;
     *     unexpected_message if the type is not one of TLS 1.3; illegal_parameter if a value contradicts another or the
     *     rules for its field
     */
    static HandshakeMessage decode(int type, Reader body) throws SspiException {
        return switch (known(type)) {
            case CLIENT_HELLO -> ClientHello.decode(body);
            case SERVER_HELLO ->
                ServerHello.asksForRetry(body) ? HelloRetryRequest.decode(body) : ServerHello.decode(body);
            case END_OF_EARLY_DATA -> EndOfEarlyData.decode(body);
            case ENCRYPTED_EXTENSIONS -> EncryptedExtensions.decode(body);
            case CERTIFICATE_REQUEST -> CertificateRequest.decode(body);
            case CERTIFICATE -> CertificateMessage.decode(body);
            case COMPRESSED_CERTIFICATE -> CompressedCertificate.decode(body);
            case CERTIFICATE_VERIFY -> CertificateVerify.decode(body);
            case FINISHED -> Finished.decode(body);
            case NEW_SESSION_TICKET -> NewSessionTicket.decode(body);
            case KEY_UPDATE -> KeyUpdate.decode(body);
            default ->
                throw AlertDescription.UNEXPECTED_MESSAGE.because(
                        "a handshake message " + known(type) + ", which TLS 1.3 does not use here");
        };
    }

    /**
     * Reads the body of a message as TLS 1.2 lays it out, all of {@code body}.
     *
     * @param type the number on the wire
     * @param algorithm of the suite that is agreed
     * @throws SspiException as {@link #decode(int, Reader)} does
     */
    static HandshakeMessage decode12(int type, KeyExchangeAlgorithm algorithm, Reader body) throws SspiException {
        return switch (known(type)) {
            case HELLO_REQUEST -> HelloRequest.decode(body);
            case CLIENT_HELLO -> ClientHello.decode(body);
            case SERVER_HELLO -> ServerHello.decode(body);
            case NEW_SESSION_TICKET -> NewSessionTicket12.decode(body);
            case CERTIFICATE -> CertificateMessage12.decode(body);
            case CERTIFICATE_STATUS -> CertificateStatusMessage.decode(body);
            case SERVER_KEY_EXCHANGE ->
                algorithm == KeyExchangeAlgorithm.ECDHE_PSK
                        ? EcdhePskServerKeyExchange.decode(body)
                        : ServerKeyExchange.decode(body);
            case CERTIFICATE_REQUEST -> CertificateRequest12.decode(body);
            case SERVER_HELLO_DONE -> ServerHelloDone.decode(body);
            case CERTIFICATE_VERIFY -> CertificateVerify.decode(body);
            case CLIENT_KEY_EXCHANGE ->
                algorithm == KeyExchangeAlgorithm.ECDHE_PSK
                        ? EcdhePskClientKeyExchange.decode(body)
                        : ClientKeyExchange.decode(body);
            case FINISHED -> Finished.decode(body);
            default ->
                throw AlertDescription.UNEXPECTED_MESSAGE.because(
                        "a handshake message " + known(type) + ", which TLS 1.2 does not use here");
        };
    }

    private static HandshakeType known(int type) throws SspiException {
        Optional<HandshakeType> known = HandshakeType.of(type);
        if (known.isEmpty()) {
            throw AlertDescription.UNEXPECTED_MESSAGE.because("a handshake message of the unknown type " + type);
        }
        return known.get();
    }
}
