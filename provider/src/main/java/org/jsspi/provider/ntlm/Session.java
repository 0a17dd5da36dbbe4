package org.jsspi.provider.ntlm;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * What an exchange came to.
 *
 * @param client whether this side is the client
 * @param flags what was negotiated
 * @param revision NTLMRevisionCurrent of the other side
 * @param exportedSessionKey null for nobody and for guests
 * @param user who the client is; empty for nobody
 * @param domain of the user; may be empty
 * @param anonymous whether the client is nobody
 * @param targetName the service that the client wants, or null
 * @param serverName what the server calls itself; may be empty
 * @param targetInfo the AV pairs of the challenge, marshalled; empty if there were none
 * @param start when it was established
 */
record Session(
        boolean client,
        NegotiateFlags flags,
        int revision,
        Secret exportedSessionKey,
        String user,
        String domain,
        boolean anonymous,
        String targetName,
        String serverName,
        byte[] targetInfo,
        Instant start) {
    private static final int KEY_LENGTH = 16;
    private static final int FORMAT = 1;

    boolean isDatagram() {
        return flags.has(NegotiateFlags.DATAGRAM);
    }

    boolean isProtected() {
        return exportedSessionKey != null;
    }

    /** {@return the client's name as {@code DOMAIN\\user}} */
    String name() {
        if (anonymous) {
            return "NT AUTHORITY\\ANONYMOUS LOGON";
        }
        return domain.isEmpty() ? user : domain + '\\' + user;
    }

    SessionKeys.Direction outbound() {
        return client ? SessionKeys.Direction.CLIENT_TO_SERVER : SessionKeys.Direction.SERVER_TO_CLIENT;
    }

    SessionKeys.Direction inbound() {
        return client ? SessionKeys.Direction.SERVER_TO_CLIENT : SessionKeys.Direction.CLIENT_TO_SERVER;
    }

    /** {@return true if the keys that both sessions derive are the same, so that the numbers that they use up are too} */
    boolean sameKeys(Session other) {
        return other != null
                && isProtected()
                && other.isProtected()
                && exportedSessionKey.matches(other.exportedSessionKey)
                && sameKeys(flags, other.flags);
    }

    static boolean sameKeys(NegotiateFlags one, NegotiateFlags other) {
        int mask = NegotiateFlags.EXTENDED_SESSIONSECURITY
                | NegotiateFlags.KEY_128
                | NegotiateFlags.KEY_EXCH
                | NegotiateFlags.LM_KEY
                | NegotiateFlags.DATAGRAM;
        if (!one.has(NegotiateFlags.KEY_128)) {
            mask |= NegotiateFlags.KEY_56;
        }
        return (one.bits() & mask) == (other.bits() & mask);
    }

    /** Writes a session with a key. */
    void encode(Writer out) {
        out.u8(FORMAT).u8(client ? 1 : 0).u32(flags.bits() & 0xFFFF_FFFFL).u8(revision);
        out.bytes(exportedSessionKey.bytes());
        text(out, user);
        text(out, domain);
        out.u8(targetName == null ? 0 : 1);
        text(out, targetName == null ? "" : targetName);
        text(out, serverName);
        out.vector16(targetInfo).u64(start.toEpochMilli());
    }

    static Session decode(Reader in) throws SspiException {
        if (in.u8() != FORMAT) {
            throw Reader.malformed("an exported context of another format");
        }
        boolean client = in.u8() != 0;
        NegotiateFlags flags = new NegotiateFlags((int) in.u32());
        int revision = in.u8();
        Secret key = Secret.owning(in.bytes(KEY_LENGTH));
        String user = text(in);
        String domain = text(in);
        boolean named = in.u8() != 0;
        String target = text(in);
        String server = text(in);
        byte[] info = in.vector16Bytes(0, Payload.MAXIMUM_MESSAGE);
        Instant start = Instant.ofEpochMilli(in.u64());
        return new Session(
                client, flags, revision, key, user, domain, false, named ? target : null, server, info, start);
    }

    private static void text(Writer out, String text) {
        out.vector16(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Reader in) throws SspiException {
        return new String(in.vector16Bytes(0, 65535), StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "Session[" + name() + ", " + flags + "]";
    }
}
