package org.jsspi.provider.sasl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.AuthenticationException;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslClientFactory;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import javax.security.sasl.SaslServerFactory;
import org.jsspi.provider.JsspiProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The SASL mechanism NTLM with itself and with the JDK's. */
class NtlmSaslTest {
    private static final String USER = "alice";
    private static final String DOMAIN = "SSPI";
    private static final String PASSWORD = "correct horse";
    private static final Provider OURS = new JsspiProvider();
    private static final Provider JDKS = Security.getProviders("SaslClientFactory.NTLM")[0];
    private static final String VERSION = "com.sun.security.sasl.ntlm.version";

    /** Answers like an application, and keeps the callbacks that carried a password. */
    private static final class Answers implements CallbackHandler {
        private final List<PasswordCallback> secrets = new ArrayList<>();
        private final String user;
        private final String password;
        private final Boolean authorized;

        /** @param authorized null for a handler that does not know the callback */
        Answers(String user, String password, Boolean authorized) {
            this.user = user;
            this.password = password;
            this.authorized = authorized;
        }

        @Override
        public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
            boolean known = true;
            for (Callback callback : callbacks) {
                if (callback instanceof NameCallback name) {
                    known = name.getDefaultName() == null || user.equals(name.getDefaultName());
                    name.setName(user);
                } else if (callback instanceof RealmCallback realm) {
                    realm.setText(DOMAIN);
                } else if (callback instanceof PasswordCallback secret) {
                    secret.setPassword(known ? password.toCharArray() : null);
                    secrets.add(secret);
                } else if (callback instanceof AuthorizeCallback authorize && authorized != null) {
                    authorize.setAuthorized(authorized);
                } else {
                    throw new UnsupportedCallbackException(callback);
                }
            }
        }
    }

    private static Answers alice() {
        return new Answers(USER, PASSWORD, true);
    }

    private static Provider provider(String name) {
        return name.equals("ours") ? OURS : JDKS;
    }

    private static Map<String, String> properties(String qop) {
        return Map.of(VERSION, "NTLMv2", Settings.DOMAIN, DOMAIN, Sasl.QOP, qop);
    }

    private static SaslClient client(Provider provider, Map<String, ?> properties, CallbackHandler handler)
            throws SaslException, NoSuchAlgorithmException {
        return client(provider, "smtp", properties, handler);
    }

    private static SaslClient client(
            Provider provider, String protocol, Map<String, ?> properties, CallbackHandler handler)
            throws SaslException, NoSuchAlgorithmException {
        SaslClientFactory factory = (SaslClientFactory)
                provider.getService("SaslClientFactory", "NTLM").newInstance(null);
        return factory.createSaslClient(new String[] {"NTLM"}, null, protocol, "server", properties, handler);
    }

    private static SaslServer server(Provider provider, Map<String, ?> properties, CallbackHandler handler)
            throws SaslException, NoSuchAlgorithmException {
        return server(provider, "smtp", properties, handler);
    }

    private static SaslServer server(
            Provider provider, String protocol, Map<String, ?> properties, CallbackHandler handler)
            throws SaslException, NoSuchAlgorithmException {
        SaslServerFactory factory = (SaslServerFactory)
                provider.getService("SaslServerFactory", "NTLM").newInstance(null);
        return factory.createSaslServer("NTLM", protocol, "server", properties, handler);
    }

    private static void exchange(SaslClient client, SaslServer server) throws SaslException {
        byte[] challenge = server.evaluateResponse(client.evaluateChallenge(new byte[0]));
        assertNull(server.evaluateResponse(client.evaluateChallenge(challenge)));
    }

    @Test
    void theOtherProviderIsTheJdks() {
        assertNotEquals(OURS.getName(), JDKS.getName());
    }

    @ParameterizedTest
    @CsvSource({"ours, ours", "ours, jdks", "jdks, ours"})
    void eachSideAuthenticatesToTheOther(String clients, String servers) throws Exception {
        SaslClient client = client(provider(clients), properties("auth"), alice());
        SaslServer server = server(provider(servers), properties("auth"), alice());
        assertTrue(client.hasInitialResponse());
        exchange(client, server);
        assertTrue(client.isComplete() && server.isComplete());
        assertEquals(USER, server.getAuthorizationID());
        assertEquals("auth", client.getNegotiatedProperty(Sasl.QOP));
        assertEquals("auth", server.getNegotiatedProperty(Sasl.QOP));
        if (servers.equals("ours")) {
            // The JDK's server sends no AV pairs.
            assertEquals(DOMAIN, client.getNegotiatedProperty(Settings.DOMAIN));
        }
        assertThrows(IllegalStateException.class, () -> client.wrap(new byte[1], 0, 1));
        assertThrows(IllegalStateException.class, () -> server.unwrap(new byte[17], 0, 17));
        client.dispose();
        server.dispose();
    }

    @ParameterizedTest
    @CsvSource({
        "ours, ours, alice, wrong",
        "ours, jdks, alice, wrong",
        "jdks, ours, alice, wrong",
        "ours, ours, mallory, correct horse",
        "jdks, ours, mallory, correct horse",
    })
    void aWrongPasswordAndAnUnknownUserAreRefused(String clients, String servers, String user, String password)
            throws Exception {
        SaslClient client = client(provider(clients), properties("auth"), new Answers(user, password, true));
        SaslServer server = server(provider(servers), properties("auth"), alice());
        SaslException e = assertThrows(SaslException.class, () -> exchange(client, server));
        if (servers.equals("ours")) {
            // The JDK's server calls itself complete here.
            assertFalse(server.isComplete());
            assertTrue(e instanceof AuthenticationException, e::toString);
            assertFalse(e.getMessage().contains(password));
            assertThrows(IllegalStateException.class, server::getAuthorizationID);
            assertThrows(SaslException.class, () -> server.evaluateResponse(new byte[0]));
        }
    }

    @Test
    void theHandlersAnswerToAuthorizeDecides() throws Exception {
        SaslServer refusing = server(OURS, properties("auth"), new Answers(USER, PASSWORD, false));
        assertThrows(SaslException.class, () -> exchange(client(OURS, null, alice()), refusing));
        assertFalse(refusing.isComplete());
        SaslServer unaware = server(OURS, properties("auth"), new Answers(USER, PASSWORD, null));
        exchange(client(OURS, null, alice()), unaware);
        assertEquals(USER, unaware.getAuthorizationID());
    }

    @Test
    void passwordsAreWipedFromTheCallbacks() throws Exception {
        Answers asked = alice();
        Answers looked = alice();
        exchange(client(OURS, null, asked), server(OURS, null, looked));
        for (Answers answers : List.of(asked, looked)) {
            assertEquals(1, answers.secrets.size());
            assertTrue(new String(answers.secrets.get(0).getPassword()).isBlank());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth-int", "auth-conf"})
    void theSecurityLayerCarriesMessagesBothWays(String qop) throws Exception {
        SaslClient client = client(OURS, properties(qop), alice());
        SaslServer server = server(OURS, properties("auth," + "auth-int,auth-conf"), alice());
        exchange(client, server);
        assertEquals(qop, client.getNegotiatedProperty(Sasl.QOP));
        assertEquals(qop, server.getNegotiatedProperty(Sasl.QOP));
        byte[] message = "..between two ends..".getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 3; round++) {
            byte[] there = client.wrap(message, 2, message.length - 4);
            assertEquals(16 + message.length - 4, there.length);
            byte[] clear = Arrays.copyOfRange(message, 2, message.length - 2);
            assertEquals(qop.equals("auth-int"), Arrays.equals(clear, Arrays.copyOfRange(there, 16, there.length)));
            assertArrayEquals(clear, server.unwrap(there, 0, there.length));
            byte[] back = server.wrap(clear, 0, clear.length);
            assertArrayEquals(clear, client.unwrap(back, 0, back.length));
        }
        byte[] altered = client.wrap(message, 0, message.length);
        altered[18] ^= 1;
        assertThrows(SaslException.class, () -> server.unwrap(altered, 0, altered.length));
        assertThrows(SaslException.class, () -> server.unwrap(altered, 0, 15));
        assertThrows(SaslException.class, () -> client.wrap(new byte[65521], 0, 65521));
        client.dispose();
        assertThrows(SaslException.class, () -> client.wrap(message, 0, 1));
    }

    /** As Active Directory does, which the test with a domain controller shows. */
    @Test
    void ldapEncryptsUnderAuthIntToo() throws Exception {
        SaslClient client = client(OURS, "ldap", properties("auth-int"), alice());
        SaslServer server = server(OURS, "LDAP", properties("auth-int"), alice());
        exchange(client, server);
        assertEquals("auth-int", client.getNegotiatedProperty(Sasl.QOP));
        assertEquals("auth-int", server.getNegotiatedProperty(Sasl.QOP));
        byte[] message = "a search request".getBytes(StandardCharsets.US_ASCII);
        byte[] there = client.wrap(message, 0, message.length);
        assertFalse(Arrays.equals(message, Arrays.copyOfRange(there, 16, there.length)));
        assertArrayEquals(message, server.unwrap(there, 0, there.length));
        byte[] back = server.wrap(message, 0, message.length);
        assertArrayEquals(message, client.unwrap(back, 0, back.length));
    }

    @Test
    void aQualityThatIsNotListedIsRefused() throws Exception {
        SaslServer strict = server(OURS, properties("auth-conf"), alice());
        assertThrows(SaslException.class, () -> exchange(client(JDKS, properties("auth"), alice()), strict));
        SaslClient sealing = client(OURS, properties("auth-conf"), alice());
        assertThrows(SaslException.class, () -> exchange(sealing, server(JDKS, properties("auth"), alice())));
        assertFalse(sealing.isComplete());
    }

    @ParameterizedTest
    @CsvSource({
        "javax.security.sasl.qop, auth-most",
        "javax.security.sasl.maxbuffer, 16",
        "javax.security.sasl.maxbuffer, many",
        "com.sun.security.sasl.ntlm.version, NTLM",
    })
    void aPropertyThatMakesNoSenseIsASaslException(String name, String value) {
        assertThrows(SaslException.class, () -> client(OURS, Map.of(name, value), alice()));
        assertThrows(SaslException.class, () -> server(OURS, Map.of(name, value), alice()));
        assertThrows(SaslException.class, () -> server(OURS, Map.of(name, 7), alice()));
    }

    @Test
    void aPolicyThatNtlmCannotMeetLeavesItOut() throws Exception {
        Map<String, String> policy = Map.of(Sasl.POLICY_NOACTIVE, "true");
        assertNull(client(OURS, policy, alice()));
        assertNull(server(OURS, policy, alice()));
        assertThrows(SaslException.class, () -> client(OURS, null, null));
        assertThrows(SaslException.class, () -> client(OURS, null, new Answers("", "", true)));
    }

    @Test
    void garbageIsASaslException() throws Exception {
        Random random = new Random(4);
        SaslClient template = client(OURS, null, alice());
        byte[] negotiate = template.evaluateChallenge(null);
        byte[] challenge = server(OURS, null, alice()).evaluateResponse(negotiate);
        byte[] authenticate = template.evaluateChallenge(challenge);
        for (int i = 0; i < 600; i++) {
            byte[] whole = new byte[][] {negotiate, challenge, authenticate}[i % 3];
            byte[] bad = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            if (bad.length > 0 && i % 2 == 0) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            SaslServer server = server(OURS, null, alice());
            SaslClient client = client(OURS, null, alice());
            byte[] first = client.evaluateChallenge(null);
            try {
                client.evaluateChallenge(bad);
            } catch (SaslException expected) {
                assertFalse(client.isComplete());
            }
            try {
                if (i % 3 == 2) {
                    server.evaluateResponse(first);
                }
                server.evaluateResponse(bad);
            } catch (SaslException expected) {
                // The one way to say so.
            }
            assertFalse(server.isComplete());
        }
    }
}
