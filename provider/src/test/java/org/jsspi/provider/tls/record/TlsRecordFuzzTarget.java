package org.jsspi.provider.tls.record;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jsspi.SspiException;
import org.jsspi.StreamContext.Preview;
import org.jsspi.provider.crypto.Aead;

/**
 * TLS records.
 *
 * <pre>
 * | kind 1 | records ...                  kind 0: before there are keys, 1: under keys that they do not know
 * | kind 1 | padding 1 | type 1 | data    kind 2: what a peer that has the keys seals
 * | kind 1 | records ...                  kind 3: under keys of TLS 1.2 that they do not know
 * </pre>
 */
public final class TlsRecordFuzzTarget {
    private TlsRecordFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) throws SspiException {
        if (data.length == 0) {
            return;
        }
        switch (data[0] & 3) {
            case 0 -> read(new RecordReader(), Arrays.copyOfRange(data, 1, data.length));
            case 1 -> read(Records.reader(Aead.AES_128_GCM), Arrays.copyOfRange(data, 1, data.length));
            case 3 -> {
                RecordReader reader = new RecordReader();
                reader.protect(Records.keys12(Aead.AES_128_GCM));
                read(reader, Arrays.copyOfRange(data, 1, data.length));
            }
            default -> {
                if (data.length > 2 && data.length < 17_000) {
                    byte[] content = Arrays.copyOfRange(data, 3, data.length);
                    RecordProtection peer = new RecordProtection(Records.keys(Aead.AES_128_GCM));
                    byte[] record = Records.sealInner(peer, data[2] & 0xFF, content, data[1] & 0xFF);
                    read(Records.reader(Aead.AES_128_GCM), record);
                }
            }
        }
    }

    private static void read(RecordReader reader, byte[] bytes) {
        ByteBuffer network = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        try {
            while (network.hasRemaining()) {
                Preview preview = reader.preview(network);
                int length = reader.open(
                        network, network.position(), network.remaining(), (type, content, offset, contentLength) -> {
                            if (contentLength > RecordFormat.MAX_PLAINTEXT) {
                                throw new AssertionError(contentLength + " bytes of " + type);
                            }
                        });
                if (preview instanceof Preview.Missing missing) {
                    if (length != -missing.count()) {
                        throw new AssertionError("preview says " + preview + " and open " + length);
                    }
                    return;
                }
                if (length != ((Preview.Whole) preview).length()) {
                    throw new AssertionError("preview says " + preview + " and open " + length);
                }
                network.position(network.position() + length);
            }
        } catch (SspiException refused) {
            // With an alert, or the caller would not know what to tell the peer.
            refused.alert().orElseThrow(() -> new AssertionError("no alert", refused));
        } finally {
            reader.destroy();
        }
    }
}
