package org.jsspi.provider.tls.message;

import java.util.Arrays;
import java.util.List;
import org.jsspi.EchConfig;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;

/**
 * What Encrypted Client Hello reads: an ECHConfigList, or what was encrypted in a hello.
 *
 * <pre>
 * | 0 1 | ECHConfigList ...
 * | 1 1 | length 2 | ClientHelloOuter with header ... | EncodedClientHelloInner ...
 * </pre>
 */
public final class EchFuzzTarget {
    private EchFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(data, 1, data.length);
        if ((data[0] & 1) == 0) {
            configList(rest);
        } else {
            hello(rest);
        }
    }

    private static void configList(byte[] list) {
        List<EchConfig> configs;
        try {
            configs = EchConfig.decodeList(list);
        } catch (SspiException refused) {
            return;
        }
        if (!Arrays.equals(list, EchConfig.encodeList(configs))) {
            throw new AssertionError("written otherwise than it was read: " + configs);
        }
        configs.forEach(EchConfig::isUsable);
    }

    private static void hello(byte[] data) {
        try {
            Reader in = Reader.of(data);
            byte[] outer = in.vector16Bytes(0, 0xFFFF);
            if (!(HandshakeMessage.decode(Reader.of(outer)) instanceof ClientHello)) {
                return;
            }
            byte[] encoded = in.rest();
            byte[] inner = EncodedClientHelloInner.decode(encoded, outer);
            if (inner.length > outer.length + encoded.length) {
                throw new AssertionError("longer than what it is made of");
            }
            HandshakeMessage.decode(Reader.of(inner));
        } catch (SspiException refused) {
            // As it should be.
        }
    }
}
