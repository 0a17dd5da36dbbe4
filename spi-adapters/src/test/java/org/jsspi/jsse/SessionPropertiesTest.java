package org.jsspi.jsse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyManagementException;
import java.util.HashMap;
import java.util.Map;
import org.jsspi.RotatingTicketKeys;
import org.jsspi.SchCredentials;
import org.jsspi.TicketKey;
import org.jsspi.TicketKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionPropertiesTest {
    private final Map<String, String> before = new HashMap<>();

    /** Keys that a property can name. */
    public static final class NamedKeys implements TicketKeys {
        /** For {@code org.jsspi.ticketKeys}. */
        public NamedKeys() {}

        @Override
        public TicketKey current() {
            return null;
        }

        @Override
        public TicketKey find(byte[] name) {
            return null;
        }
    }

    /** Keys that refuse to start. */
    public static final class RefusingKeys implements TicketKeys {
        /** Never succeeds. */
        public RefusingKeys() {
            throw new IllegalStateException("there is no key file");
        }

        @Override
        public TicketKey current() {
            return null;
        }

        @Override
        public TicketKey find(byte[] name) {
            return null;
        }
    }

    private void set(String name, String value) {
        before.putIfAbsent(name, System.getProperty(name));
        System.setProperty(name, value);
    }

    @AfterEach
    void restore() {
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }

    private static SchCredentials credentials() throws KeyManagementException {
        SchCredentials.Builder builder = SchCredentials.builder();
        SessionProperties.apply(builder);
        return builder.build();
    }

    @Test
    void withoutPropertiesTheCredentialDecides() throws Exception {
        SchCredentials credentials = credentials();
        assertEquals(20_480, credentials.sessionCacheSize());
        assertEquals(1, credentials.ticketCount());
        assertNull(credentials.ticketKeys());
        assertEquals(86_400, SessionProperties.serverTimeout(86_400));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "10, 10", "11, 1", "-1, 1", "many, 1"})
    void theNumberOfTicketsIsWithinItsBounds(String value, int count) throws Exception {
        set("jdk.tls.server.newSessionTicketCount", value);
        assertEquals(count, credentials().ticketCount());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "60, 60", "604800, 604800", "604801, 86400", "-1, 86400"})
    void theTimeoutIsThatOfServersAlone(String value, int seconds) throws Exception {
        set("jdk.tls.server.sessionTicketTimeout", value);
        var context = Toys.context(new ToyPackage());
        assertEquals(seconds, context.getServerSessionContext().getSessionTimeout());
        assertEquals(86_400, context.getClientSessionContext().getSessionTimeout());
    }

    @Test
    void ticketsCanBeSwitchedOff() throws Exception {
        set("org.jsspi.ticketKeys", NamedKeys.class.getName());
        set("jdk.tls.server.enableSessionTicketExtension", "false");
        assertSame(TicketKeys.NONE, credentials().ticketKeys());
        set("jdk.tls.server.enableSessionTicketExtension", "true");
        assertTrue(credentials().ticketKeys() != TicketKeys.NONE);
    }

    @Test
    void keysRotateAsTheirTimeoutSays() throws Exception {
        set("jdk.tls.server.statelessKeyTimeout", "1");
        TicketKeys keys = credentials().ticketKeys();
        assertInstanceOf(RotatingTicketKeys.class, keys);
        TicketKey first = keys.current();
        Thread.sleep(1050);
        assertTrue(keys.current() != first);
        assertSame(first, keys.find(first.name()));
    }

    @Test
    void allContextsShareTheKeysThatAClassGives() throws Exception {
        set("org.jsspi.ticketKeys", NamedKeys.class.getName());
        TicketKeys keys = credentials().ticketKeys();
        assertInstanceOf(NamedKeys.class, keys);
        assertSame(keys, credentials().ticketKeys());
    }

    @Test
    void keysThatRefuseToStartRefuseTheContext() {
        set("org.jsspi.ticketKeys", RefusingKeys.class.getName());
        KeyManagementException e = assertThrows(KeyManagementException.class, SessionPropertiesTest::credentials);
        assertTrue(e.getMessage().contains("there is no key file"), e.getMessage());
        set("org.jsspi.ticketKeys", "no.such.Class");
        assertThrows(KeyManagementException.class, SessionPropertiesTest::credentials);
        set("org.jsspi.ticketKeys", String.class.getName());
        assertThrows(KeyManagementException.class, SessionPropertiesTest::credentials);
    }
}
