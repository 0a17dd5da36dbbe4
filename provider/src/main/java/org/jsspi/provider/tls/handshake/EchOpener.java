package org.jsspi.provider.tls.handshake;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jsspi.EchConfig;
import org.jsspi.EchKey;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Hpke;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.EchOuter;
import org.jsspi.provider.tls.message.EncodedClientHelloInner;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SupportedVersions;

/**
 * What opens the hellos of one client, the first and perhaps a second (RFC 9849 7.1).
 *
 * @param outer what the first was encrypted by
 */
record EchOpener(Hpke.Receiver receiver, EchOuter outer) {
    /** A ClientHelloInner, and what opens the next one. */
    record Opened(Inbound inner, EchOpener opener) {}

    /**
     * {@return what is in the hello, or empty if none of the keys opens it}
     *
     * @param outer the ClientHelloOuter, which has {@code extension}
     * @throws SspiException if a key opens it and what comes to light breaks the rules
     */
    static Optional<Opened> open(List<EchKey> keys, Inbound outer, EchOuter extension) throws SspiException {
        EchConfig.CipherSuite suite = new EchConfig.CipherSuite(extension.kdfId(), extension.aeadId());
        for (EchKey key : keys) {
            EchConfig config = key.config();
            // RFC 9849 7.1: by the id, and by the suites of the configuration; then by trial.
            if (config.configId() != extension.configId()
                    || !config.cipherSuites().contains(suite)
                    || !Hpke.supports(config.kemId(), suite.kdfId(), suite.aeadId())) {
                continue;
            }
            Optional<Hpke.Receiver> receiver = receiver(key, extension);
            Optional<byte[]> encoded = receiver.flatMap(opened -> decrypt(opened, outer, extension));
            if (encoded.isPresent()) {
                Inbound inner = inner(encoded.get(), outer);
                requireInner(inner.expect(ClientHello.class));
                return Optional.of(new Opened(inner, new EchOpener(receiver.get(), extension)));
            }
        }
        return Optional.empty();
    }

    private static Optional<Hpke.Receiver> receiver(EchKey key, EchOuter extension) {
        byte[] privateKey;
        try {
            privateKey = key.privateKey();
        } catch (IllegalStateException destroyedMeanwhile) {
            return Optional.empty();
        }
        try {
            return Hpke.receiver(
                    extension.kdfId(), extension.aeadId(), privateKey, extension.enc(), EchOffer.info(key.config()));
        } finally {
            Arrays.fill(privateKey, (byte) 0);
        }
    }

    private static Optional<byte[]> decrypt(Hpke.Receiver receiver, Inbound outer, EchOuter extension) {
        ClientHello hello = (ClientHello) outer.message();
        return receiver.open(EncodedClientHelloInner.associatedData(hello, extension), extension.payload());
    }

    private static Inbound inner(byte[] encoded, Inbound outer) throws SspiException {
        return Inbound.decode(EncodedClientHelloInner.decode(encoded, outer.bytes()), null);
    }

    /** RFC 9849 7.1: a ClientHelloInner says that it is one, and does not offer TLS 1.2 or below. */
    private static void requireInner(ClientHello inner) throws SspiException {
        if (inner.extensions().find(Shape.ECH_INNER).isEmpty()) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("a ClientHelloInner that does not say that it is one");
        }
        Optional<SupportedVersions> versions = inner.extensions().find(Shape.SUPPORTED_VERSIONS);
        boolean old = versions.isEmpty();
        for (int i = 0; !old && i < versions.get().versions().size(); i++) {
            old = versions.get().versions().get(i) <= ProtocolVersion.TLS12.code();
        }
        if (old) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("a ClientHelloInner that offers TLS 1.2 or below");
        }
    }

    /** {@return what is in the second hello, after a HelloRetryRequest (RFC 9849 7.1.1)} */
    Inbound openSecond(Inbound second) throws SspiException {
        ClientHello hello = second.expect(ClientHello.class);
        if (!hello.extensions().has(ExtensionType.ENCRYPTED_CLIENT_HELLO)) {
            throw AlertDescription.MISSING_EXTENSION.because("a second ClientHello without encrypted_client_hello");
        }
        EchOuter extension = hello.extensions()
                .find(Shape.ECH_OUTER)
                .filter(same -> same.kdfId() == outer.kdfId()
                        && same.aeadId() == outer.aeadId()
                        && same.configId() == outer.configId()
                        && same.enc().length == 0)
                .orElseThrow(() -> AlertDescription.ILLEGAL_PARAMETER.because(
                        "a second ClientHello that is encrypted otherwise than the first"));
        byte[] encoded = decrypt(receiver, second, extension)
                .orElseThrow(
                        () -> AlertDescription.DECRYPT_ERROR.because("a second ClientHello that does not decrypt"));
        Inbound inner = inner(encoded, second);
        requireInner(inner.expect(ClientHello.class));
        return inner;
    }
}
