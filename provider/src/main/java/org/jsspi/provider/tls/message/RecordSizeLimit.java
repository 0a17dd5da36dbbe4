package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** record_size_limit (RFC 8449 4): the longest plaintext, content type and padding included, that the sender takes. */
public record RecordSizeLimit(int limit) implements Extension {

    @Override
    public Shape<RecordSizeLimit> shape() {
        return Shape.RECORD_SIZE_LIMIT;
    }

    // uint16 RecordSizeLimit;
    static RecordSizeLimit decode(Reader in) throws SspiException {
        int limit = in.u16();
        if (limit < 64) {
            // RFC 8449 4: an endpoint must treat receipt of a smaller value as illegal_parameter.
            throw AlertDescription.ILLEGAL_PARAMETER.because("a record size limit of " + limit + " bytes, under 64");
        }
        return new RecordSizeLimit(limit);
    }

    @Override
    public void encode(Writer out) {
        out.u16(limit);
    }
}
