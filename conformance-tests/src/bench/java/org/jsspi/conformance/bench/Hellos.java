package org.jsspi.conformance.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What the first messages of a handshake, those in clear, say about the work that follows. Read from the wire and by code of its
 * own: it judges all contenders alike.
 *
 * @param offeredShares the groups of the client's key shares; TLS 1.2 has none
 * @param ticketOffered whether the client has a ticket
 * @param group the group of the key exchange; empty where there is none
 * @param resumed whether the server goes on with an earlier session
 */
record Hellos(List<Integer> offeredShares, boolean ticketOffered, OptionalInt group, boolean resumed) {
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_HELLO = 2;
    private static final int CERTIFICATE = 11;
    private static final int SERVER_KEY_EXCHANGE = 12;
    private static final int SESSION_TICKET = 35;
    private static final int PRE_SHARED_KEY = 41;
    private static final int KEY_SHARE = 51;
    private static final int NAMED_CURVE = 3;
    // RFC 8446 4.1.3: the random of a HelloRetryRequest.
    private static final byte[] RETRY =
            HexFormat.of().parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    /**
     * Reads what both sides sent first, from its beginning.
     *
     * @throws IllegalStateException if the server answered by a HelloRetryRequest or by something else
     */
    static Hellos read(ByteBuffer fromClient, ByteBuffer fromServer) {
        ByteBuffer client = message(messages(fromClient), CLIENT_HELLO);
        skip(client, 2 + 32);
        skipVector8(client);
        skip(client, Short.toUnsignedInt(client.getShort()));
        skipVector8(client);
        Map<Integer, ByteBuffer> offers = extensions(client);

        Map<Integer, ByteBuffer> flight = messages(fromServer);
        ByteBuffer server = message(flight, SERVER_HELLO);
        server.getShort();
        byte[] random = new byte[32];
        server.get(random);
        if (Arrays.equals(random, RETRY)) {
            throw new IllegalStateException("the server asked for another key share");
        }
        skipVector8(server);
        skip(server, 2 + 1);
        Map<Integer, ByteBuffer> answers = extensions(server);
        if (answers.containsKey(KEY_SHARE)) {
            return new Hellos(
                    shares(offers.get(KEY_SHARE)),
                    offers.containsKey(PRE_SHARED_KEY),
                    OptionalInt.of(Short.toUnsignedInt(answers.get(KEY_SHARE).getShort())),
                    answers.containsKey(PRE_SHARED_KEY));
        }
        return new Hellos(
                List.of(),
                offers.containsKey(SESSION_TICKET) && offers.get(SESSION_TICKET).hasRemaining(),
                curve(flight.get(SERVER_KEY_EXCHANGE)),
                !flight.containsKey(CERTIFICATE));
    }

    private static List<Integer> shares(ByteBuffer offer) {
        List<Integer> shares = new ArrayList<>();
        offer.getShort();
        while (offer.hasRemaining()) {
            shares.add(Short.toUnsignedInt(offer.getShort()));
            skip(offer, Short.toUnsignedInt(offer.getShort()));
        }
        return shares;
    }

    // RFC 8422 5.4
    private static OptionalInt curve(ByteBuffer exchange) {
        if (exchange == null) {
            return OptionalInt.empty();
        }
        if (exchange.get() != NAMED_CURVE) {
            throw new IllegalStateException("a key exchange without a named curve");
        }
        return OptionalInt.of(Short.toUnsignedInt(exchange.getShort()));
    }

    private static ByteBuffer message(Map<Integer, ByteBuffer> messages, int type) {
        ByteBuffer found = messages.get(type);
        if (found == null) {
            throw new IllegalStateException("no hello among the messages " + messages.keySet());
        }
        return found;
    }

    /** The bodies of the messages in clear by their types, up to the first record that is no handshake record. */
    private static Map<Integer, ByteBuffer> messages(ByteBuffer flight) {
        ByteBuffer rest = flight.duplicate();
        ByteBuffer joined = ByteBuffer.allocate(rest.remaining());
        while (rest.remaining() > 5 && rest.get(rest.position()) == HANDSHAKE) {
            int length = Short.toUnsignedInt(rest.getShort(rest.position() + 3));
            joined.put(rest.slice(rest.position() + 5, length));
            skip(rest, 5 + length);
        }
        joined.flip();
        Map<Integer, ByteBuffer> messages = new LinkedHashMap<>();
        while (joined.remaining() >= 4) {
            int header = joined.getInt();
            int length = header & 0xFF_FFFF;
            messages.putIfAbsent(header >>> 24, joined.slice(joined.position(), length));
            skip(joined, length);
        }
        return messages;
    }

    private static Map<Integer, ByteBuffer> extensions(ByteBuffer hello) {
        Map<Integer, ByteBuffer> extensions = new LinkedHashMap<>();
        if (hello.hasRemaining()) {
            hello.getShort();
        }
        while (hello.hasRemaining()) {
            int type = Short.toUnsignedInt(hello.getShort());
            int length = Short.toUnsignedInt(hello.getShort());
            extensions.put(type, hello.slice(hello.position(), length));
            skip(hello, length);
        }
        return extensions;
    }

    private static void skipVector8(ByteBuffer in) {
        skip(in, Byte.toUnsignedInt(in.get()));
    }

    private static void skip(ByteBuffer in, int count) {
        in.position(in.position() + count);
    }
}
