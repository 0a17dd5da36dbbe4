package org.jsspi.provider.tls.handshake;

import java.util.EnumSet;
import java.util.Set;
import org.jsspi.ContextOptions;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.NamedGroup;

/**
 * The point at which a client of TLS 1.2 may send application data, behind its Finished and before the server's (RFC 7918): under
 * which conditions it gets there, and what it can know there.
 *
 * <p>Before the server's Finished is verified somebody may have meddled with the handshake. The conditions see to it that this
 * is of no use to him: the weakest that he can bring about is strong, and only the server whose certificate was judged can read
 * what is sent (RFC 7918 5). The master secret is the handshake's, and the connection's after that, which destroy it.
 */
public final class FalseStart {
    /**
     * RFC 7918 5.1, 5.3: ciphers of 128 bits and more that authenticate, and a key exchange that is forward-secret and signed with
     * the key of a certificate. A suite is not here unless it was thought about.
     */
    private static final Set<CipherSuite> SUITES = EnumSet.of(
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256);

    /** RFC 7918 5.3: curves of at least 256 bits, and x25519 (RFC 7748), which is as strong. */
    private static final Set<NamedGroup> GROUPS = EnumSet.of(
            NamedGroup.SECP256R1, NamedGroup.SECP384R1, NamedGroup.SECP521R1, NamedGroup.X25519, NamedGroup.X448);

    private final String applicationProtocol;
    private final Terms12 terms;
    private final MasterSecret master;

    /**
     * A client has sent its Finished.
     *
     * @param applicationProtocol empty for none
     * @param master stays the handshake's
     */
    FalseStart(String applicationProtocol, Terms12 terms, MasterSecret master) {
        this.applicationProtocol = applicationProtocol;
        this.terms = terms;
        this.master = master;
    }

    /**
     * {@return whether a full handshake, in which the server's certificate has been judged, may go on like this where the caller
     * wishes it}
     *
     * <p>RFC 7918 5.2 wants the newest version only. TLS 1.2 is not, but a server that knows TLS 1.3 says so in the random that it has
     * signed (RFC 8446 4.1.3), and that was looked at: nobody has taken TLS 1.3 away. In a fallback the client has taken it away
     * itself, perhaps because somebody wanted that, and TLS_FALLBACK_SCSV has no other protection than the Finished messages.
     */
    static boolean isAllowed(Exchange exchange, Terms12 terms, NamedGroup group) {
        return isStrong(terms.suite(), group)
                // RFC 7918 5.2: no earlier version in a retry with TLS_FALLBACK_SCSV.
                && !exchange.settings().fallback()
                // RFC 7918 5.3: what is sent would go with the client's signature to who has not shown yet that he
                // asked for it.
                && exchange.session().localCertificates().isEmpty()
                // RFC 9849 6.1.6: not with a server that has not taken the encrypted hello.
                && !exchange.isEchRejected()
                && (!exchange.applicationProtocol().isEmpty()
                        || exchange.settings().falseStart() == ContextOptions.FalseStart.ALWAYS);
    }

    /** {@return whether nobody can read what is sent with these, even if he has chosen them} */
    static boolean isStrong(CipherSuite suite, NamedGroup group) {
        return SUITES.contains(suite) && GROUPS.contains(group);
    }

    /** {@return the application protocol, empty if none was agreed} */
    public String applicationProtocol() {
        return applicationProtocol;
    }

    /**
     * Exports keying material as {@link Connected#exportKeyingMaterial} does, and the same: with the extended master secret it is of
     * this handshake, whoever has meddled with it, and of no other.
     */
    public byte[] exportKeyingMaterial(String label, byte[] context, int length) {
        return Connected12.export(master, terms, label, context, length);
    }
}
