package org.jsspi;

import java.util.List;

/** What is known while a handshake runs. Alive during the callback that receives it, not longer. */
public interface HandshakeInfo {
    /** {@return true if this side initiated the context} */
    boolean initiator();

    /** {@return the session under negotiation} */
    Session session();

    /**
     * {@return the target name that the initiator asked for, or null; the public name of the configuration, when the server has not
     * taken the Encrypted Client Hello (RFC 9849 6.1.7)}
     */
    String targetName();

    /** {@return the application protocol: null if not known yet, empty if none was agreed} */
    String applicationProtocol();

    /**
     * {@return whom the peer says by trust_anchors that it trusts, in no order, perhaps nobody; null if it does not send this extension,
     * or before it has} It is heard in TLS 1.3 (draft-ietf-tls-trust-anchor-ids).
     */
    default List<TrustAnchorId> requestedTrustAnchors() {
        return null;
    }

    /** {@return true if the peer accepts a signature that this identity's key can make; and its delegated credential, if it has one} */
    boolean accepts(Identity identity);
}
