package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jsspi.AscReq;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.DeviantEnd.Deviation;
import org.jsspi.provider.tls.Handshaking.Shape;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.AlertLevel;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.NewSessionTicket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer that sends much and gets nowhere: it is counted, told, and costs no memory. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FloodTest {
    /** As many in a row bring nothing and are borne. */
    private static final int BORNE = 32;

    /** Of warnings fewer are. */
    private static final int WARNINGS_BORNE = 4;

    private static final byte[] CHANGE_CIPHER_SPEC = HexFormat.of().parseHex("140303000101");

    /** One more piece of a flood, under the keys that hold now. */
    @FunctionalInterface
    private interface Flood {
        byte[] next(DeviantEnd peer, int n) throws SspiException;
    }

    static Stream<Arguments> floods() {
        Flood empty = (peer, n) -> peer.data(new byte[0]);
        Flood warnings = (peer, n) -> peer.alertRecord(AlertLevel.WARNING, AlertDescription.USER_CANCELED.code());
        Flood updates = (peer, n) -> peer.keyUpdate(false);
        Flood requests = (peer, n) -> peer.keyUpdate(true);
        Flood tickets = (peer, n) -> peer.message(ticket(n));
        Flood helloRequests = (peer, n) -> peer.message(new byte[] {0, 0, 0, 0});
        byte[] hello = ClientHello.of(new byte[32], new byte[0], Codes.of(0xC02B), Extensions.NONE)
                .toBytes();
        Flood hellos = (peer, n) -> peer.message(hello);
        List<Arguments> all = new ArrayList<>();
        for (String protocol : Handshaking.PROTOCOLS) {
            for (boolean server : new boolean[] {true, false}) {
                all.add(Arguments.of(protocol, "empty records", server, empty));
                all.add(Arguments.of(protocol, "warnings", server, warnings));
                if (protocol.equals("TLSv1.3")) {
                    all.add(Arguments.of(protocol, "key updates", server, updates));
                    all.add(Arguments.of(protocol, "key updates that ask for another", server, requests));
                }
            }
            if (protocol.equals("TLSv1.3")) {
                all.add(Arguments.of(protocol, "tickets", false, tickets));
            } else {
                all.add(Arguments.of(protocol, "renegotiations", false, helloRequests));
                all.add(Arguments.of(protocol, "renegotiations", true, hellos));
            }
        }
        return all.stream();
    }

    private static int borne(String what) {
        return what.equals("warnings") ? WARNINGS_BORNE : BORNE;
    }

    private static byte[] ticket(int number) {
        return new NewSessionTicket(60, number, new byte[] {(byte) number}, new byte[200], Extensions.NONE).toBytes();
    }

    @ParameterizedTest(name = "{0} {1}, the context is the server: {2}")
    @MethodSource("floods")
    void oneTooManyInARowIsRefused(String protocol, String what, boolean server, Flood flood) throws Exception {
        Handshaking pair = established(protocol, server);
        int borne = borne(what);
        for (int n = 0; n < borne; n++) {
            pair.deviant().arrive(pair.decrypt(flood.next(pair.deviant(), n)));
        }
        assertEquals(what.equals("renegotiations") ? BORNE : 0, pair.deviant().refusedRenegotiations());
        byte[] last = flood.next(pair.deviant(), borne);
        assertRefused(pair, assertThrows(SspiException.class, () -> pair.decrypt(last)));
    }

    @ParameterizedTest(name = "{0} {1}, the context is the server: {2}")
    @MethodSource("floods")
    void dataInBetweenMakesThemNoFlood(String protocol, String what, boolean server, Flood flood) throws Exception {
        Handshaking pair = established(protocol, server);
        long before = Handshaking.allocated();
        for (int n = 0; n < 8 * BORNE; n++) {
            pair.deviant().arrive(pair.decrypt(flood.next(pair.deviant(), n)));
            if (n % borne(what) == borne(what) - 1) {
                pair.decrypt(pair.deviant().data(new byte[1]));
            }
        }
        long each = (Handshaking.allocated() - before) / (8 * BORNE);
        // The whole test allocates, the peer and the buffers of the calls included.
        assertTrue(each < 1 << 18, each + " bytes for each of the " + what);
    }

    /** RFC 8446 4.6.3: requests that arrive while the answer waits need no other. */
    @ParameterizedTest
    @MethodSource("protocolsWithKeyUpdate")
    void manyRequestsForNewKeysHaveOneAnswer(String protocol) throws Exception {
        Handshaking pair = established(protocol, true);
        for (int n = 0; n < BORNE; n++) {
            SecBufferDesc message = new SecBufferDesc(
                    new SecBuffer(SecBufferType.DATA, pair.deviant().keyUpdate(true)),
                    new SecBuffer(),
                    new SecBuffer(),
                    new SecBuffer());
            assertSame(SecurityStatus.SEC_I_RENEGOTIATE, pair.context().decryptMessage(message, 0));
            byte[] kept = message.find(SecBufferType.EXTRA).toByteArray();
            SecBufferDesc input = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, kept), new SecBuffer());
            pair.context().acceptSecurityContext(AscReq.FRAGMENT_TO_FIT, null, input, null);
        }
        pair.deviant().arrive(pair.establish(null));
        assertEquals(0, pair.context().pendingTokenSize());
        assertEquals(1, pair.deviant().keyUpdates());
        SecBufferDesc data = new SecBufferDesc(new SecBuffer(SecBufferType.DATA, new byte[1]));
        assertSame(SecurityStatus.SEC_E_OK, pair.context().encryptMessage(0, data, 0));
        pair.deviant().arrive(data.get(0).toByteArray());
    }

    static Stream<String> protocolsWithKeyUpdate() {
        return Handshaking.PROTOCOLS.stream().filter("TLSv1.3"::equals);
    }

    static Stream<Arguments> sides() {
        return Handshaking.PROTOCOLS.stream()
                .flatMap(protocol -> Stream.of(Arguments.of(protocol, true), Arguments.of(protocol, false)));
    }

    /** Each part brings something, and the size of the message bounds their number. */
    @ParameterizedTest(name = "{0}, the context is the server: {1}")
    @MethodSource("sides")
    void aMessageInRecordsOfOneByteIsPutTogetherBehindTheHandshake(String protocol, boolean server) throws Exception {
        Handshaking pair = established(protocol, server);
        byte[][] records = pair.deviant().dribble(ticket(1));
        assertTrue(records.length > BORNE);
        for (int n = 0; n < records.length - 1; n++) {
            pair.decrypt(records[n]);
        }
        byte[] last = records[records.length - 1];
        if (server || protocol.equals("TLSv1.2")) {
            assertRefused(pair, assertThrows(SspiException.class, () -> pair.decrypt(last)));
        } else {
            pair.decrypt(last);
        }
    }

    @ParameterizedTest(name = "{0}, the context is the server: {1}")
    @MethodSource("sides")
    void changeCipherSpecIsCountedInTheHandshakeAndRefusedBehindIt(String protocol, boolean server) throws Exception {
        Handshaking pair = established(protocol, server);
        assertRefused(pair, assertThrows(SspiException.class, () -> pair.decrypt(CHANGE_CIPHER_SPEC)));

        // RFC 8446 5: from the first ClientHello to the peer's Finished. Before it, none.
        Handshaking early = new Handshaking(protocol, Shape.FULL, true, Deviation.NONE);
        SspiException refusal = assertThrows(SspiException.class, () -> early.establish(CHANGE_CIPHER_SPEC));
        assertEquals(AlertDescription.UNEXPECTED_MESSAGE.code(), refusal.alert().getAsInt());

        Handshaking begun = new Handshaking(protocol, Shape.FULL, server, Deviation.NONE);
        if (server) {
            begun.deviant().arrive(begun.establish(begun.deviant().take()));
        } else {
            begun.establish(null);
        }
        int borne = 0;
        SspiException end = null;
        for (int n = 0; n < 2 * BORNE && end == null; n++) {
            try {
                begun.establish(CHANGE_CIPHER_SPEC);
                borne++;
            } catch (SspiException e) {
                end = e;
            }
        }
        assertNotNull(end, "no end of change_cipher_spec");
        assertTrue(borne <= BORNE, borne + " were borne");
        assertEquals(AlertDescription.UNEXPECTED_MESSAGE.code(), end.alert().getAsInt());
    }

    @ParameterizedTest(name = "{0}, the context is the server: {1}")
    @MethodSource("sides")
    void aChainOf16MegabytesIsRefusedByItsHeader(String protocol, boolean server) throws Exception {
        byte[] chain = new byte[4 + 0xFFFFFF];
        Arrays.fill(chain, 1, 4, (byte) 0xFF);
        Handshaking pair = new Handshaking(
                protocol,
                Shape.MUTUAL,
                server,
                (n, message) -> List.of(message[0] == 11 ? withType(chain, 11) : message));
        byte[] hello = server ? new byte[0] : pair.establish(null);
        pair.deviant().arrive(server ? pair.establish(pair.deviant().take()) : hello);
        byte[] flight = pair.deviant().take();
        assertTrue(flight.length > 0xFFFFFF, "the chain is in it");

        // The first records are enough, and no more of them is looked at than fits a record or two.
        byte[] beginning = Arrays.copyOf(flight, 40_000);
        long before = Handshaking.allocated();
        SspiException e = assertThrows(SspiException.class, () -> pair.establish(beginning));
        long taken = Handshaking.allocated() - before;
        assertRefused(pair, e);
        assertTrue(e.getMessage().contains("16777215"), e.getMessage());
        assertTrue(taken < 1 << 20, taken + " bytes");
    }

    private static byte[] withType(byte[] message, int type) {
        message[0] = (byte) type;
        return message;
    }

    static Stream<String> protocols() {
        return Handshaking.PROTOCOLS.stream();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aClientHelloFullOfUnknownExtensionsIsAnswered(String protocol) throws Exception {
        for (int length : new int[] {0, 1, 100}) {
            // As many as a block of 2^16 - 1 bytes has room for beside the honest ones.
            int count = 64_000 / (4 + length);
            Handshaking pair = new Handshaking(
                    protocol,
                    Shape.FULL,
                    true,
                    (n, message) -> List.of(n == 0 ? extended(message, count, length, false) : message));
            byte[] hello = pair.deviant().take();
            assertTrue(hello.length > 63_000, hello.length + " bytes");
            long before = Handshaking.allocated();
            long start = System.nanoTime();
            byte[] flight = pair.establish(hello);
            long taken = Handshaking.allocated() - before;
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(flight.length > 500, "an answer of " + flight.length + " bytes");
            assertTrue(taken < 12 << 20, taken + " bytes for " + count + " extensions");
            // Where each were compared with each other this would be 100 million steps; it is a loose bound all the
            // same.
            assertTrue(millis < 3000, millis + " ms for " + count + " extensions");
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void theSameUnknownExtensionTwiceIsRefused(String protocol) throws Exception {
        Handshaking pair = new Handshaking(
                protocol,
                Shape.FULL,
                true,
                (n, message) -> List.of(n == 0 ? extended(message, 16_000, 0, true) : message));
        SspiException e = pair.run();
        assertEquals(AlertDescription.ILLEGAL_PARAMETER.code(), e.alert().getAsInt(), e.getMessage());
        assertEquals(AlertDescription.ILLEGAL_PARAMETER.code(), pair.told());
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aClientHelloLongerThanAnyMessageMayBeIsRefused(String protocol) throws Exception {
        Handshaking pair = new Handshaking(protocol, Shape.FULL, true, (n, message) -> {
            byte[] longer = Arrays.copyOf(message, 4 + SchannelPackage.MAXIMUM_CHAIN + 1);
            longer[1] = (byte) (longer.length - 4 >> 16);
            longer[2] = (byte) (longer.length - 4 >> 8);
            longer[3] = (byte) (longer.length - 4);
            return List.of(n == 0 ? longer : message);
        });
        SspiException e = pair.run();
        assertTrue(e.getMessage().contains("65537"), e.getMessage());
        assertEquals(e.alert().getAsInt(), pair.told());
    }

    /** The hello with {@code count} unknown extensions in front of its own, of consecutive numbers that nobody has. */
    private static byte[] extended(byte[] hello, int count, int length, boolean twice) {
        // | type 1, length 3 | version 2 | random 32 | session id | suites | compression | extensions |
        int at = 4 + 2 + 32;
        at += 1 + (hello[at] & 0xFF);
        at += 2 + ((hello[at] & 0xFF) << 8 | hello[at + 1] & 0xFF);
        at += 1 + (hello[at] & 0xFF);
        int own = hello.length - at - 2;
        int more = count * (4 + length);
        byte[] longer = new byte[hello.length + more];
        System.arraycopy(hello, 0, longer, 0, at);
        System.arraycopy(hello, at + 2, longer, at + 2 + more, own);
        put(longer, at, own + more);
        for (int i = 0; i < count; i++) {
            put(longer, at + 2 + i * (4 + length), 0x8000 + (twice ? i % (count - 1) : i));
            put(longer, at + 2 + i * (4 + length) + 2, length);
        }
        longer[1] = (byte) (longer.length - 4 >> 16);
        put(longer, 2, longer.length - 4);
        return longer;
    }

    private static void put(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }

    private static Handshaking established(String protocol, boolean server) throws SspiException {
        Handshaking pair = new Handshaking(protocol, Shape.FULL, server, Deviation.NONE);
        assertSame(null, pair.run());
        assertTrue(pair.isEstablished());
        // What the handshake has left to count, change_cipher_spec and a ticket, is behind us.
        pair.decrypt(pair.deviant().data(new byte[1]));
        return pair;
    }

    private static void assertRefused(Handshaking pair, SspiException e) throws SspiException {
        assertFalse(e.alert().isEmpty(), e::toString);
        pair.deviant().arrive(pair.establish(null));
        assertEquals(e.alert().getAsInt(), pair.told(), e.getMessage());
        assertSame(SecurityStatus.SEC_E_CONTEXT_EXPIRED, pair.statusNow());
    }
}
