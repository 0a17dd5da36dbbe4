package org.jsspi.conformance.bench;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** Application data from client to server, by the engines of one contender. */
final class EngineRecords implements RecordWork {
    private final SSLEngine sender;
    private final SSLEngine receiver;
    private final ByteBuffer message;
    private final ByteBuffer records;
    private final ByteBuffer received;
    private final int count;
    private final int size;

    EngineRecords(Contender contender, Protocol protocol, Identity identity, BufferKind kind, int size)
            throws GeneralSecurityException, SSLException {
        SSLContext context = contender.context(identity);
        Pair pair = contender.pair(protocol, context.createSSLEngine(), context.createSSLEngine(), new Pair.Wire());
        pair.watchedHandshake();
        this.sender = pair.client();
        this.receiver = pair.server();
        this.size = size;
        this.count = RecordWork.batch(size);
        int packet = sender.getSession().getPacketBufferSize();
        // Room for two records to a message, and for the largest record behind the last: SunJSSE wants both.
        this.records = kind.allocate(count * (size + 128) + packet);
        this.received = kind.allocate(receiver.getSession().getApplicationBufferSize());
        this.message = kind.allocate(size);
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        message.put(content).flip();
        verify();
    }

    @Override
    public void wrap() throws SSLException {
        records.clear();
        for (int i = 0; i < count; i++) {
            message.rewind();
            while (message.hasRemaining()) {
                require(sender.wrap(message, records));
            }
        }
    }

    @Override
    public void unwrap() throws SSLException {
        records.flip();
        int bytes = 0;
        while (records.hasRemaining()) {
            received.clear();
            SSLEngineResult result = receiver.unwrap(records, received);
            require(result);
            bytes += result.bytesProduced();
        }
        if (bytes != count * size) {
            throw new IllegalStateException(bytes + " bytes arrived of " + count * size);
        }
    }

    private void verify() throws SSLException {
        wrap();
        unwrap();
        // The last record's bytes are the end of the message, whoever needs two records for it.
        ByteBuffer end = received.duplicate().flip();
        if (!end.equals(message.duplicate().position(size - end.remaining()).limit(size))) {
            throw new IllegalStateException("other bytes arrived than were sent");
        }
    }

    private static void require(SSLEngineResult result) {
        if (result.getStatus() != Status.OK || result.bytesConsumed() == 0) {
            throw new IllegalStateException(result.toString());
        }
    }
}
