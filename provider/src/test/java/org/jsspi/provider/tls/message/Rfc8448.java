package org.jsspi.provider.tls.message;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The traces of RFC 8448: values by their name, from the files under {@code /rfc8448}.
 *
 * <p>Messages have their names ({@code ClientHello}, {@code server.Finished}), secrets those of RFC 8446 7.1 ({@code
 * client_handshake_traffic_secret}), keys are {@code server.handshake.key} and {@code .iv}, records {@code
 * record.03.server.handshake} with what they carry in {@code .payload}.
 */
public final class Rfc8448 {
    private final String file;
    private final Map<String, byte[]> values = new LinkedHashMap<>();

    private Rfc8448(String file) {
        this.file = file;
        try (InputStream in = Rfc8448.class.getResourceAsStream("/rfc8448/" + file + ".txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                if (!line.startsWith("#")) {
                    String[] pair = line.split(" = ", 2);
                    values.put(pair[0], HexFormat.of().parseHex(pair[1].strip()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the trace of that name: {@code simple-1rtt}, {@code resumed-0rtt}, ...} */
    public static Rfc8448 trace(String file) {
        return new Rfc8448(file);
    }

    /** {@return a copy of the value of that name} */
    public byte[] get(String name) {
        byte[] value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name + " in " + file);
        }
        return value.clone();
    }

    /** {@return all values by their name, in the order of the trace} */
    public Map<String, byte[]> values() {
        return values;
    }
}
