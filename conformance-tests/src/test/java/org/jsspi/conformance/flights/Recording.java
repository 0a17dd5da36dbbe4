package org.jsspi.conformance.flights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What one connection did, as text:
 *
 * <pre>
 * # a comment
 * &lt; handshake 1234             a record that arrives, its kind and its length
 *     1603030...               its bytes, 32 to a line
 * &gt; application_data 27        a record that leaves
 * ! send 70696e67              what the application does, or gets: send, received, shutdown, closed
 * </pre>
 */
record Recording(String comment, List<Event> events) {
    private static final int BYTES_IN_A_LINE = 32;

    enum Kind {
        ARRIVES('<'),
        LEAVES('>'),
        APPLICATION('!');

        private final char sign;

        Kind(char sign) {
            this.sign = sign;
        }
    }

    /**
     * @param word what the application does; empty for records
     */
    record Event(Kind kind, String word, byte[] bytes) {}

    static Recording read(Path file) throws IOException {
        StringBuilder comment = new StringBuilder();
        List<Event> events = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.strip().split(" ");
            if (line.startsWith("#")) {
                comment.append(line.substring(1).strip());
            } else if (line.startsWith(" ")) {
                Event last = events.remove(events.size() - 1);
                events.add(new Event(
                        last.kind(), "", joined(last.bytes(), HexFormat.of().parseHex(line.strip()))));
            } else if (line.startsWith("!")) {
                events.add(new Event(
                        Kind.APPLICATION,
                        words[1],
                        words.length < 3 ? new byte[0] : HexFormat.of().parseHex(words[2])));
            } else if (!line.isBlank()) {
                events.add(new Event(line.charAt(0) == '<' ? Kind.ARRIVES : Kind.LEAVES, "", new byte[0]));
            }
        }
        return new Recording(comment.toString(), events);
    }

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder("# " + comment + "\n");
        for (Event event : events) {
            if (event.kind() == Kind.APPLICATION) {
                text.append("! ").append(event.word());
                text.append(
                        event.bytes().length == 0 ? "" : " " + HexFormat.of().formatHex(event.bytes()));
                text.append('\n');
                continue;
            }
            for (byte[] record : records(event.bytes())) {
                text.append(event.kind().sign)
                        .append(' ')
                        .append(typeOf(record))
                        .append(' ');
                text.append(record.length).append('\n');
                for (int at = 0; at < record.length; at += BYTES_IN_A_LINE) {
                    int end = Math.min(record.length, at + BYTES_IN_A_LINE);
                    text.append("    ")
                            .append(HexFormat.of().formatHex(record, at, end))
                            .append('\n');
                }
            }
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** {@return this, with neighbouring records of one direction as one event} */
    Recording inFlights() {
        List<Event> flights = new ArrayList<>();
        for (Event event : events) {
            Event last = flights.isEmpty() ? null : flights.get(flights.size() - 1);
            if (last != null && last.kind() == event.kind() && event.kind() != Kind.APPLICATION) {
                flights.set(flights.size() - 1, new Event(event.kind(), "", joined(last.bytes(), event.bytes())));
            } else {
                flights.add(event);
            }
        }
        return new Recording(comment, flights);
    }

    static List<byte[]> records(byte[] bytes) {
        List<byte[]> records = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = recordLength(bytes, at);
            byte[] record = new byte[length];
            System.arraycopy(bytes, at, record, 0, length);
            records.add(record);
            at += length;
        }
        return records;
    }

    static int recordLength(byte[] bytes, int at) {
        return 5 + ((bytes[at + 3] & 0xFF) << 8 | bytes[at + 4] & 0xFF);
    }

    static byte[] joined(byte[] first, byte[] second) {
        byte[] all = new byte[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static String typeOf(byte[] record) {
        return switch (record[0]) {
            case 20 -> "change_cipher_spec";
            case 21 -> "alert";
            case 22 -> "handshake";
            default -> "application_data";
        };
    }
}
