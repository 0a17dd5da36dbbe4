package org.jsspi.provider.ntlm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.jsspi.AscReq;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.junit.jupiter.api.Test;

/** Whatever arrives, a parser gives a message or SEC_E_INVALID_TOKEN, and what it gives encodes to itself. */
class MessageFuzzTest {
    private static final int ROUNDS = 40_000;

    /** A parser, and the encoder of what it gives. */
    private interface Codec {
        byte[] encodedAgain(byte[] bytes) throws SspiException;
    }

    private static final Codec NEGOTIATE =
            bytes -> NegotiateMessage.decode(bytes).encode();
    private static final Codec CHALLENGE =
            bytes -> ChallengeMessage.decode(bytes).encode();
    private static final Codec AUTHENTICATE =
            bytes -> AuthenticateMessage.decode(bytes).encode();
    private static final Codec PAIRS =
            bytes -> TargetInfo.decode(Reader.of(bytes)).encode();
    private static final Codec STRUCTURE =
            bytes -> Responses.ClientChallenge.decode(bytes).encode();

    private static byte[][] flight() throws SspiException {
        try (SecurityContext client = Exchanges.client();
                SecurityContext server = Exchanges.server()) {
            byte[] negotiate =
                    Exchanges.initialize(client, Exchanges.SEALED, null).token();
            byte[] challenge = Exchanges.accept(server, AscReq.NONE, negotiate).token();
            return new byte[][] {
                negotiate,
                challenge,
                Exchanges.initialize(client, Exchanges.SEALED, challenge).token()
            };
        }
    }

    @Test
    void mutatedMessagesAreRefusedOrRight() throws SspiException {
        byte[][] flight = flight();
        fuzz(NEGOTIATE, flight[0], 1);
        fuzz(CHALLENGE, flight[1], 2);
        fuzz(AUTHENTICATE, flight[2], 3);
        byte[] response = AuthenticateMessage.decode(flight[2]).ntResponse();
        fuzz(STRUCTURE, Arrays.copyOfRange(response, 16, response.length), 4);
        fuzz(PAIRS, ChallengeMessage.decode(flight[1]).targetInfo().encode(), 5);
    }

    private static void fuzz(Codec codec, byte[] seed, long randomSeed) throws SspiException {
        assertArrayEquals(seed, codec.encodedAgain(seed));
        Random random = new Random(randomSeed);
        int accepted = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = mutated(seed, random);
            try {
                byte[] again = codec.encodedAgain(bytes);
                accepted++;
                assertArrayEquals(again, codec.encodedAgain(again));
            } catch (SspiException e) {
                assertEquals(SecurityStatus.SEC_E_INVALID_TOKEN, e.status());
            }
        }
        assertTrue(accepted > ROUNDS / 100 && accepted < ROUNDS, "accepted " + accepted);
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] bytes = seed.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= 1 << random.nextInt(8);
                case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : 0);
                case 3 -> {
                    if (at + 4 <= bytes.length) {
                        ByteBuffer.wrap(bytes)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(at, random.nextBoolean() ? random.nextInt() : random.nextInt(bytes.length + 8));
                    }
                }
                default -> bytes = Arrays.copyOf(bytes, Math.max(1, bytes.length + random.nextInt(17) - 8));
            }
        }
        return bytes;
    }

    @Test
    void everyTruncationFails() throws SspiException {
        byte[][] flight = flight();
        Codec[] codecs = {NEGOTIATE, CHALLENGE, AUTHENTICATE};
        for (int message = 0; message < 3; message++) {
            for (int length = 0; length < flight[message].length; length++) {
                byte[] cut = Arrays.copyOf(flight[message], length);
                Codec codec = codecs[message];
                // A NEGOTIATE_MESSAGE has three lengths, and names that are not supplied take none.
                if (message == 0 && (length == 16 || length >= 32)) {
                    codec.encodedAgain(cut);
                } else {
                    SspiException e =
                            assertThrows(SspiException.class, () -> codec.encodedAgain(cut), "length " + length);
                    assertEquals(SecurityStatus.SEC_E_INVALID_TOKEN, e.status());
                }
            }
        }
    }

    @Test
    void fieldsThatOverlapOrReachOutsideAreRefused() throws SspiException {
        byte[] authenticate = flight()[2];
        ByteBuffer view = ByteBuffer.wrap(authenticate).order(ByteOrder.LITTLE_ENDIAN);
        // The offsets of LM, NT, domain, user, workstation and key stand 8 bytes apart from 16 on.
        for (int field = 0; field < 6; field++) {
            for (int offset : new int[] {
                0, 63, authenticate.length, -1, Integer.MAX_VALUE, view.getInt(16 + 8 * ((field + 1) % 6))
            }) {
                byte[] bad = authenticate.clone();
                ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(16 + 8 * field, offset);
                SspiException e = assertThrows(SspiException.class, () -> AuthenticateMessage.decode(bad));
                assertEquals(SecurityStatus.SEC_E_INVALID_TOKEN, e.status());
            }
        }
    }

    @Test
    void pairsThatOccurTwiceOrHaveNoEndAreRefused() {
        for (String bad : new String[] {
            "",
            "0000",
            "00000100",
            "000000000100",
            "0100020041000100020042000000 0000",
            "01000200410000",
            "0700040001020304 00000000",
            "0a000800 0102030405060708 00000000",
            "0600020001 00 00000000",
            "01000100410000 0000",
        }) {
            byte[] bytes = Exchanges.hex(bad);
            assertThrows(SspiException.class, () -> TargetInfo.decode(Reader.of(bytes)), bad);
        }
    }

    @Test
    void contextsTakeAnythingWithoutHarm() throws SspiException {
        byte[][] flight = flight();
        Random random = new Random(9);
        for (int i = 0; i < 3000; i++) {
            try (SecurityContext server = Exchanges.server()) {
                byte[] first = mutated(flight[0], random);
                SecurityStatus status = Exchanges.statusOf(() -> Exchanges.accept(server, AscReq.NONE, first));
                if (status == SecurityStatus.SEC_E_OK) {
                    byte[] last = mutated(flight[2], random);
                    assertTrue(Exchanges.statusOf(() -> Exchanges.accept(server, AscReq.NONE, last))
                            .isError());
                }
            }
            try (SecurityContext client = Exchanges.client()) {
                Exchanges.initialize(client, Exchanges.SEALED, null);
                byte[] challenge = mutated(flight[1], random);
                SecurityStatus status =
                        Exchanges.statusOf(() -> Exchanges.initialize(client, Exchanges.SEALED, challenge));
                assertEquals(
                        SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                        Exchanges.statusOf(() -> Exchanges.initialize(client, Exchanges.SEALED, challenge)),
                        status.toString());
            }
        }
    }
}
