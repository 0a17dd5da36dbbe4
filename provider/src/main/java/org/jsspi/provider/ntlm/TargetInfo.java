package org.jsspi.provider.ntlm;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * A list of AV_PAIRs (MS-NLMP 2.2.2.1), what a server says of itself and a client answers, in the order of arrival.
 * Immutable; MsvAvEOL is the end of the list and no member.
 */
final class TargetInfo {
    static final int NB_COMPUTER_NAME = 1;
    static final int NB_DOMAIN_NAME = 2;
    static final int DNS_COMPUTER_NAME = 3;
    static final int DNS_DOMAIN_NAME = 4;
    static final int DNS_TREE_NAME = 5;
    static final int FLAGS = 6;
    static final int TIMESTAMP = 7;
    static final int TARGET_NAME = 9;
    static final int CHANNEL_BINDINGS = 10;

    /** MsvAvFlags: the AUTHENTICATE_MESSAGE has a MIC. */
    static final int FLAG_MIC = 0x2;
    /** MsvAvFlags: the target name comes from a source that is not trusted. */
    static final int FLAG_UNTRUSTED_TARGET = 0x4;

    static final TargetInfo EMPTY = new TargetInfo(Map.of());

    private static final int EOL = 0;

    private final Map<Integer, byte[]> pairs;

    private TargetInfo(Map<Integer, byte[]> pairs) {
        this.pairs = pairs;
    }

    /**
     * {@return the list up to MsvAvEOL}
     *
     * @param in holds the list alone; zeros may follow it
     * @throws SspiException SEC_E_INVALID_TOKEN if the list has no end, a name twice, or a value of the wrong length
     */
    static TargetInfo decode(Reader in) throws SspiException {
        Map<Integer, byte[]> pairs = new LinkedHashMap<>();
        for (int id = in.u16LittleEndian(); id != EOL; id = in.u16LittleEndian()) {
            byte[] value = in.bytes(in.u16LittleEndian());
            checkLength(id, value.length);
            if (pairs.putIfAbsent(id, value) != null) {
                throw Reader.malformed("AV pair " + id + " occurs twice");
            }
        }
        if (in.u16LittleEndian() != 0) {
            throw Reader.malformed("MsvAvEOL with a value");
        }
        for (byte octet : in.rest()) {
            if (octet != 0) {
                throw Reader.malformed("bytes after MsvAvEOL");
            }
        }
        return new TargetInfo(pairs);
    }

    private static void checkLength(int id, int length) throws SspiException {
        boolean right =
                switch (id) {
                    case FLAGS -> length == 4;
                    case TIMESTAMP -> length == 8;
                    case CHANNEL_BINDINGS -> length == 16;
                    case NB_COMPUTER_NAME,
                            NB_DOMAIN_NAME,
                            DNS_COMPUTER_NAME,
                            DNS_DOMAIN_NAME,
                            DNS_TREE_NAME,
                            TARGET_NAME -> length % 2 == 0;
                    default -> true;
                };
        if (!right) {
            throw Reader.malformed("AV pair " + id + " with a value of " + length + " bytes");
        }
    }

    boolean isEmpty() {
        return pairs.isEmpty();
    }

    boolean has(int id) {
        return pairs.containsKey(id);
    }

    /** {@return a copy of the value, or null} */
    byte[] value(int id) {
        byte[] value = pairs.get(id);
        return value == null ? null : value.clone();
    }

    /** {@return the value as text, or null} */
    String text(int id) {
        byte[] value = pairs.get(id);
        return value == null ? null : new String(value, StandardCharsets.UTF_16LE);
    }

    /** {@return MsvAvFlags, 0 if there is none} */
    int flags() throws SspiException {
        byte[] value = pairs.get(FLAGS);
        return value == null ? 0 : (int) Reader.of(value).u32LittleEndian();
    }

    /** {@return this list with the pair, in the place of an earlier one with its id or at the end} */
    TargetInfo with(int id, byte[] value) {
        Map<Integer, byte[]> more = new LinkedHashMap<>(pairs);
        more.put(id, value.clone());
        return new TargetInfo(more);
    }

    TargetInfo with(int id, String text) {
        return with(id, text.getBytes(StandardCharsets.UTF_16LE));
    }

    TargetInfo withFlags(int flags) {
        return with(FLAGS, new Writer(4).u32LittleEndian(flags & 0xFFFF_FFFFL).toByteArray());
    }

    TargetInfo without(int id) {
        Map<Integer, byte[]> fewer = new LinkedHashMap<>(pairs);
        fewer.remove(id);
        return new TargetInfo(fewer);
    }

    /** {@return the list with MsvAvEOL} */
    byte[] encode() {
        Writer out = new Writer();
        pairs.forEach((id, value) ->
                out.u16LittleEndian(id).u16LittleEndian(value.length).bytes(value));
        return out.zeros(4).toByteArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TargetInfo that && Arrays.equals(encode(), that.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }

    @Override
    public String toString() {
        return "TargetInfo" + pairs.keySet();
    }
}
