package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.ContentType;
import org.jsspi.provider.tls.record.RecordReader;
import org.jsspi.provider.tls.record.RecordWriter;
import org.junit.jupiter.api.Test;

/** What becomes of the records of an established connection. */
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
            assertSame(SecurityStatus.SEC_E_OK, inbound.open(record(ticket, i), null), "byte " + i);
        }
        SecBufferDesc last = record(ticket, ticket.length - 1);
        assertSame(SecurityStatus.SEC_I_RENEGOTIATE, inbound.open(last, null));
        byte[] shown = last.find(SecBufferType.EXTRA).toByteArray();
        assertArrayEquals(ticket, Arrays.copyOfRange(shown, 5, shown.length));
    }

    private SecBufferDesc record(byte[] message, int index) throws SspiException {
        ByteBuffer record = ByteBuffer.allocate(64);
        int length = peer.write(ContentType.HANDSHAKE, message, index, 1, record, 0);
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
