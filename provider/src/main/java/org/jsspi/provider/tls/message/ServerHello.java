package org.jsspi.provider.tls.message;

import java.util.HexFormat;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * ServerHello (RFC 8446 4.1.3): what the server chose.
 *
 * <p>It is one of TLS 1.3 if its extensions have a {@link SelectedVersion}; without one it chooses {@code
 * legacyVersion}, and its extensions are those of TLS 1.2.
 *
 * @param legacyVersion 0x0303 since TLS 1.3
 * @param random 32 bytes, whose last 8 may be a downgrade sentinel
 * @param legacySessionIdEcho 0 to 32 bytes, since TLS 1.3 the client's
 * @param legacyCompressionMethod since TLS 1.3 always 0
 */
public record ServerHello(
        int legacyVersion,
        byte[] random,
        byte[] legacySessionIdEcho,
        int cipherSuite,
        int legacyCompressionMethod,
        Extensions extensions)
        implements HandshakeMessage {
    /** RFC 8446 4.1.3: the random of a HelloRetryRequest, the SHA-256 of that name. */
    static final byte[] RETRY =
            HexFormat.of().parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    /** {@return an answer in TLS 1.3, with the legacy fields as RFC 8446 4.1.3 fixes them} */
    public static ServerHello of(byte[] random, byte[] legacySessionIdEcho, int cipherSuite, Extensions extensions) {
        return new ServerHello(ProtocolVersion.TLS12.code(), random, legacySessionIdEcho, cipherSuite, 0, extensions);
    }

    @Override
    public HandshakeType type() {
        return HandshakeType.SERVER_HELLO;
    }

    /** {@return whether {@code serverHello}, which does not move, is the body of a HelloRetryRequest} */
    static boolean asksForRetry(Reader serverHello) throws SspiException {
        if (serverHello.remaining() < 2 + RETRY.length) {
            return false;
        }
        Reader hello = serverHello.fork();
        hello.skip(2);
        for (byte expected : RETRY) {
            if ((byte) hello.u8() != expected) {
                return false;
            }
        }
        return true;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct {
    //     ProtocolVersion legacy_version = 0x0303;
    //     Random random;
    //     opaque legacy_session_id_echo<0..32>;
    //     CipherSuite cipher_suite;
    //     uint8 legacy_compression_method = 0;
    //     Extension extensions<6..2^16-1>;
    // } ServerHello;
    public static ServerHello decode(Reader in) throws SspiException {
        ServerHello hello = new ServerHello(
                in.u16(),
                in.bytes(32),
                in.vector8Bytes(0, 32),
                in.u16(),
                in.u8(),
                Extensions.decodeHello(in, HandshakeType.SERVER_HELLO));
        in.end();
        return hello;
    }

    @Override
    public void encode(Writer out) {
        out.u16(legacyVersion)
                .bytes(random)
                .vector8(legacySessionIdEcho)
                .u16(cipherSuite)
                .u8(legacyCompressionMethod);
        extensions.encode(out);
    }

    @Override
    public String toString() {
        return "ServerHello[version " + Integer.toHexString(legacyVersion)
                + ", random " + Bytes.print(random)
                + ", session " + Bytes.print(legacySessionIdEcho)
                + ", suite " + Integer.toHexString(cipherSuite)
                + ", compression " + legacyCompressionMethod
                + ", extensions " + extensions + "]";
    }
}
