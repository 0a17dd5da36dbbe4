package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.DeviantEnd.Deviation;
import org.jsspi.provider.tls.message.AlertDescription;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every handshake message left out, sent twice, exchanged with the next, cut short, or preceded by any other: over records and
 * under the right keys, in both roles. The context says what is wrong, the peer is told, and neither takes long or much.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeviantHandshakeTest {
    /** More memory than any refused handshake may take, both ends together. */
    private static final long MEMORY = 8 << 20;

    private static final int HELLO_REQUEST = 0;
    private static final int FINISHED = 20;
    private static final int SERVER_HELLO_DONE = 14;
    private static final int CHANGE_CIPHER_SPEC = (byte) 0xCC; // as DeviantEnd names it

    /** Without the change_cipher_spec of TLS 1.2, or with one too many, keys are not where they should be. */
    private static final Set<AlertDescription> CIPHERTEXT_AS_MESSAGE = Set.of(
            AlertDescription.UNEXPECTED_MESSAGE,
            AlertDescription.BAD_RECORD_MAC,
            AlertDescription.DECODE_ERROR,
            AlertDescription.ILLEGAL_PARAMETER);

    private static final int CERTIFICATE_REQUEST = 13;
    private static final int CLIENT_HELLO = 1;

    static Stream<Arguments> handshakes() {
        List<Arguments> all = new ArrayList<>();
        for (String protocol : Handshaking.PROTOCOLS) {
            for (Handshaking.Shape shape : Handshaking.Shape.values()) {
                if (shape.isIn(protocol)) {
                    all.add(Arguments.of(protocol, shape, true));
                    all.add(Arguments.of(protocol, shape, false));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1}, the context is the server: {2}")
    @MethodSource("handshakes")
    void honestMessagesAreTaken(String protocol, Handshaking.Shape shape, boolean server) throws Exception {
        Handshaking handshaking = new Handshaking(protocol, shape, server, Deviation.NONE);
        handshaking.run();
        assertTrue(handshaking.isEstablished(), "both sides have finished");
        assertEquals(shape == Handshaking.Shape.FALSE_START && !server, handshaking.hasStartedFalsely());
    }

    @ParameterizedTest(name = "{0} {1}, the context is the server: {2}")
    @MethodSource("handshakes")
    void aMessageThatIsLeftOutIsMissed(String protocol, Handshaking.Shape shape, boolean server) throws Exception {
        List<byte[]> honest = recorded(protocol, shape, server);
        for (int i = 0; i < honest.size(); i++) {
            int left = i;
            Deviation without = (n, message) -> n == left ? List.of() : List.of(message);
            String what = "without message " + i + " of type " + honest.get(i)[0];
            refused(
                    new Handshaking(protocol, shape, server, without),
                    what,
                    // Without the last of a flight nobody can say that it does not come: the context waits.
                    endsFlight(honest, i, shape, server) || honest.get(i)[0] == CHANGE_CIPHER_SPEC,
                    switch (honest.get(i)[0]) {
                        // A request that never came shows in the transcript only.
                        case CERTIFICATE_REQUEST ->
                            Set.of(AlertDescription.DECRYPT_ERROR, AlertDescription.UNEXPECTED_MESSAGE);
                        case CHANGE_CIPHER_SPEC -> CIPHERTEXT_AS_MESSAGE;
                        default -> Set.of(AlertDescription.UNEXPECTED_MESSAGE);
                    });
        }
    }

    @ParameterizedTest(name = "{0} {1}, the context is the server: {2}")
    @MethodSource("handshakes")
    void aMessageThatComesTwiceIsRefused(String protocol, Handshaking.Shape shape, boolean server) throws Exception {
        List<byte[]> honest = recorded(protocol, shape, server);
        for (int i = 0; i < honest.size(); i++) {
            int repeated = i;
            Deviation twice = (n, message) -> n == repeated ? List.of(message, message) : List.of(message);
            boolean retry = shape == Handshaking.Shape.RETRY && server && i == 0;
            refused(
                    new Handshaking(protocol, shape, server, twice),
                    "message " + i + " of type " + honest.get(i)[0] + " twice",
                    false,
                    retry
                            ? Set.of(AlertDescription.ILLEGAL_PARAMETER, AlertDescription.UNEXPECTED_MESSAGE)
                            // Behind a change_cipher_spec of TLS 1.2 nothing is in the clear.
                            : honest.get(i)[0] == CHANGE_CIPHER_SPEC
                                    ? Set.of(AlertDescription.BAD_RECORD_MAC, AlertDescription.UNEXPECTED_MESSAGE)
                                    : Set.of(AlertDescription.UNEXPECTED_MESSAGE));
        }
    }

    @ParameterizedTest(name = "{0} {1}, the context is the server: {2}")
    @MethodSource("handshakes")
    void neighboursThatChangePlacesAreRefused(String protocol, Handshaking.Shape shape, boolean server)
            throws Exception {
        List<byte[]> honest = recorded(protocol, shape, server);
        for (int i = 0; i + 1 < honest.size(); i++) {
            if (endsFlight(honest, i, shape, server)) {
                continue; // the next is the answer to what this one causes
            }
            int first = i;
            List<byte[]> held = new ArrayList<>();
            Deviation exchanged = (n, message) -> {
                if (n == first) {
                    held.add(message);
                    return List.of();
                }
                return n == first + 1 ? List.of(message, held.get(0)) : List.of(message);
            };
            refused(
                    new Handshaking(protocol, shape, server, exchanged),
                    "messages " + i + " and " + (i + 1) + " exchanged",
                    false,
                    honest.get(i)[0] == CHANGE_CIPHER_SPEC || honest.get(i + 1)[0] == CHANGE_CIPHER_SPEC
                            ? CIPHERTEXT_AS_MESSAGE
                            : Set.of(AlertDescription.UNEXPECTED_MESSAGE, AlertDescription.DECRYPT_ERROR));
        }
    }

    @ParameterizedTest(name = "{0} {1}, the context is the server: {2}")
    @MethodSource("handshakes")
    void aMessageThatIsCutShortIsRefused(String protocol, Handshaking.Shape shape, boolean server) throws Exception {
        List<byte[]> honest = recorded(protocol, shape, server);
        for (int i = 0; i < honest.size(); i++) {
            if (honest.get(i) == DeviantEnd.CHANGE_CIPHER_SPEC) {
                continue; // the record layer's: RecordFormatTest
            }
            int whole = honest.get(i).length - 4;
            int step = 1 + whole / 40;
            for (int length = 0; length < whole; length += step) {
                int cut = i;
                int kept = length;
                // An ECDSA signature is not of the same length each time.
                Deviation shortened = (n, message) ->
                        List.of(n == cut ? shortened(message, Math.min(kept, message.length - 5)) : message);
                refused(
                        new Handshaking(protocol, shape, server, shortened),
                        "message " + i + " of type " + honest.get(i)[0] + " cut to " + length + " of " + whole,
                        false,
                        // RFC 8446 6.2: a message of the wrong form; one that ends where an optional part begins has
                        // another fault.
                        Set.of(
                                AlertDescription.DECODE_ERROR,
                                AlertDescription.DECRYPT_ERROR,
                                AlertDescription.ILLEGAL_PARAMETER,
                                AlertDescription.MISSING_EXTENSION,
                                AlertDescription.PROTOCOL_VERSION,
                                // A hello of TLS 1.2 without extensions is one; its keys are others.
                                AlertDescription.HANDSHAKE_FAILURE,
                                AlertDescription.BAD_RECORD_MAC));
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}, the context is the server: {2}")
    @MethodSource("handshakes")
    void aMessageOfAnyKindInFrontOfAnyOtherIsRefused(String protocol, Handshaking.Shape shape, boolean server)
            throws Exception {
        List<byte[]> kinds = new ArrayList<>();
        // What both kinds of key exchange have, in the layout of this one.
        List<Handshaking.Shape> shapes = new ArrayList<>(List.of(Handshaking.Shape.values()));
        shapes.add(0, shape);
        for (Handshaking.Shape other : shapes) {
            if (!other.isIn(protocol)) {
                continue;
            }
            for (boolean side : new boolean[] {true, false}) {
                for (byte[] message : recorded(protocol, other, side)) {
                    if (kinds.stream().noneMatch(known -> known[0] == message[0])) {
                        kinds.add(message);
                    }
                }
            }
        }
        kinds.add(new byte[] {24, 0, 0, 1, 0}); // KeyUpdate
        kinds.add(new byte[] {0, 0, 0, 0}); // HelloRequest
        kinds.add(new byte[] {99, 0, 0, 0}); // nobody's
        List<byte[]> honest = recorded(protocol, shape, server);
        for (int i = 0; i < honest.size(); i++) {
            for (byte[] kind : kinds) {
                if (kind[0] == honest.get(i)[0]) {
                    continue; // sent twice, or one that lies: another test's
                }
                int place = i;
                Deviation preceded = (n, message) -> n == place ? List.of(kind, message) : List.of(message);
                if (kind[0] == HELLO_REQUEST && !server && protocol.equals("TLSv1.2")) {
                    // RFC 5246 7.4.1.1: ignored while a handshake runs.
                    Handshaking ignoring = new Handshaking(protocol, shape, server, preceded);
                    ignoring.run();
                    assertTrue(ignoring.isEstablished(), "HelloRequest in front of message " + i);
                    continue;
                }
                refused(
                        new Handshaking(protocol, shape, server, preceded),
                        "type " + kind[0] + " in front of message " + i + " of type " + honest.get(i)[0],
                        false,
                        kind[0] == CHANGE_CIPHER_SPEC
                                ? CIPHERTEXT_AS_MESSAGE
                                : Set.of(
                                        AlertDescription.UNEXPECTED_MESSAGE,
                                        // A request, or a certificate, that may be there and is in no other transcript.
                                        AlertDescription.DECRYPT_ERROR));
            }
        }
    }

    /** {@return the deviant's messages of a handshake in which it did not deviate} */
    private static List<byte[]> recorded(String protocol, Handshaking.Shape shape, boolean server) throws Exception {
        List<byte[]> messages = new ArrayList<>();
        Handshaking handshaking = new Handshaking(protocol, shape, server, (n, message) -> {
            messages.add(message);
            return List.of(message);
        });
        handshaking.run();
        assertTrue(handshaking.isEstablished());
        return messages;
    }

    /** A hello that an answer hangs on, and the last message of all. */
    private static boolean endsFlight(List<byte[]> honest, int i, Handshaking.Shape shape, boolean server) {
        int type = honest.get(i)[0];
        boolean retryRequest = shape == Handshaking.Shape.RETRY && !server && i == 0;
        return type == CLIENT_HELLO
                || type == SERVER_HELLO_DONE
                || type == FINISHED
                || retryRequest
                || i == honest.size() - 1;
    }

    private static byte[] shortened(byte[] message, int length) {
        byte[] cut = Arrays.copyOf(message, 4 + length);
        cut[1] = (byte) (length >> 16);
        cut[2] = (byte) (length >> 8);
        cut[3] = (byte) length;
        return cut;
    }

    private static void refused(Handshaking handshaking, String what, boolean mayWait, Set<AlertDescription> allowed)
            throws Exception {
        long before = Handshaking.allocated();
        SspiException failure = handshaking.run();
        long taken = Handshaking.allocated() - before;
        assertTrue(taken < MEMORY, () -> what + " took " + taken + " bytes");
        assertFalse(handshaking.contextEstablished(), what);
        // In TLS 1.3 everything is bound to the transcript at once; in TLS 1.2 a context may go on where the peer can
        // not.
        boolean peerGaveUp = handshaking.refusal() != null;
        assertTrue(!peerGaveUp || handshaking.isTls12(), what);
        if (failure == null && (mayWait || peerGaveUp)) {
            return;
        }
        assertNotNull(failure, what + " went unnoticed");
        AlertDescription alert = AlertDescription.of(
                        failure.alert().orElseThrow(() -> new AssertionError(what + ": no alert", failure)))
                .orElseThrow();
        assertTrue(allowed.contains(alert), () -> what + " is answered with " + alert + ": " + failure.getMessage());
        if (!peerGaveUp) {
            // Where the two ends came to different keys the alert cannot be read.
            assertEquals(alert.code(), handshaking.told(), what + ": the peer is told");
        }
        assertSame(org.jsspi.SecurityStatus.SEC_E_CONTEXT_EXPIRED, handshaking.statusNow(), what);
    }
}
