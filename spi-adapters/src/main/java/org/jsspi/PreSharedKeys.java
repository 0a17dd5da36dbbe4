package org.jsspi;

import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;

/**
 * The pre-shared keys of a client or server, and what certificates are beside them. A lambda is enough for a server that looks
 * keys up by their names.
 *
 * <p>Where they are set: {@link SchCredentials.Builder#preSharedKeys}; for an SSLContext they are a {@code KeyManager}, which
 * {@code SSLContext.init} takes, beside those for certificates or alone.
 *
 * <p>They are asked in the middle of handshakes, by all threads at once: what has to be waited for belongs into tasks, which
 * servers have where their caller is asynchronous (as an {@code SSLEngine} is). What a method throws ends the handshake.
 *
 * <p>The package destroys every key that it gets from here as soon as it is used: return a {@linkplain PreSharedKey#copy() copy}.
 */
@FunctionalInterface
public interface PreSharedKeys extends KeyManager {
    /** What certificates are where there are pre-shared keys. */
    enum Certificates {
        /** Both sides prove that they have a key, or there is no connection. Certificates are neither wanted nor shown. */
        NEVER,
        /** A certificate does where the two sides have no key in common. */
        OTHERWISE,
        /**
         * A server shows a certificate wherever the client takes one that it has, and uses a key where not. For a client, which
         * does not choose, the same as {@link #OTHERWISE}.
         */
        FIRST
    }

    /**
     * {@return for a server, the key with this name; null if there is none}
     *
     * <p>The name is what a stranger has made up, until it has proven to have the key.
     *
     * @param info says among other things which server name is asked for
     */
    PreSharedKey find(HandshakeInfo info, PreSharedKey.Name name);

    /**
     * {@return the keys that a client offers to this server, best first, 8 at most; for a server, keys that it prefers to those
     * which {@link #find} finds, best first, or none} All servers get to see the names of what a client offers.
     *
     * @param info says among other things which server this is: {@link HandshakeInfo#targetName}, {@link Session#peerHost}
     */
    default List<PreSharedKey> keys(HandshakeInfo info) {
        return List.of();
    }

    /**
     * {@return what a server of TLS 1.2 says in front of the client's choice, so that the client can choose (RFC 4279 5.2); empty for
     * nothing}
     *
     * <p>A client of ours takes the first of its keys with this identity, and if there is none the first of all.
     */
    default byte[] identityHint(HandshakeInfo info) {
        return new byte[0];
    }

    /** {@return what certificates are: {@link Certificates#NEVER} unless something else is asked for} */
    default Certificates certificates() {
        return Certificates.NEVER;
    }

    /** {@return the same keys with another rule for certificates} */
    default PreSharedKeys with(Certificates rule) {
        return new PreSharedKeyList.Ruled(this, Objects.requireNonNull(rule, "rule"));
    }

    /**
     * {@return these keys, for every peer, which a server prefers in this order}
     *
     * @param bestFirst they stay the caller's; who destroys one takes it back
     */
    static PreSharedKeys of(PreSharedKey... bestFirst) {
        return new PreSharedKeyList(List.of(bestFirst));
    }
}
