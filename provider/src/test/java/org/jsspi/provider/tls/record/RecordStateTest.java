package org.jsspi.provider.tls.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ContentType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys, numbers and limits, and the records of a handshake. */
class RecordStateTest {
    private static final RecordReader.Sink NOTHING = (type, content, offset, length) -> {
        throw new AssertionError(type + " reached the sink");
    };

    @Test
    void newKeysBeginAtNumberZero() throws Exception {
        for (Aead aead : Aead.values()) {
            RecordWriter writer = Records.writer(aead);
            byte[] first = Records.seal(writer, new byte[7]);
            Records.seal(writer, new byte[7]);
            assertEquals(2, writer.sequence());
            TrafficKeys keys = Records.keys(aead);
            writer.protect(keys);
            assertTrue(keys.isDestroyed());
            assertEquals(0, writer.sequence());
            assertArrayEquals(first, Records.seal(writer, new byte[7]));
        }
    }

    @Test
    void theLimitAsksForNewKeysAndLetsTheKeyUpdateThrough() throws Exception {
        RecordWriter writer = Records.writer(Aead.AES_128_GCM);
        writer.setRecordLimit(2);
        Records.seal(writer, new byte[1]);
        assertFalse(writer.limitReached());
        Records.seal(writer, new byte[1]);
        assertTrue(writer.limitReached());
        ByteBuffer target = ByteBuffer.allocate(100);
        assertEquals(27, writer.write(ContentType.HANDSHAKE, new byte[] {24, 0, 0, 1, 0}, 0, 5, target, 0));
        writer.protect(Records.keys(Aead.AES_128_GCM));
        assertFalse(writer.limitReached());
        assertFalse(new RecordWriter().limitReached());
    }

    @Test
    void thePeersRecordSizeLimitCountsTheContentType() throws Exception {
        RecordWriter writer = new RecordWriter();
        writer.setRecordSizeLimit(64);
        assertEquals(16384, writer.contentLimit());
        writer.protect(Records.keys(Aead.AES_256_GCM));
        assertEquals(63, writer.contentLimit());
        Records.seal(writer, new byte[63]);
        SspiException e = assertThrows(SspiException.class, () -> Records.seal(writer, new byte[64]));
        assertEquals(SecurityStatus.SEC_E_INVALID_TOKEN, e.status());
        writer.setRecordSizeLimit(16385);
        assertEquals(16384, writer.contentLimit());
        assertThrows(IllegalArgumentException.class, () -> writer.setRecordSizeLimit(63));
    }

    @Test
    void ourRecordSizeLimitIsHeldAgainstThePeer() throws Exception {
        for (int[] c : new int[][] {{63, 0, 1}, {64, 0, 0}, {40, 23, 1}, {40, 24, 0}}) {
            byte[] record =
                    Records.sealInner(new RecordProtection(Records.keys(Aead.AES_128_GCM)), 23, new byte[c[0]], c[1]);
            RecordReader reader = Records.reader(Aead.AES_128_GCM);
            reader.setRecordSizeLimit(64);
            if (c[2] == 1) {
                assertEquals(c[0], Records.open(reader, record).length);
            } else {
                SspiException e = assertThrows(SspiException.class, () -> Records.open(reader, record));
                assertEquals(AlertDescription.RECORD_OVERFLOW.code(), e.alert().orElseThrow());
            }
        }
    }

    @Test
    void onlyAnInitialClientHelloSaysVersion0301() throws Exception {
        RecordWriter client = new RecordWriter();
        ByteBuffer target = ByteBuffer.allocate(20);
        byte[] hello = {1, 0, 0, 0};
        assertEquals(9, client.write(ContentType.HANDSHAKE, hello, 0, 4, target, 1));
        assertEquals("160301000401000000", HexFormat.of().formatHex(target.array(), 1, 10));
        client.write(ContentType.HANDSHAKE, hello, 0, 4, target, 1);
        assertEquals("160303000401000000", HexFormat.of().formatHex(target.array(), 1, 10));
        RecordWriter server = new RecordWriter();
        server.write(ContentType.ALERT, new byte[] {2, 40}, 0, 2, target, 0);
        assertEquals("15030300020228", HexFormat.of().formatHex(target.array(), 0, 7));
    }

    @Test
    void changeCipherSpecIsNeverProtected() throws Exception {
        RecordWriter writer = Records.writer(Aead.AES_128_GCM);
        ByteBuffer target = ByteBuffer.allocate(6);
        assertEquals(6, writer.write(ContentType.CHANGE_CIPHER_SPEC, new byte[] {1}, 0, 1, target, 0));
        assertEquals("140303000101", HexFormat.of().formatHex(target.array()));
        assertEquals(0, writer.sequence());

        RecordReader reader = Records.reader(Aead.AES_128_GCM);
        ContentType[] got = new ContentType[1];
        assertEquals(6, reader.open(target, 0, 6, (type, content, offset, length) -> got[0] = type));
        assertEquals(ContentType.CHANGE_CIPHER_SPEC, got[0]);
        SecBufferDesc list = Records.onePass(target, ByteBuffer.allocate(9));
        assertEquals(SecurityStatus.SEC_E_OK, reader.open(list));
        assertEquals(ContentType.CHANGE_CIPHER_SPEC, reader.opened().type());
        assertEquals("[STREAM[6], DATA[0], EMPTY[0], EMPTY[0]]", list.toString());
        assertEquals(0, reader.sequence());
        target.put(5, (byte) 2);
        SspiException e = assertThrows(SspiException.class, () -> reader.open(target, 0, 6, NOTHING));
        assertEquals(AlertDescription.UNEXPECTED_MESSAGE.code(), e.alert().orElseThrow());
    }

    @Test
    void aRecordThatDoesNotFitTheTargetIsNotWritten() throws Exception {
        for (RecordWriter writer : new RecordWriter[] {new RecordWriter(), Records.writer(Aead.AES_128_GCM)}) {
            ByteBuffer target = ByteBuffer.allocate(writer.sizeOf(4) + 2);
            SspiException e = assertThrows(
                    SspiException.class, () -> writer.write(ContentType.HANDSHAKE, new byte[4], 0, 4, target, 3));
            assertEquals(SecurityStatus.SEC_E_BUFFER_TOO_SMALL, e.status());
            assertEquals(0, writer.sequence());
            assertTrue(Records.isAll(target.array(), 0, target.capacity(), (byte) 0));
            assertEquals(writer.sizeOf(4), writer.write(ContentType.HANDSHAKE, new byte[4], 0, 4, target, 2));
        }
    }

    @Test
    void oneKeyMayBeInstalledWhileItsRecordIsRead() throws Exception {
        RecordReader reader = new RecordReader();
        byte[] clear = {22, 3, 3, 0, 1, 2};
        reader.open(
                ByteBuffer.wrap(clear),
                0,
                6,
                (type, content, offset, length) -> reader.protect(Records.keys(Aead.AES_128_GCM)));
        assertTrue(reader.isProtected());
        RecordWriter writer = Records.writer(Aead.AES_128_GCM);
        ByteBuffer record = ByteBuffer.allocate(30);
        int length = writer.write(ContentType.HANDSHAKE, new byte[] {20, 0}, 0, 2, record, 0);
        reader.open(
                record,
                0,
                length,
                (type, content, offset, count) -> reader.protect(Records.keys(Aead.CHACHA20_POLY1305)));
        assertEquals(0, reader.sequence());
        assertArrayEquals(
                new byte[2], Records.open(reader, Records.seal(Records.writer(Aead.CHACHA20_POLY1305), new byte[2])));
    }

    @Test
    void applicationDataBeforeKeysIsUnexpected() throws Exception {
        byte[] record = Records.seal(Records.writer(Aead.AES_128_GCM), new byte[2]);
        SspiException e = assertThrows(
                SspiException.class, () -> new RecordReader().open(ByteBuffer.wrap(record), 0, record.length, NOTHING));
        assertEquals(AlertDescription.UNEXPECTED_MESSAGE.code(), e.alert().orElseThrow());
    }

    @Test
    void earlyDataThatWasNotAcceptedPassesByUpToItsLimit() throws Exception {
        for (Aead aead : Aead.values()) {
            byte[] early = Records.seal(Records.writer(aead), new byte[100]);
            early[20] ^= 1;
            ByteBuffer network = ByteBuffer.wrap(early);
            RecordReader reader = new RecordReader();
            reader.skipEarlyData(3 * early.length);
            assertEquals(early.length, reader.open(network, 0, early.length, NOTHING));
            reader.protect(Records.keys(aead));
            assertEquals(early.length, reader.open(network, 0, early.length, NOTHING));
            ByteBuffer record = ByteBuffer.allocate(30);
            int length = Records.writer(aead).write(ContentType.HANDSHAKE, new byte[] {20, 0}, 0, 2, record, 0);
            ContentType[] got = new ContentType[1];
            reader.open(record, 0, length, (type, content, offset, count) -> got[0] = type);
            assertEquals(ContentType.HANDSHAKE, got[0]);
            // The first record that authenticates ends it.
            SspiException e = assertThrows(SspiException.class, () -> reader.open(network, 0, early.length, NOTHING));
            assertEquals(AlertDescription.BAD_RECORD_MAC.code(), e.alert().orElseThrow());

            RecordReader limited = Records.reader(aead);
            limited.skipEarlyData(early.length + 1);
            limited.open(network, 0, early.length, NOTHING);
            assertThrows(SspiException.class, () -> limited.open(network, 0, early.length, NOTHING));
        }
    }

    @Test
    void earlyDataOverItsLimitIsUnexpectedAndReachesNobody() throws Exception {
        for (Aead aead : Aead.values()) {
            RecordWriter writer = Records.writer(aead);
            RecordReader reader = Records.reader(aead);
            reader.limitData(100);
            SecBufferDesc fits = opening(Records.seal(writer, new byte[100]));
            assertSame(SecurityStatus.SEC_E_OK, reader.open(fits));
            byte[] tooLong = new byte[101];
            Arrays.fill(tooLong, (byte) 7);
            SecBufferDesc list = opening(Records.seal(writer, tooLong));
            byte[] memory = list.get(0).source().array();
            byte[] before = memory.clone();
            SspiException e = assertThrows(SspiException.class, () -> reader.open(list));
            assertEquals(AlertDescription.UNEXPECTED_MESSAGE.code(), e.alert().orElseThrow());
            assertArrayEquals(before, memory, "no plaintext");

            // RFC 8446 4.2.10: the limit is that of early data, which its keys end with.
            reader.protect(Records.keys(aead));
            assertSame(
                    SecurityStatus.SEC_E_OK, reader.open(opening(Records.seal(Records.writer(aead), new byte[101]))));
        }
    }

    private static SecBufferDesc opening(byte[] record) {
        return new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, record), new SecBuffer(), new SecBuffer(), new SecBuffer());
    }

    @Test
    void destroyedKeysProtectNothing() throws Exception {
        RecordWriter writer = Records.writer(Aead.AES_128_GCM);
        writer.destroy();
        assertFalse(writer.isProtected());
        assertThrows(SspiException.class, () -> Records.seal(writer, new byte[1]));
        RecordReader reader = Records.reader(Aead.AES_128_GCM);
        reader.destroy();
        assertThrows(SspiException.class, () -> Records.open(reader, new byte[40]));
    }

    private static RecordReader opened12(Records.Sealing sealing, ContentType type, byte[] content) throws Exception {
        RecordReader reader = sealing.reader();
        ByteBuffer record = ByteBuffer.allocate(100);
        int length = sealing.writer().write(type, content, 0, content.length, record, 0);
        reader.open(record, 0, length, (got, bytes, offset, count) -> {
            assertEquals(type, got);
            assertArrayEquals(content, Arrays.copyOfRange(bytes, offset, offset + count));
        });
        return reader;
    }

    /** RFC 5246 6.2.3: in TLS 1.2 every record is protected, whatever it carries, and says what that is. */
    @ParameterizedTest
    @EnumSource(value = Records.Sealing.class, mode = EnumSource.Mode.MATCH_ALL, names = "TLS12_.*")
    void inTls12TheHeaderSaysWhatAProtectedRecordCarries(Records.Sealing sealing) throws Exception {
        assertEquals(
                1,
                opened12(sealing, ContentType.HANDSHAKE, new byte[] {0, 0, 0, 0})
                        .sequence());
        assertEquals(1, opened12(sealing, ContentType.ALERT, new byte[] {1, 0}).sequence());
        // RFC 5246 6.2.1: data may be empty, handshake messages and alerts may not.
        assertEquals(0, Records.open(sealing.reader(), Records.seal(sealing.writer(), new byte[0])).length);
        for (ContentType type : new ContentType[] {ContentType.HANDSHAKE, ContentType.ALERT}) {
            SspiException e = assertThrows(SspiException.class, () -> opened12(sealing, type, new byte[0]));
            assertEquals(AlertDescription.UNEXPECTED_MESSAGE.code(), e.alert().orElseThrow());
        }
        // The type is authenticated.
        byte[] data = Records.seal(sealing.writer(), new byte[] {1, 0});
        data[0] = 21;
        SspiException e = assertThrows(
                SspiException.class, () -> sealing.reader().open(ByteBuffer.wrap(data), 0, data.length, NOTHING));
        assertEquals(AlertDescription.BAD_RECORD_MAC.code(), e.alert().orElseThrow());
    }

    /** RFC 5246 7.1: change_cipher_spec is under the keys that it ends, in a renegotiation too; what has no end there is for others to say. */
    @ParameterizedTest
    @EnumSource(value = Records.Sealing.class, mode = EnumSource.Mode.MATCH_ALL, names = "TLS12_.*")
    void inTls12ChangeCipherSpecIsUnderTheKeysThatItEnds(Records.Sealing sealing) throws Exception {
        byte[] clear = {20, 3, 3, 0, 1, 1};
        SspiException e = assertThrows(
                SspiException.class, () -> sealing.reader().open(ByteBuffer.wrap(clear), 0, clear.length, NOTHING));
        assertEquals(AlertDescription.BAD_RECORD_MAC.code(), e.alert().orElseThrow());
        byte[] sealed = sealedAs(sealing, ContentType.CHANGE_CIPHER_SPEC, new byte[] {1});
        ContentType[] got = new ContentType[1];
        int length = sealing.reader()
                .open(ByteBuffer.wrap(sealed), 0, sealed.length, (type, content, offset, count) -> {
                    assertEquals(1, count);
                    assertEquals(1, content[offset]);
                    got[0] = type;
                });
        assertEquals(sealed.length, length);
        assertEquals(ContentType.CHANGE_CIPHER_SPEC, got[0]);
        for (byte[] wrong : new byte[][] {{}, {0}, {2}, {1, 1}}) {
            byte[] other = sealedAs(sealing, ContentType.CHANGE_CIPHER_SPEC, wrong);
            e = assertThrows(
                    SspiException.class, () -> sealing.reader().open(ByteBuffer.wrap(other), 0, other.length, NOTHING));
            assertEquals(AlertDescription.UNEXPECTED_MESSAGE.code(), e.alert().orElseThrow());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Records.Sealing.class, mode = EnumSource.Mode.MATCH_ALL, names = "TLS12_.*")
    void inTls12ChangeCipherSpecIsOpenedInPlaceToo(Records.Sealing sealing) throws Exception {
        byte[] sealed = sealedAs(sealing, ContentType.CHANGE_CIPHER_SPEC, new byte[] {1});
        SecBufferDesc list = new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, sealed), new SecBuffer(), new SecBuffer(), new SecBuffer());
        RecordReader reader = sealing.reader();
        assertEquals(SecurityStatus.SEC_E_OK, reader.open(list));
        assertEquals(ContentType.CHANGE_CIPHER_SPEC, reader.opened().type());
        assertEquals(0, list.get(1).length());
        assertEquals(
                sealed.length,
                list.get(0).length() + list.get(1).length() + list.get(2).length());
    }

    /** RFC 5246 6.2.1: 2^14 bytes of content; RFC 8449 4: a limit counts the content alone. */
    @ParameterizedTest
    @EnumSource(value = Records.Sealing.class, mode = EnumSource.Mode.MATCH_ALL, names = "TLS12_.*")
    void inTls12TheLimitIsThatOfTheContent(Records.Sealing sealing) throws Exception {
        for (int limit : new int[] {63, 16384}) {
            byte[] most = sealedAs(sealing, ContentType.APPLICATION_DATA, new byte[limit]);
            byte[] more = sealedAs(sealing, ContentType.APPLICATION_DATA, new byte[limit + 1]);
            RecordReader reader = sealing.reader();
            reader.setRecordSizeLimit(limit + 1);
            assertEquals(limit, Records.open(reader, most).length);
            RecordReader strict = sealing.reader();
            strict.setRecordSizeLimit(limit + 1);
            SspiException e = assertThrows(SspiException.class, () -> Records.open(strict, more));
            assertEquals(AlertDescription.RECORD_OVERFLOW.code(), e.alert().orElseThrow());
        }
    }

    /** RFC 5288 3: a nonce is never used twice under a key. */
    /** A key of TLS 1.2 cannot be changed: full-size records count, and not how many there are. */
    @Test
    void inTls12TheLimitOfAKeyIsThatOfItsData() throws Exception {
        RecordProtection protection = new RecordProtection(Records.Sealing.TLS12_AES_128.keys());
        long limit = Aead.AES_128_GCM.confidentialityLimit();
        for (int i = 0; i < 10; i++) {
            protection.count(limit / 20 * RecordFormat.MAX_PLAINTEXT);
        }
        protection.beginSeal(ContentType.APPLICATION_DATA, 100);
        protection.count((limit / 2 + 20) * RecordFormat.MAX_PLAINTEXT);
        SspiException spent =
                assertThrows(SspiException.class, () -> protection.beginSeal(ContentType.APPLICATION_DATA, 100));
        assertEquals(SspiException.Kind.KEY, spent.kind());
    }

    @Test
    void theExplicitNonceIsTheSequenceNumber() throws Exception {
        RecordWriter writer = Records.Sealing.TLS12_AES_128.writer();
        for (int n = 0; n < 300; n++) {
            byte[] record = Records.seal(writer, new byte[n % 3]);
            assertEquals(n, ByteBuffer.wrap(record).getLong(5));
        }
    }

    /** A record of any type and any length, as no honest writer seals it. */
    private static byte[] sealedAs(Records.Sealing sealing, ContentType type, byte[] content) throws Exception {
        RecordProtection protection = new RecordProtection(sealing.keys());
        byte[] record = new byte[sealing.header() + content.length + sealing.trailer()];
        protection.beginSeal(type, content.length);
        protection.seal(content, 0, content.length, record, sealing.header());
        System.arraycopy(protection.header(), 0, record, 0, sealing.header());
        return record;
    }

    @Test
    void theSameListServesEveryRecord() throws Exception {
        RecordWriter writer = Records.writer(Aead.AES_128_GCM);
        RecordReader reader = Records.reader(Aead.AES_128_GCM);
        SecBufferDesc list = new SecBufferDesc();
        ByteBuffer source = ByteBuffer.wrap(Records.bytes(100));
        ByteBuffer network = ByteBuffer.allocate(122);
        ByteBuffer target = ByteBuffer.allocate(200);
        for (int i = 0; i < 10; i++) {
            list.clear();
            list.add(SecBufferType.STREAM_HEADER, network, 0, 5);
            SecBuffer data = list.add();
            data.set(SecBufferType.DATA, source, 0, network, 5, 100);
            list.add(SecBufferType.STREAM_TRAILER, network, 105, 17);
            writer.seal(list);
            list.clear();
            list.add(SecBufferType.STREAM, network);
            list.add(SecBufferType.DATA, target);
            list.add();
            list.add();
            assertEquals(SecurityStatus.SEC_E_OK, reader.open(list));
            assertArrayEquals(source.array(), Arrays.copyOf(target.array(), 100));
        }
        assertEquals(10, reader.sequence());
    }
}
