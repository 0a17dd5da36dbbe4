package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * NewSessionTicket (RFC 8446 4.6.1): the client may resume with this.
 *
 * @param lifetime in seconds, from 0 to 2^32 - 1; more than 604800 must not be used
 * @param ageAdd from 0 to 2^32 - 1, what hides the age of the ticket
 * @param nonce 0 to 255 bytes
 * @param ticket 1 to 65535 bytes
 */
public record NewSessionTicket(long lifetime, long ageAdd, byte[] nonce, byte[] ticket, Extensions extensions)
        implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.NEW_SESSION_TICKET;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct {
    //     uint32 ticket_lifetime;
    //     uint32 ticket_age_add;
    //     opaque ticket_nonce<0..255>;
    //     opaque ticket<1..2^16-1>;
    //     Extension extensions<0..2^16-2>;
    // } NewSessionTicket;
    public static NewSessionTicket decode(Reader in) throws SspiException {
        NewSessionTicket ticket = new NewSessionTicket(
                in.u32(),
                in.u32(),
                in.vector8Bytes(0, 255),
                in.vector16Bytes(1, 0xFFFF),
                Extensions.decode(in, HandshakeType.NEW_SESSION_TICKET, 0, 0xFFFE));
        in.end();
        return ticket;
    }

    @Override
    public void encode(Writer out) {
        out.u32(lifetime).u32(ageAdd).vector8(nonce).vector16(ticket);
        extensions.encode(out);
    }

    /** {@return the ticket without the values that travel encrypted and only here} */
    @Override
    public String toString() {
        return "NewSessionTicket[lifetime " + lifetime + ", ticket of " + ticket.length + " bytes, extensions "
                + extensions + "]";
    }
}
