package org.jsspi.provider.tls.handshake;

import java.util.Arrays;
import java.util.List;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.HandshakeType;
import org.jsspi.provider.tls.message.PreSharedKeyOffer;
import org.jsspi.provider.tls.message.PreSharedKeyOffer.PskIdentity;
import org.jsspi.provider.wire.Writer;

/**
 * Tickets, on their way to a client and back.
 *
 * <pre>
 * | 0 | body of a NewSessionTicket ...                            to a client that is connected
 * | 1 | age 4 | length of the ticket 1 | ticket ... | binder ...  to a server, in a ClientHello
 * </pre>
 */
public final class TicketFuzzTarget {
    private static final Wishes WISHES = new Wishes(TestCertificates.selfSigned(KeyKind.P256));
    private static final Peer CLIENT = connected();
    private static final ClientHello HELLO = hello();

    private TicketFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) throws SspiException {
        if (data.length == 0) {
            return;
        }
        try {
            if (data[0] % 2 == 0) {
                issue(Arrays.copyOfRange(data, 1, data.length));
            } else if (data.length > 6) {
                redeem(data);
            }
        } catch (SspiException refused) {
            refused.alert().orElseThrow(() -> new AssertionError("no alert", refused));
        }
    }

    private static void issue(byte[] body) throws SspiException {
        CLIENT.connected().dataReceived();
        Writer out = new Writer();
        out.u8(HandshakeType.NEW_SESSION_TICKET.code()).vector24(body);
        CLIENT.state = CLIENT.state.on(Inbound.decode(out.toByteArray(), CLIENT.state.version()), CLIENT);
        CLIENT.tickets.forEach(ResumableSession::destroy);
        CLIENT.tickets.clear();
    }

    private static void redeem(byte[] data) throws SspiException {
        int end = Math.min(data.length - 1, 6 + Math.max(1, data[5] & 0xFF));
        byte[] ticket = Arrays.copyOfRange(data, 6, end);
        byte[] binder = Arrays.copyOf(Arrays.copyOfRange(data, end, data.length), 32);
        long age = (data[1] & 0xFFL) << 24 | (data[2] & 0xFF) << 16 | (data[3] & 0xFF) << 8 | data[4] & 0xFF;
        PreSharedKeyOffer offer = new PreSharedKeyOffer(
                List.of(new PskIdentity(ticket.length == 0 ? new byte[1] : ticket, age)), List.of(binder));
        ClientHello hello = ClientHello.of(
                HELLO.random(),
                HELLO.legacySessionId(),
                HELLO.cipherSuites(),
                HELLO.extensions().with(offer));
        Peer server = Peer.server(
                HandshakeSettings.builder(WISHES).tickets(new Wishes.Memory()).build());
        server.receive(hello.toBytes());
        server.state.destroy();
    }

    private static Peer connected() {
        try {
            Peer client = Peer.client(HandshakeSettings.builder(WISHES).build());
            Peer.run(client, Peer.server(HandshakeSettings.builder(WISHES).build()));
            return client;
        } catch (SspiException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ClientHello hello() {
        try {
            Peer client = Peer.client(HandshakeSettings.builder(WISHES).build());
            return (ClientHello) Inbound.decode(client.sent.get(0), null).message();
        } catch (SspiException e) {
            throw new IllegalStateException(e);
        }
    }
}
