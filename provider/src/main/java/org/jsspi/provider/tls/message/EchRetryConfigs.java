package org.jsspi.provider.tls.message;

import org.jsspi.EchConfig;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * encrypted_client_hello of EncryptedExtensions (RFC 9849 5): what a client shall encrypt with the next time.
 *
 * @param configList an ECHConfigList, with its length in front
 */
public record EchRetryConfigs(byte[] configList) implements Extension {
    @Override
    public Shape<EchRetryConfigs> shape() {
        return Shape.ECH_RETRY_CONFIGS;
    }

    // struct { ECHConfigList retry_configs; } ECHEncryptedExtensions;
    static EchRetryConfigs decode(Reader in) throws SspiException {
        byte[] list = in.rest();
        // RFC 9849 6.1.6, 6.2.1: it has to be syntactically valid, also where nothing is done with it.
        EchConfig.decodeList(list);
        return new EchRetryConfigs(list);
    }

    /** {@return whether one of them is of the version that is known here; otherwise the list says no more than none (RFC 9849 6.1.6)} */
    public boolean hasKnown() throws SspiException {
        return EchConfig.decodeList(configList).stream().anyMatch(EchConfig::isKnown);
    }

    @Override
    public void encode(Writer out) {
        out.bytes(configList);
    }

    @Override
    public String toString() {
        return "EchRetryConfigs[" + Bytes.print(configList) + "]";
    }
}
