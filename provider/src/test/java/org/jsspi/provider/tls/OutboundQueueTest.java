package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.record.RecordWriter;
import org.junit.jupiter.api.Test;

/** What waits to be sent. */
class OutboundQueueTest {
    private static final byte[] KEY_UPDATE = {24, 0, 0, 1, 0};

    private final OutboundQueue queue = new OutboundQueue(new RecordWriter());

    /** RFC 8446 4.6.3: this is how one answers many requests to update with one KeyUpdate. */
    @Test
    void keysAreFreshFromTheMomentTheyAreSetUntilTheyProtectARecord() throws SspiException {
        queue.keys(keys());
        assertTrue(queue.isFresh());
        queue.message(KEY_UPDATE);
        writeOne();
        assertFalse(queue.isFresh(), "a record has left");
        queue.message(KEY_UPDATE);
        assertFalse(queue.isFresh(), "a message waits, and no keys behind it");
        queue.keys(keys());
        assertTrue(queue.isFresh(), "they wait behind the message");
        writeOne();
        assertTrue(queue.isFresh(), "they are in use");
        queue.message(KEY_UPDATE);
        writeOne();
        assertFalse(queue.isFresh());
    }

    /** RFC 8446 4.2.10: after a HelloRetryRequest the second ClientHello is in the clear, whatever protected early data. */
    @Test
    void whatFollowsTheLossOfTheKeysIsClear() throws SspiException {
        queue.keys(keys());
        queue.message(KEY_UPDATE);
        queue.unprotect();
        queue.message(KEY_UPDATE);
        int protectedSize = queue.nextRecordSize();
        assertEquals(protectedSize + 5 + KEY_UPDATE.length, queue.totalSize());
        writeOne();
        assertEquals(5 + KEY_UPDATE.length, queue.nextRecordSize());
        ByteBuffer clear = ByteBuffer.allocate(queue.nextRecordSize());
        queue.writeRecord(clear, 0);
        assertEquals(22, clear.get(0));
        assertEquals(24, clear.get(5));
        queue.unprotect();
        queue.clear();
        assertTrue(queue.isEmpty());
    }

    private void writeOne() throws SspiException {
        queue.writeRecord(ByteBuffer.allocate(queue.nextRecordSize()), 0);
    }

    private static TrafficKeys keys() {
        Aead aead = Aead.AES_128_GCM;
        return new TrafficKeys(aead, Secret.owning(new byte[aead.keyLength()]), new byte[aead.ivLength()]);
    }
}
