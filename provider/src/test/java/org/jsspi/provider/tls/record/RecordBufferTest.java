package org.jsspi.provider.tls.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ContentType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records from one buffer to another without a list are what they are with one. */
class RecordBufferTest {
    private static final int[] SIZES = {0, 1, 15, 16, 17, 1000, 1024, 1025, 16384};

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void everyKindOfMemoryGivesTheRecordOfTheList(Records.Sealing sealing) throws Exception {
        for (int size : SIZES) {
            byte[] data = Records.bytes(size);
            byte[] expected = Records.seal(sealing.writer(), data);
            for (Records.Kind from : Records.Kind.values()) {
                for (Records.Kind to : Records.Kind.values()) {
                    for (boolean readOnly : new boolean[] {false, true}) {
                        String what = sealing + " " + size + " " + from + " -> " + to + " " + readOnly;
                        ByteBuffer memory = from.of(data);
                        ByteBuffer source = readOnly ? memory.asReadOnlyBuffer() : memory;
                        ByteBuffer target = to.of(expected.length + 3);
                        int at = target.position();
                        assertEquals(SecurityStatus.SEC_E_OK, sealing.writer().seal(source, target, size), what);
                        assertEquals(0, source.remaining(), what);
                        assertEquals(3, target.remaining(), what);
                        byte[] record = new byte[expected.length];
                        target.get(at, record);
                        assertArrayEquals(expected, record, what);
                        assertTrue(onlyTouched(to, target, at, expected.length), what);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void everyKindOfMemoryGetsTheDataAndKeepsTheRecord(Records.Sealing sealing) throws Exception {
        for (int size : SIZES) {
            byte[] data = Records.bytes(size);
            byte[] record = Records.seal(sealing.writer(), data);
            for (Records.Kind from : Records.Kind.values()) {
                for (Records.Kind to : Records.Kind.values()) {
                    for (boolean readOnly : new boolean[] {false, true}) {
                        for (int room : new int[] {size, size + 1, size + 50}) {
                            String what = sealing + " " + size + " " + from + " -> " + to + " " + room;
                            ByteBuffer memory = from.of(Records.concat(record, new byte[2]));
                            byte[] before = Records.contents(memory);
                            ByteBuffer network = readOnly ? memory.asReadOnlyBuffer() : memory;
                            ByteBuffer target = to.of(room);
                            int at = target.position();
                            assertEquals(
                                    SecurityStatus.SEC_E_OK, sealing.reader().open(network, target), what);
                            assertEquals(2, network.remaining(), what);
                            assertEquals(at + size, target.position(), what);
                            byte[] plain = new byte[size];
                            target.get(at, plain);
                            assertArrayEquals(data, plain, what);
                            assertArrayEquals(before, Records.contents(memory), what);
                            assertTrue(onlyTouched(to, target, at, room), what);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void buffersMayOverlapAnyHow(Records.Sealing sealing) throws Exception {
        for (int size : new int[] {1, 16, 40, 700, 3000}) {
            byte[] data = Records.bytes(size);
            byte[] expected = Records.seal(sealing.writer(), data);
            for (Records.Kind kind : Records.Kind.values()) {
                for (boolean readOnly : new boolean[] {false, true}) {
                    for (int shift = -60; shift <= 40; shift++) {
                        String what = sealing + " " + size + " " + kind + " shifted by " + shift;
                        ByteBuffer memory = kind.of(size + 150);
                        int from = memory.position() + 60;
                        memory.put(from, data);
                        ByteBuffer source = part(memory, from, size, readOnly);
                        ByteBuffer target = part(memory, from + shift, expected.length, false);
                        assertEquals(SecurityStatus.SEC_E_OK, sealing.writer().seal(source, target, size), what);
                        byte[] record = new byte[expected.length];
                        memory.get(from + shift, record);
                        assertArrayEquals(expected, record, what);

                        ByteBuffer sealed = kind.of(expected.length + 150);
                        int at = sealed.position() + 60;
                        sealed.put(at, expected);
                        ByteBuffer network = part(sealed, at, expected.length, readOnly);
                        ByteBuffer plain = part(sealed, at + shift, size + 30, false);
                        assertEquals(SecurityStatus.SEC_E_OK, sealing.reader().open(network, plain), what);
                        byte[] opened = new byte[size];
                        sealed.get(at + shift, opened);
                        assertArrayEquals(data, opened, what);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void whatDoesNotFitOrIsNotWholeChangesNothing(Records.Sealing sealing) throws Exception {
        byte[] data = Records.bytes(100);
        RecordWriter writer = sealing.writer();
        byte[] record = Records.seal(sealing.writer(), data);
        for (Records.Kind kind : Records.Kind.values()) {
            RecordReader reader = sealing.reader();
            for (int missing = 1; missing <= record.length; missing++) {
                ByteBuffer source = kind.of(data);
                ByteBuffer small = kind.of(record.length - missing);
                assertRefused(
                        SecurityStatus.SEC_E_INSUFFICIENT_BUFFERS,
                        source,
                        small,
                        () -> writer.seal(source, small, 100));

                ByteBuffer part = kind.of(record).limit(kind.of(record).limit() - missing);
                ByteBuffer target = kind.of(200);
                assertRefused(SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, part, target, () -> reader.open(part, target));
            }
            for (int room = 0; room < data.length; room++) {
                ByteBuffer network = kind.of(record);
                ByteBuffer target = kind.of(room);
                assertRefused(
                        SecurityStatus.SEC_E_INSUFFICIENT_BUFFERS, network, target, () -> reader.open(network, target));
            }
            assertEquals(SecurityStatus.SEC_E_OK, reader.open(kind.of(record), kind.of(100)), "it was untouched");
        }
        assertEquals(0, writer.sequence());
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void aRecordOfAnythingElseIsLeftToTheList(Records.Sealing sealing) throws Exception {
        for (ContentType type : new ContentType[] {ContentType.HANDSHAKE, ContentType.ALERT}) {
            byte[] content = {1, 0};
            ByteBuffer sealed = ByteBuffer.allocate(100);
            int length = sealing.writer().write(type, content, 0, 2, sealed, 0);
            for (Records.Kind kind : Records.Kind.values()) {
                for (int room : new int[] {2, 100}) {
                    RecordReader reader = sealing.reader();
                    byte[] record = new byte[length];
                    sealed.get(0, record);
                    ByteBuffer network = kind.of(record);
                    ByteBuffer target = kind.of(room);
                    int from = network.position();
                    int to = target.position();
                    assertEquals(SecurityStatus.SEC_I_RENEGOTIATE, reader.open(network, target));
                    assertEquals(from, network.position());
                    assertEquals(to, target.position());
                    // Of the content nothing is to be seen.
                    byte[] memory = new byte[room];
                    target.get(to, memory);
                    assertTrue(
                            Records.isAll(memory, 0, room, Records.UNTOUCHED)
                                    || Records.isAll(memory, 0, length - sealing.header() - 16, (byte) 0),
                            kind + " " + room);
                    SecBufferDesc list = Records.onePass(network, target);
                    reader.open(list);
                    assertEquals(type, reader.opened().type());
                    assertEquals(1, reader.sequence());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void whatIsNotDeliveredLeavesItsSourceEvenBelowTheTarget(Records.Sealing sealing) throws Exception {
        byte[] content = {1, 0};
        ByteBuffer sealed = ByteBuffer.allocate(100);
        int length = sealing.writer().write(ContentType.HANDSHAKE, content, 0, 2, sealed, 0);
        byte[] record = new byte[length];
        sealed.get(0, record);
        byte[] forged = Records.seal(sealing.writer(), content);
        forged[forged.length - 1] ^= 1;
        assertEquals(length, forged.length);
        for (Records.Kind kind : Records.Kind.values()) {
            for (boolean readOnly : new boolean[] {false, true}) {
                for (int shift = -60; shift <= 60; shift++) {
                    String what = sealing + " " + kind + " " + readOnly + " shifted by " + shift;
                    ByteBuffer memory = kind.of(300);
                    int at = memory.position() + 100;
                    ByteBuffer network = part(memory, at, length, readOnly);
                    ByteBuffer target = part(memory, at + shift, 100, false);

                    memory.put(at, forged);
                    RecordReader reader = sealing.reader();
                    SspiException e = assertThrows(SspiException.class, () -> reader.open(network, target), what);
                    assertEquals(
                            AlertDescription.BAD_RECORD_MAC.code(), e.alert().orElse(-1), what);
                    assertArrayEquals(forged, bytes(memory, at, length), what);

                    memory.put(at, record);
                    assertEquals(
                            SecurityStatus.SEC_I_RENEGOTIATE, sealing.reader().open(network, target), what);
                    assertArrayEquals(record, bytes(memory, at, length), what);
                    RecordReader list = sealing.reader();
                    list.open(Records.onePass(network, target));
                    assertEquals(ContentType.HANDSHAKE, list.opened().type(), what);
                }
            }
        }
    }

    private static byte[] bytes(ByteBuffer memory, int from, int length) {
        byte[] bytes = new byte[length];
        memory.get(from, bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void noBitOfARecordMayChangeAndNoPlaintextShows(Records.Sealing sealing) throws Exception {
        byte[] data = Records.bytes(40);
        byte[] record = Records.seal(sealing.writer(), data);
        for (int bit = 8 * 5; bit < 8 * record.length; bit++) {
            byte[] changed = record.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            for (Records.Kind kind : new Records.Kind[] {Records.Kind.OFFSET, Records.Kind.DIRECT}) {
                ByteBuffer network = kind.of(changed);
                ByteBuffer target = kind.of(100);
                int at = target.position();
                RecordReader reader = sealing.reader();
                SspiException e = assertThrows(SspiException.class, () -> reader.open(network, target));
                assertEquals(AlertDescription.BAD_RECORD_MAC.code(), e.alert().orElse(-1));
                assertEquals(at, target.position());
                byte[] memory = new byte[100];
                target.get(at, memory);
                assertTrue(
                        Records.isAll(memory, 0, 100, Records.UNTOUCHED)
                                || Records.isAll(memory, 0, record.length - sealing.header() - 16, (byte) 0),
                        kind + " bit " + bit);
            }
        }
    }

    @Test
    void whoHasNoKeysOrNoPlaceToWriteIsTold() throws Exception {
        ByteBuffer memory = ByteBuffer.allocate(100);
        SspiException noKeys = assertThrows(SspiException.class, () -> new RecordWriter().seal(memory, memory, 1));
        assertEquals(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, noKeys.status());
        noKeys = assertThrows(SspiException.class, () -> new RecordReader().open(memory, memory));
        assertEquals(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, noKeys.status());
        ByteBuffer readOnly = ByteBuffer.allocate(100).asReadOnlyBuffer();
        RecordWriter writer = Records.writer(Aead.AES_128_GCM);
        SspiException e = assertThrows(SspiException.class, () -> writer.seal(memory, readOnly, 1));
        assertEquals(SecurityStatus.SEC_E_INVALID_TOKEN, e.status());
        RecordReader reader = Records.reader(Aead.AES_128_GCM);
        e = assertThrows(SspiException.class, () -> reader.open(memory, readOnly));
        assertEquals(SecurityStatus.SEC_E_INVALID_TOKEN, e.status());
    }

    private interface Call {
        SecurityStatus make() throws SspiException;
    }

    private static void assertRefused(SecurityStatus expected, ByteBuffer source, ByteBuffer target, Call call)
            throws SspiException {
        byte[] sourceBefore = Records.contents(source);
        int from = source.position();
        int to = target.position();
        assertEquals(expected, call.make());
        assertEquals(from, source.position());
        assertEquals(to, target.position());
        assertArrayEquals(sourceBefore, Records.contents(source));
        byte[] after = Records.contents(target);
        assertTrue(Records.isAll(after, 0, after.length, Records.UNTOUCHED));
    }

    private static ByteBuffer part(ByteBuffer memory, int at, int length, boolean readOnly) {
        ByteBuffer view = readOnly ? memory.asReadOnlyBuffer() : memory.duplicate();
        return view.limit(at + length).position(at);
    }

    /** {@return whether nothing lies around the bytes that were to be written} */
    private static boolean onlyTouched(Records.Kind kind, ByteBuffer memory, int at, int length) {
        byte[] all = Records.contents(memory);
        int end = kind == Records.Kind.SLICED ? length : at + length;
        return Records.isAll(all, 0, at, Records.UNTOUCHED) && Records.isAll(all, end, all.length, Records.UNTOUCHED);
    }
}
