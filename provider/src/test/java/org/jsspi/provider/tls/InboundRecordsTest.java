package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jsspi.EarlyDataInfo;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ContentType;
import org.jsspi.provider.tls.record.RecordReader;
import org.jsspi.provider.tls.record.RecordWriter;
import org.junit.jupiter.api.Test;

/** What becomes of the records of an established connection, and of early data. */
class InboundRecordsTest {
    private final RecordWriter peer = new RecordWriter();
    private final RecordReader reader = new RecordReader();
    private final InboundRecords inbound = new InboundRecords(reader, new HandshakeInbox(1 << 16));

    /** RFC 8446 5.1: a handshake message may be cut into as many records as it has bytes. */
    @Test
    void aTicketMayComeInManyRecordsOfOneByte() throws Exception {
        peer.protect(keys());
        reader.protect(keys());
        byte[] ticket = new byte[4 + 100];
        ticket[0] = 4;
        ticket[3] = 100;
        for (int i = 0; i < ticket.length - 1; i++) {
            assertSame(SecurityStatus.SEC_E_OK, inbound.open(record(ticket, i), null, null), "byte " + i);
        }
        SecBufferDesc last = record(ticket, ticket.length - 1);
        assertSame(SecurityStatus.SEC_I_RENEGOTIATE, inbound.open(last, null, null));
        byte[] shown = last.find(SecBufferType.EXTRA).toByteArray();
        assertArrayEquals(ticket, Arrays.copyOfRange(shown, 5, shown.length));
    }

    /** RFC 8446 4.2.10: what a client sends over the limit of its ticket ends the connection. */
    @Test
    void earlyDataIsToldApartAndCountedUpToItsLimit() throws Exception {
        peer.protect(keys());
        reader.protect(keys());
        EarlyData early = new EarlyData();
        early.becomes(EarlyDataInfo.offered("", 5).accepted());
        SecBufferDesc fits = data(new byte[3]);
        assertSame(SecurityStatus.SEC_E_OK, inbound.open(fits, null, early));
        assertEquals(StreamContext.QOP_EARLY_DATA, fits.qop());
        assertEquals(3, early.info().transferred());
        assertSame(SecurityStatus.SEC_E_OK, inbound.open(data(new byte[2]), null, early));
        assertEquals(5, early.info().transferred());
        assertEquals(0, early.left());
        SspiException e = assertThrows(SspiException.class, () -> inbound.open(data(new byte[1]), null, early));
        assertEquals(AlertDescription.UNEXPECTED_MESSAGE.code(), e.alert().orElseThrow());
    }

    @Test
    void earlyDataThatBringsNothingIsCountedToo() throws Exception {
        peer.protect(keys());
        reader.protect(keys());
        EarlyData early = new EarlyData();
        early.becomes(EarlyDataInfo.offered("", 5).accepted());
        for (int i = 0; i < 32; i++) {
            assertSame(SecurityStatus.SEC_E_OK, inbound.open(data(new byte[0]), null, early));
        }
        assertThrows(SspiException.class, () -> inbound.open(data(new byte[0]), null, early));
    }

    private SecBufferDesc data(byte[] content) throws SspiException {
        return record(ContentType.APPLICATION_DATA, content, 0, content.length);
    }

    private SecBufferDesc record(byte[] message, int index) throws SspiException {
        return record(ContentType.HANDSHAKE, message, index, 1);
    }

    private SecBufferDesc record(ContentType type, byte[] content, int offset, int count) throws SspiException {
        ByteBuffer record = ByteBuffer.allocate(64);
        int length = peer.write(type, content, offset, count, record, 0);
        return new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, record.limit(length)),
                new SecBuffer(),
                new SecBuffer(),
                new SecBuffer());
    }

    private static TrafficKeys keys() {
        Aead aead = Aead.AES_128_GCM;
        return new TrafficKeys(aead, Secret.owning(new byte[aead.keyLength()]), new byte[aead.ivLength()]);
    }
}
