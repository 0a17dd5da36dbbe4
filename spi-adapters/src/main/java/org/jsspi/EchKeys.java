package org.jsspi;

import java.util.List;

/**
 * The keys with which a server opens Encrypted Client Hellos (RFC 9849). Asked for every connection whose client sends one, so
 * that keys can be changed while the server runs; it should answer from memory.
 *
 * <p>Where it is set: {@link SchCredentials.Builder#echKeys}; an {@code X509KeyManager} that implements this as well gives them
 * to the servers of its {@code SSLContext}.
 */
@FunctionalInterface
public interface EchKeys {
    /**
     * This server stands behind another that opens the hellos and passes on what was in them (split mode, RFC 9849 3.1): it tells
     * the client that it has its hello, and refuses one that is still closed. On such a server nobody but the other may connect.
     */
    EchKeys BACKEND = new EchKeys() {
        @Override
        public List<EchKey> keys() {
            return List.of();
        }

        @Override
        public String toString() {
            return "EchKeys.BACKEND";
        }
    };

    /**
     * {@return the keys that open: those whose configurations are published, and those that were until lately}
     *
     * <p>With those that are {@link EchKey#isRetry} a client is answered that has used something else. Configuration ids should
     * differ: keys with the same are tried one after the other.
     */
    List<EchKey> keys();
}
