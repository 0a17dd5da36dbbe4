package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** early_data of a NewSessionTicket (RFC 8446 4.2.10): how many bytes of early data the server would take. */
public record EarlyDataLimit(long maxEarlyDataSize) implements Extension {

    @Override
    public Shape<EarlyDataLimit> shape() {
        return Shape.EARLY_DATA_LIMIT;
    }

    // uint32 max_early_data_size;
    static EarlyDataLimit decode(Reader in) throws SspiException {
        return new EarlyDataLimit(in.u32());
    }

    @Override
    public void encode(Writer out) {
        out.u32(maxEarlyDataSize);
    }
}
