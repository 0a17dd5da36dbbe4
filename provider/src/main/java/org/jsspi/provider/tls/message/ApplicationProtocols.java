package org.jsspi.provider.tls.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * application_layer_protocol_negotiation (RFC 7301 3.1): the client's protocols, most preferred first, or the one that
 * the server chose.
 *
 * <p>Names are bytes on the wire. Here they are strings of ISO 8859-1, one character for each byte, which loses nothing.
 */
public record ApplicationProtocols(List<String> names) implements Extension {
    /** The protocols of these names, which are copied. */
    public ApplicationProtocols {
        names = List.copyOf(names);
    }

    /** {@return the extension with these names} */
    public static ApplicationProtocols of(String... names) {
        return new ApplicationProtocols(List.of(names));
    }

    @Override
    public Shape<ApplicationProtocols> shape() {
        return Shape.APPLICATION_PROTOCOLS;
    }

    // opaque ProtocolName<1..2^8-1>;
    // struct { ProtocolName protocol_name_list<2..2^16-1> } ProtocolNameList;
    static ApplicationProtocols decode(Reader in, boolean offer) throws SspiException {
        List<String> names = new ArrayList<>();
        Reader list = in.vector16(2, 0xFFFF);
        while (list.hasRemaining()) {
            names.add(new String(list.vector8Bytes(1, 255), StandardCharsets.ISO_8859_1));
        }
        if (!offer && names.size() != 1) {
            // RFC 7301 3.1: the list of a server must contain exactly one name.
            throw AlertDescription.ILLEGAL_PARAMETER.because(
                    "an answer with " + names.size() + " application protocols");
        }
        return new ApplicationProtocols(names);
    }

    @Override
    public void encode(Writer out) {
        out.vector16(list -> names.forEach(name -> list.vector8(name.getBytes(StandardCharsets.ISO_8859_1))));
    }
}
