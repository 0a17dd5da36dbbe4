package org.jsspi.provider.tls.handshake;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SNIServerName;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.EndpointIdentification;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ProtocolVersion;

/**
 * What resumption needs: of TLS 1.3 (RFC 8446 4.6.1) the pre-shared key of one ticket, of TLS 1.2 (RFC 5246 7.3, RFC 5077) the
 * master secret, which was bound to its handshake (RFC 7627); and what it is bound to.
 *
 * <p>It holds a key: whoever keeps it destroys it. A client uses one of TLS 1.3 for one connection only (RFC 8446
 * C.4).
 */
public final class ResumableSession implements AutoCloseable {
    private final CipherSuite suite;
    private final Secret preSharedKey;
    private final byte[] ticket;
    private final boolean isSessionId;
    private final long ageAdd;
    private final long lifetimeSeconds;
    private final long issuedAt;
    private final TlsSession session;
    private final List<SNIServerName> serverNames;
    private final String applicationProtocol;
    private final ClientAuthentication clientAuthentication;
    private final Object trustScope;
    private final EarlyDataGrant earlyData;

    /**
     * A session that can be resumed.
     *
     * @param suite whose hash the key belongs to
     * @param preSharedKey taken over; in TLS 1.2 the master secret
     * @param ticket what a client shows; empty on the server, whose memory makes it
     * @param isSessionId whether that is a session id (RFC 5246 7.4.1.2) and no ticket
     * @param ageAdd what hides the age, 0 to 2^32 - 1; 0 in TLS 1.2
     * @param lifetimeSeconds 1 to 604800
     * @param issuedAt milliseconds since the epoch
     * @param session what was agreed, and with whom
     * @param serverNames what the client asked for
     * @param applicationProtocol empty if none
     * @param clientAuthentication what the server asked of the client; NONE on the client
     * @param trustScope whose decisions the peer's chain was judged by; may be null
     * @param earlyData what the ticket is good for besides
     */
    public ResumableSession(
            CipherSuite suite,
            Secret preSharedKey,
            byte[] ticket,
            boolean isSessionId,
            long ageAdd,
            long lifetimeSeconds,
            long issuedAt,
            TlsSession session,
            List<SNIServerName> serverNames,
            String applicationProtocol,
            ClientAuthentication clientAuthentication,
            Object trustScope,
            EarlyDataGrant earlyData) {
        this.suite = Objects.requireNonNull(suite, "suite");
        this.preSharedKey = Objects.requireNonNull(preSharedKey, "preSharedKey");
        this.ticket = ticket.clone();
        this.isSessionId = isSessionId;
        this.ageAdd = ageAdd;
        this.lifetimeSeconds = lifetimeSeconds;
        this.issuedAt = issuedAt;
        this.session = Objects.requireNonNull(session, "session");
        this.serverNames = List.copyOf(serverNames);
        this.applicationProtocol = Objects.requireNonNull(applicationProtocol, "applicationProtocol");
        this.clientAuthentication = Objects.requireNonNull(clientAuthentication, "clientAuthentication");
        this.trustScope = trustScope;
        this.earlyData = Objects.requireNonNull(earlyData, "earlyData");
    }

    /** {@return the suite, whose hash the key belongs to} */
    public CipherSuite suite() {
        return suite;
    }

    /** {@return the key, which this session owns: in TLS 1.2 the master secret} */
    public Secret preSharedKey() {
        return preSharedKey;
    }

    /** {@return a copy of what the client shows; empty on the server} */
    public byte[] ticket() {
        return ticket.clone();
    }

    /** {@return whether the client shows a session id and no ticket: in TLS 1.2, of a server that has no tickets} */
    public boolean isSessionId() {
        return isSessionId;
    }

    /** {@return ticket_age_add, 0 to 2^32 - 1} */
    public long ageAdd() {
        return ageAdd;
    }

    /** {@return how long it may be used after {@link #issuedAt()}, in seconds} */
    public long lifetimeSeconds() {
        return lifetimeSeconds;
    }

    /** {@return when the ticket was issued or arrived, in milliseconds since the epoch} */
    public long issuedAt() {
        return issuedAt;
    }

    /** {@return what was agreed} */
    public TlsSession session() {
        return session;
    }

    /** {@return the names that the client asked for} */
    public List<SNIServerName> serverNames() {
        return serverNames;
    }

    /** {@return the application protocol, empty if none} */
    public String applicationProtocol() {
        return applicationProtocol;
    }

    /** {@return what the server asked of the client} */
    public ClientAuthentication clientAuthentication() {
        return clientAuthentication;
    }

    /** {@return whose decisions the peer's chain was judged by, or null} */
    public Object trustScope() {
        return trustScope;
    }

    /** {@return what the ticket is good for besides} */
    public EarlyDataGrant earlyData() {
        return earlyData;
    }

    /** {@return whether it may be used at that time, in milliseconds since the epoch} */
    public boolean isUsableAt(long now) {
        long age = now - issuedAt;
        return age >= 0
                && age <= lifetimeSeconds * 1000
                // RFC 9345 7.4: not beyond the delegated credential by which the peer is known.
                && now <= session.delegatedUntil()
                && session.isValid()
                && !preSharedKey.isDestroyed();
    }

    /** {@return the version that it resumes} */
    public ProtocolVersion version() {
        return suite.version();
    }

    /**
     * {@return whether a server may resume it in this handshake, whose version and application protocol are agreed, for a client that
     * asks for these names}
     *
     * <p>A client's chain that was judged elsewhere is still to be judged: see {@link Exchange#trusts}.
     */
    boolean serves(Exchange exchange, List<SNIServerName> names) {
        HandshakeSettings settings = exchange.settings();
        boolean authenticated = session.authenticatesByCertificate();
        // A key of this version: none that the other has made (RFC 8446 4.2.11, RFC 5246 7.4.1.2).
        return version() == exchange.version()
                && isUsableAt(System.currentTimeMillis())
                // RFC 6066 3: a session is not resumed for another name, unless the certificate is to decide.
                && (serverNames.equals(names) || settings.resumptionAcrossNames() && mayChangeName())
                // What was decided for one protocol, a client's certificate above all, is not carried into another.
                && applicationProtocol.equals(exchange.applicationProtocol())
                // A session that was made under other demands on the client does not meet these.
                && clientAuthentication == settings.clientAuthentication()
                // What is to be kept of a chain has to be there, and no more.
                && (!authenticated
                        || settings.retainOnlyCertificateHash()
                                == session.peerCertificates().isEmpty())
                && (!session.peerDelegated() || settings.acceptsDelegatedCredentials())
                && (authenticated
                        || session.preSharedKeyName() != null
                        || clientAuthentication != ClientAuthentication.NEED)
                && (!authenticated
                        || trustScope == SessionStates.ELSEWHERE
                        || Objects.equals(trustScope, settings.callbacks().trustScope()));
    }

    /** {@return whether nothing of it is for its name alone: neither a client's certificate nor a key from outside} */
    boolean mayChangeName() {
        return version() == ProtocolVersion.TLS13
                && !session.authenticatesByCertificate()
                && session.preSharedKeyName() == null;
    }

    /**
     * {@return whether a client may offer it for another name than it was made for: the server has said so, its certificate has the name, and
     * this client has shown none}
     *
     * @param host the other name
     */
    public boolean coversName(String host) {
        return session.resumableAcrossNames()
                && version() == ProtocolVersion.TLS13
                && session.preSharedKeyName() == null
                && session.localCertificates().isEmpty()
                && isFor(host, session.peerCertificates());
    }

    /** {@return whether the first certificate of this chain, which may be empty, is one for this name} */
    static boolean isFor(String host, List<X509Certificate> chain) {
        try {
            if (!chain.isEmpty()) {
                EndpointIdentification.check("HTTPS", host, chain.get(0));
                return true;
            }
        } catch (CertificateException anotherName) {
            // The session stays with its name.
        }
        return false;
    }

    /** {@return the same with a key of its own: each of the two is destroyed by itself} */
    public ResumableSession copy() {
        return new ResumableSession(
                suite,
                preSharedKey.copy(),
                ticket,
                isSessionId,
                ageAdd,
                lifetimeSeconds,
                issuedAt,
                session,
                serverNames,
                applicationProtocol,
                clientAuthentication,
                trustScope,
                earlyData);
    }

    /** Wipes the key. */
    public void destroy() {
        preSharedKey.destroy();
    }

    /** The same as {@link #destroy()}. */
    @Override
    public void close() {
        destroy();
    }

    @Override
    public String toString() {
        return "ResumableSession[" + suite + ", " + serverNames + "]";
    }
}
