package org.jsspi.provider.ntlm;

import static org.jsspi.provider.ntlm.Exchanges.DATAGRAM;
import static org.jsspi.provider.ntlm.Exchanges.SEALED;
import static org.jsspi.provider.ntlm.Exchanges.accept;
import static org.jsspi.provider.ntlm.Exchanges.client;
import static org.jsspi.provider.ntlm.Exchanges.connect;
import static org.jsspi.provider.ntlm.Exchanges.connectDatagram;
import static org.jsspi.provider.ntlm.Exchanges.initialize;
import static org.jsspi.provider.ntlm.Exchanges.seal;
import static org.jsspi.provider.ntlm.Exchanges.server;
import static org.jsspi.provider.ntlm.Exchanges.sign;
import static org.jsspi.provider.ntlm.Exchanges.statusOf;
import static org.jsspi.provider.ntlm.Exchanges.unseal;
import static org.jsspi.provider.ntlm.Exchanges.verify;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.time.Instant;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;
import org.jsspi.AscReq;
import org.jsspi.AscRet;
import org.jsspi.AuthIdentity;
import org.jsspi.ChannelBindings;
import org.jsspi.ContextAttribute;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.IscReq;
import org.jsspi.IscRet;
import org.jsspi.NegotiationInfo;
import org.jsspi.NtlmAccountTable;
import org.jsspi.NtlmCredentials;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.Sizes;
import org.jsspi.SspiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sides of NTLM against each other. */
class NtlmContextTest {
    private static final byte[] MESSAGE =
            "a message of some length, not a round one".getBytes(StandardCharsets.US_ASCII);
    private static final NtlmPolicy LOOSE = NtlmPolicy.DEFAULT.withLevel(1).withMinimum(NegotiateFlags.NONE);

    private static byte[] key(SecurityContext context) throws SspiException {
        return context.queryContextAttributes(ContextAttribute.SESSION_KEY);
    }

    @Test
    void aConnectionTakesThreeMessagesAndBothSidesHaveOneKey() throws SspiException {
        try (SecurityContext client = client();
                SecurityContext server = server()) {
            Exchanges.Step negotiate = initialize(client, SEALED, null);
            assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, negotiate.status());
            Exchanges.Step challenge = accept(server, AscReq.NONE, negotiate.token());
            assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, challenge.status());
            Exchanges.Step authenticate = initialize(client, SEALED, challenge.token());
            assertEquals(SecurityStatus.SEC_E_OK, authenticate.status());
            Exchanges.Step end = accept(server, AscReq.NONE, authenticate.token());
            assertEquals(SecurityStatus.SEC_E_OK, end.status());
            assertEquals(0, end.token().length);
            assertArrayEquals(key(client), key(server));
            assertEquals("Domain\\User", server.queryContextAttributes(ContextAttribute.NAMES));
            assertEquals("host/server", server.queryContextAttributes(ContextAttribute.CLIENT_SPECIFIED_TARGET));
            for (int i = 0; i < 5; i++) {
                assertArrayEquals(MESSAGE, unseal(server, seal(client, MESSAGE, 0), 0));
                assertArrayEquals(MESSAGE, unseal(client, seal(server, MESSAGE, 0), 0));
                verify(server, MESSAGE, sign(client, MESSAGE, 0), 0);
                verify(client, MESSAGE, sign(server, MESSAGE, 0), 0);
            }
        }
    }

    /** Every subset of the flags that shape keys and signatures, of both versions, against itself. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyCombinationOfFlagsProtectsWhatItPromises(boolean v2) throws SspiException {
        int[] choices = {
            NegotiateFlags.EXTENDED_SESSIONSECURITY,
            NegotiateFlags.KEY_EXCH,
            NegotiateFlags.KEY_128,
            NegotiateFlags.KEY_56,
            NegotiateFlags.LM_KEY,
            NegotiateFlags.SIGN,
            NegotiateFlags.SEAL,
            NegotiateFlags.ALWAYS_SIGN,
            NegotiateFlags.UNICODE,
        };
        for (int subset = 0; subset < 1 << choices.length; subset++) {
            int without = 0;
            for (int i = 0; i < choices.length; i++) {
                without |= (subset >> i & 1) == 0 ? choices[i] : 0;
            }
            // Level 0 is the one that offers the LM key.
            NtlmPolicy policy = (v2
                            ? LOOSE.withLevel(3)
                            : (without & NegotiateFlags.EXTENDED_SESSIONSECURITY) != 0 ? LOOSE.withLevel(0) : LOOSE)
                    .withSupported(NtlmPolicy.EVERYTHING.without(without));
            try (SecurityContext client = client(policy, Exchanges.identity());
                    SecurityContext server = server(policy, Exchanges.accounts())) {
                connect(client, SEALED, server, AscReq.NONE);
                String which = "without " + new NegotiateFlags(without);
                assertArrayEquals(key(client), key(server), which);
                boolean signs = (without & NegotiateFlags.SIGN) == 0 || (without & NegotiateFlags.SEAL) == 0;
                boolean seals = (without & NegotiateFlags.SEAL) == 0;
                assertEquals(signs, client.initiatorAttributes().has(IscRet.INTEGRITY), which);
                assertEquals(signs, server.acceptorAttributes().has(AscRet.INTEGRITY), which);
                assertEquals(seals, client.initiatorAttributes().has(IscRet.CONFIDENTIALITY), which);
                assertEquals(seals, server.acceptorAttributes().has(AscRet.CONFIDENTIALITY), which);
                exchangeMessages(client, server, signs || (without & NegotiateFlags.ALWAYS_SIGN) == 0, signs, seals);
            }
        }
    }

    private static void exchangeMessages(
            SecurityContext client, SecurityContext server, boolean tokens, boolean signs, boolean seals)
            throws SspiException {
        for (int round = 0; round < 2; round++) {
            for (SecurityContext[] way : new SecurityContext[][] {{client, server}, {server, client}}) {
                if (tokens) {
                    byte[] token = sign(way[0], MESSAGE, 0);
                    assertEquals(!signs, Arrays.equals(token, Exchanges.hex("01000000000000000000000000000000")));
                    if (signs) {
                        token[9] ^= 1;
                        assertEquals(
                                SecurityStatus.SEC_E_MESSAGE_ALTERED,
                                statusOf(() -> verify(way[1], MESSAGE, token, 0)));
                        token[9] ^= 1;
                    }
                    verify(way[1], MESSAGE, token, 0);
                } else {
                    assertEquals(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, statusOf(() -> sign(way[0], MESSAGE, 0)));
                }
                if (seals) {
                    byte[] sealed = seal(way[0], MESSAGE, 0);
                    assertFalse(Arrays.equals(MESSAGE, Arrays.copyOfRange(sealed, 16, sealed.length)));
                    assertArrayEquals(MESSAGE, unseal(way[1], sealed, 0));
                } else {
                    assertEquals(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, statusOf(() -> seal(way[0], MESSAGE, 0)));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void aServerAtTheHighestLevelTakesNtlmV2Alone(int level) throws SspiException {
        for (int serverLevel : new int[] {4, 5}) {
            NtlmPolicy clientPolicy = LOOSE.withLevel(level);
            NtlmPolicy serverPolicy = LOOSE.withLevel(serverLevel);
            try (SecurityContext client = client(clientPolicy, Exchanges.identity());
                    SecurityContext server = server(serverPolicy, Exchanges.accounts())) {
                assertEquals(
                        level < 3 && serverLevel == 5 ? SecurityStatus.SEC_E_LOGON_DENIED : SecurityStatus.SEC_E_OK,
                        statusOf(() -> connect(client, SEALED, server, AscReq.NONE)));
            }
        }
    }

    @Test
    void weakSessionsAreRefusedUnlessPolicySaysOtherwise() throws SspiException {
        NtlmPolicy weak = LOOSE.withLevel(3).withSupported(NtlmPolicy.EVERYTHING.without(NegotiateFlags.KEY_128));
        try (SecurityContext client = client();
                SecurityContext server = server(weak, Exchanges.accounts())) {
            assertEquals(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                    statusOf(() -> connect(client, SEALED, server, AscReq.NONE)));
        }
        try (SecurityContext client = client(weak, Exchanges.identity());
                SecurityContext server = server()) {
            assertEquals(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                    statusOf(() -> connect(client, SEALED, server, AscReq.NONE)));
        }
        // Where nothing is going to be signed there is nothing to be weak.
        try (SecurityContext client = client();
                SecurityContext server = server(weak, Exchanges.accounts())) {
            connect(client, IscReq.NONE, server, AscReq.NONE);
        }
    }

    @Test
    void requestsDecideTheFlagsThatTheReferenceLists() throws SspiException {
        record Row(IscReq request, boolean sign, boolean seal) {}
        for (Row row : new Row[] {
            new Row(IscReq.NONE, false, false),
            new Row(IscReq.INTEGRITY, true, false),
            new Row(IscReq.REPLAY_DETECT, true, false),
            new Row(IscReq.SEQUENCE_DETECT, true, false),
            new Row(IscReq.CONFIDENTIALITY, true, true),
            new Row(IscReq.MUTUAL_AUTH, false, false),
        }) {
            try (SecurityContext client = client()) {
                NegotiateFlags flags = NegotiateMessage.decode(
                                initialize(client, row.request, null).token())
                        .flags();
                assertEquals(row.sign, flags.has(NegotiateFlags.SIGN), row.toString());
                assertEquals(row.seal, flags.has(NegotiateFlags.SEAL), row.toString());
                assertTrue(flags.has(NegotiateFlags.ALWAYS_SIGN));
                assertFalse(flags.has(NegotiateFlags.LM_KEY));
            }
        }
    }

    /** The server may know who the client is and not act for him: the client says so in its first message. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothSidesAreToldThatTheClientIsIdentifiedAlone(boolean identify) throws SspiException {
        IscReq wish = identify ? SEALED.or(IscReq.IDENTIFY) : SEALED;
        try (SecurityContext client = client();
                SecurityContext server = server()) {
            byte[] negotiate = initialize(client, wish, null).token();
            byte[] challenge = accept(server, AscReq.NONE, negotiate).token();
            byte[] authenticate = initialize(client, wish, challenge).token();
            accept(server, AscReq.NONE, authenticate);
            int bit = NegotiateFlags.IDENTIFY;
            assertEquals(identify, NegotiateMessage.decode(negotiate).flags().has(bit));
            assertEquals(identify, ChallengeMessage.decode(challenge).flags().has(bit));
            assertEquals(
                    identify, AuthenticateMessage.decode(authenticate).flags().has(bit));
            assertEquals(identify, client.initiatorAttributes().has(IscRet.IDENTIFY));
            assertEquals(identify, server.acceptorAttributes().has(AscRet.IDENTIFY));
            // Who he is the server knows either way.
            assertEquals("Domain\\User", server.queryContextAttributes(ContextAttribute.NAMES));
        }
    }

    @Test
    void theChallengeOfADatagramContextOffersWhatWindowsOffers() throws SspiException {
        try (SecurityContext server = server()) {
            ChallengeMessage challenge = ChallengeMessage.decode(
                    accept(server, AscReq.DATAGRAM, new byte[0]).token());
            // 0xE29882F3 less LM_KEY, which excludes extended session security.
            assertEquals("0xE2988273", challenge.flags().toString());
            assertEquals("", challenge.targetName());
            assertTrue(challenge.targetInfo().has(TargetInfo.TIMESTAMP));
        }
    }

    @Test
    void wrongPasswordsAndUnknownUsersAreDenied() throws SspiException {
        for (AuthIdentity stranger : new AuthIdentity[] {
            AuthIdentity.of("User", "Domain", "password".toCharArray()),
            AuthIdentity.of("Nobody", "Domain", "Password".toCharArray()),
            AuthIdentity.of("User", "Elsewhere", "Password".toCharArray()),
        }) {
            try (SecurityContext client = client(NtlmPolicy.DEFAULT, stranger);
                    SecurityContext server = server()) {
                SspiException e = assertThrows(SspiException.class, () -> connect(client, SEALED, server, AscReq.NONE));
                assertEquals(SecurityStatus.SEC_E_LOGON_DENIED, e.status());
                assertFalse(e.getMessage().contains("assword"));
                assertEquals(
                        SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                        statusOf(() -> accept(server, AscReq.NONE, new byte[] {1})));
                assertEquals(SecurityStatus.SEC_E_INVALID_HANDLE, statusOf(() -> sign(server, MESSAGE, 0)));
                assertEquals(SecurityStatus.SEC_E_INVALID_HANDLE, statusOf(() -> key(server)));
            }
        }
    }

    @Test
    void namesMatchWithoutRegardToCaseAndAsPrincipalNames() throws SspiException {
        NtlmAccountTable table = new NtlmAccountTable()
                .add(AuthIdentity.of("alice", "EXAMPLE.ORG", "secret".toCharArray()))
                .add(AuthIdentity.of("bob", "", "secret".toCharArray()));
        for (String name :
                new String[] {"example.org\\ALICE", "alice@Example.Org", "anywhere\\bob", "bob", "bob@any"}) {
            try (SecurityContext client = client(NtlmPolicy.DEFAULT, AuthIdentity.of(name, "secret".toCharArray()));
                    SecurityContext server = server(NtlmPolicy.DEFAULT, table)) {
                connect(client, SEALED, server, AscReq.NONE);
                assertArrayEquals(key(client), key(server), name);
            }
        }
    }

    @Test
    void guessingIsSlow() throws SspiException {
        CredHandle accounts = NtlmPackage.acquire(
                "S", CredentialUse.INBOUND, Exchanges.accounts(), NtlmPolicy.DEFAULT, Surroundings.ofSystem());
        AuthIdentity wrong = AuthIdentity.of("User", "Domain", "wrong".toCharArray());
        for (int i = 0; i < 30; i++) {
            try (SecurityContext client = client(NtlmPolicy.DEFAULT, wrong);
                    SecurityContext server = accounts.newContext()) {
                assertEquals(
                        SecurityStatus.SEC_E_LOGON_DENIED,
                        statusOf(() -> connect(client, SEALED, server, AscReq.NONE)));
            }
        }
        try (SecurityContext client = client();
                SecurityContext server = accounts.newContext()) {
            assertEquals(
                    SecurityStatus.SEC_E_LOGON_DENIED, statusOf(() -> connect(client, SEALED, server, AscReq.NONE)));
        }
        long[] now = {0};
        FailureLimit limit = new FailureLimit(2, () -> now[0]);
        limit.failed("u", "d");
        assertTrue(limit.mayTry("U", "D"));
        limit.failed("u", "d");
        assertFalse(limit.mayTry("u", "d"));
        assertTrue(limit.mayTry("v", "d"));
        now[0] += 30_000_000_000L;
        assertTrue(limit.mayTry("u", "d"));
    }

    @Test
    void theMicHoldsTheThreeMessagesTogether() throws SspiException {
        // A flag that somebody on the way takes away, and one that changes nothing else.
        for (int flag : new int[] {NegotiateFlags.KEY_56, NegotiateFlags.OEM}) {
            try (SecurityContext client = client();
                    SecurityContext server = server()) {
                byte[] negotiate = initialize(client, SEALED, null).token();
                int bits = ByteBuffer.wrap(negotiate)
                        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                        .getInt(12);
                byte[] altered = negotiate.clone();
                ByteBuffer.wrap(altered).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(12, bits & ~flag);
                byte[] challenge = accept(server, AscReq.NONE, altered).token();
                byte[] authenticate = initialize(client, SEALED, challenge).token();
                assertEquals(
                        SecurityStatus.SEC_E_MESSAGE_ALTERED,
                        statusOf(() -> accept(server, AscReq.NONE, authenticate)));
            }
        }
    }

    @Test
    void channelBindingsAreCheckedWhereTheServerHasThem() throws SspiException {
        ChannelBindings right = ChannelBindings.of("tls-server-end-point", new byte[32]);
        ChannelBindings wrong = ChannelBindings.of("tls-server-end-point", new byte[] {1});
        record Row(ChannelBindings client, ChannelBindings server, AscReq rule, SecurityStatus status) {}
        for (Row row : new Row[] {
            new Row(right, right, AscReq.NONE, SecurityStatus.SEC_E_OK),
            new Row(wrong, right, AscReq.NONE, SecurityStatus.SEC_E_BAD_BINDINGS),
            new Row(null, right, AscReq.NONE, SecurityStatus.SEC_E_BAD_BINDINGS),
            new Row(null, right, AscReq.ALLOW_MISSING_BINDINGS, SecurityStatus.SEC_E_OK),
            new Row(wrong, right, AscReq.ALLOW_MISSING_BINDINGS, SecurityStatus.SEC_E_BAD_BINDINGS),
            new Row(right, null, AscReq.NONE, SecurityStatus.SEC_E_OK),
            new Row(null, null, AscReq.NONE, SecurityStatus.SEC_E_OK),
        }) {
            try (SecurityContext client = client();
                    SecurityContext server = server()) {
                byte[] negotiate =
                        initialize(client, SEALED, null, null, row.client).token();
                byte[] challenge =
                        accept(server, row.rule, negotiate, row.server).token();
                byte[] authenticate =
                        initialize(client, SEALED, challenge, null, row.client).token();
                assertEquals(
                        row.status, statusOf(() -> accept(server, row.rule, authenticate, row.server)), row.toString());
            }
        }
    }

    @Test
    void nobodyComesInWhereNullSessionsAreAllowedAndHasNoKeys() throws SspiException {
        for (boolean byRequest : new boolean[] {false, true}) {
            AuthIdentity who = byRequest ? Exchanges.identity() : AuthIdentity.anonymous();
            IscReq wish = byRequest ? SEALED.or(IscReq.NULL_SESSION) : SEALED;
            try (SecurityContext client = client(NtlmPolicy.DEFAULT, who);
                    SecurityContext server = server()) {
                assertEquals(
                        SecurityStatus.SEC_E_LOGON_DENIED, statusOf(() -> connect(client, wish, server, AscReq.NONE)));
            }
            try (SecurityContext client = client(NtlmPolicy.DEFAULT, who);
                    SecurityContext server = server()) {
                connect(client, wish, server, AscReq.ALLOW_NULL_SESSION);
                assertTrue(client.initiatorAttributes().has(IscRet.NULL_SESSION));
                assertTrue(server.acceptorAttributes().has(AscRet.NULL_SESSION));
                assertFalse(client.initiatorAttributes().has(IscRet.INTEGRITY));
                assertEquals("NT AUTHORITY\\ANONYMOUS LOGON", server.queryContextAttributes(ContextAttribute.NAMES));
                for (SecurityContext side : new SecurityContext[] {client, server}) {
                    assertEquals(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, statusOf(() -> sign(side, MESSAGE, 0)));
                    assertEquals(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, statusOf(() -> key(side)));
                }
            }
        }
    }

    @Test
    void aGuestComesInUnverifiedAndUnprotected() throws SspiException {
        try (SecurityContext client = client();
                SecurityContext server = server(NtlmPolicy.DEFAULT, (user, domain) -> AuthIdentity.anonymous())) {
            connect(client, SEALED, server, AscReq.NONE);
            assertEquals("SERVER\\Guest", server.queryContextAttributes(ContextAttribute.NAMES));
            assertFalse(server.acceptorAttributes().has(AscRet.INTEGRITY));
            assertEquals(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, statusOf(() -> sign(server, MESSAGE, 0)));
        }
    }

    @Test
    void outputThatHasNoRoomLeavesTheContextAsItWas() throws SspiException {
        try (SecurityContext client = client();
                SecurityContext server = server()) {
            for (SecBufferDesc output : new SecBufferDesc[] {
                null,
                new SecBufferDesc(),
                new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[0])),
                new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[39])),
                new SecBufferDesc(new SecBuffer(SecBufferType.DATA, new byte[2888])),
            }) {
                assertEquals(
                        SecurityStatus.SEC_E_BUFFER_TOO_SMALL,
                        statusOf(() -> client.initializeSecurityContext(null, SEALED, null, null, output)));
            }
            byte[] negotiate = initialize(client, SEALED, null).token();
            SecBufferDesc small = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[50]));
            assertEquals(
                    SecurityStatus.SEC_E_BUFFER_TOO_SMALL,
                    statusOf(() ->
                            server.acceptSecurityContext(AscReq.NONE, null, Exchanges.input(negotiate, null), small)));
            byte[] challenge = accept(server, AscReq.NONE, negotiate).token();
            assertEquals(
                    SecurityStatus.SEC_E_BUFFER_TOO_SMALL,
                    statusOf(() -> client.initializeSecurityContext(
                            null, SEALED, null, Exchanges.input(challenge, null), small)));
            SecBufferDesc allocated = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[0]));
            client.initializeSecurityContext(
                    null, SEALED.or(IscReq.ALLOCATE_MEMORY), null, Exchanges.input(challenge, null), allocated);
            assertTrue(client.initiatorAttributes().has(IscRet.ALLOCATED_MEMORY));
            byte[] authenticate = allocated.get(0).toByteArray();
            // The last leg of a server needs no output.
            assertEquals(
                    SecurityStatus.SEC_E_OK,
                    server.acceptSecurityContext(AscReq.NONE, null, Exchanges.input(authenticate, null), null));
            assertEquals(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, statusOf(() -> initialize(client, SEALED, challenge)));
            assertEquals(
                    SecurityStatus.SEC_E_OUT_OF_SEQUENCE, statusOf(() -> accept(server, AscReq.NONE, authenticate)));
            assertArrayEquals(MESSAGE, unseal(server, seal(client, MESSAGE, 0), 0));
        }
    }

    private static NtlmPolicy policy(boolean extended) {
        return LOOSE.withLevel(3)
                .withSupported(NtlmPolicy.EVERYTHING.without(extended ? 0 : NegotiateFlags.EXTENDED_SESSIONSECURITY));
    }

    @Test
    void aMessageThatIsRefusedMovesNothingAndShowsNothing() throws SspiException {
        for (boolean extended : new boolean[] {true, false}) {
            NtlmPolicy policy = policy(extended);
            try (SecurityContext client = client(policy, Exchanges.identity());
                    SecurityContext server = server(policy, Exchanges.accounts())) {
                connect(client, SEALED, server, AscReq.NONE);
                for (int round = 0; round < 4; round++) {
                    byte[] first = seal(client, MESSAGE, 0);
                    byte[] second = seal(client, MESSAGE, 0);
                    SecurityStatus early = statusOf(() -> unseal(server, second, 0));
                    assertNotEquals(SecurityStatus.SEC_E_OK, early);
                    if (extended) {
                        assertEquals(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, early);
                    }
                    byte[] altered = first.clone();
                    altered[20] ^= 1;
                    byte[] data = Arrays.copyOfRange(altered, 16, altered.length);
                    byte[] apart = new byte[data.length];
                    Arrays.fill(apart, (byte) 7);
                    assertEquals(
                            SecurityStatus.SEC_E_MESSAGE_ALTERED,
                            statusOf(() -> server.decryptMessage(
                                    new SecBufferDesc(
                                            new SecBuffer(SecBufferType.TOKEN, Arrays.copyOf(first, 16)),
                                            new SecBuffer(SecBufferType.DATA, data)),
                                    0)));
                    assertArrayEquals(
                            Arrays.copyOfRange(altered, 16, altered.length), data, "in place: the ciphertext again");
                    SecBuffer through = new SecBuffer();
                    through.set(SecBufferType.DATA, ByteBuffer.wrap(data), 0, ByteBuffer.wrap(apart), 0, data.length);
                    assertEquals(
                            SecurityStatus.SEC_E_MESSAGE_ALTERED,
                            statusOf(() -> server.decryptMessage(
                                    new SecBufferDesc(
                                            new SecBuffer(SecBufferType.TOKEN, Arrays.copyOf(first, 16)), through),
                                    0)));
                    assertArrayEquals(new byte[apart.length], apart, "elsewhere: zeros");
                    assertEquals(
                            SecurityStatus.SEC_E_MESSAGE_ALTERED,
                            statusOf(() -> verify(server, MESSAGE, Arrays.copyOf(altered, 16), 0)));
                    assertArrayEquals(MESSAGE, unseal(server, first, 0));
                    assertArrayEquals(MESSAGE, unseal(server, second, 0));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theKeysResetAsTheMechListMicOfSpnegoNeedsIt(boolean extended) throws SspiException {
        NtlmPolicy policy = policy(extended);
        try (SecurityContext client = client(policy, Exchanges.identity());
                SecurityContext server = server(policy, Exchanges.accounts())) {
            connect(client, SEALED, server, AscReq.NONE);
            byte[] mechanisms = {0x30, 0};
            byte[] mic = sign(client, mechanisms, 0);
            verify(server, mechanisms, mic, 0);
            verify(client, mechanisms, sign(server, mechanisms, 0), 0);
            client.setContextAttributes(ContextAttribute.RESET_KEYS, null);
            server.setContextAttributes(ContextAttribute.RESET_KEYS, null);
            byte[] next = seal(client, MESSAGE, 0);
            if (extended) {
                assertEquals(1, server.peekSequence(ByteBuffer.wrap(next, 0, 16)));
            }
            assertArrayEquals(MESSAGE, unseal(server, next, 0));
            // Again would be two messages under one keystream: at once, whoever has sent the first.
            for (SecurityContext side : new SecurityContext[] {client, server}) {
                assertEquals(
                        SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                        statusOf(() -> side.setContextAttributes(ContextAttribute.RESET_KEYS, null)));
            }
            assertArrayEquals(MESSAGE, unseal(client, seal(server, MESSAGE, 0), 0));
        }
    }

    /** Where a buffer may lie. */
    enum Memory {
        HEAP,
        SLICE,
        DIRECT;

        ByteBuffer of(byte[] bytes) {
            ByteBuffer memory =
                    switch (this) {
                        case HEAP -> ByteBuffer.allocate(bytes.length);
                        case SLICE -> ByteBuffer.allocate(bytes.length + 7).slice(3, bytes.length);
                        case DIRECT -> ByteBuffer.allocateDirect(bytes.length);
                    };
            return memory.put(bytes).rewind();
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void severalBuffersAreOneMessageAndReadOnlyOnesAreSignedAlone(Memory memory) throws SspiException {
        for (IscReq wish : new IscReq[] {SEALED, DATAGRAM}) {
            try (SecurityContext client = client();
                    SecurityContext server = server()) {
                if (wish == SEALED) {
                    connect(client, wish, server, AscReq.NONE);
                } else {
                    connectDatagram(client, server, wish, AscReq.DATAGRAM);
                }
                byte[] header = {1, 2, 3};
                byte[] large = new byte[5000];
                Arrays.fill(large, (byte) 9);
                byte[] trailer = {4, 5};
                ByteBuffer first = memory.of(MESSAGE);
                ByteBuffer second = memory.of(large);
                ByteBuffer token = memory.of(new byte[20]);
                SecBufferDesc list = new SecBufferDesc();
                list.add(SecBufferType.DATA, memory.of(header).asReadOnlyBuffer())
                        .setAttributes(SecBuffer.READONLY_WITH_CHECKSUM);
                list.add(SecBufferType.DATA, first);
                list.add(SecBufferType.TOKEN, token);
                list.add(SecBufferType.DATA, second);
                list.add(SecBufferType.DATA, memory.of(trailer).asReadOnlyBuffer())
                        .setAttributes(SecBuffer.READONLY);
                list.add(SecBufferType.PADDING, memory.of(new byte[8]));
                client.encryptMessage(0, list, 3);
                assertEquals(16, list.get(2).length());
                assertEquals(0, list.get(5).length());
                assertFalse(Arrays.equals(MESSAGE, list.get(1).toByteArray()));
                assertFalse(Arrays.equals(large, list.get(3).toByteArray()));
                server.decryptMessage(list, 3);
                assertArrayEquals(MESSAGE, list.get(1).toByteArray());
                assertArrayEquals(large, list.get(3).toByteArray());
                assertEquals(wish == SEALED ? 0 : 3, list.messageSeqNo());

                // A list that is read-only altogether is signed: it verifies as a signature does.
                SecBufferDesc readOnly = new SecBufferDesc();
                readOnly.add(SecBufferType.DATA, memory.of(MESSAGE).asReadOnlyBuffer())
                        .setAttributes(SecBuffer.READONLY);
                readOnly.add(SecBufferType.TOKEN, memory.of(new byte[16]));
                client.encryptMessage(0, readOnly, 4);
                verify(server, MESSAGE, readOnly.get(1).toByteArray(), 4);
            }
        }
    }

    @Test
    void aWholeMessageInOneStreamBecomesAViewOfItsData() throws SspiException {
        try (SecurityContext client = client();
                SecurityContext server = server()) {
            connect(client, SEALED, server, AscReq.NONE);
            byte[] sealed = seal(client, MESSAGE, 0);
            SecBufferDesc list = new SecBufferDesc(
                    new SecBuffer(SecBufferType.STREAM, sealed), new SecBuffer(SecBufferType.DATA, new byte[0]));
            server.decryptMessage(list, 0);
            assertArrayEquals(MESSAGE, list.get(1).toByteArray());
        }
    }

    @Test
    void malformedListsAreRefusedAndChangeNothing() throws SspiException {
        try (SecurityContext client = client();
                SecurityContext server = server()) {
            connect(client, SEALED, server, AscReq.NONE);
            SecBuffer data = new SecBuffer(SecBufferType.DATA, MESSAGE.clone());
            SecBuffer token = new SecBuffer(SecBufferType.TOKEN, new byte[16]);
            SecBuffer fixed =
                    new SecBuffer(SecBufferType.DATA, ByteBuffer.wrap(MESSAGE).asReadOnlyBuffer());
            record Row(SecurityStatus status, SecBufferDesc list) {}
            for (Row row : new Row[] {
                new Row(SecurityStatus.SEC_E_INVALID_TOKEN, null),
                new Row(SecurityStatus.SEC_E_INVALID_TOKEN, new SecBufferDesc(token)),
                new Row(SecurityStatus.SEC_E_INVALID_TOKEN, new SecBufferDesc(data, new SecBuffer())),
                new Row(SecurityStatus.SEC_E_INVALID_TOKEN, new SecBufferDesc(token, new SecBuffer())),
                new Row(SecurityStatus.SEC_E_INVALID_TOKEN, new SecBufferDesc(data, token, token)),
                new Row(SecurityStatus.SEC_E_INVALID_TOKEN, new SecBufferDesc(fixed, token)),
                new Row(
                        SecurityStatus.SEC_E_BUFFER_TOO_SMALL,
                        new SecBufferDesc(data, new SecBuffer(SecBufferType.TOKEN, new byte[15]))),
            }) {
                assertEquals(row.status, statusOf(() -> client.encryptMessage(0, row.list, 0)));
            }
            assertEquals(
                    SecurityStatus.SEC_E_QOP_NOT_SUPPORTED,
                    statusOf(() -> client.encryptMessage(1, new SecBufferDesc(data, token), 0)));
            assertArrayEquals(MESSAGE, data.toByteArray());
            assertArrayEquals(MESSAGE, unseal(server, seal(client, MESSAGE, 0), 0));
        }
    }

    @Test
    @SuppressWarnings("try")
    void attributesSayWhatTheReferenceSays() throws SspiException {
        try (SecurityContext client = client();
                SecurityContext server = server()) {
            assertEquals(
                    SecurityStatus.SEC_E_INVALID_HANDLE,
                    statusOf(() -> client.queryContextAttributes(ContextAttribute.SIZES)));
            connect(client, SEALED, server, AscReq.NONE);
            for (SecurityContext side : new SecurityContext[] {client, server}) {
                assertEquals(new Sizes(2888, 16, 0, 16), side.queryContextAttributes(ContextAttribute.SIZES));
                assertEquals(
                        "HMAC-MD5",
                        side.queryContextAttributes(ContextAttribute.KEY_INFO).signatureAlgorithmName());
                assertEquals(
                        128,
                        side.queryContextAttributes(ContextAttribute.KEY_INFO).keySize());
                assertEquals(NtlmPackage.INFO, side.queryContextAttributes(ContextAttribute.PACKAGE_INFO));
                assertEquals(
                        new NegotiationInfo(NtlmPackage.INFO, NegotiationInfo.State.COMPLETE),
                        side.queryContextAttributes(ContextAttribute.NEGOTIATION_INFO));
                assertEquals(
                        Instant.MAX,
                        side.queryContextAttributes(ContextAttribute.LIFESPAN).expiry());
                assertEquals("Domain", side.queryContextAttributes(ContextAttribute.AUTHORITY));
                assertEquals(
                        "DOMAIN",
                        TargetInfo.decode(org.jsspi.provider.wire.Reader.of(
                                        side.queryContextAttributes(ContextAttribute.TARGET_INFORMATION)))
                                .text(TargetInfo.NB_DOMAIN_NAME));
                assertEquals(
                        SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                        statusOf(() -> side.queryContextAttributes(ContextAttribute.STREAM_SIZES)));
            }
            assertEquals(client.initiatorAttributes().bits(), client.queryContextAttributes(ContextAttribute.FLAGS));
            client.close();
            assertEquals(
                    SecurityStatus.SEC_E_INVALID_HANDLE,
                    statusOf(() -> client.queryContextAttributes(ContextAttribute.SIZES)));
            assertEquals(SecurityStatus.SEC_E_INVALID_HANDLE, statusOf(() -> sign(client, MESSAGE, 0)));
        }
    }

    @Test
    void contextsAreExportedAndGoOnElsewhere() throws SspiException {
        SecretKeySpec seal = new SecretKeySpec(new byte[32], "AES");
        for (IscReq wish : new IscReq[] {SEALED, DATAGRAM}) {
            try (SecurityContext client = client();
                    SecurityContext server = server()) {
                if (wish == SEALED) {
                    connect(client, wish, server, AscReq.NONE);
                } else {
                    connectDatagram(client, server, wish, AscReq.DATAGRAM);
                    verify(client, MESSAGE, sign(server, MESSAGE, 5), 5);
                }
                ByteBuffer packed = server.exportSecurityContext(SecurityContext.EXPORT_DELETE_OLD, seal);
                assertEquals(SecurityStatus.SEC_E_INVALID_HANDLE, statusOf(() -> sign(server, MESSAGE, 6)));
                try (SecurityContext moved = new NtlmPackage().importSecurityContext(packed, seal)) {
                    assertEquals("Domain\\User", moved.queryContextAttributes(ContextAttribute.NAMES));
                    assertArrayEquals(key(client), key(moved));
                    assertArrayEquals(MESSAGE, unseal(moved, seal(client, MESSAGE, 7), 7));
                    assertArrayEquals(MESSAGE, unseal(client, seal(moved, MESSAGE, 7), 7));
                    if (wish == DATAGRAM) {
                        assertEquals(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, statusOf(() -> sign(moved, MESSAGE, 5)));
                    }
                }
                assertEquals(
                        SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                        statusOf(() -> new NtlmPackage().importSecurityContext(packed, seal)));
            }
        }
    }

    @Test
    @SuppressWarnings("try")
    void credentialsAreCheckedWhereTheyAreAcquired() throws SspiException {
        NtlmPackage ntlm = new NtlmPackage();
        record Row(SecurityStatus status, CredentialUse use, Object data) {}
        for (Row row : new Row[] {
            new Row(SecurityStatus.SEC_E_OK, CredentialUse.OUTBOUND, Exchanges.identity()),
            new Row(SecurityStatus.SEC_E_OK, CredentialUse.INBOUND, Exchanges.accounts()),
            new Row(
                    SecurityStatus.SEC_E_OK,
                    CredentialUse.BOTH,
                    new NtlmCredentials(Exchanges.identity(), Exchanges.accounts())),
            new Row(SecurityStatus.SEC_E_NO_CREDENTIALS, CredentialUse.OUTBOUND, null),
            new Row(SecurityStatus.SEC_E_NO_CREDENTIALS, CredentialUse.INBOUND, Exchanges.identity()),
            new Row(SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS, CredentialUse.OUTBOUND, "password"),
            new Row(
                    SecurityStatus.SEC_E_NO_CREDENTIALS,
                    CredentialUse.OUTBOUND,
                    Exchanges.identity().withPackageList("!ntlm")),
            new Row(
                    SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS,
                    CredentialUse.OUTBOUND,
                    AuthIdentity.of("u".repeat(257), "", new char[0])),
        }) {
            assertEquals(
                    row.status,
                    statusOf(() -> ntlm.acquireCredentialsHandle("server", row.use, row.data)
                            .close()),
                    row.toString());
        }
        try (CredHandle outbound = ntlm.acquireCredentialsHandle(null, CredentialUse.OUTBOUND, Exchanges.identity());
                SecurityContext context = outbound.newContext()) {
            assertEquals(
                    SecurityStatus.SEC_E_NO_CREDENTIALS, statusOf(() -> accept(context, AscReq.NONE, new byte[1])));
            outbound.close();
            initialize(context, SEALED, null);
            assertEquals(SecurityStatus.SEC_E_INVALID_HANDLE, statusOf(outbound::newContext));
        }
    }

    @Test
    void policySwitchesThePackageOff() throws SspiException {
        Security.setProperty("org.jsspi.ntlm", "off");
        try {
            assertFalse(NtlmPackage.isAllowed());
            assertEquals(
                    SecurityStatus.SEC_E_SECPKG_NOT_FOUND,
                    statusOf(() -> new NtlmPackage()
                            .acquireCredentialsHandle(null, CredentialUse.OUTBOUND, Exchanges.identity())));
        } finally {
            Security.setProperty("org.jsspi.ntlm", "");
        }
        assertTrue(NtlmPackage.isAllowed());
    }

    @Test
    void noTokenIsLongerThanThePackageSays() throws SspiException {
        String longest = "n".repeat(255);
        AuthIdentity identity = AuthIdentity.of("u".repeat(256), longest, Exchanges.PASSWORD.toCharArray());
        try (SecurityContext client = client(NtlmPolicy.DEFAULT, identity)) {
            initialize(client, SEALED, null);
            TargetInfo info = TargetInfo.EMPTY
                    .with(TargetInfo.NB_COMPUTER_NAME, "X")
                    .with(TargetInfo.DNS_TREE_NAME, "t".repeat(1000));
            byte[] challenge = new ChallengeMessage(
                            NtlmPolicy.EVERYTHING.without(NegotiateFlags.DATAGRAM), new byte[8], "", info, null)
                    .encode();
            assertEquals(
                    SecurityStatus.SEC_E_INVALID_TOKEN,
                    statusOf(() -> initialize(client, SEALED, challenge, "s".repeat(512), null)));
        }
    }
}
