package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * NewSessionTicket of TLS 1.2 (RFC 5077 3.3): the client may resume with this.
 *
 * @param lifetimeHint in seconds, from 0 to 2^32 - 1; 0 says nothing
 * @param ticket 0 to 65535 bytes; empty takes back the promise of a ticket
 */
public record NewSessionTicket12(long lifetimeHint, byte[] ticket) implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.NEW_SESSION_TICKET;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct { uint32 ticket_lifetime_hint; opaque ticket<0..2^16-1>; } NewSessionTicket;
    public static NewSessionTicket12 decode(Reader in) throws SspiException {
        NewSessionTicket12 ticket = new NewSessionTicket12(in.u32(), in.vector16Bytes(0, 0xFFFF));
        in.end();
        return ticket;
    }

    @Override
    public void encode(Writer out) {
        out.u32(lifetimeHint).vector16(ticket);
    }

    @Override
    public String toString() {
        return "NewSessionTicket[lifetime hint " + lifetimeHint + ", ticket of " + ticket.length + " bytes]";
    }
}
