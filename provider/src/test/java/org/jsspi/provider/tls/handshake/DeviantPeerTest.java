package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer that leaves out, repeats, exchanges or invents messages gets an alert at the first that has no place. */
class DeviantPeerTest {
    private static final Identity IDENTITY = TestCertificates.selfSigned(KeyKind.P256);
    private static final int CERTIFICATE_REQUEST = 13;

    /** The shapes of a handshake. */
    enum Shape {
        FULL,
        MUTUAL,
        RETRY,
        RESUMED
    }

    /** Delivers the messages of one side, changed; the other side is the client or the server under test. */
    private interface Deviation {
        /** {@return what arrives instead of the message that would be the n-th, from 0, of its sender} */
        List<byte[]> instead(int n, byte[] message);
    }

    private final Wishes.Memory tickets = new Wishes.Memory();
    private Peer client;
    private Peer server;

    private void prepare(Shape shape) throws SspiException {
        HandshakeSettings.Builder forClient =
                HandshakeSettings.builder(new Wishes(IDENTITY)).versions(List.of(ProtocolVersion.TLS13));
        HandshakeSettings.Builder forServer = HandshakeSettings.builder(new Wishes(IDENTITY))
                .versions(List.of(ProtocolVersion.TLS13))
                .tickets(tickets);
        switch (shape) {
            case FULL -> {}
            case MUTUAL -> forServer.clientAuthentication(ClientAuthentication.NEED);
            case RETRY -> {
                forClient.groups(List.of(NamedGroup.X25519, NamedGroup.SECP256R1));
                forServer.groups(List.of(NamedGroup.SECP256R1));
            }
            case RESUMED -> {
                prepare(Shape.FULL);
                Peer.run(client, server);
                forClient.resumption(client.tickets.get(0));
            }
        }
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
    }

    private void run(Deviation ofClient, Deviation ofServer) throws SspiException {
        int fromClient = 0;
        int fromServer = 0;
        while (!client.outgoing.isEmpty() || !server.outgoing.isEmpty()) {
            while (!client.outgoing.isEmpty()) {
                for (byte[] message :
                        ofClient.instead(fromClient++, client.outgoing.remove().message())) {
                    server.receive(message);
                }
            }
            while (!server.outgoing.isEmpty()) {
                for (byte[] message :
                        ofServer.instead(fromServer++, server.outgoing.remove().message())) {
                    client.receive(message);
                }
            }
        }
    }

    private static List<byte[]> honest(int n, byte[] message) {
        return List.of(message);
    }

    /** {@return the messages of the handshake alone: without the tickets behind it} */
    private List<byte[]> recorded(Shape shape, boolean ofClient) throws SspiException {
        prepare(shape);
        Peer.run(client, server);
        return (ofClient ? client : server)
                .sent.stream().filter(message -> message[0] != 4).toList();
    }

    private void assertAlert(boolean ofClient, String what, Deviation deviation, AlertDescription... allowed) {
        SspiException failure = assertThrows(
                SspiException.class,
                () -> run(
                        ofClient ? deviation : DeviantPeerTest::honest, ofClient ? DeviantPeerTest::honest : deviation),
                what);
        AlertDescription alert = Peer.alert(failure);
        assertTrue(List.of(allowed).contains(alert), () -> what + " is answered with " + alert);
        assertEquals(0, ofClient ? server.established : 0, what);
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void everyMessageThatIsLeftOutIsMissed(Shape shape) throws SspiException {
        for (boolean ofClient : new boolean[] {true, false}) {
            List<byte[]> messages = recorded(shape, ofClient);
            // Without the last one, or a hello that an answer hangs on, the other side just waits.
            for (int i = 0; i < messages.size() - 1; i++) {
                int type = messages.get(i)[0];
                if (type == 1 || !ofClient && type == 2 && i == 0 && shape == Shape.RETRY) {
                    continue;
                }
                prepare(shape);
                int skipped = i;
                assertAlert(
                        ofClient,
                        shape + ": message " + i + " of type " + type + " left out",
                        (n, message) -> n == skipped ? List.of() : List.of(message),
                        // A request that never came shows in the transcript only.
                        type == CERTIFICATE_REQUEST
                                ? AlertDescription.DECRYPT_ERROR
                                : AlertDescription.UNEXPECTED_MESSAGE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void everyMessageThatComesTwiceIsRefused(Shape shape) throws SspiException {
        for (boolean ofClient : new boolean[] {true, false}) {
            int count = recorded(shape, ofClient).size();
            for (int i = 0; i < count; i++) {
                prepare(shape);
                int repeated = i;
                SspiException failure = assertThrows(SspiException.class, () -> {
                    Deviation twice = (n, message) -> n == repeated ? List.of(message, message) : List.of(message);
                    run(ofClient ? twice : DeviantPeerTest::honest, ofClient ? DeviantPeerTest::honest : twice);
                });
                boolean helloAgain = shape == Shape.RETRY && ofClient && i == 0;
                // To a server that wants another ClientHello, the first again is the wrong one.
                assertEquals(
                        helloAgain ? AlertDescription.ILLEGAL_PARAMETER : AlertDescription.UNEXPECTED_MESSAGE,
                        Peer.alert(failure),
                        shape + ": message " + i + (ofClient ? " of the client" : " of the server") + " twice");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void neighboursThatChangePlacesAreRefused(Shape shape) throws SspiException {
        for (boolean ofClient : new boolean[] {true, false}) {
            List<byte[]> messages = recorded(shape, ofClient);
            for (int i = 0; i + 1 < messages.size(); i++) {
                if (messages.get(i)[0] == 1 || shape == Shape.RETRY && !ofClient && i == 0) {
                    continue; // the second is the answer to what the first caused
                }
                prepare(shape);
                int first = i;
                List<byte[]> held = new ArrayList<>();
                assertAlert(
                        ofClient,
                        shape + ": messages " + i + " and " + (i + 1) + " exchanged",
                        (n, message) -> {
                            if (n == first) {
                                held.add(message);
                                return List.of();
                            }
                            return n == first + 1 ? List.of(message, held.get(0)) : List.of(message);
                        },
                        AlertDescription.UNEXPECTED_MESSAGE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void everyOtherMessageInAPlaceIsRefused(Shape shape) throws SspiException {
        List<byte[]> all = new ArrayList<>();
        for (Shape other : Shape.values()) {
            prepare(other);
            Peer.run(client, server);
            all.addAll(client.sent);
            all.addAll(server.sent);
        }
        all.add(new byte[] {24, 0, 0, 1, 0}); // KeyUpdate
        for (boolean ofClient : new boolean[] {true, false}) {
            List<byte[]> messages = recorded(shape, ofClient);
            for (int place : IntStream.range(0, messages.size()).toArray()) {
                int due = messages.get(place)[0];
                for (byte[] other : all) {
                    boolean alternative =
                            !ofClient && (due == CERTIFICATE_REQUEST && other[0] == 11 || due == 11 && other[0] == 13);
                    if (other[0] == due || alternative) {
                        continue;
                    }
                    prepare(shape);
                    assertAlert(
                            ofClient,
                            shape + ": type " + other[0] + " where " + due + " is due",
                            (n, message) -> n == place ? List.of(other) : List.of(message),
                            AlertDescription.UNEXPECTED_MESSAGE);
                }
            }
        }
    }

    @Test
    void nothingButTicketsAndKeyUpdatesComesAfterTheHandshake() throws SspiException {
        prepare(Shape.MUTUAL);
        Peer.run(client, server);
        List<byte[]> toClient = new ArrayList<>(server.sent);
        List<byte[]> toServer = new ArrayList<>(client.sent);
        toServer.addAll(server.sent);
        for (boolean ofClient : new boolean[] {true, false}) {
            for (byte[] message : ofClient ? toServer : toClient) {
                if (!ofClient && message[0] == 4) {
                    continue;
                }
                prepare(Shape.MUTUAL);
                Peer.run(client, server);
                SspiException failure = assertThrows(
                        SspiException.class, () -> (ofClient ? server : client).receive(message), "type " + message[0]);
                assertEquals(AlertDescription.UNEXPECTED_MESSAGE, Peer.alert(failure));
            }
        }
    }
}
