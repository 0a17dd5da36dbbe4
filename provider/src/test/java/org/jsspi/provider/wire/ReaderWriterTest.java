package org.jsspi.provider.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ReaderWriterTest {
    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static void assertMalformed(Executable read) {
        SspiException error = assertThrows(SspiException.class, read);
        assertEquals(SecurityStatus.SEC_E_INVALID_TOKEN, error.status());
        assertEquals(SspiException.Kind.PROTOCOL, error.kind());
        assertTrue(error.alert().isEmpty(), "wire knows no alerts");
    }

    @Test
    void numbersAreBigEndianAndUnsigned() throws SspiException {
        byte[] bytes = new Writer(0)
                .u8(0xFE)
                .u16(0xFEDC)
                .u24(0xFEDCBA)
                .u32(0xFEDCBA98L)
                .u64(0xFEDCBA9876543210L)
                .toByteArray();
        assertArrayEquals(hex("fe" + "fedc" + "fedcba" + "fedcba98" + "fedcba9876543210"), bytes);
        Reader in = Reader.of(bytes);
        assertEquals(0xFE, in.u8());
        assertEquals(0xFEDC, in.u16());
        assertEquals(0xFEDCBA, in.u24());
        assertEquals(0xFEDCBA98L, in.u32());
        assertEquals(0xFEDCBA9876543210L, in.u64());
        in.end();
    }

    @Test
    void littleEndianNumbersAreReversed() throws SspiException {
        byte[] bytes = new Writer()
                .u16LittleEndian(0xFEDC)
                .u32LittleEndian(0xFEDCBA98L)
                .u64LittleEndian(0xFEDCBA9876543210L)
                .toByteArray();
        assertArrayEquals(hex("dcfe" + "98badcfe" + "1032547698badcfe"), bytes);
        Reader in = Reader.of(bytes);
        assertEquals(0xFEDC, in.u16LittleEndian());
        assertEquals(0xFEDCBA98L, in.u32LittleEndian());
        assertEquals(0xFEDCBA9876543210L, in.u64LittleEndian());
        in.end();
    }

    @Test
    void everyFieldRefusesToReadPastTheEnd() {
        Map<String, Executable> reads = Map.ofEntries(
                Map.entry("u8", () -> Reader.of(new byte[0]).u8()),
                Map.entry("u16", () -> Reader.of(new byte[1]).u16()),
                Map.entry("u24", () -> Reader.of(new byte[2]).u24()),
                Map.entry("u32", () -> Reader.of(new byte[3]).u32()),
                Map.entry("u64", () -> Reader.of(new byte[7]).u64()),
                Map.entry("u16le", () -> Reader.of(new byte[1]).u16LittleEndian()),
                Map.entry("u32le", () -> Reader.of(new byte[3]).u32LittleEndian()),
                Map.entry("u64le", () -> Reader.of(new byte[7]).u64LittleEndian()),
                Map.entry("bytes", () -> Reader.of(new byte[3]).bytes(4)),
                Map.entry("negative", () -> Reader.of(new byte[3]).bytes(-1)),
                Map.entry("skip", () -> Reader.of(new byte[3]).skip(4)),
                Map.entry("slice", () -> Reader.of(new byte[3]).slice(4)),
                Map.entry("vector8", () -> Reader.of(hex("0201")).vector8(0, 255)),
                Map.entry("vector16", () -> Reader.of(hex("000201")).vector16(0, 255)),
                Map.entry("vector24", () -> Reader.of(hex("00000201")).vector24(0, 255)),
                Map.entry("vector24 length", () -> Reader.of(hex("0000")).vector24(0, 255)));
        reads.forEach((name, read) -> assertMalformed(read));
    }

    @Test
    void aListOfBodiesIsOneVector() {
        List<Writer.Body> bodies = List.of(out -> out.u8(1), out -> out.u16(0x0203));
        assertArrayEquals(hex("0003010203"), new Writer().vector16(bodies).toByteArray());
        assertArrayEquals(hex("000003010203"), new Writer().vector24(bodies).toByteArray());
        assertArrayEquals(hex("0000"), new Writer().vector16(List.of()).toByteArray());
        List<Writer.Body> tooMuch = List.of(out -> out.zeros(0xFFFF), out -> out.u8(1));
        assertThrows(IllegalArgumentException.class, () -> new Writer().vector16(tooMuch));
    }

    @Test
    void vectorsKeepTheirBounds() throws SspiException {
        assertMalformed(() -> Reader.of(hex("0101")).vector8(2, 4));
        assertMalformed(() -> Reader.of(hex("050102030405")).vector8(2, 4));
        assertMalformed(() -> Reader.of(hex("00050102030405")).vector16Bytes(2, 4));
        assertMalformed(() -> Reader.of(hex("0000050102030405")).vector24Bytes(2, 4));
        assertMalformed(() -> Reader.of(hex("0101")).vector8Bytes(2, 4));
        assertArrayEquals(hex("0102"), Reader.of(hex("020102")).vector8(2, 4).rest());
        assertArrayEquals(hex("01020304"), Reader.of(hex("000401020304")).vector16Bytes(2, 4));
        assertArrayEquals(hex("0102"), Reader.of(hex("0000020102")).vector24Bytes(2, 4));
    }

    @Test
    void aVectorReaderEndsWithItsVector() throws SspiException {
        Reader in = Reader.of(hex("020102" + "07"));
        Reader vector = in.vector8(0, 255);
        assertEquals(0x0102, vector.u16());
        assertFalse(vector.hasRemaining());
        assertMalformed(vector::u8);
        assertEquals(7, in.u8());
    }

    @Test
    void bytesAfterTheEndAreAnError() {
        assertMalformed(() -> Reader.of(new byte[1]).end());
    }

    @Test
    void aReaderOfAPartSeesNothingElse() throws SspiException {
        Reader part = Reader.of(hex("ff0102ff"), 1, 2);
        assertEquals(0, part.position());
        assertEquals(0x0102, part.u16());
        part.end();
        assertMalformed(part::u8);
        assertMalformed(() -> Reader.of(hex("ff0102ff"), 1, 2).slice(0, 3));
        assertEquals(0x0102, Reader.of(hex("ff0102ff"), 1, 2).slice(0, 2).u16());
    }

    @Test
    void aForkMovesByItself() throws SspiException {
        Reader in = Reader.of(hex("00010203"));
        in.skip(1);
        Reader fork = in.fork();
        assertEquals(0, fork.position());
        assertEquals(0x010203, fork.u24());
        fork.end();
        assertEquals(0x010203, in.u24());
    }

    @Test
    void fieldsByOffsetAreBounded() throws SspiException {
        Reader in = Reader.of(hex("00010203"));
        assertEquals(0x0203, in.slice(2, 2).u16());
        assertEquals(0, in.slice(4, 0).remaining());
        assertEquals(0, in.position());
        long[][] outside = {{3, 2}, {5, 0}, {-1, 1}, {0, -1}, {0xFFFF_FFFFL, 0xFFFF_FFFFL}, {1, Long.MAX_VALUE}};
        for (long[] field : outside) {
            assertMalformed(() -> in.slice(field[0], field[1]));
        }
    }

    @Test
    void vectorsNestAndTheirLengthsArePatched() {
        byte[] bytes = new Writer(1)
                .vector24(a ->
                        a.vector16(b -> b.vector8(c -> c.u16(0x0102)).u8(3)).vector8(hex("04")))
                .vector16(hex("0506"))
                .vector24(hex("07"))
                .toByteArray();
        assertArrayEquals(hex("000008" + "0004" + "020102" + "03" + "0104" + "00020506" + "00000107"), bytes);
    }

    @Test
    void whatDoesNotFitItsFieldIsRefused() {
        Writer out = new Writer();
        for (Executable write : new Executable[] {
            () -> out.u8(256),
            () -> out.u8(-1),
            () -> out.u16(0x10000),
            () -> out.u24(0x1000000),
            () -> out.u32(0x1_0000_0000L),
            () -> out.u32(-1),
            () -> out.u16LittleEndian(0x10000),
            () -> out.u32LittleEndian(-1),
            () -> out.vector8(new byte[256]),
            () -> out.vector8(v -> v.zeros(256)),
            () -> out.vector16(v -> v.zeros(0x10000))
        }) {
            assertThrows(IllegalArgumentException.class, write);
        }
    }

    @Test
    void aWriterGrowsAndOverwrites() {
        Writer out = new Writer(0);
        byte[] block = new byte[1000];
        block[999] = 9;
        out.bytes(block).bytes(ByteBuffer.wrap(block, 999, 1)).overwrite(0, hex("0708"));
        assertEquals(1001, out.size());
        assertArrayEquals(hex("0708"), out.toByteArray(0, 2));
        assertArrayEquals(hex("0909"), out.toByteArray(999, 1001));
        assertEquals(1001, out.view().remaining());
        assertThrows(IndexOutOfBoundsException.class, () -> out.overwrite(1000, hex("0708")));
    }

    @Test
    void printingShowsNoBytes() {
        assertEquals("Reader[0 of 3]", Reader.of(hex("abcdef")).toString());
        assertEquals("Writer[3]", new Writer().bytes(hex("abcdef")).toString());
    }
}
