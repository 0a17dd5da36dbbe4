package org.jsspi.provider.tls.handshake;

import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;

/**
 * The handshake is complete: what is left of it is what the connection needs, and the messages that may come at any time.
 *
 * <p>Not thread-safe but for {@link #dataReceived()}: {@code on}, {@link #updateKeys}, {@link #exportKeyingMaterial} and
 * {@link #destroy()} share secrets and are called under one lock.
 */
public sealed interface Connected extends State permits Connected12, Connected13 {
    /** How many messages of the handshake protocol may come in a row without data between them. */
    int LONGEST_IDLE_SERIES = 32;

    @Override
    default boolean mayBeTls13() {
        return version() == ProtocolVersion.TLS13;
    }

    /** {@return whether the keys can change while the connection lasts: in TLS 1.3, and not in 1.2} */
    boolean canUpdateKeys();

    /**
     * Moves this side's write keys on and tells the peer (RFC 8446 4.6.3).
     *
     * @param requestPeer whether the peer shall do the same
     * @throws IllegalStateException if this version has no such thing
     */
    void updateKeys(boolean requestPeer, Effects out) throws SspiException;

    /** {@return whether this side may begin a renegotiation now: in TLS 1.2, where both sides permit it} */
    default boolean canRenegotiate() {
        return false;
    }

    /** {@return whether a server has asked its client for a renegotiation, which has not begun} */
    default boolean awaitsRenegotiation() {
        return false;
    }

    /**
     * Begins a renegotiation (RFC 5246 7.4.1.1, 7.4.1.2): a server asks for it, a client says hello.
     *
     * @return the next state, which is not this one if the handshake has begun
     * @throws IllegalStateException unless it {@link #canRenegotiate()}
     */
    default State renegotiate(Effects out) throws SspiException {
        throw new IllegalStateException("there is no renegotiation");
    }

    /** {@return whether a server has awaited a renegotiation, which it does no longer: the client has refused} */
    default boolean refused() {
        return false;
    }

    /** Says that application data arrived: messages may come again. Cheap; any thread. */
    void dataReceived();

    /**
     * {@return keying material that both sides have and nobody else (RFC 8446 7.5, RFC 5705 4), in a new array; null where it
     * would bind to nothing, in TLS 1.2 without the extended master secret (RFC 7627 5.4)}
     *
     * @param label 1 to 249 ASCII characters; none that the protocol itself uses
     * @param context null for none, which TLS 1.2 tells from an empty one and TLS 1.3 does not
     * @param length 0 to 255 times the length of the suite's hash, in bytes
     * @throws IllegalArgumentException if a length is outside its bounds, or the label is the protocol's own
     * @throws IllegalStateException after {@link #destroy()}
     */
    byte[] exportKeyingMaterial(String label, byte[] context, int length);

    /**
     * {@return tls-unique (RFC 5929 3): the first Finished of the handshake; null where it is not defined, in TLS 1.3, or does
     * not bind, without the extended master secret (RFC 7627 6.1)}
     */
    byte[] tlsUnique();

    /** {@return the suite} */
    CipherSuite suite();

    /** {@return the group of the key exchange, or null for a session of TLS 1.2 that was resumed and has had none} */
    NamedGroup group();

    /** {@return the application protocol, empty if none was agreed} */
    String applicationProtocol();

    /** {@return the session} */
    TlsSession session();
}
