package org.jsspi.provider.tls.handshake;

import java.util.concurrent.atomic.AtomicInteger;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.KeyUpdate;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.NewSessionTicket;

/**
 * The handshake is complete: what is left are tickets, changes of keys and exports. It takes a verified Finished to make one.
 */
public final class Connected implements State {
    /** Changes of keys in a row that no data comes between: each costs us more than it costs the peer. */
    private static final int MAXIMUM_IDLE_UPDATES = 32;

    /** RFC 8446 4.6.1: seven days. */
    private static final long MAXIMUM_LIFETIME = 604_800;

    private static final byte[] EMPTY = {};

    private final boolean initiator;
    private final CipherSuite suite;
    private final NamedGroup group;
    private final String applicationProtocol;
    private final TlsSession session;
    private final KeySchedule.Application keys;
    private final Secret resumption;
    private final AtomicInteger idleUpdates = new AtomicInteger();
    private boolean firstTicket = true;

    /** @param proof that the peer's Finished was the right one */
    Connected(
            FinishedVerified proof,
            boolean initiator,
            CipherSuite suite,
            NamedGroup group,
            String applicationProtocol,
            TlsSession session,
            KeySchedule.Application keys,
            Secret resumption) {
        java.util.Objects.requireNonNull(proof, "proof");
        this.initiator = initiator;
        this.suite = suite;
        this.group = group;
        this.applicationProtocol = applicationProtocol;
        this.session = session;
        this.keys = keys;
        this.resumption = resumption;
    }

    @Override
    public State on(Inbound message, Effects out) throws SspiException {
        if (message.message() instanceof NewSessionTicket ticket && initiator) {
            accept(ticket, out);
        } else if (message.message() instanceof KeyUpdate update) {
            onKeyUpdate(update, out);
        } else {
            // Post-handshake authentication was not offered (RFC 8446 4.6.2), and TLS 1.3 has no renegotiation (4.1.2).
            throw message.unexpected("after the handshake");
        }
        return this;
    }

    @Override
    public boolean acceptsChangeCipherSpec() {
        return false;
    }

    /** The peer has sent application data. */
    public void dataReceived() {
        idleUpdates.setPlain(0);
    }

    /**
     * Changes the keys of what this side sends (RFC 8446 4.6.3).
     *
     * @param requestPeer whether the peer is to change its keys too
     */
    public void updateKeys(boolean requestPeer, Effects out) throws SspiException {
        out.send(new KeyUpdate(requestPeer).toBytes());
        out.protectWrites(initiator ? keys.nextClientKeys() : keys.nextServerKeys());
    }

    /**
     * {@return exported keying material (RFC 8446 7.5)}
     *
     * @param context null counts as empty: TLS 1.3 does not keep them apart
     */
    public byte[] exportKeyingMaterial(String label, byte[] context, int length) throws SspiException {
        try {
            return keys.export(label, context == null ? EMPTY : context, length);
        } catch (IllegalArgumentException outOfBounds) {
            throw new SspiException(
                    SecurityStatus.SEC_E_INVALID_PARAMETER,
                    SspiException.Kind.KEY,
                    "no exporter has this label or this length",
                    outOfBounds);
        } catch (IllegalStateException destroyed) {
            throw new SspiException(
                    SecurityStatus.SEC_E_CONTEXT_EXPIRED, SspiException.Kind.KEY, "the connection has ended", null);
        }
    }

    /** {@return the cipher suite} */
    public CipherSuite suite() {
        return suite;
    }

    /** {@return the group of the key exchange} */
    public NamedGroup group() {
        return group;
    }

    /** {@return the application protocol, empty if none was agreed} */
    public String applicationProtocol() {
        return applicationProtocol;
    }

    /** {@return the session} */
    public TlsSession session() {
        return session;
    }

    /** Wipes the secrets; the keys of the record layer are its own. */
    public void destroy() {
        keys.destroy();
        resumption.destroy();
    }

    private void accept(NewSessionTicket ticket, Effects out) throws SspiException {
        if (ticket.lifetime() > MAXIMUM_LIFETIME) {
            throw AlertDescription.ILLEGAL_PARAMETER.because(
                    "the server's ticket lives for " + ticket.lifetime() + " seconds, more than seven days");
        }
        // RFC 8446 4.6.1: a lifetime of zero says to discard the ticket at once.
        if (ticket.lifetime() == 0) {
            return;
        }
        TlsSession stored = firstTicket ? session : session.forFurtherTicket();
        firstTicket = false;
        out.offerTicket(new ResumableSession(
                stored,
                suite,
                keys.psk(resumption, ticket.nonce()),
                ticket.ticket(),
                ticket.ageAdd(),
                ticket.lifetime(),
                System.currentTimeMillis(),
                new ResumableSession.Binding(null, applicationProtocol, false)));
    }

    private void onKeyUpdate(KeyUpdate update, Effects out) throws SspiException {
        if (idleUpdates.incrementAndGet() > MAXIMUM_IDLE_UPDATES) {
            throw AlertDescription.UNEXPECTED_MESSAGE.because(
                    "the peer changed its keys " + MAXIMUM_IDLE_UPDATES + " times without sending data");
        }
        out.protectReads(initiator ? keys.nextServerKeys() : keys.nextClientKeys());
        if (update.updateRequested()) {
            updateKeys(false, out);
        }
    }
}
