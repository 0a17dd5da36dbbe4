package org.jsspi.conformance;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Memory;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;

/**
 * Prints what a record of AES-128-GCM allocates in our engine, and what the Cipher alone allocates for the same bytes with its
 * nonce and parameter objects.
 *
 * <pre>
 * TLSv1.3 HEAP wrap 16384: engine 1040, cipher 1008
 * </pre>
 */
final class RecordAllocationProbe {
    private static final int RUNS = 20;
    private static final int TAG = 16;
    private static final byte[] NO_TYPE = {};
    private static final byte[] TYPE = {23};

    /** How a version of the protocol uses the Cipher. */
    private enum Version {
        /** RFC 8446 5.2: the header is authenticated, the content type byte encrypted behind the data. */
        TLS13("TLSv1.3", "TLS_AES_128_GCM_SHA256", 5, TYPE),
        /** RFC 5288 3, RFC 5246 6.2.3.3. */
        TLS12("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 13, NO_TYPE);

        final String protocol;
        final String suite;
        final int additional;
        final byte[] type;

        Version(String protocol, String suite, int additional, byte[] type) {
            this.protocol = protocol;
            this.suite = suite;
            this.additional = additional;
            this.type = type;
        }
    }

    private RecordAllocationProbe() {}

    public static void main(String... arguments) throws Exception {
        SSLContext context = Jsse.OURS.context(TestPki.server(KeyKind.EC_P256));
        for (Version version : Version.values()) {
            for (int size : List.of(64, 1024, 16384)) {
                long sealing = sealing(version, size);
                long opening = opening(version, size);
                for (Memory memory : List.of(Memory.HEAP, Memory.DIRECT)) {
                    measure(context, version, memory, false, size, sealing, opening);
                    measure(context, version, memory, true, size, sealing, opening);
                }
            }
        }
    }

    private static void measure(
            SSLContext context, Version version, Memory memory, boolean inArray, int size, long sealing, long opening)
            throws Exception {
        SSLEngine client = pinned(Jsse.clientEngine(context), version);
        SSLEngine server = pinned(Jsse.serverEngine(context), version);
        new EnginePair(client, server).handshake();
        ByteBuffer message = memory.source(new byte[size]);
        ByteBuffer[] records = new ByteBuffer[2 * RUNS];
        Arrays.setAll(records, i -> memory.destination(client.getSession().getPacketBufferSize()));
        ByteBuffer[] messages = {message};
        int[] sent = {0};
        long wrap = Allocation.median(RUNS, () -> {
            ByteBuffer record = records[sent[0]++];
            message.rewind();
            require(inArray ? client.wrap(messages, record) : client.wrap(message, record));
        });
        ByteBuffer received = memory.destination(server.getSession().getApplicationBufferSize());
        ByteBuffer[] targets = {received};
        int[] next = {0};
        long unwrap = Allocation.median(RUNS, () -> {
            ByteBuffer record = records[next[0]++].flip();
            received.clear();
            SSLEngineResult result = inArray ? server.unwrap(record, targets) : server.unwrap(record, received);
            require(result);
            if (result.bytesProduced() != size) {
                throw new IllegalStateException(result.toString());
            }
        });
        String of = version.protocol + " " + memory + (inArray ? " in an array" : "");
        System.out.println(of + " wrap " + size + ": engine " + wrap + ", cipher " + sealing);
        System.out.println(of + " unwrap " + size + ": engine " + unwrap + ", cipher " + opening);
    }

    private static SSLEngine pinned(SSLEngine engine, Version version) {
        engine.setEnabledProtocols(new String[] {version.protocol});
        engine.setEnabledCipherSuites(new String[] {version.suite});
        return engine;
    }

    private static void require(SSLEngineResult result) {
        if (result.getStatus() != Status.OK) {
            throw new IllegalStateException(result.toString());
        }
    }

    private static long sealing(Version version, int size) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] data = new byte[size];
        byte[] sealed = new byte[size + version.type.length + TAG];
        Nonce nonce = new Nonce();
        return Allocation.median(RUNS, () -> seal(cipher, version, nonce.next(), data, sealed));
    }

    private static void seal(Cipher cipher, Version version, GCMParameterSpec nonce, byte[] data, byte[] sealed)
            throws GeneralSecurityException {
        cipher.init(Cipher.ENCRYPT_MODE, Nonce.KEY, nonce);
        cipher.updateAAD(Nonce.ADDITIONAL, 0, version.additional);
        if (version.type.length == 0) {
            cipher.doFinal(data, 0, data.length, sealed, 0);
        } else {
            int done = cipher.update(data, 0, data.length, sealed, 0);
            cipher.doFinal(version.type, 0, version.type.length, sealed, done);
        }
    }

    private static long opening(Version version, int size) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[][] sealed = new byte[2 * RUNS][size + version.type.length + TAG];
        Nonce sent = new Nonce();
        for (byte[] record : sealed) {
            seal(cipher, version, sent.next(), new byte[size], record);
        }
        byte[] opened = new byte[size + version.type.length];
        Nonce received = new Nonce();
        int[] next = {0};
        return Allocation.median(RUNS, () -> {
            byte[] record = sealed[next[0]++];
            cipher.init(Cipher.DECRYPT_MODE, Nonce.KEY, received.next());
            cipher.updateAAD(Nonce.ADDITIONAL, 0, version.additional);
            cipher.doFinal(record, 0, record.length, opened, 0);
        });
    }

    /** Nonces that count, and what stays the same. */
    private static final class Nonce {
        static final SecretKey KEY = new SecretKeySpec(new byte[16], "AES");
        static final byte[] ADDITIONAL = new byte[13];

        private final byte[] bytes = new byte[12];

        GCMParameterSpec next() {
            bytes[11]++;
            return new GCMParameterSpec(8 * TAG, bytes);
        }
    }
}
