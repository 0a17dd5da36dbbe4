package org.jsspi.provider.tls.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.junit.jupiter.api.Test;

/** The lists before and after a call, and the lists that are none. */
class RecordListTest {
    private static final Aead AEAD = Aead.AES_128_GCM;

    private final byte[] data = Records.bytes(50);

    @Test
    void sealingTurnsReservationsIntoLengths() throws Exception {
        ByteBuffer memory = Records.Kind.HEAP.of(200);
        memory.put(13, data);
        SecBufferDesc list = new SecBufferDesc();
        list.add(SecBufferType.STREAM_HEADER, memory, 0, 13);
        list.add(SecBufferType.DATA, memory, 13, 50);
        list.add(SecBufferType.STREAM_TRAILER, memory, 63, 40);
        list.add();
        byte[] expected = Records.seal(Records.writer(AEAD), data);
        Records.writer(AEAD).seal(list);
        assertEquals("[STREAM_HEADER[5], DATA[50], STREAM_TRAILER[17], EMPTY[0]]", list.toString());
        assertArrayEquals(
                expected,
                Records.concat(
                        list.get(0).toByteArray(),
                        list.get(1).toByteArray(),
                        list.get(2).toByteArray()));
    }

    @Test
    void inPlaceTheThreePlacesNeedNotTouch() throws Exception {
        byte[] expected = Records.seal(Records.writer(AEAD), data);
        for (Records.Kind kind : Records.Kind.values()) {
            SecBufferDesc list = new SecBufferDesc();
            list.add(SecBufferType.STREAM_HEADER, kind.of(5));
            list.add(SecBufferType.DATA, kind.of(Arrays.copyOf(data, 20)));
            list.add(SecBufferType.DATA, kind.of(Arrays.copyOfRange(data, 20, 50)));
            list.add(SecBufferType.STREAM_TRAILER, kind.of(17));
            Records.writer(AEAD).seal(list);
            assertArrayEquals(
                    expected,
                    Records.concat(
                            list.get(0).toByteArray(),
                            list.get(1).toByteArray(),
                            list.get(2).toByteArray(),
                            list.get(3).toByteArray()));
        }
    }

    @Test
    void dataAloneBecomesTheRecordInMemoryOfItsOwn() throws Exception {
        byte[] mine = data.clone();
        SecBufferDesc list = new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, ByteBuffer.wrap(mine).asReadOnlyBuffer()), new SecBuffer());
        Records.writer(AEAD).seal(list);
        assertEquals("[STREAM[72], EMPTY[0]]", list.toString());
        assertArrayEquals(data, mine);
        ByteBuffer allocated = list.get(0).target();
        assertArrayEquals(data, Records.open(Records.reader(AEAD), list.get(0).toByteArray()));
        list.close();
        assertTrue(Records.isAll(allocated.array(), 0, 72, (byte) 0));
    }

    @Test
    void aMisusedListChangesNothing() throws Exception {
        ByteBuffer memory = ByteBuffer.allocate(40000);
        ByteBuffer readOnly = memory.asReadOnlyBuffer();
        ByteBuffer other = ByteBuffer.allocate(40000);
        Map<String, SecBufferDesc> lists = new LinkedHashMap<>();
        lists.put("SEC_E_INVALID_TOKEN nothing", new SecBufferDesc());
        lists.put("SEC_E_INVALID_TOKEN no data", list(memory, "H 0 5, T 5 17"));
        lists.put("SEC_E_INVALID_TOKEN no header", list(memory, "D 5 10, T 15 17"));
        lists.put("SEC_E_INVALID_TOKEN no trailer", list(memory, "H 0 5, D 5 10"));
        lists.put("SEC_E_INVALID_TOKEN two headers", list(memory, "H 0 5, H 5 5, D 10 10, T 20 17"));
        lists.put("SEC_E_INVALID_TOKEN two trailers", list(memory, "H 0 5, D 5 10, T 15 17, T 32 17"));
        lists.put("SEC_E_INVALID_TOKEN trailer first", list(memory, "H 0 5, T 15 17, D 5 10"));
        lists.put("SEC_E_INVALID_TOKEN a token", list(memory, "H 0 5, D 5 10, T 15 17, X 50 5"));
        lists.put("SEC_E_INVALID_TOKEN two data alone", list(memory, "D 0 5, D 5 5"));
        lists.put("SEC_E_INVALID_TOKEN too much", list(memory, "H 0 5, D 5 16385, T 16390 17"));
        lists.put("SEC_E_INVALID_TOKEN too much together", list(memory, "H 0 5, D 5 9000, D 9005 9000, T 18005 17"));
        lists.put("SEC_E_INVALID_TOKEN too much alone", list(memory, "D 0 16385"));
        lists.put("SEC_E_INVALID_TOKEN read-only", list(readOnly, "H 0 5, D 5 10, T 15 17"));
        lists.put("SEC_E_BUFFER_TOO_SMALL header", list(memory, "H 0 4, D 5 10, T 15 17"));
        lists.put("SEC_E_BUFFER_TOO_SMALL trailer", list(memory, "H 0 5, D 5 10, T 15 16"));
        SecBufferDesc gap = list(memory, "H 0 5, D 6 10, T 16 17");
        gap.get(1).set(SecBufferType.DATA, other, 0, memory, 6, 10);
        lists.put("SEC_E_INVALID_TOKEN a gap behind the header", gap);
        SecBufferDesc gapBehind = list(memory, "H 0 5, D 5 10, T 16 17");
        gapBehind.get(1).set(SecBufferType.DATA, other, 0, memory, 5, 10);
        lists.put("SEC_E_INVALID_TOKEN a gap before the trailer", gapBehind);
        SecBufferDesc nowhere = list(memory, "H 0 5, D 5 10, T 15 17");
        nowhere.get(1).set(SecBufferType.DATA, other, 0, null, 0, 10);
        lists.put("SEC_E_INVALID_TOKEN data without a target", nowhere);
        SecBufferDesc nothing = list(memory, "H 0 5, D 5 10, T 15 17");
        nothing.get(1).set(SecBufferType.DATA, null, 0, 10);
        lists.put("SEC_E_INVALID_TOKEN data without memory", nothing);
        SecBufferDesc attribute = list(memory, "H 0 5, D 5 10, T 15 17");
        attribute.get(1).setAttributes(SecBuffer.READONLY);
        lists.put("SEC_E_INVALID_TOKEN READONLY data in place", attribute);

        RecordWriter writer = Records.writer(AEAD);
        byte[] before = memory.array().clone();
        lists.forEach((name, list) -> {
            String shape = list.toString();
            SspiException e = assertThrows(SspiException.class, () -> writer.seal(list), name);
            assertEquals(name.split(" ")[0], e.status().name(), name);
            assertEquals(shape, list.toString(), name);
            assertArrayEquals(before, memory.array(), name);
            assertEquals(0, writer.sequence(), name);
        });
    }

    @Test
    void openingInPlaceLeavesTheRestAsExtra() throws Exception {
        RecordWriter writer = Records.writer(AEAD);
        byte[] two = Records.concat(Records.seal(writer, data), Records.seal(writer, new byte[3]));
        RecordReader reader = Records.reader(AEAD);
        SecBufferDesc list = new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, two),
                new SecBuffer(),
                new SecBuffer(),
                new SecBuffer(),
                new SecBuffer());
        assertEquals(SecurityStatus.SEC_E_OK, reader.open(list));
        assertEquals("[STREAM_HEADER[5], DATA[50], STREAM_TRAILER[17], EXTRA[25], EMPTY[0]]", list.toString());
        assertArrayEquals(data, list.get(1).toByteArray());
        SecBuffer extra = list.get(3);
        SecBufferDesc again = new SecBufferDesc();
        again.add(SecBufferType.DATA, extra.target(), extra.targetOffset(), extra.length());
        again.add();
        again.add();
        again.add();
        assertEquals(SecurityStatus.SEC_E_OK, reader.open(again));
        assertEquals("[STREAM_HEADER[5], DATA[3], STREAM_TRAILER[17], EMPTY[0]]", again.toString());
    }

    @Test
    void aHandshakeMessageInPlaceIsTheFirstExtra() throws Exception {
        RecordProtection peer = new RecordProtection(Records.keys(AEAD));
        byte[] message = {24, 0, 0, 1, 0};
        byte[] network = Records.concat(Records.sealInner(peer, 22, message, 0), new byte[] {1, 2, 3});
        byte[] before = network.clone();
        for (int empty : new int[] {3, 4}) {
            SecBufferDesc list = new SecBufferDesc();
            list.add(SecBufferType.DATA, ByteBuffer.wrap(network));
            for (int i = 0; i < empty; i++) {
                list.add();
            }
            assertEquals(SecurityStatus.SEC_I_RENEGOTIATE, Records.reader(AEAD).open(list));
            assertEquals(
                    "[STREAM_HEADER[5], DATA[0], STREAM_TRAILER[22], EXTRA[10]" + (empty == 4 ? ", EXTRA[3]]" : "]"),
                    list.toString());
            assertArrayEquals(
                    Records.concat(new byte[] {22, 3, 3, 0, 5}, message),
                    list.get(3).toByteArray());
            assertArrayEquals(before, network);
        }
    }

    @Test
    void aListThatOpensNothingChangesNothing() throws Exception {
        byte[] record = Records.seal(Records.writer(AEAD), data);
        ByteBuffer memory = ByteBuffer.wrap(Arrays.copyOf(record, 200));
        ByteBuffer readOnly = memory.asReadOnlyBuffer();
        RecordReader reader = Records.reader(AEAD);
        for (SecBufferDesc list : new SecBufferDesc[] {
            new SecBufferDesc(),
            list(memory, "E 0 0, E 0 0, E 0 0, E 0 0"),
            list(memory, "D 0 72, E 0 0, E 0 0"),
            list(memory, "D 0 72, D 80 72, E 0 0, E 0 0, E 0 0"),
            list(readOnly, "D 0 72, E 0 0, E 0 0, E 0 0"),
            list(memory, "S 0 72, E 0 0, E 0 0"),
            list(memory, "S 0 72, D 100 72, E 0 0"),
            list(readOnly, "S 0 72, D 100 72, E 0 0, E 0 0"),
            list(memory, "S 0 72, D 100 72, H 100 0, E 0 0, E 0 0"),
        }) {
            String shape = list.toString();
            SspiException e = assertThrows(SspiException.class, () -> reader.open(list), shape);
            assertEquals(SecurityStatus.SEC_E_INVALID_TOKEN, e.status(), shape);
            assertEquals(shape, list.toString());
            assertEquals(0, reader.sequence());
        }
        assertArrayEquals(data, Records.open(reader, record));
    }

    @Test
    void withoutKeysThereIsNothingToSealOrOpen() {
        assertEquals(
                SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                assertThrows(SspiException.class, () -> Records.seal(new RecordWriter(), data))
                        .status());
        assertEquals(
                SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                assertThrows(SspiException.class, () -> Records.open(new RecordReader(), data))
                        .status());
        assertDoesNotThrow(() -> new RecordReader().destroy());
    }

    /** Buffers by letter, offset and length. */
    private static SecBufferDesc list(ByteBuffer memory, String buffers) {
        SecBufferDesc list = new SecBufferDesc();
        for (String each : buffers.split(", ")) {
            String[] parts = each.split(" ");
            SecBufferType type =
                    switch (parts[0]) {
                        case "H" -> SecBufferType.STREAM_HEADER;
                        case "D" -> SecBufferType.DATA;
                        case "T" -> SecBufferType.STREAM_TRAILER;
                        case "S" -> SecBufferType.STREAM;
                        case "X" -> SecBufferType.TOKEN;
                        default -> SecBufferType.EMPTY;
                    };
            list.add(
                    type,
                    type == SecBufferType.EMPTY ? null : memory,
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]));
        }
        return list;
    }
}
