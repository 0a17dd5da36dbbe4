package org.jsspi.jsse;

import java.lang.reflect.InvocationTargetException;
import java.security.KeyManagementException;
import java.security.Security;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.SchCredentials;
import org.jsspi.TicketKeys;

/**
 * What an SSLContext does with sessions, from the system properties of the platform's own provider; a value that it would not
 * take counts for nothing here either.
 *
 * <table>
 * <caption>Properties</caption>
 * <tr><th>property</th><th>values</th><th>for</th></tr>
 * <tr><td>{@code javax.net.ssl.sessionCacheSize}</td><td>0 (no bound) and more</td><td>both sides</td></tr>
 * <tr><td>{@code jdk.tls.server.enableSessionTicketExtension}</td><td>{@code false}: sessions stay in memory</td><td>servers</td></tr>
 * <tr><td>{@code jdk.tls.client.enableSessionTicketExtension}</td><td>{@code false}: sessions are resumed by id; the package reads
 *   it</td><td>clients, TLS 1.2</td></tr>
 * <tr><td>{@code jdk.tls.server.sessionTicketTimeout}</td><td>seconds, 0 to 604800</td><td>servers</td></tr>
 * <tr><td>{@code jdk.tls.server.statelessKeyTimeout}</td><td>seconds, 1 to 604800</td><td>servers</td></tr>
 * <tr><td>{@code jdk.tls.server.newSessionTicketCount}</td><td>0 to 10</td><td>servers, TLS 1.3</td></tr>
 * <tr><td>{@code org.jsspi.ticketKeys}, also as a security property</td><td>a class, see {@link TicketKeys}</td><td>servers</td></tr>
 * </table>
 */
final class SessionProperties {
    private static final int SEVEN_DAYS = 604_800;

    /** The keys of {@code org.jsspi.ticketKeys}: one instance for all contexts of the JVM that name the same class. */
    private static final class Shared {
        static final ReentrantLock LOCK = new ReentrantLock();
        static String name;
        static TicketKeys keys;
    }

    private SessionProperties() {}

    /** Says to the builder what the properties say. */
    static void apply(SchCredentials.Builder credentials) throws KeyManagementException {
        credentials.sessionCacheSize(number("javax.net.ssl.sessionCacheSize", 0, Integer.MAX_VALUE, 20_480));
        credentials.ticketCount(number("jdk.tls.server.newSessionTicketCount", 0, 10, 1));
        String shared = System.getProperty("org.jsspi.ticketKeys", Security.getProperty("org.jsspi.ticketKeys"));
        int keyTimeout = number("jdk.tls.server.statelessKeyTimeout", 1, SEVEN_DAYS, 0);
        if ("false".equalsIgnoreCase(System.getProperty("jdk.tls.server.enableSessionTicketExtension"))) {
            credentials.ticketKeys(TicketKeys.NONE);
        } else if (shared != null && !shared.isBlank()) {
            credentials.ticketKeys(shared(shared.strip()));
        } else if (keyTimeout > 0) {
            credentials.ticketKeys(TicketKeys.rotating(Duration.ofSeconds(keyTimeout)));
        }
    }

    /** {@return how many seconds a server's sessions may be resumed, 0 for no bound; or {@code standard}} */
    static int serverTimeout(int standard) {
        return number("jdk.tls.server.sessionTicketTimeout", 0, SEVEN_DAYS, standard);
    }

    private static int number(String property, int least, int most, int standard) {
        Integer value = Integer.getInteger(property);
        return value == null || value < least || value > most ? standard : value;
    }

    private static TicketKeys shared(String className) throws KeyManagementException {
        Shared.LOCK.lock();
        try {
            if (!className.equals(Shared.name)) {
                Shared.keys = load(className);
                Shared.name = className;
            }
            return Shared.keys;
        } finally {
            Shared.LOCK.unlock();
        }
    }

    private static TicketKeys load(String className) throws KeyManagementException {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try {
            Class<?> type =
                    Class.forName(className, true, loader != null ? loader : ClassLoader.getSystemClassLoader());
            return (TicketKeys) type.getConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw refused(className, e.getCause());
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw refused(className, e);
        }
    }

    private static KeyManagementException refused(String className, Throwable cause) {
        return new KeyManagementException(
                "the class " + className + " of property org.jsspi.ticketKeys gives no ticket keys: "
                        + cause.getMessage(),
                cause);
    }
}
