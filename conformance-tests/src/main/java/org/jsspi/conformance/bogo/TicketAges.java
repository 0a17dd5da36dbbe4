package org.jsspi.conformance.bogo;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * What a server sees of the ages of its tickets, in the messages of its connections: when it has issued each, and how old each is by
 * the client that shows it (RFC 8446 4.2.11.1, 4.6.1).
 */
final class TicketAges {
    private static final int CLIENT_HELLO = 1;
    private static final int NEW_SESSION_TICKET = 4;
    private static final int PRE_SHARED_KEY = 41;
    private static final int HEADER_LENGTH = 4;
    private static final int VERSION_LENGTH = 2;
    private static final int RANDOM_LENGTH = 32;
    private static final long MILLION = 1_000_000;

    private record Issue(long nanoTime, int ageAdd) {}

    private final Map<ByteBuffer, Issue> issued = new HashMap<>();
    private long skew;

    /** {@return by how many seconds the client's ticket was older for the client than here in the last connection; 0 without one} */
    long skew() {
        return skew;
    }

    /** Looks at a handshake message of TLS 1.3, with its header. */
    void observe(boolean sent, byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message).position(HEADER_LENGTH);
        if (sent && message[0] == NEW_SESSION_TICKET) {
            // | lifetime 4 | age_add 4 | nonce, length 1 | ticket, length 2 | extensions, length 2 |
            in.getInt();
            int ageAdd = in.getInt();
            vector(in, in.get() & 0xFF);
            ByteBuffer ticket = vector(in, in.getShort() & 0xFFFF);
            issued.put(ticket, new Issue(System.nanoTime(), ageAdd));
        } else if (!sent && message[0] == CLIENT_HELLO) {
            skew = shown(in);
        }
    }

    private long shown(ByteBuffer hello) {
        // | version 2 | random 32 | session id, length 1 | suites, length 2 | compressions, length 1 | extensions,
        // length 2 |
        vector(hello, VERSION_LENGTH + RANDOM_LENGTH);
        vector(hello, hello.get() & 0xFF);
        vector(hello, hello.getShort() & 0xFFFF);
        vector(hello, hello.get() & 0xFF);
        ByteBuffer extensions = vector(hello, hello.getShort() & 0xFFFF);
        while (extensions.hasRemaining()) {
            int type = extensions.getShort();
            ByteBuffer extension = vector(extensions, extensions.getShort() & 0xFFFF);
            if (type == PRE_SHARED_KEY) {
                // | identities, length 2: | identity, length 2 | obfuscated age 4 | | binders |
                extension.getShort();
                ByteBuffer identity = vector(extension, extension.getShort() & 0xFFFF);
                return skew(identity, extension.getInt());
            }
        }
        return 0;
    }

    private long skew(ByteBuffer ticket, int obfuscatedAge) {
        Issue issue = issued.get(ticket);
        if (issue == null) {
            return 0;
        }
        long age = Integer.toUnsignedLong(obfuscatedAge - issue.ageAdd());
        long known = (System.nanoTime() - issue.nanoTime()) / MILLION;
        return Math.round((age - known) / 1000.0);
    }

    private static ByteBuffer vector(ByteBuffer in, int length) {
        ByteBuffer vector = in.slice(in.position(), length);
        in.position(in.position() + length);
        return vector;
    }
}
