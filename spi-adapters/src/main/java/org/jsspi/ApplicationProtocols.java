package org.jsspi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * SEC_APPLICATION_PROTOCOLS: the application protocols that a side offers, as the contents of an APPLICATION_PROTOCOLS
 * buffer.
 *
 * <pre>
 * | total u32 | ext u32 = 2 (ALPN) | list u16 | length u8, id | length u8, id | ...      little-endian; total = list + 6
 * </pre>
 */
public final class ApplicationProtocols {
    private static final int ALPN = 2;
    private static final int LIST_HEADER = 6;

    private ApplicationProtocols() {}

    /**
     * {@return a buffer that offers these protocols, best first}
     *
     * @param protocols their ids; each character is one byte, 1 to 255 of them (RFC 7301 3.1)
     * @throws IllegalArgumentException if an id has no valid length or characters above 255, or all are too long together
     */
    public static SecBuffer offer(List<String> protocols) {
        int listBytes = 0;
        for (String protocol : protocols) {
            if (protocol.isEmpty()
                    || protocol.length() > 255
                    || protocol.chars().anyMatch(c -> c > 255)) {
                throw new IllegalArgumentException("a protocol id has 1 to 255 bytes");
            }
            listBytes += 1 + protocol.length();
        }
        if (listBytes > 65535 - 2) {
            throw new IllegalArgumentException("too many application protocols");
        }
        ByteBuffer structure = ByteBuffer.allocate(4 + LIST_HEADER + listBytes).order(ByteOrder.LITTLE_ENDIAN);
        structure.putInt(LIST_HEADER + listBytes).putInt(ALPN).putShort((short) listBytes);
        for (String protocol : protocols) {
            structure.put((byte) protocol.length()).put(protocol.getBytes(StandardCharsets.ISO_8859_1));
        }
        return new SecBuffer(SecBufferType.APPLICATION_PROTOCOLS, structure.flip());
    }

    /**
     * {@return the protocols that an APPLICATION_PROTOCOLS buffer offers by ALPN; other negotiations are passed over}
     *
     * @throws SspiException SEC_E_INVALID_TOKEN if the structure is malformed
     */
    public static List<String> read(SecBuffer buffer) throws SspiException {
        ByteBuffer structure = buffer.view().order(ByteOrder.LITTLE_ENDIAN);
        if (structure.remaining() < 4 || structure.getInt() != structure.remaining()) {
            throw malformed();
        }
        List<String> protocols = new ArrayList<>();
        while (structure.hasRemaining()) {
            if (structure.remaining() < LIST_HEADER) {
                throw malformed();
            }
            int ext = structure.getInt();
            int listBytes = Short.toUnsignedInt(structure.getShort());
            if (listBytes > structure.remaining()) {
                throw malformed();
            }
            ByteBuffer list = structure.slice(structure.position(), listBytes);
            structure.position(structure.position() + listBytes);
            while (list.hasRemaining()) {
                int length = Byte.toUnsignedInt(list.get());
                if (length == 0 || length > list.remaining()) {
                    throw malformed();
                }
                byte[] id = new byte[length];
                list.get(id);
                if (ext == ALPN) {
                    protocols.add(new String(id, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return List.copyOf(protocols);
    }

    private static SspiException malformed() {
        return new SspiException(
                SecurityStatus.SEC_E_INVALID_TOKEN, "SEC_APPLICATION_PROTOCOLS does not have the lengths it names");
    }
}
