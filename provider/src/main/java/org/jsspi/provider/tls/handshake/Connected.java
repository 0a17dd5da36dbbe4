package org.jsspi.provider.tls.handshake;

import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.tls.handshake.FinishedKey.FinishedVerified;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.KeyUpdate;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.NewSessionTicket;

/**
 * The handshake is complete: what is left of it is what the connection needs, and the messages that may come at any time.
 *
 * <p>Not thread-safe but for {@link #dataReceived()}: {@code on}, {@link #updateKeys}, {@link #exportKeyingMaterial} and
 * {@link #destroy()} share secrets and are called under one lock.
 */
public final class Connected implements State {
    /** How many tickets or key updates may come in a row without data between them. */
    static final int LONGEST_IDLE_SERIES = 32;

    private final HandshakeSettings settings;
    private final boolean initiator;
    private final CipherSuite suite;
    private final NamedGroup group;
    private final String applicationProtocol;
    private final ApplicationSecrets secrets;
    private volatile int idleSeries;

    /**
     * The end of a handshake whose keys are in use.
     *
     * @param secrets complete; taken over
     * @param proof that the peer has seen the same handshake
     */
    Connected(
            HandshakeSettings settings,
            boolean initiator,
            CipherSuite suite,
            NamedGroup group,
            String applicationProtocol,
            ApplicationSecrets secrets,
            FinishedVerified proof) {
        this.settings = settings;
        this.initiator = initiator;
        this.suite = suite;
        this.group = group;
        this.applicationProtocol = applicationProtocol;
        this.secrets = secrets;
        if (proof == null) {
            throw new IllegalArgumentException("no proof of the peer's Finished");
        }
    }

    @Override
    public State on(Inbound message, Effects out) throws SspiException {
        if (++idleSeries > LONGEST_IDLE_SERIES) {
            throw AlertDescription.UNEXPECTED_MESSAGE.because(
                    "more than " + LONGEST_IDLE_SERIES + " tickets and key updates without data between them");
        }
        if (message.message() instanceof KeyUpdate update) {
            onKeyUpdate(update, out);
        } else if (message.message() instanceof NewSessionTicket ticket && initiator) {
            onTicket(ticket, out);
        } else {
            // RFC 8446 4.2.6, 4.6.2: nobody offered post_handshake_auth; 4.1.2: there is no renegotiation.
            throw message.unexpected("after the handshake");
        }
        return this;
    }

    private void onKeyUpdate(KeyUpdate update, Effects out) throws SspiException {
        updatePeer();
        out.protectReads(initiator ? secrets.serverKeys(aead()) : secrets.clientKeys(aead()));
        // RFC 8446 4.6.3: the receiver must send a KeyUpdate of its own, which asks for nothing, before its next data.
        if (update.updateRequested() && !out.keyUpdateWaits()) {
            updateKeys(false, out);
        }
    }

    private void onTicket(NewSessionTicket ticket, Effects out) throws SspiException {
        // RFC 8446 4.6.1: zero means to discard the ticket at once, and nobody keeps one longer than 7 days.
        long lifetime = Math.min(ticket.lifetime(), ServerHandshake.LONGEST_TICKET_LIFETIME);
        TlsSession session = settings.session();
        if (lifetime == 0 || !session.isValid()) {
            return;
        }
        session.name(Exchange.randomBytes(settings, 32));
        out.offerTicket(new ResumableSession(
                suite,
                secrets.preSharedKey(ticket.nonce()),
                ticket.ticket(),
                ticket.ageAdd(),
                lifetime,
                System.currentTimeMillis(),
                session,
                settings.serverNames(),
                applicationProtocol,
                ClientAuthentication.NONE,
                settings.callbacks().trustScope()));
    }

    /**
     * Moves this side's write keys on and tells the peer (RFC 8446 4.6.3).
     *
     * @param requestPeer whether the peer shall do the same
     */
    public void updateKeys(boolean requestPeer, Effects out) throws SspiException {
        out.send(new KeyUpdate(requestPeer).toBytes());
        if (initiator) {
            secrets.updateClient();
        } else {
            secrets.updateServer();
        }
        out.protectWrites(initiator ? secrets.clientKeys(aead()) : secrets.serverKeys(aead()));
    }

    private void updatePeer() {
        if (initiator) {
            secrets.updateServer();
        } else {
            secrets.updateClient();
        }
    }

    private Aead aead() {
        return Negotiation.aead(suite);
    }

    /** Says that application data arrived: tickets and key updates may come again. Cheap; any thread. */
    public void dataReceived() {
        if (idleSeries != 0) {
            idleSeries = 0;
        }
    }

    /**
     * {@return keying material that both sides have and nobody else (RFC 8446 7.5); a new array}
     *
     * @param label 1 to 249 ASCII characters
     * @param context null is the same as empty
     * @param length 0 to 255 times the length of the suite's hash, in bytes
     * @throws IllegalArgumentException if a length is outside its bounds
     * @throws IllegalStateException after {@link #destroy()}
     */
    public byte[] exportKeyingMaterial(String label, byte[] context, int length) {
        return secrets.export(label, context == null ? new byte[0] : context, length);
    }

    /** {@return the suite} */
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
        return settings.session();
    }

    @Override
    public void destroy() {
        secrets.close();
    }

    @Override
    public String toString() {
        return "Connected[" + suite + ", " + group + "]";
    }
}
