package org.jsspi.jsse;

/**
 * Where the clients of an {@code SSLContext} have the configurations for Encrypted Client Hello (RFC 9849): a trust manager that
 * implements this as well is asked for each connection, before its first byte. Usually they come from the DNS, with the address.
 *
 * <p>A connection whose hello was not taken ends with an {@code SSLHandshakeException} whose cause is an
 * {@link org.jsspi.EchRejectedException}; with the configurations that are in there the next one may be tried.
 */
@FunctionalInterface
public interface EchConfigs {
    /**
     * {@return an ECHConfigList; empty to send a hello of that form without content (RFC 9849 6.2); null for neither}
     *
     * <p>Where no configuration of the list can be used, the hello is one without content, and the name travels in the clear.
     *
     * @param host as the engine or socket was given it, or null
     * @param port as the engine or socket was given it, or -1
     */
    byte[] configListFor(String host, int port);
}
