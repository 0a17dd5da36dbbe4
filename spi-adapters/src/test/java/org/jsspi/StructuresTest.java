package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The structures that buffers carry, byte for byte as the C headers lay them out. */
class StructuresTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void applicationProtocolsHaveTheLayoutOfTheHeader() throws SspiException {
        SecBuffer offer = ApplicationProtocols.offer(List.of("h2", "http/1.1"));
        assertSame(SecBufferType.APPLICATION_PROTOCOLS, offer.type());
        // total = list + 6, list = 12, ext = ALPN
        assertEquals(
                "12000000" + "02000000" + "0c00" + "026832" + "08687474702f312e31", HEX.formatHex(offer.toByteArray()));
        assertEquals(List.of("h2", "http/1.1"), ApplicationProtocols.read(offer));
    }

    @Test
    void everyTruncationOfApplicationProtocolsIsMalformed() {
        byte[] whole = ApplicationProtocols.offer(List.of("h2", "x")).toByteArray();
        for (int length = 0; length < whole.length; length++) {
            SecBuffer cut = new SecBuffer(SecBufferType.APPLICATION_PROTOCOLS, Arrays.copyOf(whole, length));
            SspiException e = assertThrows(SspiException.class, () -> ApplicationProtocols.read(cut));
            assertSame(SecurityStatus.SEC_E_INVALID_TOKEN, e.status());
        }
    }

    @Test
    void listsOfOtherNegotiationsArePassedOver() throws SspiException {
        byte[] npn = HEX.parseHex("08000000" + "01000000" + "0200" + "0161");
        assertEquals(List.of(), ApplicationProtocols.read(new SecBuffer(SecBufferType.APPLICATION_PROTOCOLS, npn)));
    }

    @Test
    void protocolIdsHaveOneTo255Bytes() {
        assertThrows(IllegalArgumentException.class, () -> ApplicationProtocols.offer(List.of("")));
        assertThrows(IllegalArgumentException.class, () -> ApplicationProtocols.offer(List.of("x".repeat(256))));
        assertThrows(IllegalArgumentException.class, () -> ApplicationProtocols.offer(List.of("\u0100")));
    }

    @Test
    void channelBindingsHaveTheLayoutOfTheHeader() {
        ChannelBindings bindings = ChannelBindings.of("tls-exporter", new byte[] {1, 2});
        byte[] structure = bindings.toStructure();
        assertEquals(32 + "tls-exporter:".length() + 2, structure.length);
        assertEquals("0f000000" + "20000000", HEX.formatHex(structure, 24, 32));
        assertArrayEquals(new byte[24], Arrays.copyOf(structure, 24));
        assertEquals("ChannelBindings[15]", bindings.toString());
        assertEquals(bindings, ChannelBindings.of("tls-exporter", new byte[] {1, 2}));
    }

    @Test
    void controlTokensAreLittleEndianWords() {
        assertEquals("01000000", HEX.formatHex(SchannelControl.shutdown().get(0).toByteArray()));
        assertEquals(
                "020000000200000050000000",
                HEX.formatHex(SchannelControl.alert(SchannelControl.ALERT_FATAL, 80)
                        .get(0)
                        .toByteArray()));
        assertEquals(
                "0300000002000000",
                HEX.formatHex(SchannelControl.session(false).get(0).toByteArray()));
    }

    @Test
    void statusesHaveTheirHresults() {
        assertEquals(0x80090318, SecurityStatus.SEC_E_INCOMPLETE_MESSAGE.value());
        assertEquals(0x00090321, SecurityStatus.SEC_I_RENEGOTIATE.value());
        assertEquals(0x8009035D, SecurityStatus.SEC_E_INVALID_PARAMETER.value());
        assertTrue(SecurityStatus.SEC_E_INVALID_TOKEN.isError());
        assertFalse(SecurityStatus.SEC_I_CONTINUE_NEEDED.isError());
        for (SecurityStatus status : SecurityStatus.values()) {
            assertSame(status, SecurityStatus.of(status.value()));
        }
        assertThrows(IllegalArgumentException.class, () -> SecurityStatus.of(1));
    }

    @Test
    void exceptionsCarryStatusKindAndAlert() {
        SspiException plain = new SspiException(SecurityStatus.SEC_E_INVALID_HANDLE, "the context is closed");
        assertTrue(plain.alert().isEmpty());
        SspiException alert = new SspiException(
                SecurityStatus.SEC_E_ILLEGAL_MESSAGE, SspiException.Kind.HANDSHAKE, 40, "nothing in common", null);
        assertEquals(40, alert.alert().getAsInt());
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> new SspiException(
                        SecurityStatus.SEC_E_ILLEGAL_MESSAGE, SspiException.Kind.HANDSHAKE, 256, "no alert", null));
    }

    @Test
    void keyingMaterialIsBounded() {
        assertThrows(IllegalArgumentException.class, () -> new KeyingMaterialInfo("label", null, 0));
        assertThrows(IllegalArgumentException.class, () -> new KeyingMaterialInfo("label", null, 65536));
        byte[] context = {1};
        KeyingMaterialInfo info = new KeyingMaterialInfo("label", context, 32);
        context[0] = 2;
        assertEquals(ByteBuffer.wrap(new byte[] {1}), ByteBuffer.wrap(info.context()));
    }
}
