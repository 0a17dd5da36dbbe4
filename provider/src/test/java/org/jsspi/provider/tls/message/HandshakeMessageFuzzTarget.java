package org.jsspi.provider.tls.message;

import java.util.Arrays;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;

/** Handshake messages with their headers, of either version and key exchange: what is read is written again as it was. */
public final class HandshakeMessageFuzzTarget {
    private HandshakeMessageFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        decode(ProtocolVersion.TLS13, KeyExchangeAlgorithm.ECDHE, data);
        decode(ProtocolVersion.TLS12, KeyExchangeAlgorithm.ECDHE, data);
        decode(ProtocolVersion.TLS12, KeyExchangeAlgorithm.ECDHE_PSK, data);
    }

    private static void decode(ProtocolVersion version, KeyExchangeAlgorithm algorithm, byte[] data) {
        HandshakeMessage message;
        try {
            message = HandshakeMessage.decode(version, algorithm, Reader.of(data));
        } catch (SspiException refused) {
            return;
        }
        if (!Arrays.equals(data, message.toBytes())) {
            throw new AssertionError("written otherwise than it was read: " + message);
        }
        if (message instanceof ClientHello hello && hello.extensions().has(ExtensionType.PRE_SHARED_KEY)) {
            int offset = hello.bindersOffset(data);
            if (offset <= 0 || offset > data.length) {
                throw new AssertionError("binders at " + offset + " of " + data.length);
            }
        }
    }
}
