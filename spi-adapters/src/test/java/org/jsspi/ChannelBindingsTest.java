package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ChannelBindingsTest {
    private static final ChannelBindings TLS = ChannelBindings.of("tls-unique", new byte[] {1, 2, 3});
    private static final ChannelBindings ADDRESSES =
            new ChannelBindings(2, new byte[] {127, 0, 0, 1}, 24, new byte[16], new byte[] {9});

    @Test
    void structureIsReadAsItIsWrittenWhereverItLies() throws SspiException {
        for (ChannelBindings bindings : new ChannelBindings[] {TLS, ADDRESSES, new ChannelBindings(new byte[0])}) {
            byte[] structure = bindings.toStructure();
            ByteBuffer direct = ByteBuffer.allocateDirect(structure.length + 5)
                    .put(5, structure)
                    .position(5)
                    .asReadOnlyBuffer();
            ChannelBindings read = ChannelBindings.ofStructure(direct);
            assertEquals(bindings, read);
            assertEquals(5, direct.position());
            assertArrayEquals(structure, read.toStructure());
        }
        assertNotEquals(TLS, ADDRESSES);
    }

    @Test
    void everyTruncationFails() {
        byte[] structure = ADDRESSES.toStructure();
        for (int length = 0; length < structure.length; length++) {
            assertInvalid(Arrays.copyOf(structure, length));
        }
    }

    @Test
    void partsOutsideTheStructureAreRefused() {
        int length = TLS.toStructure().length;
        int[][] table = {
            {24, -1},
            {24, Integer.MIN_VALUE},
            {24, 100_000},
            {24, Integer.MAX_VALUE},
            {28, -1},
            {28, 0},
            {28, 31},
            {28, length},
            {28, Integer.MAX_VALUE},
            {4, 1},
            {16, 1}
        };
        for (int[] row : table) {
            byte[] structure = TLS.toStructure();
            ByteBuffer.wrap(structure).order(ByteOrder.LITTLE_ENDIAN).putInt(row[0], row[1]);
            assertInvalid(structure);
        }
    }

    @Test
    void hashInputHasEachLengthBeforeItsPart() {
        assertEquals(
                "02000000" + "04000000" + "7f000001" + "18000000" + "10000000" + "00".repeat(16) + "01000000" + "09",
                HexFormat.of().formatHex(ADDRESSES.toHashInput()));
        assertEquals(
                "00".repeat(16) + "0e000000" + HexFormat.of().formatHex("tls-unique:".getBytes()) + "010203",
                HexFormat.of().formatHex(TLS.toHashInput()));
    }

    /** SEC_CHANNEL_BINDINGS_EX: magic, flags, length of the header and of everything, then the members of the plain one. */
    private static byte[] extended(ChannelBindings bindings) {
        byte[] plain = bindings.toStructure();
        ByteBuffer in = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer out = ByteBuffer.allocate(plain.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        out.put("CBEX".getBytes()).putInt(1).putInt(48).putInt(plain.length + 16);
        out.put(plain);
        for (int offset : new int[] {8, 20, 28}) {
            out.putInt(16 + offset, in.getInt(offset) == 0 ? 0 : in.getInt(offset) + 16);
        }
        return out.array();
    }

    @Test
    void theExtendedStructureIsReadAsTheSameBindings() throws SspiException {
        for (ChannelBindings bindings : new ChannelBindings[] {TLS, ADDRESSES}) {
            byte[] structure = extended(bindings);
            assertEquals(bindings, ChannelBindings.ofStructure(ByteBuffer.wrap(structure)));
            // What lies behind the length that it states is not part of it.
            byte[] longer = Arrays.copyOf(structure, structure.length + 9);
            assertEquals(bindings, ChannelBindings.ofStructure(ByteBuffer.wrap(longer)));
            ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN).putInt(40, bindings.applicationData().length + 1);
            assertInvalid(longer);
            for (int length = 4; length < structure.length; length++) {
                assertInvalid(Arrays.copyOf(structure, length));
            }
            int[][] table = {{8, 32}, {8, 47}, {12, 47}, {12, -1}, {12, structure.length + 1}, {44, 47}, {44, 0}};
            for (int[] row : table) {
                byte[] bad = structure.clone();
                ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(row[0], row[1]);
                assertInvalid(bad);
            }
        }
    }

    private static void assertInvalid(byte[] structure) {
        SspiException e =
                assertThrows(SspiException.class, () -> ChannelBindings.ofStructure(ByteBuffer.wrap(structure)));
        assertSame(SecurityStatus.SEC_E_INVALID_TOKEN, e.status());
    }
}
