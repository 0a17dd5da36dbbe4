package org.jsspi.provider.tls.message;

import java.util.List;
import java.util.Set;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * ClientHello (RFC 8446 4.1.2): what the client can do.
 *
 * <p>A hello of TLS 1.2 or older decodes too, with or without extensions.
 *
 * @param legacyVersion 0x0303 since TLS 1.3
 * @param random 32 bytes
 * @param legacySessionId 0 to 32 bytes
 * @param cipherSuites the suites in order of preference, unknown ones included
 * @param legacyCompressionMethods since TLS 1.3 the one byte 0
 */
public record ClientHello(
        int legacyVersion,
        byte[] random,
        byte[] legacySessionId,
        Codes cipherSuites,
        byte[] legacyCompressionMethods,
        Extensions extensions)
        implements HandshakeMessage {

    /** {@return a hello that offers TLS 1.3, with the legacy fields as RFC 8446 4.1.2 fixes them} */
    public static ClientHello of(byte[] random, byte[] legacySessionId, Codes cipherSuites, Extensions extensions) {
        return new ClientHello(
                ProtocolVersion.TLS12.code(), random, legacySessionId, cipherSuites, new byte[1], extensions);
    }

    @Override
    public HandshakeType type() {
        return HandshakeType.CLIENT_HELLO;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // uint16 ProtocolVersion;
    // opaque Random[32];
    // uint8 CipherSuite[2];
    // struct {
    //     ProtocolVersion legacy_version = 0x0303;
    //     Random random;
    //     opaque legacy_session_id<0..32>;
    //     CipherSuite cipher_suites<2..2^16-2>;
    //     opaque legacy_compression_methods<1..2^8-1>;
    //     Extension extensions<8..2^16-1>;
    // } ClientHello;
    public static ClientHello decode(Reader in) throws SspiException {
        ClientHello hello = new ClientHello(
                in.u16(),
                in.bytes(32),
                in.vector8Bytes(0, 32),
                Codes.decode(in.vector16(2, 0xFFFE)),
                in.vector8Bytes(1, 255),
                // A hello of TLS 1.2 may have fewer than 8 bytes of extensions, or no block (RFC 5246 7.4.1.2).
                Extensions.decodeHello(in, HandshakeType.CLIENT_HELLO));
        in.end();
        List<Extension> list = hello.extensions.list();
        if (hello.extensions.has(ExtensionType.PRE_SHARED_KEY)
                && !(list.get(list.size() - 1) instanceof PreSharedKeyOffer)) {
            // RFC 8446 4.2.11: pre_shared_key must be the last extension in the ClientHello.
            throw AlertDescription.ILLEGAL_PARAMETER.because("pre_shared_key that is not the last extension");
        }
        return hello;
    }

    @Override
    public void encode(Writer out) {
        out.u16(legacyVersion)
                .bytes(random)
                .vector8(legacySessionId)
                .vector16(cipherSuites)
                .vector8(legacyCompressionMethods);
        extensions.encode(out);
    }

    /**
     * {@return how long {@code message} is up to its binders: the part that the binders are computed over}
     *
     * <p>RFC 8446 4.2.11.2: up to and including the PreSharedKeyExtension.identities field, with the lengths of the
     * whole message.
     *
     * @param message this hello with its header, as it was encoded or received
     * @throws IllegalStateException if the last extension of this hello is no {@link PreSharedKeyOffer}
     */
    public int bindersOffset(byte[] message) {
        return message.length - offer().bindersLength();
    }

    /**
     * Puts binders in the place of those that {@code message} was written with.
     *
     * @param message this hello with its header, as {@link #toBytes} gave it; changed in place
     * @param binders as many as this hello has, each as long as the one it replaces
     * @return this hello with these binders
     * @throws IllegalArgumentException if a binder does not fit its place
     * @throws IllegalStateException if the last extension of this hello is no {@link PreSharedKeyOffer}
     */
    public ClientHello fillBinders(byte[] message, List<byte[]> binders) {
        PreSharedKeyOffer bound = new PreSharedKeyOffer(offer().identities(), binders);
        for (int i = 0; i < binders.size(); i++) {
            if (binders.get(i).length != offer().binders().get(i).length) {
                throw new IllegalArgumentException("binder " + i + " of " + binders.get(i).length + " bytes");
            }
        }
        Writer out = new Writer(bound.bindersLength());
        PreSharedKeyOffer.encodeBinders(out, binders);
        out.view().get(message, bindersOffset(message), out.size());
        return new ClientHello(
                legacyVersion, random, legacySessionId, cipherSuites, legacyCompressionMethods, extensions.with(bound));
    }

    /** {@return this hello without the extensions of these types} */
    public ClientHello without(Set<ExtensionType> types) {
        return types.isEmpty()
                ? this
                : new ClientHello(
                        legacyVersion,
                        random,
                        legacySessionId,
                        cipherSuites,
                        legacyCompressionMethods,
                        extensions.without(types));
    }

    private PreSharedKeyOffer offer() {
        List<Extension> list = extensions.list();
        if (!list.isEmpty() && list.get(list.size() - 1) instanceof PreSharedKeyOffer last) {
            return last;
        }
        throw new IllegalStateException("the last extension offers no pre-shared key");
    }

    @Override
    public String toString() {
        return "ClientHello[version " + Integer.toHexString(legacyVersion)
                + ", random " + Bytes.print(random)
                + ", session " + Bytes.print(legacySessionId)
                + ", suites " + cipherSuites
                + ", compression " + Bytes.print(legacyCompressionMethods)
                + ", extensions " + extensions + "]";
    }
}
