package org.jsspi.provider.tls.handshake;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIServerName;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.EarlyDataLimit;
import org.jsspi.provider.tls.message.HandshakeType;
import org.jsspi.provider.tls.message.KeyUpdate;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.NewSessionTicket;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.TlsFlags;

/** A connection of TLS 1.3: tickets and key updates may come (RFC 8446 4.6). */
public final class Connected13 implements Connected {
    /** What a client's tickets are kept with. The settings of the handshake themselves are not held for as long as a connection lives. */
    private record TicketTerms(SecureRandom random, List<SNIServerName> serverNames, Object trustScope) {}

    private final TlsSession session;
    private final boolean initiator;
    /** Null on a server. */
    private final TicketTerms ticketTerms;

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
    Connected13(
            HandshakeSettings settings,
            boolean initiator,
            CipherSuite suite,
            NamedGroup group,
            String applicationProtocol,
            ApplicationSecrets secrets,
            FinishedVerified proof) {
        this.session = settings.session();
        this.ticketTerms = initiator
                ? new TicketTerms(
                        settings.random(),
                        settings.serverNames(),
                        settings.callbacks().trustScope())
                : null;
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
        if (message.type() == HandshakeType.KEY_UPDATE) {
            onKeyUpdate(message.expect(KeyUpdate.class), out);
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
        if (update.updateRequested() && !out.keyUpdateIsLast()) {
            updateKeys(false, out);
        }
    }

    private void onTicket(NewSessionTicket ticket, Effects out) throws SspiException {
        // RFC 8446 4.6.1: zero means to discard the ticket at once, and nobody keeps one longer than 7 days.
        long lifetime = Math.min(ticket.lifetime(), ServerHandshake.LONGEST_TICKET_LIFETIME);
        if (lifetime == 0 || !session.isValid()) {
            return;
        }
        session.name(Exchange.randomBytes(ticketTerms.random(), 32));
        Optional<EarlyDataLimit> limit = ticket.extensions().find(Shape.EARLY_DATA_LIMIT);
        long maximumEarlyData = limit.isPresent() ? limit.get().maxEarlyDataSize() : 0;
        session.maximumEarlyData(maximumEarlyData);
        Optional<TlsFlags> flags = ticket.extensions().find(Shape.TLS_FLAGS);
        session.resumableAcrossNames(flags.isPresent() && flags.get().has(TlsFlags.RESUMPTION_ACROSS_NAMES));
        out.offerTicket(new ResumableSession(
                suite,
                secrets.preSharedKey(ticket.nonce()),
                ticket.ticket(),
                false,
                ticket.ageAdd(),
                lifetime,
                System.currentTimeMillis(),
                session,
                ticketTerms.serverNames(),
                applicationProtocol,
                ClientAuthentication.NONE,
                ticketTerms.trustScope(),
                EarlyDataGrant.now(maximumEarlyData)));
    }

    @Override
    public ProtocolVersion version() {
        return ProtocolVersion.TLS13;
    }

    @Override
    public boolean canUpdateKeys() {
        return true;
    }

    @Override
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

    @Override
    public void dataReceived() {
        if (idleSeries != 0) {
            idleSeries = 0;
        }
    }

    @Override
    public byte[] exportKeyingMaterial(String label, byte[] context, int length) {
        return secrets.export(label, context == null ? new byte[0] : context, length);
    }

    @Override
    public byte[] tlsUnique() {
        // RFC 8446 C.5: TLS 1.3 has no tls-unique; RFC 9266 replaces it.
        return null;
    }

    @Override
    public CipherSuite suite() {
        return suite;
    }

    @Override
    public NamedGroup group() {
        return group;
    }

    @Override
    public String applicationProtocol() {
        return applicationProtocol;
    }

    @Override
    public TlsSession session() {
        return session;
    }

    @Override
    public void destroy() {
        secrets.close();
    }

    @Override
    public String toString() {
        return "Connected13[" + suite + ", " + group + "]";
    }
}
