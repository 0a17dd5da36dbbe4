package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** psk_key_exchange_modes (RFC 8446 4.2.9): how the client would use a pre-shared key. */
public record PskKeyExchangeModes(byte[] modes) implements Extension {
    /** A pre-shared key alone: no forward secrecy. */
    public static final int PSK_KE = 0;

    /** A pre-shared key with (EC)DHE. */
    public static final int PSK_DHE_KE = 1;

    /** {@return the extension with these modes} */
    public static PskKeyExchangeModes of(int... modes) {
        byte[] bytes = new byte[modes.length];
        for (int i = 0; i < modes.length; i++) {
            bytes[i] = (byte) modes[i];
        }
        return new PskKeyExchangeModes(bytes);
    }

    /** {@return whether {@code mode} is offered} */
    public boolean contains(int mode) {
        for (byte offered : modes) {
            if ((offered & 0xFF) == mode) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Shape<PskKeyExchangeModes> shape() {
        return Shape.PSK_KEY_EXCHANGE_MODES;
    }

    // struct { PskKeyExchangeMode ke_modes<1..255>; } PskKeyExchangeModes;
    static PskKeyExchangeModes decode(Reader in) throws SspiException {
        return new PskKeyExchangeModes(in.vector8Bytes(1, 255));
    }

    @Override
    public void encode(Writer out) {
        out.vector8(modes);
    }

    @Override
    public String toString() {
        return "PskKeyExchangeModes[" + Bytes.print(modes) + "]";
    }
}
