package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * HelloRetryRequest (RFC 8446 4.1.4): the server wants another ClientHello, with another share or a cookie.
 *
 * <p>On the wire it is a ServerHello with the random {@link #random()}.
 *
 * @param legacyVersion always 0x0303
 * @param legacySessionIdEcho the client's, 0 to 32 bytes
 * @param legacyCompressionMethod always 0
 */
public record HelloRetryRequest(
        int legacyVersion,
        byte[] legacySessionIdEcho,
        int cipherSuite,
        int legacyCompressionMethod,
        Extensions extensions)
        implements HandshakeMessage {

    /** {@return a request with the legacy fields as RFC 8446 4.1.3 fixes them} */
    public static HelloRetryRequest of(byte[] legacySessionIdEcho, int cipherSuite, Extensions extensions) {
        return new HelloRetryRequest(ProtocolVersion.TLS12.code(), legacySessionIdEcho, cipherSuite, 0, extensions);
    }

    /** {@return this with an extension in place of the one of its type, or added} */
    public HelloRetryRequest with(Extension extension) {
        return new HelloRetryRequest(
                legacyVersion, legacySessionIdEcho, cipherSuite, legacyCompressionMethod, extensions.with(extension));
    }

    /** {@return the random that makes a ServerHello a HelloRetryRequest, in a new array} */
    public static byte[] random() {
        return ServerHello.RETRY.clone();
    }

    @Override
    public HandshakeType type() {
        return HandshakeType.HELLO_RETRY_REQUEST;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // The struct of ServerHello, with its random fixed.
    public static HelloRetryRequest decode(Reader in) throws SspiException {
        boolean retry = ServerHello.asksForRetry(in);
        int legacyVersion = in.u16();
        in.skip(ServerHello.RETRY.length);
        if (!retry) {
            throw Reader.malformed("a HelloRetryRequest with the random of a ServerHello");
        }
        HelloRetryRequest request = new HelloRetryRequest(
                legacyVersion,
                in.vector8Bytes(0, 32),
                in.u16(),
                in.u8(),
                Extensions.decode(in, HandshakeType.HELLO_RETRY_REQUEST, 6, 0xFFFF));
        in.end();
        return request;
    }

    @Override
    public void encode(Writer out) {
        out.u16(legacyVersion)
                .bytes(ServerHello.RETRY)
                .vector8(legacySessionIdEcho)
                .u16(cipherSuite)
                .u8(legacyCompressionMethod);
        extensions.encode(out);
    }

    @Override
    public String toString() {
        return "HelloRetryRequest[version " + Integer.toHexString(legacyVersion)
                + ", session " + Bytes.print(legacySessionIdEcho)
                + ", suite " + Integer.toHexString(cipherSuite)
                + ", compression " + legacyCompressionMethod
                + ", extensions " + extensions + "]";
    }
}
