package org.jsspi;

import java.time.Duration;

/**
 * The keys that a server seals session tickets with. Servers that share them resume each other's sessions: a client that shook
 * hands with one goes on with another, and none of them remembers anything.
 *
 * <p>Where they are set: {@link SchCredentials.Builder#ticketKeys}; for an SSLContext
 * {@link org.jsspi.jsse.JsseSessionContext#setTicketKeys}; and for all SSLContexts of a JVM the property {@code org.jsspi.ticketKeys},
 * a system or security property with the name of a public class that implements this interface and has a public constructor
 * without parameters.
 *
 * <p>They are asked in the middle of handshakes, by all threads at once, and with names that strangers have made up: both
 * methods answer from memory, and never wait for a network.
 */
public interface TicketKeys {
    /** No keys: a server remembers its sessions itself, in its bounded memory, and its tickets are random names. */
    TicketKeys NONE = new TicketKeys() {
        @Override
        public TicketKey current() {
            return null;
        }

        @Override
        public TicketKey find(byte[] name) {
            return null;
        }

        @Override
        public String toString() {
            return "TicketKeys.NONE";
        }
    };

    /** {@return the key that seals new tickets; null: there is none now, and sessions are remembered as with {@link #NONE}} */
    TicketKey current();

    /**
     * {@return the key that has this name and still opens tickets, or null}
     *
     * @param name {@value TicketKey#NAME_LENGTH} bytes that a client sent; they are not kept
     */
    TicketKey find(byte[] name);

    /**
     * {@return keys of this process alone, random, of which every {@code period} a new one seals and the second last is wiped}
     *
     * <p>So a ticket opens for one period at least and for two at most.
     *
     * @throws IllegalArgumentException if it is shorter than a second or longer than a year
     */
    static TicketKeys rotating(Duration period) {
        return new RotatingTicketKeys(period);
    }
}
