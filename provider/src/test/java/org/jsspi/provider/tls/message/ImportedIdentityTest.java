package org.jsspi.provider.tls.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.junit.jupiter.api.Test;

class ImportedIdentityTest {
    /** external_identity "psk one", context "ctx", TLS 1.3, HKDF_SHA384; laid out by hand from RFC 9258 5.1. */
    private static final byte[] BYTES =
            HexFormat.of().parseHex("0007" + "70736b206f6e65" + "0003" + "637478" + "0304" + "0002");

    @Test
    void itIsReadAndWrittenByteForByte() throws SspiException {
        ImportedIdentity identity = ImportedIdentity.decode(Reader.of(BYTES));
        assertEquals("psk one", new String(identity.externalIdentity(), StandardCharsets.US_ASCII));
        assertEquals("ctx", new String(identity.context(), StandardCharsets.US_ASCII));
        assertEquals(ProtocolVersion.TLS13.code(), identity.targetProtocol());
        assertEquals(ImportedIdentity.HKDF_SHA384, identity.targetKdf());
        assertArrayEquals(BYTES, identity.toBytes());
    }

    @Test
    void everyTruncationAndEveryTrailingByteIsRefused() {
        for (int length = 0; length < BYTES.length; length++) {
            byte[] truncated = Arrays.copyOf(BYTES, length);
            assertThrows(SspiException.class, () -> ImportedIdentity.decode(Reader.of(truncated)));
        }
        assertThrows(
                SspiException.class, () -> ImportedIdentity.decode(Reader.of(Arrays.copyOf(BYTES, BYTES.length + 1))));
    }

    @Test
    void anEmptyExternalIdentityIsNone() {
        byte[] empty = HexFormat.of().parseHex("00000003637478" + "03040001");
        assertThrows(SspiException.class, () -> ImportedIdentity.decode(Reader.of(empty)));
    }
}
