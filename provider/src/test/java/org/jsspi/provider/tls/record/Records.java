package org.jsspi.provider.tls.record;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.ContentType;

/** What the tests of this package share: keys, memory of every kind, and a peer that seals what no honest peer would. */
final class Records {
    /** A pattern that shows where memory was not written. */
    static final byte UNTOUCHED = 0x5A;

    private Records() {}

    /** How records are sealed: an algorithm, by the rules of a version. */
    enum Sealing {
        TLS13_AES_128(Aead.AES_128_GCM, false, 5, 17, false),
        TLS13_AES_256(Aead.AES_256_GCM, false, 5, 17, false),
        TLS13_CHACHA20(Aead.CHACHA20_POLY1305, false, 5, 17, false),
        TLS12_AES_128(Aead.AES_128_GCM, true, 13, 16, false),
        TLS12_AES_256(Aead.AES_256_GCM, true, 13, 16, false),
        TLS12_CHACHA20(Aead.CHACHA20_POLY1305, true, 5, 16, false),
        /** As for a provider whose ciphers want direct buffers. */
        TLS13_AES_128_DIRECT(Aead.AES_128_GCM, false, 5, 17, true),
        TLS13_CHACHA20_DIRECT(Aead.CHACHA20_POLY1305, false, 5, 17, true),
        TLS12_AES_128_DIRECT(Aead.AES_128_GCM, true, 13, 16, true);

        private final Aead aead;
        private final boolean tls12;
        private final int header;
        private final int trailer;
        private final boolean direct;

        Sealing(Aead aead, boolean tls12, int header, int trailer, boolean direct) {
            this.aead = aead;
            this.tls12 = tls12;
            this.header = header;
            this.trailer = trailer;
            this.direct = direct;
        }

        Aead aead() {
            return aead;
        }

        boolean direct() {
            return direct;
        }

        int header() {
            return header;
        }

        int trailer() {
            return trailer;
        }

        TrafficKeys keys() {
            return tls12 ? keys12(aead) : Records.keys(aead);
        }

        RecordWriter writer() throws SspiException {
            RecordWriter writer = new RecordWriter();
            writer.protect(new RecordProtection(keys(), direct));
            return writer;
        }

        RecordReader reader() throws SspiException {
            RecordReader reader = new RecordReader();
            reader.protect(new RecordProtection(keys(), direct));
            return reader;
        }
    }

    static TrafficKeys keys(Aead aead) {
        byte[] key = new byte[aead.keyLength()];
        byte[] iv = new byte[aead.ivLength()];
        new Random(aead.ordinal() + 1).nextBytes(key);
        new Random(aead.ordinal() + 100).nextBytes(iv);
        return new TrafficKeys(aead, Secret.owning(key), iv);
    }

    /** Keys of TLS 1.2: of the nonce of AES-GCM only the first four bytes are fixed. */
    static TrafficKeys keys12(Aead aead) {
        byte[] key = new byte[aead.keyLength()];
        byte[] iv = new byte[aead == Aead.CHACHA20_POLY1305 ? aead.ivLength() : 4];
        new Random(aead.ordinal() + 1).nextBytes(key);
        new Random(aead.ordinal() + 100).nextBytes(iv);
        return TrafficKeys.tls12(aead, Secret.owning(key), iv);
    }

    static RecordWriter writer(Aead aead) throws SspiException {
        RecordWriter writer = new RecordWriter();
        writer.protect(keys(aead));
        return writer;
    }

    static RecordReader reader(Aead aead) throws SspiException {
        RecordReader reader = new RecordReader();
        reader.protect(keys(aead));
        return reader;
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** The record of some application data. */
    static byte[] seal(RecordWriter writer, byte[] data) throws SspiException {
        SecBufferDesc list = new SecBufferDesc(new SecBuffer(SecBufferType.DATA, data));
        writer.seal(list);
        return list.get(0).toByteArray();
    }

    /** A protected record with any type and any padding, made by the protection itself. */
    static byte[] sealInner(RecordProtection protection, int type, byte[] content, int padding) throws SspiException {
        byte[] inner = Arrays.copyOf(content, content.length + 1 + padding);
        inner[content.length] = (byte) type;
        byte[] record = new byte[5 + inner.length + 16];
        protection.beginSeal(ContentType.APPLICATION_DATA, inner.length - 1);
        protection.seal(inner, 0, inner.length, record, 5);
        System.arraycopy(protection.header(), 0, record, 0, 5);
        return record;
    }

    /** STREAM, DATA..., EMPTY, EMPTY. */
    static SecBufferDesc onePass(ByteBuffer stream, ByteBuffer... targets) {
        SecBufferDesc list = new SecBufferDesc();
        list.add(SecBufferType.STREAM, stream);
        for (ByteBuffer target : targets) {
            list.add(SecBufferType.DATA, target);
        }
        list.add();
        list.add();
        return list;
    }

    /** Opens one record of application data through the one-pass list. */
    static byte[] open(RecordReader reader, byte[] record) throws SspiException {
        ByteBuffer target = ByteBuffer.allocate(RecordFormat.MAX_CIPHERTEXT);
        SecBufferDesc list = onePass(ByteBuffer.wrap(record), target);
        SecurityStatus status = reader.open(list);
        if (status != SecurityStatus.SEC_E_OK || reader.opened().type() != ContentType.APPLICATION_DATA) {
            throw new AssertionError(status + " " + reader.opened().type());
        }
        return list.get(1).toByteArray();
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] contents(ByteBuffer memory) {
        byte[] all = new byte[memory.capacity()];
        memory.duplicate().clear().get(0, all);
        return all;
    }

    static boolean isAll(byte[] bytes, int from, int to, byte value) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != value) {
                return false;
            }
        }
        return true;
    }

    /** The kinds of memory that callers own. */
    enum Kind {
        HEAP,
        SLICED,
        OFFSET,
        DIRECT,
        DIRECT_UNALIGNED;

        /** Memory of this kind whose remaining bytes are {@code length} UNTOUCHED ones. */
        ByteBuffer of(int length) {
            ByteBuffer whole = name().startsWith("DIRECT")
                    ? ByteBuffer.allocateDirect(length + 20)
                    : ByteBuffer.allocate(length + 20);
            for (int i = 0; i < whole.capacity(); i++) {
                whole.put(i, UNTOUCHED);
            }
            return switch (this) {
                case HEAP, DIRECT -> whole.limit(length);
                case SLICED -> whole.slice(7, length);
                case OFFSET -> whole.position(3).limit(3 + length);
                case DIRECT_UNALIGNED -> whole.position(13).limit(13 + length);
            };
        }

        ByteBuffer of(byte[] content) {
            ByteBuffer memory = of(content.length);
            memory.put(memory.position(), content);
            return memory;
        }
    }
}
