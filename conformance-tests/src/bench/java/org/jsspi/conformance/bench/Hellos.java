package org.jsspi.conformance.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What the first two messages of a TLS 1.3 handshake say about the work that follows. Read from the wire and by code of its
 * own: it judges all contenders alike.
 *
 * @param offeredShares the groups of the client's key shares
 * @param group the group of the server's key share
 * @param resumed whether the server took a pre-shared key
 */
record Hellos(List<Integer> offeredShares, int group, boolean resumed) {
    private static final int KEY_SHARE = 51;
    private static final int PRE_SHARED_KEY = 41;
    // RFC 8446 4.1.3: the random of a HelloRetryRequest.
    private static final byte[] RETRY =
            HexFormat.of().parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    /**
     * Reads both hellos, each the beginning of what its sender sent.
     *
     * @throws IllegalStateException if the server answered by a HelloRetryRequest or by something else
     */
    static Hellos read(ByteBuffer fromClient, ByteBuffer fromServer) {
        ByteBuffer client = body(fromClient, 1);
        client.position(client.position() + 2 + 32);
        skipVector8(client);
        skip(client, Short.toUnsignedInt(client.getShort()));
        skipVector8(client);
        List<Integer> shares = new ArrayList<>();
        ByteBuffer offer = extension(client, KEY_SHARE);
        if (offer != null) {
            offer.getShort();
            while (offer.hasRemaining()) {
                shares.add(Short.toUnsignedInt(offer.getShort()));
                skip(offer, Short.toUnsignedInt(offer.getShort()));
            }
        }

        ByteBuffer server = body(fromServer, 2);
        server.getShort();
        byte[] random = new byte[32];
        server.get(random);
        if (Arrays.equals(random, RETRY)) {
            throw new IllegalStateException("the server asked for another key share");
        }
        skipVector8(server);
        skip(server, 2 + 1);
        ByteBuffer extensions = server.slice();
        ByteBuffer share = extension(extensions.duplicate(), KEY_SHARE);
        if (share == null) {
            throw new IllegalStateException("a ServerHello without a key share: not TLS 1.3 with (EC)DHE");
        }
        return new Hellos(
                shares,
                Short.toUnsignedInt(share.getShort()),
                extension(extensions.duplicate(), PRE_SHARED_KEY) != null);
    }

    /** The body of the message that is the first of the first record. */
    private static ByteBuffer body(ByteBuffer flight, int type) {
        ByteBuffer record = flight.duplicate();
        if (record.remaining() < 9 || record.get() != 22) {
            throw new IllegalStateException("the first record is not of the handshake");
        }
        skip(record, 2);
        int length = Short.toUnsignedInt(record.getShort());
        record.limit(record.position() + length);
        if (record.get() != type) {
            throw new IllegalStateException("the first message is not a hello");
        }
        skip(record, 3);
        return record.slice();
    }

    private static ByteBuffer extension(ByteBuffer extensions, int wanted) {
        extensions.getShort();
        while (extensions.hasRemaining()) {
            int type = Short.toUnsignedInt(extensions.getShort());
            int length = Short.toUnsignedInt(extensions.getShort());
            if (type == wanted) {
                return extensions.slice(extensions.position(), length);
            }
            skip(extensions, length);
        }
        return null;
    }

    private static void skipVector8(ByteBuffer in) {
        skip(in, Byte.toUnsignedInt(in.get()));
    }

    private static void skip(ByteBuffer in, int count) {
        in.position(in.position() + count);
    }
}
