package org.jsspi.provider.tls.message;

import java.util.List;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * EncodedClientHelloInner (RFC 9849 5.1): what is encrypted of a ClientHelloInner. Extensions that stand in the ClientHelloOuter as
 * well are only named, in one extension ech_outer_extensions, and zeros hide the length.
 *
 * <pre>
 * struct {
 *     ClientHello client_hello;            without session id
 *     uint8 zeros[length_of_padding];
 * } EncodedClientHelloInner;
 * </pre>
 */
public final class EncodedClientHelloInner {
    /** ech_outer_extensions, which stands in no message that is sent. */
    static final int OUTER_EXTENSIONS = 0xFD00;

    /** RFC 9849 6.1.3: lengths are multiples of this. */
    private static final int PADDING_UNIT = 32;

    /** OuterExtensions has two bytes for each, and 254 in all. */
    private static final int MOST_OUTER_EXTENSIONS = 127;

    /** RFC 9849 6.1.3: what a server_name adds to the length of its host name. */
    private static final int SERVER_NAME_OVERHEAD = 9;

    private EncodedClientHelloInner() {}

    /**
     * {@return the encoded hello, padded}
     *
     * @param outer names the extensions that are equal in the ClientHelloOuter; in {@code inner} they follow each other, in its order
     * @param maximumNameLength of the configuration
     */
    public static byte[] encode(ClientHello inner, List<Integer> outer, int maximumNameLength) {
        Writer out = new Writer(512);
        out.u16(inner.legacyVersion())
                .bytes(inner.random())
                .vector8(new byte[0])
                .vector16(inner.cipherSuites())
                .vector8(inner.legacyCompressionMethods())
                .vector16(block -> encodeExtensions(block, inner.extensions(), outer));
        out.zeros(Math.max(0, namePadding(inner, maximumNameLength)));
        // RFC 9849 6.1.3: N = 31 - ((L - 1) % 32)
        out.zeros(PADDING_UNIT - 1 - (out.size() - 1) % PADDING_UNIT);
        return out.toByteArray();
    }

    private static void encodeExtensions(Writer block, Extensions extensions, List<Integer> outer) {
        boolean named = false;
        int left = Math.min(outer.size(), MOST_OUTER_EXTENSIONS);
        List<Integer> first = outer.subList(0, left);
        for (Extension extension : extensions.list()) {
            if (!first.contains(extension.code())) {
                block.u16(extension.code()).vector16(extension);
            } else if (!named) {
                block.u16(OUTER_EXTENSIONS).vector16(body -> body.vector8(list -> first.forEach(list::u16)));
                named = true;
            }
        }
    }

    private static int namePadding(ClientHello inner, int maximumNameLength) {
        return inner.extensions()
                .find(Shape.SERVER_NAMES)
                .flatMap(ServerNames::hostName)
                .map(name -> maximumNameLength - name.length)
                .orElse(maximumNameLength + SERVER_NAME_OVERHEAD);
    }

    /**
     * {@return the ClientHelloInner with its header}
     *
     * <p>It takes time and memory in proportion to both together: an extension of the outer hello is copied once at most.
     *
     * @param outerMessage the ClientHelloOuter with its header, which has been decoded before
     * @throws SspiException illegal_parameter where RFC 9849 5.1 says so; decode_error if the bytes have the wrong form
     */
    public static byte[] decode(byte[] encoded, byte[] outerMessage) throws SspiException {
        try {
            Reader in = Reader.of(encoded);
            Reader outer = Reader.of(outerMessage);
            outer.skip(HandshakeMessage.HEADER_LENGTH + 2 + 32);
            byte[] sessionId = outer.vector8Bytes(0, 32);
            outer.vector16(2, 0xFFFE);
            outer.vector8(1, 255);
            Reader outerExtensions = outer.hasRemaining() ? outer.vector16(0, 0xFFFF) : outer;
            byte[] versionAndRandom = in.bytes(2 + 32);
            in.vector8(0, 0);
            byte[] suites = in.vector16Bytes(2, 0xFFFE);
            byte[] compression = in.vector8Bytes(1, 255);
            Writer extensions = new Writer(outerMessage.length);
            expand(in.vector16(0, 0xFFFF), outerExtensions, extensions);
            requireZeros(in);
            if (extensions.size() > 0xFFFF) {
                throw Reader.malformed("a ClientHelloInner that is too long");
            }
            Writer message = new Writer(outerMessage.length);
            message.u8(HandshakeType.CLIENT_HELLO.code())
                    .vector24(body -> body.bytes(versionAndRandom)
                            .vector8(sessionId)
                            .vector16(suites)
                            .vector8(compression)
                            .u16(extensions.size())
                            .bytes(extensions.view()));
            return message.toByteArray();
        } catch (SspiException e) {
            throw e.alert().isPresent()
                    ? e
                    : AlertDescription.DECODE_ERROR.because("an EncodedClientHelloInner that cannot be read", e);
        }
    }

    /** RFC 9849 5.1, appendix A: both lists are walked once, from the beginning to the end. */
    private static void expand(Reader in, Reader outer, Writer out) throws SspiException {
        boolean expanded = false;
        while (in.hasRemaining()) {
            int code = in.u16();
            Reader body = in.vector16(0, 0xFFFF);
            if (code != OUTER_EXTENSIONS) {
                out.u16(code).u16(body.remaining()).bytes(body.view());
                continue;
            }
            if (expanded) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("ech_outer_extensions twice");
            }
            expanded = true;
            Reader list = body.vector8(2, 254);
            body.end();
            while (list.hasRemaining()) {
                copy(list.u16(), outer, out);
            }
        }
    }

    private static void copy(int wanted, Reader outer, Writer out) throws SspiException {
        if (wanted == ExtensionType.ENCRYPTED_CLIENT_HELLO.code()) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("ech_outer_extensions that names encrypted_client_hello");
        }
        while (outer.hasRemaining()) {
            int code = outer.u16();
            Reader body = outer.vector16(0, 0xFFFF);
            if (code == wanted) {
                out.u16(code).u16(body.remaining()).bytes(body.view());
                return;
            }
        }
        // One that is not there, was named before or stands before one that was.
        throw AlertDescription.ILLEGAL_PARAMETER.because(
                "ech_outer_extensions that names extension " + wanted + ", which does not follow in the outer hello");
    }

    private static void requireZeros(Reader padding) throws SspiException {
        int any = 0;
        while (padding.hasRemaining()) {
            any |= padding.u8();
        }
        if (any != 0) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("padding of a ClientHelloInner that is not zero");
        }
    }

    /** {@return ClientHelloOuterAAD (RFC 9849 5.2): the body of this hello with a payload of zeros} */
    public static byte[] associatedData(ClientHello outer, EchOuter extension) {
        Writer out = new Writer(1024);
        new ClientHello(
                        outer.legacyVersion(),
                        outer.random(),
                        outer.legacySessionId(),
                        outer.cipherSuites(),
                        outer.legacyCompressionMethods(),
                        outer.extensions().with(extension.withPayload(new byte[extension.payload().length])))
                .encode(out);
        return out.toByteArray();
    }
}
