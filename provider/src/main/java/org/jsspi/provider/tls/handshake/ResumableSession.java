package org.jsspi.provider.tls.handshake;

import java.util.Objects;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.tls.message.CipherSuite;

/**
 * What it takes to resume a session (RFC 8446 2.2): the pre-shared key that a ticket stands for, and under what it was agreed.
 */
public final class ResumableSession {
    private final TlsSession session;
    private final CipherSuite suite;
    private final Secret psk;
    private final byte[] ticket;
    private final long ageAdd;
    private final long lifetimeSeconds;
    private final long issuedAt;
    private final Binding binding;

    /**
     * What a server binds a session to: it is resumed only where these are the same.
     *
     * @param serverName the server name that the client asked for, or null
     * @param applicationProtocol what was agreed, empty for none
     * @param clientAuthenticated true if the client has proved who it is
     */
    record Binding(String serverName, String applicationProtocol, boolean clientAuthenticated) {}

    /**
     * @param psk taken over
     * @param ticket what the client sends; empty on the server's side
     */
    ResumableSession(
            TlsSession session,
            CipherSuite suite,
            Secret psk,
            byte[] ticket,
            long ageAdd,
            long lifetimeSeconds,
            long issuedAt,
            Binding binding) {
        this.session = Objects.requireNonNull(session, "session");
        this.suite = Objects.requireNonNull(suite, "suite");
        this.psk = Objects.requireNonNull(psk, "psk");
        this.ticket = ticket.clone();
        this.ageAdd = ageAdd;
        this.lifetimeSeconds = lifetimeSeconds;
        this.issuedAt = issuedAt;
        this.binding = Objects.requireNonNull(binding, "binding");
    }

    /** {@return the session that can be resumed} */
    public TlsSession session() {
        return session;
    }

    /** {@return true if its lifetime is over (RFC 8446 4.6.1)} */
    public boolean isExpired() {
        return ageMillis() > 1000 * lifetimeSeconds;
    }

    /** {@return the same with a key of its own, so that either can be destroyed} */
    public ResumableSession copy() {
        return new ResumableSession(session, suite, psk.copy(), ticket, ageAdd, lifetimeSeconds, issuedAt, binding);
    }

    /** Wipes the key. */
    public void destroy() {
        psk.destroy();
    }

    CipherSuite suite() {
        return suite;
    }

    HashAlgorithm hash() {
        return KeySchedule.hash(suite);
    }

    Secret psk() {
        return psk;
    }

    byte[] ticket() {
        return ticket;
    }

    Binding binding() {
        return binding;
    }

    /** {@return how old the ticket is, hidden from observers (RFC 8446 4.2.11.1)} */
    long obfuscatedAge() {
        return ageMillis() + ageAdd & 0xFFFF_FFFFL;
    }

    private long ageMillis() {
        return Math.max(0, System.currentTimeMillis() - issuedAt);
    }

    @Override
    public String toString() {
        return "ResumableSession[" + suite + "]";
    }
}
