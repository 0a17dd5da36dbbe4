package org.jsspi.provider.tls.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ContentType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every algorithm, every kind of memory and every size. */
class RecordLawTest {
    private static int[] sizes() {
        return IntStream.concat(IntStream.rangeClosed(0, 300), IntStream.of(4095, 8192, 16367, 16368, 16383, 16384))
                .toArray();
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void everySizeComesBack(Records.Sealing sealing) throws Exception {
        RecordWriter writer = sealing.writer();
        RecordReader reader = sealing.reader();
        for (int size : sizes()) {
            byte[] data = Records.bytes(size);
            byte[] record = Records.seal(writer, data);
            assertEquals(writer.sizeOf(size), record.length);
            assertArrayEquals(data, Records.open(reader, record), "size " + size);
        }
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void everyKindOfMemoryGivesTheSameRecordAndTheSameData(Records.Sealing sealing) throws Exception {
        for (int size : new int[] {0, 1, 15, 16, 17, 1000, 16384}) {
            byte[] data = Records.bytes(size);
            byte[] expected = Records.seal(sealing.writer(), data);
            for (Records.Kind from : Records.Kind.values()) {
                for (Records.Kind to : Records.Kind.values()) {
                    for (boolean readOnly : new boolean[] {false, true}) {
                        String what = sealing + " " + size + " " + from + " -> " + to + " " + readOnly;
                        ByteBuffer source = from.of(data);
                        ByteBuffer target = to.of(expected.length + 3);
                        SecBufferDesc list =
                                sealing(sealing, readOnly ? source.asReadOnlyBuffer() : source, target, size, size);
                        sealing.writer().seal(list);
                        byte[] record = new byte[expected.length];
                        target.get(target.position(), record);
                        assertArrayEquals(expected, record, what);
                        assertEquals(Records.UNTOUCHED, target.get(target.position() + expected.length), what);

                        // Exactly the room for the data, and more than the cipher can want.
                        for (int room : new int[] {size, size + 1, size + 50}) {
                            ByteBuffer network = from.of(expected);
                            ByteBuffer plain = to.of(room);
                            byte[] before = Records.contents(network);
                            SecBufferDesc opening =
                                    Records.onePass(readOnly ? network.asReadOnlyBuffer() : network, plain);
                            assertEquals(
                                    SecurityStatus.SEC_E_OK, sealing.reader().open(opening), what);
                            assertArrayEquals(data, opening.get(1).toByteArray(), what);
                            assertEquals(expected.length, opening.get(0).length());
                            assertArrayEquals(before, Records.contents(network), what + ": source was written");
                            byte[] around = Records.contents(plain);
                            int end = to == Records.Kind.SLICED ? room : plain.position() + room;
                            assertTrue(Records.isAll(around, end, around.length, Records.UNTOUCHED), what);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void inPlaceWorksInEveryKindOfMemory(Records.Sealing sealing) throws Exception {
        for (int size : new int[] {0, 1, 15, 16, 17, 1000, 16384}) {
            byte[] data = Records.bytes(size);
            byte[] expected = Records.seal(sealing.writer(), data);
            for (Records.Kind kind : Records.Kind.values()) {
                String what = sealing + " " + size + " " + kind;
                ByteBuffer memory = kind.of(sealing.header() + size + sealing.trailer());
                int at = memory.position();
                memory.put(at + sealing.header(), data);
                SecBufferDesc list = new SecBufferDesc();
                list.add(SecBufferType.STREAM_HEADER, memory, at, sealing.header());
                list.add(SecBufferType.DATA, memory, at + sealing.header(), size);
                list.add(SecBufferType.STREAM_TRAILER, memory, at + sealing.header() + size, sealing.trailer());
                list.add();
                sealing.writer().seal(list);
                byte[] record = new byte[expected.length];
                memory.get(at, record);
                assertArrayEquals(expected, record, what);

                SecBufferDesc opening = new SecBufferDesc();
                opening.add(SecBufferType.DATA, memory);
                opening.add();
                opening.add();
                opening.add();
                assertEquals(SecurityStatus.SEC_E_OK, sealing.reader().open(opening), what);
                assertEquals(
                        "[STREAM_HEADER[" + sealing.header() + "], DATA[" + size + "], STREAM_TRAILER["
                                + sealing.trailer() + "], EMPTY[0]]",
                        opening.toString());
                assertArrayEquals(data, opening.get(1).toByteArray(), what);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void sourceAndTargetMayOverlapAnyHow(Records.Sealing sealing) throws Exception {
        for (int size : new int[] {1, 16, 40, 700, 3000}) {
            byte[] data = Records.bytes(size);
            byte[] expected = Records.seal(sealing.writer(), data);
            for (Records.Kind kind : Records.Kind.values()) {
                for (int shift = -40; shift <= 40; shift++) {
                    ByteBuffer memory = kind.of(size + 150);
                    int from = memory.position() + 60;
                    memory.put(from, data);
                    SecBufferDesc list = new SecBufferDesc();
                    list.add(SecBufferType.STREAM_HEADER, memory, from + shift, sealing.header());
                    int cut = shift % 2 == 0 ? size : size / 2;
                    int to = from + shift + sealing.header();
                    list.add().set(SecBufferType.DATA, memory, from, memory, to, cut);
                    list.add().set(SecBufferType.DATA, memory, from + cut, memory, to + cut, size - cut);
                    list.add(SecBufferType.STREAM_TRAILER, memory, to + size, sealing.trailer());
                    sealing.writer().seal(list);
                    byte[] record = new byte[expected.length];
                    memory.get(from + shift, record);
                    assertArrayEquals(expected, record, kind + " shifted by " + shift);

                    ByteBuffer network = kind.of(expected.length + 150);
                    int at = network.position() + 60;
                    network.put(at, expected);
                    SecBufferDesc opening = new SecBufferDesc();
                    opening.add(SecBufferType.STREAM, network, at, expected.length);
                    opening.add(SecBufferType.DATA, network, at + shift, size + 30);
                    opening.add();
                    opening.add();
                    assertEquals(SecurityStatus.SEC_E_OK, sealing.reader().open(opening));
                    assertArrayEquals(data, opening.get(1).toByteArray(), kind + " shifted by " + shift);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void gatherMakesOneRecordAndScatterSpreadsIt(Records.Sealing sealing) throws Exception {
        byte[] data = Records.bytes(500);
        byte[] expected = Records.seal(sealing.writer(), data);
        for (Records.Kind kind : List.of(Records.Kind.OFFSET, Records.Kind.DIRECT)) {
            for (int cut = 0; cut <= data.length; cut++) {
                ByteBuffer target = kind.of(expected.length);
                sealing.writer()
                        .seal(sealing(sealing, kind.of(data), target, cut, 7 % (data.length - cut + 1), data.length));
                byte[] record = new byte[expected.length];
                target.get(target.position(), record);
                assertArrayEquals(expected, record, "cut at " + cut);

                ByteBuffer first = kind.of(cut);
                ByteBuffer second = kind.of(0);
                ByteBuffer third = kind.of(data.length - cut + 1);
                SecBufferDesc list = Records.onePass(kind.of(expected), first, second, third);
                assertEquals(SecurityStatus.SEC_E_OK, sealing.reader().open(list));
                assertArrayEquals(
                        data,
                        Records.concat(
                                list.get(1).toByteArray(),
                                list.get(2).toByteArray(),
                                list.get(3).toByteArray()));
                assertEquals(cut, list.get(1).length());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void aPartialRecordLeavesEverythingUntouched(Records.Sealing sealing) throws Exception {
        byte[] record = Records.seal(sealing.writer(), Records.bytes(60));
        RecordReader reader = sealing.reader();
        for (int prefix = 0; prefix < record.length; prefix++) {
            for (Records.Kind kind : Records.Kind.values()) {
                int missing = prefix < 5 ? 5 - prefix : record.length - prefix;
                ByteBuffer network = kind.of(Arrays.copyOf(record, prefix));
                byte[] before = Records.contents(network);
                ByteBuffer target = kind.of(100);
                SecBufferDesc list = Records.onePass(network.asReadOnlyBuffer(), target);
                assertEquals(SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, reader.open(list));
                assertEquals("[MISSING[" + missing + "], DATA[100], EMPTY[0], EMPTY[0]]", list.toString());
                byte[] around = Records.contents(target);
                assertTrue(Records.isAll(around, 0, around.length, Records.UNTOUCHED));

                SecBufferDesc inPlace = new SecBufferDesc();
                inPlace.add(SecBufferType.DATA, network);
                inPlace.add();
                inPlace.add();
                inPlace.add();
                assertEquals(SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, reader.open(inPlace));
                assertEquals(
                        "[MISSING[" + missing + "], MISSING[" + missing + "], EMPTY[0], EMPTY[0]]", inPlace.toString());
                assertArrayEquals(before, Records.contents(network));
                assertEquals(
                        -missing, reader.open(network, network.position(), prefix, (type, content, offset, length) -> {
                            throw new AssertionError("a part of a record reached the sink");
                        }));
            }
        }
        assertEquals(0, reader.sequence());
        assertArrayEquals(Records.bytes(60), Records.open(reader, record));
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void aTargetThatIsTooSmallLeavesEverythingUntouched(Records.Sealing sealing) throws Exception {
        byte[] data = Records.bytes(60);
        byte[] record = Records.seal(sealing.writer(), data);
        RecordReader reader = sealing.reader();
        for (Records.Kind kind : Records.Kind.values()) {
            for (int room = 0; room < data.length; room++) {
                ByteBuffer target = kind.of(room / 2);
                ByteBuffer rest = kind.of(room - room / 2);
                SecBufferDesc list = Records.onePass(kind.of(record).asReadOnlyBuffer(), target, rest);
                assertEquals(SecurityStatus.SEC_E_INSUFFICIENT_BUFFERS, reader.open(list));
                assertEquals(data.length, list.get(1).length());
                assertEquals(SecBufferType.STREAM, list.get(0).type());
                for (ByteBuffer memory : List.of(target, rest)) {
                    byte[] around = Records.contents(memory);
                    assertTrue(Records.isAll(around, 0, around.length, Records.UNTOUCHED));
                }
                assertEquals(0, reader.sequence());
            }
        }
        assertArrayEquals(data, Records.open(reader, record));
        assertEquals(1, reader.sequence());
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void everyFlippedByteIsRefusedAndNothingIsLeftBehind(Records.Sealing sealing) throws Exception {
        byte[] data = Records.bytes(200);
        byte[] record = Records.seal(sealing.writer(), data);
        for (Records.Kind kind : List.of(Records.Kind.OFFSET, Records.Kind.DIRECT)) {
            for (int i = 5; i < record.length; i++) {
                byte[] altered = record.clone();
                altered[i] ^= (byte) (1 << i % 8);
                ByteBuffer target = kind.of(300);
                SspiException e = assertThrows(
                        SspiException.class,
                        () -> sealing.reader().open(Records.onePass(ByteBuffer.wrap(altered), target)));
                assertEquals(AlertDescription.BAD_RECORD_MAC.code(), e.alert().orElseThrow());
                assertEquals(SecurityStatus.SEC_E_MESSAGE_ALTERED, e.status());
                for (byte b : Records.contents(target)) {
                    assertTrue(b == 0 || b == Records.UNTOUCHED, "something is left in the target");
                }
                ByteBuffer network = kind.of(altered);
                SecBufferDesc list = new SecBufferDesc();
                list.add(SecBufferType.DATA, network);
                list.add();
                list.add();
                list.add();
                assertThrows(SspiException.class, () -> sealing.reader().open(list));
                assertArrayEquals(
                        altered,
                        Arrays.copyOfRange(
                                Records.contents(network), network.position(), network.position() + altered.length));
            }
        }
        // The header is additional data: a changed version authenticates no more.
        byte[] altered = record.clone();
        altered[2] = 1;
        assertThrows(SspiException.class, () -> Records.open(sealing.reader(), altered));
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void recordsOpenInTheirOrderOnly(Records.Sealing sealing) throws Exception {
        RecordWriter writer = sealing.writer();
        byte[] first = Records.seal(writer, new byte[] {1});
        byte[] second = Records.seal(writer, new byte[] {2});
        assertThrows(SspiException.class, () -> Records.open(sealing.reader(), second));
        RecordReader reader = sealing.reader();
        Records.open(reader, first);
        assertThrows(SspiException.class, () -> Records.open(reader, first));
    }

    @ParameterizedTest
    @EnumSource(Aead.class)
    void paddingIsStrippedUpToTheLimit(Aead aead) throws Exception {
        for (int size : new int[] {0, 1, 100, 16000, 16384}) {
            for (int padding : new int[] {0, 1, 15, 16, 255, 16384 - size}) {
                if (size + padding > 16384) {
                    continue;
                }
                byte[] data = Records.bytes(size);
                byte[] record = Records.sealInner(new RecordProtection(Records.keys(aead)), 23, data, padding);
                assertArrayEquals(data, Records.open(Records.reader(aead), record));
                // A target that has room for the data, but not for the padding.
                for (Records.Kind kind : Records.Kind.values()) {
                    SecBufferDesc list = Records.onePass(ByteBuffer.wrap(record), kind.of(size));
                    assertEquals(SecurityStatus.SEC_E_OK, Records.reader(aead).open(list));
                    assertArrayEquals(data, list.get(1).toByteArray());
                }
                SecBufferDesc inPlace = new SecBufferDesc(
                        new SecBuffer(SecBufferType.DATA, record.clone()),
                        new SecBuffer(),
                        new SecBuffer(),
                        new SecBuffer());
                assertEquals(SecurityStatus.SEC_E_OK, Records.reader(aead).open(inPlace));
                assertEquals(
                        "[STREAM_HEADER[5], DATA[%d], STREAM_TRAILER[%d], EMPTY[0]]".formatted(size, 17 + padding),
                        inPlace.toString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Aead.class)
    void whatNoRecordMayHoldInsideIsRefused(Aead aead) throws Exception {
        record Case(int type, int size, int padding, AlertDescription alert) {}
        for (Case c : List.of(
                new Case(23, 16385, 0, AlertDescription.RECORD_OVERFLOW),
                new Case(23, 16384, 1, AlertDescription.RECORD_OVERFLOW),
                new Case(23, 1, 16384 + 238, AlertDescription.RECORD_OVERFLOW),
                new Case(0, 0, 0, AlertDescription.UNEXPECTED_MESSAGE),
                new Case(0, 0, 500, AlertDescription.UNEXPECTED_MESSAGE),
                new Case(20, 1, 0, AlertDescription.UNEXPECTED_MESSAGE),
                new Case(24, 1, 0, AlertDescription.UNEXPECTED_MESSAGE),
                new Case(99, 1, 0, AlertDescription.UNEXPECTED_MESSAGE),
                new Case(21, 0, 0, AlertDescription.UNEXPECTED_MESSAGE),
                new Case(22, 0, 9, AlertDescription.UNEXPECTED_MESSAGE),
                new Case(21, 1, 0, AlertDescription.DECODE_ERROR),
                new Case(21, 4, 0, AlertDescription.DECODE_ERROR))) {
            byte[] content = new byte[c.size];
            Arrays.fill(content, (byte) 1);
            byte[] record = Records.sealInner(new RecordProtection(Records.keys(aead)), c.type, content, c.padding);
            for (int room : new int[] {0, 17000}) {
                ByteBuffer target = Records.Kind.HEAP.of(room);
                SspiException e = assertThrows(
                        SspiException.class,
                        () -> Records.reader(aead).open(Records.onePass(ByteBuffer.wrap(record), target)),
                        c.toString());
                assertEquals(c.alert.code(), e.alert().orElseThrow(), c.toString());
                for (byte b : Records.contents(target)) {
                    assertTrue(b == 0 || b == Records.UNTOUCHED, c + ": something is left in the target");
                }
            }
            SspiException e = assertThrows(
                    SspiException.class,
                    () -> Records.reader(aead).open(ByteBuffer.wrap(record), 0, record.length, (t, b, o, l) -> {
                        throw new AssertionError("reached the sink");
                    }),
                    c.toString());
            assertEquals(c.alert.code(), e.alert().orElseThrow(), c.toString());
        }
    }

    @Test
    void anEmptyInnerPlaintextHasNoContentType() throws Exception {
        for (Aead aead : Aead.values()) {
            RecordProtection protection = new RecordProtection(Records.keys(aead));
            byte[] record = new byte[21];
            protection.beginSeal(ContentType.APPLICATION_DATA, -1);
            protection.seal(new byte[0], 0, 0, record, 5);
            System.arraycopy(protection.header(), 0, record, 0, 5);
            SspiException e = assertThrows(
                    SspiException.class,
                    () -> Records.reader(aead).open(Records.onePass(ByteBuffer.wrap(record), ByteBuffer.allocate(0))));
            assertEquals(AlertDescription.UNEXPECTED_MESSAGE.code(), e.alert().orElseThrow());
        }
    }

    @Test
    void otherContentThanDataNeverStaysInTheTarget() throws Exception {
        RecordProtection peer = new RecordProtection(Records.keys(Aead.AES_128_GCM));
        RecordReader reader = Records.reader(Aead.AES_128_GCM);
        byte[] message = {24, 0, 0, 1, 1};
        for (int room : new int[] {0, 5, 100}) {
            byte[] record = Records.sealInner(peer, 22, message, 3);
            ByteBuffer target = Records.Kind.HEAP.of(room);
            byte[] network = Records.concat(record, new byte[] {23, 3});
            SecBufferDesc list = Records.onePass(ByteBuffer.wrap(network).asReadOnlyBuffer(), target);
            assertEquals(SecurityStatus.SEC_I_RENEGOTIATE, reader.open(list));
            assertEquals("[STREAM[" + record.length + "], DATA[0], EXTRA[10], EXTRA[2]]", list.toString());
            assertArrayEquals(
                    Records.concat(new byte[] {22, 3, 3, 0, 5}, message),
                    list.get(2).toByteArray());
            assertTrue(list.get(2).target().isReadOnly());
            assertEquals(ContentType.HANDSHAKE, reader.opened().type());
            for (byte b : Records.contents(target)) {
                assertTrue(b == 0 || b == Records.UNTOUCHED);
            }
        }
        byte[] alert = Records.sealInner(peer, 21, new byte[] {1, 0}, 0);
        SecBufferDesc list = Records.onePass(ByteBuffer.wrap(alert), ByteBuffer.allocate(50));
        assertEquals(SecurityStatus.SEC_E_OK, reader.open(list));
        assertEquals(ContentType.ALERT, reader.opened().type());
        assertEquals(1, reader.opened().contentByte(0));
        assertEquals(0, reader.opened().contentByte(1));
        assertEquals("[STREAM[24], DATA[0], EMPTY[0], EMPTY[0]]", list.toString());
        Records.open(reader, Records.sealInner(peer, 23, new byte[0], 0));
        assertNull(reader.opened().record());
        assertFalse(reader.opened().contentLength() > 0);
    }

    /** HEADER, DATA..., TRAILER: the source cut into pieces of these lengths. */
    private static SecBufferDesc sealing(Records.Sealing sealing, ByteBuffer source, ByteBuffer target, int... ends) {
        SecBufferDesc list = new SecBufferDesc();
        int total = ends[ends.length - 1];
        int at = target.position();
        list.add(SecBufferType.STREAM_HEADER, target, at, sealing.header());
        int from = 0;
        for (int i = 0; i < ends.length; i++) {
            int end = i == 0 || i == ends.length - 1 ? ends[i] : from + ends[i];
            list.add()
                    .set(
                            SecBufferType.DATA,
                            source,
                            source.position() + from,
                            target,
                            at + sealing.header() + from,
                            end - from);
            from = end;
        }
        list.add(SecBufferType.STREAM_TRAILER, target, at + sealing.header() + total, sealing.trailer());
        return list;
    }
}
