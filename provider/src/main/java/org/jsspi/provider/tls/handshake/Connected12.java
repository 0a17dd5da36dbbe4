package org.jsspi.provider.tls.handshake;

import java.util.Set;
import org.jsspi.ContextOptions.Renegotiation;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.tls.message.HelloRequest;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;

/** A connection of TLS 1.2: either side may ask for a renegotiation, which it gets where that is permitted. */
public final class Connected12 implements Connected {
    /** What the protocol itself derives from the master secret (RFC 5705 4, RFC 7627 4). */
    private static final Set<String> RESERVED_LABELS =
            Set.of("client finished", "server finished", "master secret", "extended master secret", "key expansion");

    private final TlsSession session;
    private final Renegotiation renegotiation;
    private final boolean initiator;
    private final Terms12 terms;
    private final NamedGroup group;
    private final String applicationProtocol;
    private final MasterSecret master;
    private final byte[] firstFinished;
    /** Null where neither side can have the connection negotiated again. */
    private final RenegotiatedConnection again;

    private final Renegotiations renegotiations;
    /** What the peer may begin yet; null where it may nothing. */
    private final RenegotiationAllowance allowance;
    /** Which handshake of the connection this is the end of, from 0. */
    private final int number;

    private final boolean serverIdentified;
    private volatile boolean requested;
    private volatile int idleSeries;

    /**
     * The end of a handshake whose keys are in use.
     *
     * @param group null if the session was resumed
     * @param master taken over
     * @param proof that the peer has seen the same handshake
     */
    Connected12(
            Exchange exchange,
            Terms12 terms,
            NamedGroup group,
            MasterSecret master,
            Finished client,
            Finished server,
            FinishedVerified proof) {
        this.session = exchange.session();
        this.renegotiation = exchange.settings().renegotiation();
        this.initiator = exchange.initiator();
        this.terms = terms;
        this.group = group;
        this.applicationProtocol = exchange.applicationProtocol();
        this.master = master;
        // RFC 5929 3.1: the client's comes first, unless the session is resumed.
        this.firstFinished = (group == null ? server : client).verifyData();
        boolean permitted = session.secureRenegotiation() && exchange.settings().permitsRenegotiation();
        this.again = permitted ? new RenegotiatedConnection(this, client, server) : null;
        this.renegotiations = permitted ? exchange.settings().renegotiations() : null;
        Connected12 before =
                exchange.renegotiated() == null ? null : exchange.renegotiated().connection();
        this.number = before == null ? 0 : before.number + 1;
        this.allowance =
                before != null ? before.allowance : permitted ? new RenegotiationAllowance(System.nanoTime()) : null;
        this.serverIdentified = exchange.settings().identifiesServer() && (before == null || before.serverIdentified);
        this.idleSeries = before == null ? 0 : before.idleSeries;
        if (proof == null) {
            throw new IllegalArgumentException("no proof of the peer's Finished");
        }
    }

    /**
     * Has the peer's last flight end here, where more of it would be the first of another handshake: nobody has seen this one complete.
     *
     * @throws SspiException if there is more
     */
    static void requireEnd(Exchange exchange, Effects out) throws SspiException {
        if (exchange.settings().permitsRenegotiation()) {
            out.peersFlightEnds();
        }
    }

    @Override
    public State on(Inbound message, Effects out) throws SspiException {
        boolean request =
                initiator ? message.message() instanceof HelloRequest : message.message() instanceof ClientHello;
        if (!request) {
            throw message.unexpected("after the handshake");
        }
        if (accepts()) {
            if (out.isClosing()) {
                // RFC 5246 7.2.1: nothing follows our close_notify. What the peer sends before it sees that is read.
                countIdle();
                return this;
            }
            if (grants()) {
                return initiator
                        ? ClientHandshake.renegotiate(renegotiations.settings(), again, out)
                        : ServerHandshake.renegotiate(renegotiations.settings(), again)
                                .on(message, out);
            }
            countIdle();
            // RFC 5246 7.2.2: the answer to a wish that is not granted.
            out.refuseRenegotiation();
            return this;
        }
        countIdle();
        switch (renegotiation) {
            case FORBID, INITIATE -> throw forbidden();
            case IGNORE -> {
                // RFC 5246 7.4.1.1: a client may ignore the request; 7.2.2: a server's client waits for an answer.
                if (!initiator) {
                    out.refuseRenegotiation();
                }
            }
            // RFC 5246 7.4.1.1, 7.4.1.2: either side may answer with a no_renegotiation alert, and the connection goes
            // on.
            case REFUSE -> out.refuseRenegotiation();
            case ACCEPT, ACCEPT_ONCE -> {
                if (again != null) {
                    throw forbidden();
                }
                // RFC 5746 4.2, 4.4: the peer does not know secure renegotiation, and another there is not here.
                out.refuseRenegotiation();
            }
        }
        return this;
    }

    /** {@return whether the peer has this wish left; what this side has asked for is its own} */
    private boolean grants() {
        // What a server has sent since the last time pays for it. A client's data is no price: it costs the client
        // nothing.
        boolean paid = initiator && idleSeries == 0;
        boolean granted = requested || paid || allowance.take(System.nanoTime());
        if (granted && idleSeries == 0) {
            idleSeries = 1;
        }
        return granted;
    }

    /** Bounds what a peer can say without getting anywhere. */
    private void countIdle() throws SspiException {
        if (++idleSeries > LONGEST_IDLE_SERIES) {
            throw AlertDescription.UNEXPECTED_MESSAGE.because(
                    "more than " + LONGEST_IDLE_SERIES + " requests to renegotiate without data between them");
        }
    }

    private static SspiException forbidden() {
        return AlertDescription.NO_RENEGOTIATION.because("the peer wants to renegotiate, which is forbidden here");
    }

    /** {@return whether the peer's wish is granted} */
    private boolean accepts() {
        return again != null
                && (requested
                        || renegotiation == Renegotiation.ACCEPT
                        || renegotiation == Renegotiation.ACCEPT_ONCE && number == 0);
    }

    /** {@return whether this client has checked the server's name in every handshake so far} */
    boolean serverIdentified() {
        return serverIdentified;
    }

    @Override
    public boolean canRenegotiate() {
        return again != null && !requested && (renegotiation != Renegotiation.ACCEPT_ONCE || number == 0);
    }

    @Override
    public boolean awaitsRenegotiation() {
        return requested;
    }

    @Override
    public State renegotiate(Effects out) throws SspiException {
        if (!canRenegotiate()) {
            throw new IllegalStateException("there is no renegotiation");
        }
        if (initiator) {
            return ClientHandshake.renegotiate(renegotiations.settings(), again, out);
        }
        out.send(new HelloRequest().toBytes());
        requested = true;
        return this;
    }

    @Override
    public boolean refused() {
        boolean awaited = requested;
        requested = false;
        return awaited;
    }

    @Override
    public ProtocolVersion version() {
        return ProtocolVersion.TLS12;
    }

    @Override
    public boolean canUpdateKeys() {
        return false;
    }

    @Override
    public void updateKeys(boolean requestPeer, Effects out) {
        throw new IllegalStateException("TLS 1.2 has no key update");
    }

    @Override
    public void dataReceived() {
        if (idleSeries != 0) {
            idleSeries = 0;
        }
    }

    @Override
    public byte[] exportKeyingMaterial(String label, byte[] context, int length) {
        return export(master, terms, label, context, length);
    }

    /** {@return what {@link #exportKeyingMaterial} does, of this master secret} */
    static byte[] export(MasterSecret master, Terms12 terms, String label, byte[] context, int length) {
        // RFC 5705 bounds neither; those of TLS 1.3 are bounds enough, but an empty label is only wrong there.
        if (label.length() > 249 || length < 0 || length > 255 * master.hash().length()) {
            throw new IllegalArgumentException("label or length outside the bounds of an exporter");
        }
        if (context != null && context.length > 0xFFFF) {
            throw new IllegalArgumentException("a context of more than 65535 bytes");
        }
        if (RESERVED_LABELS.contains(label)) {
            throw new IllegalArgumentException("a label of the protocol itself");
        }
        if (!terms.extendedMasterSecret()) {
            // RFC 7627 5.4: somebody in the middle can make two connections with one master secret.
            return null;
        }
        return master.export(label, terms.clientRandom(), terms.serverRandom(), context, length);
    }

    @Override
    public byte[] tlsUnique() {
        return terms.extendedMasterSecret() ? firstFinished.clone() : null;
    }

    @Override
    public CipherSuite suite() {
        return terms.suite();
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
        master.close();
    }

    @Override
    public String toString() {
        return "Connected12[" + terms.suite() + ", " + group + "]";
    }
}
