package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.Identity;
import org.jsspi.PreSharedKey;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.junit.jupiter.api.Test;

class SessionStatesTest {
    private static final Identity CLIENT = TestCertificates.selfSigned(KeyKind.P256);
    private static final Identity SERVER = TestCertificates.selfSigned(KeyKind.P384);
    private static final long NOW = 1_800_000_000_000L;

    private final SessionStates states = new SessionStates();

    private static ResumableSession session(Object scope, boolean authenticated) {
        return session(scope, authenticated, EarlyDataGrant.NONE);
    }

    private static ResumableSession session(Object scope, boolean authenticated, EarlyDataGrant earlyData) {
        byte[] secret = new byte[48];
        new Random(1).nextBytes(secret);
        byte[] id = new byte[32];
        new Random(2).nextBytes(id);
        TlsSession session = TlsSession.restored(id, NOW - 5000);
        session.version(ProtocolVersion.TLS13);
        session.suite(CipherSuite.TLS_AES_256_GCM_SHA384);
        session.group(NamedGroup.X25519);
        session.localCertificates(SERVER.chain());
        session.peerCertificates(authenticated ? CLIENT.chain() : List.of());
        return new ResumableSession(
                CipherSuite.TLS_AES_256_GCM_SHA384,
                Secret.owning(secret),
                new byte[0],
                false,
                0xFEDC_BA98L,
                3600,
                NOW - 1000,
                session,
                List.of(new SNIHostName("server.example")),
                "h2",
                authenticated ? ClientAuthentication.NEED : ClientAuthentication.NONE,
                scope,
                earlyData);
    }

    private static ResumableSession decode(SessionStates by, byte[] state) {
        return by.decode(state, id -> null, NOW);
    }

    @Test
    void aSessionComesBackAsItWas() {
        ResumableSession before = session("scope", true);
        ResumableSession after = decode(states, states.encode(before, 65_535));

        assertSame(before.suite(), after.suite());
        assertTrue(after.preSharedKey().matches(before.preSharedKey()));
        assertEquals(before.ageAdd(), after.ageAdd());
        assertEquals(before.lifetimeSeconds(), after.lifetimeSeconds());
        assertEquals(before.issuedAt(), after.issuedAt());
        assertEquals(before.serverNames(), after.serverNames());
        assertEquals("h2", after.applicationProtocol());
        assertSame(ClientAuthentication.NEED, after.clientAuthentication());
        assertEquals("scope", after.trustScope());
        TlsSession agreed = after.session();
        assertArrayEquals(before.session().id(), agreed.id());
        assertEquals(NOW - 5000, agreed.creationTime());
        assertEquals("TLSv1.3", agreed.protocol());
        assertEquals("TLS_AES_256_GCM_SHA384", agreed.cipherSuite());
        assertEquals("x25519", agreed.namedGroup());
        assertEquals(CLIENT.chain(), agreed.peerCertificates());
        assertEquals(SERVER.chain(), agreed.localCertificates());
        assertTrue(agreed.extendedMasterSecret(), "as every session of TLS 1.3 is");
        assertTrue(after.isUsableAt(NOW));
    }

    @Test
    void aSessionOfTls12HasItsMasterSecret() {
        TlsSession session = TlsSession.restored(new byte[32], NOW - 5000);
        session.version(ProtocolVersion.TLS12);
        session.suite(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
        session.extendedMasterSecret(true);
        byte[] master = new byte[48];
        new Random(3).nextBytes(master);
        byte[] state = states.encode(resumable(session, master.clone()), 65_535);
        ResumableSession after = decode(states, state);

        assertSame(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, after.suite());
        assertTrue(after.preSharedKey().matches(master));
        assertTrue(after.session().extendedMasterSecret());
        assertEquals("TLSv1.2", after.session().protocol());
        // A pre-shared key of TLS 1.3 with SHA-256 has 32 bytes: neither passes for the other.
        assertNull(decode(states, states.encode(resumable(session, new byte[32]), 65_535)));
    }

    private static ResumableSession resumable(TlsSession session, byte[] secret) {
        return new ResumableSession(
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                Secret.owning(secret),
                new byte[0],
                false,
                0,
                3600,
                NOW - 1000,
                session,
                List.of(),
                "",
                ClientAuthentication.NONE,
                null,
                EarlyDataGrant.NONE);
    }

    @Test
    void theNameOfAPreSharedKeyComesBackAndNothingElsePassesForOne() {
        PreSharedKey.Name name = new PreSharedKey.Name(PreSharedKey.Use.IMPORTED, new byte[] {1, 2}, new byte[] {3});
        ResumableSession before = session("scope", false);
        before.session().preSharedKeyName(name);
        byte[] state = states.encode(before, 65_535);

        assertEquals(name, decode(states, state).session().preSharedKeyName());
        assertNull(decode(states, Arrays.copyOf(state, state.length - 1)));
        assertNull(decode(states, Arrays.copyOf(state, state.length + 1)));
        // | use 1 | 0002 identity 2 | 0001 context 1 |
        assertNull(decode(states, changed(state, state.length - 8, 77)), "a use that there is not");
        assertNull(decode(states, changed(state, state.length - 8, 1)), "a context that this use has not");
    }

    @Test
    void theEndOfADelegatedCredentialComesBack() {
        ResumableSession before = session("scope", true);
        before.session().delegatedUntil(NOW + 1000);
        byte[] state = states.encode(before, 65_535);
        ResumableSession after = decode(states, state);

        assertTrue(after.session().peerDelegated());
        assertEquals(NOW + 1000, after.session().delegatedUntil());
        assertTrue(after.isUsableAt(NOW + 1000));
        assertFalse(after.isUsableAt(NOW + 1001));
        assertNull(decode(states, Arrays.copyOf(state, state.length - 1)));
        assertNull(decode(states, Arrays.copyOf(state, state.length + 1)));
    }

    @Test
    void withoutAChainItIsShort() {
        byte[] state = states.encode(session(null, false), 65_535);

        assertTrue(state.length < 220, state.length + " bytes");
        assertNull(decode(states, state).trustScope());
    }

    @Test
    void aSessionThatTheServerKnowsIsTheOneThatItKnows() {
        ResumableSession before = session("scope", true);
        byte[] state = states.encode(before, 65_535);

        ResumableSession after =
                states.decode(state, id -> Arrays.equals(id, before.session().id()) ? before.session() : null, NOW);

        assertSame(before.session(), after.session());
    }

    @Test
    void ofAnotherServerNeitherTrustNorCertificateIsTakenOver() {
        ResumableSession after = decode(new SessionStates(), states.encode(session("scope", true), 65_535));

        assertSame(SessionStates.ELSEWHERE, after.trustScope());
        assertEquals(CLIENT.chain(), after.session().peerCertificates());
        assertEquals(List.of(), after.session().localCertificates());
        assertArrayEquals(
                SessionStates.hash(SERVER.chain().get(0)), after.session().localCertificateHash());
    }

    @Test
    void itIsGoodForEarlyDataWithItsMakerAlone() {
        EarlyDataGrant grant = new EarlyDataGrant(0xFFFF_FFFFL, Long.MIN_VALUE + 1);
        byte[] state = states.encode(session("scope", true, grant), 65_535);

        assertEquals(2, state[0]);
        assertEquals(grant, decode(states, state).earlyData());
        ResumableSession elsewhere = decode(new SessionStates(), state);
        assertNotNull(elsewhere, "it is resumed there too");
        assertEquals(EarlyDataGrant.NONE, elsewhere.earlyData());
    }

    @Test
    void withoutEarlyDataItIsWrittenAsBefore() {
        byte[] without = states.encode(session("scope", true), 65_535);
        byte[] with = states.encode(session("scope", true, new EarlyDataGrant(1, 1)), 65_535);

        assertEquals(1, without[0]);
        assertEquals(without.length + 16 + 4 + 8, with.length);
        assertEquals(EarlyDataGrant.NONE, decode(states, without).earlyData());
        // Neither passes for the other.
        assertNull(decode(states, changed(without, 0, 2)));
        assertNull(decode(states, changed(with, 0, 1)));
    }

    @Test
    void scopesThatAreTooManyAreForgottenAndNotMistaken() {
        for (int i = 0; i < 200; i++) {
            Object scope = "scope " + i;
            Object after =
                    decode(states, states.encode(session(scope, true), 65_535)).trustScope();
            assertTrue(after.equals(scope) || after == SessionStates.ELSEWHERE, after.toString());
        }
        assertEquals(
                "scope 3",
                decode(states, states.encode(session("scope 3", true), 65_535)).trustScope());
    }

    @Test
    void aSessionThatIsTooLargeIsNotWritten() {
        assertNull(states.encode(session("scope", true), 500));
    }

    @Test
    void noStrictPrefixAndNoTrailingByteIsASession() {
        for (EarlyDataGrant grant : List.of(EarlyDataGrant.NONE, new EarlyDataGrant(1000, 1))) {
            byte[] state = states.encode(session("scope", true, grant), 65_535);
            for (int length = 0; length < state.length; length++) {
                assertNull(decode(states, Arrays.copyOf(state, length)), "prefix of " + length);
            }
            assertNull(decode(states, Arrays.copyOf(state, state.length + 1)));
        }
    }

    @Test
    void noByteMakesTheDecoderThrow() {
        byte[] state = states.encode(session("scope", true), 65_535);
        for (int i = 0; i < state.length; i++) {
            for (int bit = 1; bit < 256; bit <<= 1) {
                byte[] changed = state.clone();
                changed[i] ^= (byte) bit;
                ResumableSession after = decode(states, changed);
                if (after != null) {
                    after.destroy();
                }
            }
        }
    }

    @Test
    void whatCannotBeIsNoSession() {
        byte[] state = states.encode(session("scope", false), 65_535);
        assertNotNull(decode(states, state));
        // | format 1 | version 2 | suite 2 | group 2 | flags 1 | created 8 | issued 8 | lifetime 4 | age add 4 | secret
        // 1+48
        assertNull(decode(states, changed(state, 0, 2)), "another format: with early data behind it");
        assertNull(decode(states, changed(state, 0, 3)), "an unknown format");
        assertNull(decode(states, changed(state, 2, 3)), "a suite of another version");
        assertNull(decode(states, changed(state, 4, 1)), "a secret of another length than the suite's");
        assertNull(decode(states, changed(state, 7, 4)), "unknown flags");
        assertNull(decode(states, changed(state, 7, 2)), "a pre-shared key without a name");
        assertNull(decode(states, changed(state, 8, 0x80)), "made before time began");
        assertNull(decode(states, changed(state, 8, 1)), "made after it was issued");
        assertNull(decode(states, changed(state, 24, 0xFF)), "more than seven days");
        assertNull(states.decode(state, id -> null, NOW - 120_000), "from the future");
        // Another server's clock may be a little ahead: the ticket counts as new.
        assertTrue(states.decode(state, id -> null, NOW - 30_000).isUsableAt(NOW - 30_000));
    }

    private static byte[] changed(byte[] state, int offset, int value) {
        byte[] changed = state.clone();
        changed[offset] = (byte) value;
        return changed;
    }
}
