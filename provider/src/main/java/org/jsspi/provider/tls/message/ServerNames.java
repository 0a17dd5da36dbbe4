package org.jsspi.provider.tls.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** server_name of a ClientHello (RFC 6066 3): the names of the server that the client wants to reach. */
public record ServerNames(List<ServerName> names) implements Extension {
    /** The name type of a DNS host name, the only one that is defined. */
    public static final int HOST_NAME = 0;

    /** One name, of one type. */
    public record ServerName(int type, byte[] name) {
        @Override
        public String toString() {
            return type == HOST_NAME ? new String(name, StandardCharsets.ISO_8859_1) : type + ":" + Bytes.print(name);
        }
    }

    /** The server of these names; the list is copied. */
    public ServerNames {
        names = List.copyOf(names);
    }

    /** {@return the extension with one host name in ASCII, without a trailing dot} */
    public static ServerNames ofHost(String asciiName) {
        return new ServerNames(List.of(new ServerName(HOST_NAME, asciiName.getBytes(StandardCharsets.US_ASCII))));
    }

    /** {@return the bytes of the host name as the client sent them, which may be anything, or empty} */
    public Optional<byte[]> hostName() {
        return names.stream()
                .filter(name -> name.type == HOST_NAME)
                .map(ServerName::name)
                .findFirst();
    }

    @Override
    public Shape<ServerNames> shape() {
        return Shape.SERVER_NAMES;
    }

    // struct {
    //     NameType name_type;
    //     select (name_type) { case host_name: HostName; } name;
    // } ServerName;
    // opaque HostName<1..2^16-1>;
    // struct { ServerName server_name_list<1..2^16-1> } ServerNameList;
    static ServerNames decode(Reader in) throws SspiException {
        List<ServerName> names = new ArrayList<>();
        Reader list = in.vector16(1, 0xFFFF);
        boolean[] seen = new boolean[256];
        while (list.hasRemaining()) {
            int type = list.u8();
            // RFC 6066 3: a name type that is defined later begins with a 16-bit length too.
            names.add(new ServerName(type, list.vector16Bytes(type == HOST_NAME ? 1 : 0, 0xFFFF)));
            if (seen[type]) {
                // RFC 6066 3: the list must not contain more than one name of the same type.
                throw AlertDescription.ILLEGAL_PARAMETER.because("two server names of one type");
            }
            seen[type] = true;
        }
        return new ServerNames(names);
    }

    @Override
    public void encode(Writer out) {
        out.vector16(list -> names.forEach(name -> list.u8(name.type).vector16(name.name)));
    }
}
