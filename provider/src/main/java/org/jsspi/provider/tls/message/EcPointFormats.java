package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** ec_point_formats (RFC 8422 5.1.2): the point formats of TLS 1.2, of which only uncompressed, 0, is left. */
public record EcPointFormats(byte[] formats) implements Extension {

    @Override
    public Shape<EcPointFormats> shape() {
        return Shape.EC_POINT_FORMATS;
    }

    /** {@return the extension with the one format that is left} */
    public static EcPointFormats uncompressed() {
        return new EcPointFormats(new byte[1]);
    }

    /** {@return whether the one format that is left is in the list} */
    public boolean hasUncompressed() {
        for (byte format : formats) {
            if (format == 0) {
                return true;
            }
        }
        return false;
    }

    // struct { ECPointFormat ec_point_format_list<1..2^8-1>; } ECPointFormatList;
    static EcPointFormats decode(Reader in) throws SspiException {
        return new EcPointFormats(in.vector8Bytes(1, 255));
    }

    @Override
    public void encode(Writer out) {
        out.vector8(formats);
    }

    @Override
    public String toString() {
        return "EcPointFormats[" + Bytes.print(formats) + "]";
    }
}
