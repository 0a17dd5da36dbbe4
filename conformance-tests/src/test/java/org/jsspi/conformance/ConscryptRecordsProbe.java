package org.jsspi.conformance;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.conscrypt.Conscrypt;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.record.RecordReader;
import org.jsspi.provider.tls.record.RecordWriter;

/**
 * Protects and opens records with Conscrypt as the first provider of JCA, and compares them with what SunJCE makes of the rules of
 * the RFCs; then lets engines of ours talk to each other. Whatever is not as it should be is thrown.
 */
final class ConscryptRecordsProbe {
    private static final byte UNTOUCHED = 0x5A;
    private static final int TAG = 16;
    private static final int BAD_RECORD_MAC = 20;
    private static final int MARGIN = 80;
    private static final int[] SIZES = {0, 1, 15, 16, 17, 1000, 1025, 16384};

    private ConscryptRecordsProbe() {}

    public static void main(String... arguments) throws Exception {
        Security.insertProviderAt(Conscrypt.newProvider(), 1);
        switch (arguments[0]) {
            case "records" -> records();
            case "engines" -> engines();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private enum Version {
        TLS13,
        TLS12
    }

    /** Where the caller's bytes lie. */
    private enum Kind {
        HEAP,
        HEAP_READ_ONLY,
        DIRECT,
        DIRECT_READ_ONLY;

        /** {@return memory of which {@code length} bytes remain, in the middle of something larger} */
        ByteBuffer of(int length) {
            int size = MARGIN + length + MARGIN;
            ByteBuffer memory = name().startsWith("HEAP") ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
            for (int i = 0; i < size; i++) {
                memory.put(i, UNTOUCHED);
            }
            return memory.position(MARGIN).limit(MARGIN + length);
        }

        ByteBuffer of(byte[] content) {
            ByteBuffer memory = of(content.length);
            return source(memory.put(MARGIN, content));
        }

        ByteBuffer source(ByteBuffer memory) {
            return isTarget() ? memory : memory.asReadOnlyBuffer();
        }

        boolean isTarget() {
            return this == HEAP || this == DIRECT;
        }
    }

    // Records

    private static void records() throws Exception {
        for (Version version : Version.values()) {
            for (Aead aead : Aead.values()) {
                Case records = new Case(version, aead);
                for (int size : SIZES) {
                    records.fromEveryKindToEveryOther(size);
                }
                records.overlapping();
                records.forged();
                System.out.println(version + " " + aead + " by "
                        + aead.newCipher().getProvider().getName());
            }
        }
    }

    private record Case(Version version, Aead aead) {
        void fromEveryKindToEveryOther(int size) throws Exception {
            byte[] data = data(size);
            byte[] record = record(data);
            for (Kind from : Kind.values()) {
                for (Kind to : List.of(Kind.HEAP, Kind.DIRECT)) {
                    String what = this + " " + size + " " + from + " -> " + to;

                    ByteBuffer target = to.of(record.length);
                    require(writer().seal(from.of(data), target, size) == SecurityStatus.SEC_E_OK, what);
                    requireHolds(target, record, what + " sealed");

                    target = to.of(record.length);
                    writer().seal(gathered(from, data, target));
                    requireHolds(target, record, what + " gathered");

                    for (int room : new int[] {size, size + 1, size + TAG + 1}) {
                        ByteBuffer network = from.of(record);
                        target = to.of(room);
                        require(reader().open(network, target) == SecurityStatus.SEC_E_OK, what);
                        requireHolds(target, data, what + " opened");
                        requireHolds(network, record, what + " source");

                        network = from.of(record);
                        target = to.of(room);
                        SecBufferDesc list = scattered(network, target, size / 3);
                        require(reader().open(list) == SecurityStatus.SEC_E_OK, what);
                        requireHolds(target, data, what + " scattered");
                        requireHolds(network, record, what + " source of a list");
                    }
                }
            }
        }

        void overlapping() throws Exception {
            for (int size : new int[] {1, 40, 700}) {
                byte[] data = data(size);
                byte[] record = record(data);
                for (Kind kind : Kind.values()) {
                    for (int shift = -MARGIN; shift <= MARGIN - 40; shift++) {
                        String what = this + " " + size + " " + kind + " shifted by " + shift;
                        ByteBuffer memory = kind.of(size);
                        memory.put(MARGIN, data);
                        ByteBuffer target = memory.duplicate().clear().position(MARGIN + shift);
                        require(writer().seal(kind.source(memory), target, size) == SecurityStatus.SEC_E_OK, what);
                        requireBytes(memory, MARGIN + shift, record, what + " sealed");

                        memory = kind.of(record.length);
                        memory.put(MARGIN, record);
                        target = memory.duplicate().clear().position(MARGIN + shift);
                        require(reader().open(kind.source(memory), target) == SecurityStatus.SEC_E_OK, what);
                        requireBytes(memory, MARGIN + shift, data, what + " opened");
                    }
                }
            }
        }

        /** Every bit of a small record behind its header, in one pass with and without a list. */
        void forged() throws Exception {
            byte[] data = data(20);
            byte[] record = record(data);
            for (int bit = 8 * 5; bit < 8 * record.length; bit++) {
                byte[] forged = record.clone();
                forged[bit / 8] ^= (byte) (1 << bit % 8);
                for (Kind from : Kind.values()) {
                    for (Kind to : List.of(Kind.HEAP, Kind.DIRECT)) {
                        String what = this + " " + from + " -> " + to + " bit " + bit;
                        ByteBuffer target = to.of(record.length);
                        requireBadRecordMac(reader(), from.of(forged), target, what);
                        requireNothing(target, what);

                        ByteBuffer scattered = to.of(record.length);
                        SecBufferDesc list = scattered(from.of(forged), scattered, 7);
                        RecordReader reader = reader();
                        requireBadRecordMac(() -> reader.open(list), what);
                        requireNothing(scattered, what);
                    }
                }
            }
        }

        private RecordWriter writer() throws SspiException {
            RecordWriter writer = new RecordWriter();
            writer.protect(keys());
            return writer;
        }

        private RecordReader reader() throws SspiException {
            RecordReader reader = new RecordReader();
            reader.protect(keys());
            return reader;
        }

        private byte[] key() {
            return random(aead.keyLength(), 1);
        }

        private byte[] iv() {
            return random(version == Version.TLS12 ? aead.fixedIvLength() : aead.ivLength(), 2);
        }

        private TrafficKeys keys() {
            return version == Version.TLS12
                    ? TrafficKeys.tls12(aead, Secret.owning(key()), iv())
                    : new TrafficKeys(aead, Secret.owning(key()), iv());
        }

        private int header() {
            return version == Version.TLS12 && aead != Aead.CHACHA20_POLY1305 ? 13 : 5;
        }

        /** {@return the record that has this data and the number 0, by SunJCE} */
        private byte[] record(byte[] data) throws GeneralSecurityException {
            byte[] content = version == Version.TLS13 ? Arrays.copyOf(data, data.length + 1) : data;
            if (version == Version.TLS13) {
                // RFC 8446 5.2: TLSInnerPlaintext
                content[data.length] = 23;
            }
            int fragment = header() - 5 + content.length + TAG;
            byte[] record = new byte[5 + fragment];
            ByteBuffer.wrap(record).put((byte) 23).putShort((short) 0x0303).putShort((short) fragment);
            byte[] additional = version == Version.TLS13
                    ? Arrays.copyOf(record, 5)
                    // RFC 5246 6.2.3.3: seq_num, type, version, length of the plaintext
                    : ByteBuffer.allocate(13)
                            .putLong(0)
                            .put((byte) 23)
                            .putShort((short) 0x0303)
                            .putShort((short) data.length)
                            .array();
            // The number is 0: the nonce is the iv as it is (RFC 8446 5.3, RFC 7905 2), or the salt and 8 zeros (RFC
            // 5288 3).
            byte[] nonce = Arrays.copyOf(iv(), aead.ivLength());
            boolean chacha = aead == Aead.CHACHA20_POLY1305;
            Cipher cipher = Cipher.getInstance(aead.transformation(), "SunJCE");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key(), chacha ? "ChaCha20" : "AES"),
                    chacha ? new IvParameterSpec(nonce) : new GCMParameterSpec(8 * TAG, nonce));
            cipher.updateAAD(additional);
            cipher.doFinal(content, 0, content.length, record, header());
            return record;
        }

        /** HEADER, DATA, DATA, DATA, TRAILER, the data from three buffers into one. */
        private SecBufferDesc gathered(Kind from, byte[] data, ByteBuffer target) {
            int at = target.position();
            int trailer = target.remaining() - header() - data.length;
            SecBufferDesc list = new SecBufferDesc();
            list.add().set(SecBufferType.STREAM_HEADER, null, 0, target, at, header());
            int[] cuts = {0, data.length / 3, data.length / 2, data.length};
            for (int i = 0; i < 3; i++) {
                ByteBuffer part = from.of(Arrays.copyOfRange(data, cuts[i], cuts[i + 1]));
                int place = at + header() + cuts[i];
                list.add().set(SecBufferType.DATA, part, part.position(), target, place, part.remaining());
            }
            list.add().set(SecBufferType.STREAM_TRAILER, null, 0, target, at + header() + data.length, trailer);
            return list;
        }
    }

    /** STREAM, DATA, DATA, EMPTY, EMPTY. */
    private static SecBufferDesc scattered(ByteBuffer network, ByteBuffer target, int cut) {
        int at = target.position();
        SecBufferDesc list = new SecBufferDesc();
        list.add().set(SecBufferType.STREAM, network, network.position(), null, 0, network.remaining());
        list.add().set(SecBufferType.DATA, null, 0, target, at, cut);
        list.add().set(SecBufferType.DATA, null, 0, target, at + cut, target.remaining() - cut);
        list.add();
        list.add();
        return list;
    }

    private static byte[] data(int size) {
        return random(size, size + 3);
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    /** The bytes lie where a buffer of {@link Kind} began, and nothing lies around its room. */
    private static void requireHolds(ByteBuffer memory, byte[] expected, String what) {
        requireBytes(memory, MARGIN, expected, what);
        int end = memory.capacity() - MARGIN;
        for (int i = 0; i < memory.capacity(); i++) {
            boolean around = i < MARGIN || i >= end;
            require(!around || memory.duplicate().clear().get(i) == UNTOUCHED, what + ": written around");
        }
    }

    private static void requireBytes(ByteBuffer memory, int at, byte[] expected, String what) {
        byte[] found = new byte[expected.length];
        memory.duplicate().clear().get(at, found);
        require(Arrays.equals(expected, found), what);
    }

    /** No plaintext: what is there is as it was, or zero. */
    private static void requireNothing(ByteBuffer target, String what) {
        for (int i = 0; i < target.capacity(); i++) {
            byte found = target.duplicate().clear().get(i);
            require(found == UNTOUCHED || found == 0, what + ": something is to be seen");
        }
    }

    private interface Opening {
        void run() throws SspiException;
    }

    private static void requireBadRecordMac(RecordReader reader, ByteBuffer network, ByteBuffer target, String what) {
        int from = network.position();
        int to = target.position();
        requireBadRecordMac(() -> reader.open(network, target), what);
        require(network.position() == from && target.position() == to, what + ": a position has moved");
    }

    private static void requireBadRecordMac(Opening opening, String what) {
        try {
            opening.run();
        } catch (SspiException e) {
            require(e.alert().orElse(-1) == BAD_RECORD_MAC, what + ": " + e);
            return;
        }
        throw new AssertionError(what + ": was opened");
    }

    // Engines

    private static void engines() throws Exception {
        SSLContext context = Jsse.OURS.context(TestPki.server(KeyKind.EC_P256));
        for (String suite :
                List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")) {
            engines(context, "TLSv1.3", suite);
        }
        for (String suite : List.of(
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256")) {
            engines(context, "TLSv1.2", suite);
        }
    }

    private static void engines(SSLContext context, String protocol, String suite) throws Exception {
        SSLEngine client = Jsse.clientEngine(context);
        SSLEngine server = Jsse.serverEngine(context);
        client.setEnabledProtocols(new String[] {protocol});
        client.setEnabledCipherSuites(new String[] {suite});
        new EnginePair(client, server).handshake();
        require(client.getSession().getCipherSuite().equals(suite), suite);
        for (int size : new int[] {1, 64, 1000, 16384}) {
            for (Kind kind : Kind.values()) {
                for (Kind between : List.of(Kind.HEAP, Kind.DIRECT)) {
                    String what = suite + " " + size + " " + kind + " by " + between;
                    carry(client, server, data(size), kind, between, what);
                    carry(server, client, data(size), kind, between, what);
                }
            }
        }
        System.out.println(client.getSession().getProtocol() + " " + suite);
    }

    /** One record from one buffer to another, and one from three to three. */
    private static void carry(SSLEngine sender, SSLEngine receiver, byte[] data, Kind kind, Kind between, String what)
            throws SSLException {
        Kind to = between == Kind.HEAP ? Kind.DIRECT : Kind.HEAP;
        ByteBuffer network = between.of(data.length + 100);
        ByteBuffer source = kind.of(data);
        require(sender.wrap(source, network).getStatus() == Status.OK && !source.hasRemaining(), what);
        ByteBuffer target = to.of(data.length);
        SSLEngineResult result = receiver.unwrap(network.flip().position(MARGIN), target);
        require(result.getStatus() == Status.OK && result.bytesProduced() == data.length, what + result);
        requireHolds(target, data, what);

        network = between.of(data.length + 100);
        int cut = data.length / 3;
        ByteBuffer[] parts = {
            kind.of(Arrays.copyOf(data, cut)), kind.of(0), kind.of(Arrays.copyOfRange(data, cut, data.length))
        };
        require(sender.wrap(parts, network).getStatus() == Status.OK, what);
        ByteBuffer whole = to.of(data.length);
        ByteBuffer[] targets = {
            whole.duplicate().limit(MARGIN + cut), to.of(0), whole.duplicate().position(MARGIN + cut)
        };
        result = receiver.unwrap(network.flip().position(MARGIN), targets);
        require(result.getStatus() == Status.OK && result.bytesProduced() == data.length, what + result);
        requireHolds(whole, data, what + " in parts");
    }
}
