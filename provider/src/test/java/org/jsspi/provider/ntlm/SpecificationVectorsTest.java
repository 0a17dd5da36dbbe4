package org.jsspi.provider.ntlm;

import static org.jsspi.provider.ntlm.Exchanges.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jsspi.AscReq;
import org.jsspi.AuthIdentity;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SequenceGuard;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Legacy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of MS-NLMP section 4.2, whole. */
class SpecificationVectorsTest {
    private static final byte[] SERVER_CHALLENGE = hex("0123456789abcdef");
    private static final byte[] CLIENT_CHALLENGE = hex("aaaaaaaaaaaaaaaa");
    private static final byte[] RANDOM_SESSION_KEY = hex("55555555555555555555555555555555");
    private static final byte[] PLAINTEXT = "Plaintext".getBytes(StandardCharsets.UTF_16LE);
    private static final byte[] NTOWF = Responses.ntowfV1("Password".toCharArray());
    private static final byte[] LMOWF = Responses.lmowfV1("Password".toCharArray());

    /** MS-NLMP 4.2.2: NTLMv1 without extended session security. */
    private static final NegotiateFlags V1 = new NegotiateFlags(0xE2028233);
    /** MS-NLMP 4.2.3: NTLMv1 with client challenge. */
    private static final NegotiateFlags V1_EXTENDED = new NegotiateFlags(0x820A8233);
    /** MS-NLMP 4.2.4: NTLMv2. */
    private static final NegotiateFlags V2 = new NegotiateFlags(0xE28A8233);

    private static final byte[] V1_CHALLENGE = hex("""
            4e544c4d53535000020000000c000c0038000000338202e20123456789abcdef00000000000000000000000000000000
            060070170000000f530065007200760065007200""");
    private static final byte[] V1_AUTHENTICATE = hex("""
            4e544c4d5353500003000000180018006c00000018001800840000000c000c00480000000800080054000000100010005c000000
            100010009c000000358280e20501280a0000000f44006f006d00610069006e00550073006500720043004f004d00500055005400
            4500520098def7b87f88aa5dafe2df779688a172def11c7d5ccdef1367c43011f30298a2ad35ece64f16331c44bdbed927841f94
            518822b1b3f350c8958682ecbb3e3cb7""");
    private static final byte[] V1_EXTENDED_CHALLENGE = hex("""
            4e544c4d53535000020000000c000c003800000033820a820123456789abcdef00000000000000000000000000000000
            060070170000000f530065007200760065007200""");
    private static final byte[] V1_EXTENDED_AUTHENTICATE = hex("""
            4e544c4d5353500003000000180018006c00000018001800840000000c000c00480000000800080054000000100010005c000000
            000000009c000000358208820501280a0000000f44006f006d00610069006e00550073006500720043004f004d00500055005400
            45005200aaaaaaaaaaaaaaaa000000000000000000000000000000007537f803ae367128ca458204bde7caf81e97ed2683267232""");
    private static final byte[] V2_CHALLENGE = hex("""
            4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef00000000000000002400240044000000
            060070170000000f53006500720076006500720002000c0044006f006d00610069006e0001000c00530065007200760065007200
            00000000""");
    private static final byte[] V2_AUTHENTICATE = hex("""
            4e544c4d5353500003000000180018006c00000054005400840000000c000c00480000000800080054000000100010005c000000
            10001000d8000000358288e20501280a0000000f44006f006d00610069006e00550073006500720043004f004d00500055005400
            4500520086c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa68cd0ab851e51c96aabc927bebef6a1c0101000000000000
            0000000000000000aaaaaaaaaaaaaaaa0000000002000c0044006f006d00610069006e0001000c00530065007200760065007200
            0000000000000000c5dad2544fc9799094ce1ce90bc9d03e""");

    private static NegotiateFlags with(NegotiateFlags flags, int bits) {
        return flags.with(bits);
    }

    @Test
    void oneWayFunctionsOfSection421And2221And2411() {
        assertEquals("e52cac67419a9a224a3b108f3fa6cb6d", hex(LMOWF));
        assertEquals("a4f49c406510bdcab6824ee7c30fd852", hex(NTOWF));
        assertEquals("d87262b0cde4b1cb7499becccdf10784", hex(Responses.sessionBaseKeyV1(NTOWF)));
        assertEquals("0c868a403bfd7a93a3001ef22ef02e3f", hex(Responses.ntowfV2(NTOWF, "User", "Domain")));
    }

    @Test
    void responsesAndKeysOfSection422() {
        byte[] nt = Responses.desl(NTOWF, SERVER_CHALLENGE);
        byte[] lm = Responses.desl(LMOWF, SERVER_CHALLENGE);
        assertEquals("67c43011f30298a2ad35ece64f16331c44bdbed927841f94", hex(nt));
        assertEquals("98def7b87f88aa5dafe2df779688a172def11c7d5ccdef13", hex(lm));
        byte[] base = Responses.sessionBaseKeyV1(NTOWF);
        byte[] plain = SessionKeys.kxkeyV1(V1, base, lm, SERVER_CHALLENGE, LMOWF);
        byte[] nonNt = SessionKeys.kxkeyV1(
                with(V1, NegotiateFlags.REQUEST_NON_NT_SESSION_KEY), base, lm, SERVER_CHALLENGE, LMOWF);
        byte[] lmKey = SessionKeys.kxkeyV1(with(V1, NegotiateFlags.LM_KEY), base, lm, SERVER_CHALLENGE, LMOWF);
        assertEquals("d87262b0cde4b1cb7499becccdf10784", hex(plain));
        assertEquals("e52cac67419a9a220000000000000000", hex(nonNt));
        assertEquals("b09e379f7fbecb1eaf0afdcb0383c8a0", hex(lmKey));
        assertEquals("518822b1b3f350c8958682ecbb3e3cb7", hex(Legacy.rc4(plain, RANDOM_SESSION_KEY)));
        assertEquals("7452ca55c225a1ca04b48fae32cf56fc", hex(Legacy.rc4(nonNt, RANDOM_SESSION_KEY)));
        assertEquals("4cd7bb57d697ef9b549f02b8f9b37864", hex(Legacy.rc4(lmKey, RANDOM_SESSION_KEY)));
    }

    @Test
    void responsesAndKeysOfSection423() {
        byte[] nt = Responses.ntlm2SessionResponse(NTOWF, SERVER_CHALLENGE, CLIENT_CHALLENGE);
        byte[] lm = Responses.ntlm2SessionLm(CLIENT_CHALLENGE);
        assertEquals("7537f803ae367128ca458204bde7caf81e97ed2683267232", hex(nt));
        assertEquals("aaaaaaaaaaaaaaaa00000000000000000000000000000000", hex(lm));
        byte[] key = SessionKeys.kxkeyV1(V1_EXTENDED, Responses.sessionBaseKeyV1(NTOWF), lm, SERVER_CHALLENGE, null);
        assertEquals("eb93429a8bd952f8b89c55b87f475edc", hex(key));
    }

    @Test
    void responsesAndKeysOfSection424() throws SspiException {
        byte[] ntowf = Responses.ntowfV2(NTOWF, "User", "Domain");
        TargetInfo info = ChallengeMessage.decode(V2_CHALLENGE).targetInfo();
        byte[] structure = new Responses.ClientChallenge(0, CLIENT_CHALLENGE, info).encode();
        byte[] proof = Responses.ntProof(ntowf, SERVER_CHALLENGE, structure);
        assertEquals("68cd0ab851e51c96aabc927bebef6a1c", hex(proof));
        assertEquals(
                "86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa",
                hex(Responses.lmV2(ntowf, SERVER_CHALLENGE, CLIENT_CHALLENGE)));
        byte[] key = Responses.sessionBaseKeyV2(ntowf, proof);
        assertEquals("8de40ccadbc14a82f15cb0ad0de95ca3", hex(key));
        assertEquals("c5dad2544fc9799094ce1ce90bc9d03e", hex(Legacy.rc4(key, RANDOM_SESSION_KEY)));
    }

    @ParameterizedTest
    @CsvSource({
        "0xE2028233, CLIENT_TO_SERVER, 15, '',                               55555555555555555555555555555555",
        "0xE20282B3, CLIENT_TO_SERVER, 15, '',                               55555555555555a0",
        "0x620282B3, CLIENT_TO_SERVER, 15, '',                               5555555555e538b0",
        "0xE2028273, CLIENT_TO_SERVER, 15, '',                               55555555555555a0",
        "0xE2028273, CLIENT_TO_SERVER, 14, '',                               55555555555555555555555555555555",
        "0x62028273, SERVER_TO_CLIENT, 15, '',                               5555555555e538b0",
        "0xE28A8233, CLIENT_TO_SERVER, 15, 4788dc861b4782f35d43fd98fe1a2d39, 59f600973cc4960a25480a7c196e4c58",
        "0xE28A8233, SERVER_TO_CLIENT, 15, d04d6f10741041d1d246d64188d7a8ad, 9355f3a957c1583d25c4c2f11e40390e",
    })
    void signingAndSealingKeysFollowTheFlags(
            String bits, SessionKeys.Direction direction, int revision, String sign, String seal) {
        NegotiateFlags flags = new NegotiateFlags((int) (long) Long.decode(bits));
        byte[] exported = RANDOM_SESSION_KEY;
        byte[] signKey = SessionKeys.signKey(flags, exported, direction);
        if (sign.isEmpty()) {
            assertNull(signKey);
        } else {
            assertEquals(sign, hex(signKey));
        }
        assertEquals(seal, hex(SessionKeys.sealKey(flags, revision, exported, direction)));
    }

    @Test
    void keysOfLessThan128BitsAreThoseOfSection4234() {
        byte[] exported = hex("eb93429a8bd952f8b89c55b87f475edc");
        SessionKeys.Direction client = SessionKeys.Direction.CLIENT_TO_SERVER;
        assertEquals("60e799be5c72fc92922ae8ebe961fb8d", hex(SessionKeys.signKey(V1_EXTENDED, exported, client)));
        assertEquals("04dd7f014d8504d265a25cc86a3a7c06", hex(SessionKeys.sealKey(V1_EXTENDED, 15, exported, client)));
        assertEquals(
                "26b2c1e77be4533d555a220a0fdeb96c",
                hex(SessionKeys.sealKey(V1_EXTENDED.without(NegotiateFlags.KEY_56), 15, exported, client)));
    }

    @Test
    void messagesDecodeAndEncodeToTheSameBytes() throws SspiException {
        for (byte[] challenge : new byte[][] {V1_CHALLENGE, V1_EXTENDED_CHALLENGE, V2_CHALLENGE}) {
            ChallengeMessage message = ChallengeMessage.decode(challenge);
            assertArrayEquals(SERVER_CHALLENGE, message.serverChallenge());
            assertEquals("Server", message.targetName());
            assertEquals(new NtlmVersion(6, 0, 6000, 15), message.version());
            assertArrayEquals(challenge, message.encode());
        }
        for (byte[] authenticate : new byte[][] {V1_AUTHENTICATE, V1_EXTENDED_AUTHENTICATE, V2_AUTHENTICATE}) {
            AuthenticateMessage message = AuthenticateMessage.decode(authenticate);
            assertEquals("User", message.user());
            assertEquals("Domain", message.domain());
            assertEquals("COMPUTER", message.workstation());
            assertNull(message.mic());
            assertArrayEquals(authenticate, message.encode());
        }
    }

    /** Time 0, client challenge aa and session key 55 throughout: MS-NLMP 4.2.1. */
    private static Surroundings surroundings() {
        return new Surroundings(
                "COMPUTER",
                new NtlmVersion(5, 1, 2600, 15),
                length -> length == 8 ? CLIENT_CHALLENGE.clone() : RANDOM_SESSION_KEY.clone(),
                () -> 0);
    }

    @Test
    void theClientAnswersTheChallengeOfSection424WithItsBytes() throws SspiException {
        ClientExchange client = new ClientExchange(NtlmPolicy.DEFAULT, surroundings());
        ClientExchange.Answer answer = client.answer(
                AuthIdentity.of("User", "Domain", "Password".toCharArray()),
                client.offer(Exchanges.SEALED),
                new byte[0],
                V2_CHALLENGE,
                null,
                new ClientExchange.Wishes(null, false, null, false));
        assertEquals(hex(V2_AUTHENTICATE), hex(answer.token()));
        assertArrayEquals(RANDOM_SESSION_KEY, answer.exportedSessionKey());
    }

    @Test
    void theClientAnswersTheChallengeOfSection423WithItsResponses() throws SspiException {
        NtlmPolicy loose = NtlmPolicy.DEFAULT.withLevel(1).withMinimum(NegotiateFlags.NONE);
        ClientExchange client = new ClientExchange(loose, surroundings());
        ClientExchange.Answer answer = client.answer(
                AuthIdentity.ofNtHash("User", "Domain", NTOWF),
                client.offer(Exchanges.SEALED),
                new byte[0],
                V1_EXTENDED_CHALLENGE,
                null,
                new ClientExchange.Wishes(null, false, null, false));
        assertEquals(hex(V1_EXTENDED_AUTHENTICATE), hex(answer.token()));
    }

    @Test
    void theServerAcceptsTheMessagesOfTheExamples() throws SspiException {
        NtlmPolicy loose = NtlmPolicy.DEFAULT.withLevel(0).withMinimum(NegotiateFlags.NONE);
        ServerExchange server = new ServerExchange(
                loose,
                surroundings(),
                ServerNames.of("Domain\\Server"),
                Exchanges.accounts(),
                new FailureLimit(0, System::nanoTime));
        assertArrayEquals(
                RANDOM_SESSION_KEY,
                server.accept(new byte[0], V2_CHALLENGE, V2_AUTHENTICATE, null, AscReq.NONE)
                        .exportedSessionKey());
        assertArrayEquals(
                RANDOM_SESSION_KEY,
                server.accept(new byte[0], V1_CHALLENGE, V1_AUTHENTICATE, null, AscReq.NONE)
                        .exportedSessionKey());
        assertEquals(
                "eb93429a8bd952f8b89c55b87f475edc",
                hex(server.accept(new byte[0], V1_EXTENDED_CHALLENGE, V1_EXTENDED_AUTHENTICATE, null, AscReq.NONE)
                        .exportedSessionKey()));
    }

    private static Direction direction(NegotiateFlags flags, byte[] exported, SequenceGuard guard) {
        Direction direction = new Direction(flags.has(NegotiateFlags.DATAGRAM));
        direction.use(new DirectionKeys(flags, 15, exported, SessionKeys.Direction.CLIENT_TO_SERVER, guard), null);
        return direction;
    }

    private static String seal(Direction direction, int number) throws SspiException {
        byte[] data = PLAINTEXT.clone();
        SecBufferDesc list = new SecBufferDesc(
                new SecBuffer(SecBufferType.TOKEN, new byte[16]), new SecBuffer(SecBufferType.DATA, data));
        direction.seal(0, list, number);
        return hex(data) + " " + hex(list.get(0).toByteArray());
    }

    @Test
    void sealedMessagesOfSections4224And4234And4244() throws SspiException {
        // The specification prints the encrypted random pad (45c844e5), its text says that it is overwritten with zero.
        assertEquals(
                "56fe04d861f9319af0d7238a2e3b4d457fb8 010000000000000009dcd1df2e459d36",
                seal(direction(V1, RANDOM_SESSION_KEY, null), 0));
        assertEquals(
                "a02372f6530273f3aa1eb90190ce5200c99d 01000000ff2aeb52f681793a00000000",
                seal(direction(V1_EXTENDED, hex("eb93429a8bd952f8b89c55b87f475edc"), null), 0));
        assertEquals(
                "54e50165bf1936dc996020c1811b0f06fb5f 010000007fb38ec5c55d497600000000",
                seal(direction(V2, RANDOM_SESSION_KEY, null), 0));
        assertTrue(seal(direction(V2.without(NegotiateFlags.KEY_EXCH), RANDOM_SESSION_KEY, null), 0)
                .endsWith(" 0100000070352851f256430900000000"));
    }

    @ParameterizedTest
    @CsvSource({
        "0,  c12e856a640d377cee707c8b12a1e9de4794, 01000000c2c9d046dd672bd100000000, 01000000e11bc13bf75b1d7500000000",
        "1,  d758cc5916552967d6b657fcc34955af9560, 01000000a0d8987327f67a7b01000000, 010000009534fd01ad7404b101000000",
        "10, f523ed896e75e4c1bed8cb179de6e5680992, 01000000555e7aac30f12f1b0a000000, 01000000c8f83135415fa8590a000000",
    })
    void datagramsFollowTheFormulaOfSection34(int number, String sealed, String afterSeal, String signed)
            throws SspiException {
        NegotiateFlags flags = V2.with(NegotiateFlags.DATAGRAM);
        assertEquals(sealed + " " + afterSeal, seal(direction(flags, RANDOM_SESSION_KEY, new SequenceGuard()), number));
        Direction signer = direction(flags, RANDOM_SESSION_KEY, new SequenceGuard());
        SecBufferDesc list = new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, PLAINTEXT.clone()), new SecBuffer(SecBufferType.TOKEN, new byte[16]));
        signer.sign(0, list, number);
        assertEquals(signed, hex(list.get(1).toByteArray()));
        // And what was signed for other numbers before makes no difference.
        Direction used = direction(flags, RANDOM_SESSION_KEY, new SequenceGuard());
        seal(used, 77);
        assertEquals(sealed + " " + afterSeal, seal(used, number));
    }

    @Test
    void theShortFormsOfNegotiateDecode() throws SspiException {
        byte[] curl = hex("4e544c4d5353500001000000068208000000000000000000000000000000000000000000");
        assertEquals(
                0x00088206,
                NegotiateMessage.decode(Arrays.copyOf(curl, 16)).flags().bits());
        assertEquals(
                0x00088206,
                NegotiateMessage.decode(Arrays.copyOf(curl, 32)).flags().bits());
        NegotiateMessage whole = new NegotiateMessage(
                NegotiateFlags.of(
                        NegotiateFlags.UNICODE,
                        NegotiateFlags.OEM_DOMAIN_SUPPLIED,
                        NegotiateFlags.OEM_WORKSTATION_SUPPLIED,
                        NegotiateFlags.VERSION),
                "DOMAIN",
                "COMPUTER",
                NtlmVersion.OURS);
        assertEquals(whole, NegotiateMessage.decode(whole.encode()));
    }

    /** Windows upper-cases a name character by character: no name becomes longer, and there is no language. */
    @Test
    void namesAreUpperCasedCharacterByCharacter() {
        assertEquals("STRA\u00DFE", Responses.upperCase("Stra\u00DFe"));
        assertEquals("\u00C4\u0130I", Responses.upperCase("\u00E4\u0130i"));
    }
}
