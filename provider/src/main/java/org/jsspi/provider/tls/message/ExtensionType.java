package org.jsspi.provider.tls.message;

import static org.jsspi.provider.tls.message.HandshakeType.CERTIFICATE;
import static org.jsspi.provider.tls.message.HandshakeType.CERTIFICATE_REQUEST;
import static org.jsspi.provider.tls.message.HandshakeType.CLIENT_HELLO;
import static org.jsspi.provider.tls.message.HandshakeType.ENCRYPTED_EXTENSIONS;
import static org.jsspi.provider.tls.message.HandshakeType.HELLO_RETRY_REQUEST;
import static org.jsspi.provider.tls.message.HandshakeType.NEW_SESSION_TICKET;
import static org.jsspi.provider.tls.message.HandshakeType.SERVER_HELLO;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The extensions that are known here, and the messages that each may appear in.
 *
 * <p>Source: the table of RFC 8446 4.2, with RFC 8449, RFC 8879, RFC 9001, RFC 9345, RFC 9849, draft-ietf-tls-tlsflags and
 * draft-ietf-tls-trust-anchor-ids for those that came later. Extensions that only TLS 1.2 uses may appear in a ClientHello, which offers
 * both versions at once, and in a ServerHello of TLS 1.2.
 */
public enum ExtensionType implements Coded {
    SERVER_NAME(0, true, CLIENT_HELLO, ENCRYPTED_EXTENSIONS),
    MAX_FRAGMENT_LENGTH(1, true, CLIENT_HELLO, ENCRYPTED_EXTENSIONS),
    STATUS_REQUEST(5, true, CLIENT_HELLO, CERTIFICATE_REQUEST, CERTIFICATE),
    /** RFC 8422 5.1 sends it in a ClientHello only; servers of TLS 1.2 that echo it are known, and it means nothing there. */
    SUPPORTED_GROUPS(10, true, CLIENT_HELLO, ENCRYPTED_EXTENSIONS),
    EC_POINT_FORMATS(11, true, CLIENT_HELLO),
    SIGNATURE_ALGORITHMS(13, false, CLIENT_HELLO, CERTIFICATE_REQUEST),
    USE_SRTP(14, true, CLIENT_HELLO, ENCRYPTED_EXTENSIONS),
    HEARTBEAT(15, true, CLIENT_HELLO, ENCRYPTED_EXTENSIONS),
    APPLICATION_LAYER_PROTOCOL_NEGOTIATION(16, true, CLIENT_HELLO, ENCRYPTED_EXTENSIONS),
    SIGNED_CERTIFICATE_TIMESTAMP(18, true, CLIENT_HELLO, CERTIFICATE_REQUEST, CERTIFICATE),
    CLIENT_CERTIFICATE_TYPE(19, true, CLIENT_HELLO, ENCRYPTED_EXTENSIONS),
    SERVER_CERTIFICATE_TYPE(20, true, CLIENT_HELLO, ENCRYPTED_EXTENSIONS),
    PADDING(21, false, CLIENT_HELLO),
    ENCRYPT_THEN_MAC(22, true, CLIENT_HELLO),
    EXTENDED_MASTER_SECRET(23, true, CLIENT_HELLO),
    COMPRESS_CERTIFICATE(27, false, CLIENT_HELLO, CERTIFICATE_REQUEST),
    RECORD_SIZE_LIMIT(28, true, CLIENT_HELLO, ENCRYPTED_EXTENSIONS),
    DELEGATED_CREDENTIAL(34, false, CLIENT_HELLO, CERTIFICATE_REQUEST, CERTIFICATE),
    SESSION_TICKET(35, true, CLIENT_HELLO),
    PRE_SHARED_KEY(41, false, CLIENT_HELLO, SERVER_HELLO),
    EARLY_DATA(42, false, CLIENT_HELLO, ENCRYPTED_EXTENSIONS, NEW_SESSION_TICKET),
    SUPPORTED_VERSIONS(43, false, CLIENT_HELLO, SERVER_HELLO, HELLO_RETRY_REQUEST),
    COOKIE(44, false, CLIENT_HELLO, HELLO_RETRY_REQUEST),
    PSK_KEY_EXCHANGE_MODES(45, false, CLIENT_HELLO),
    CERTIFICATE_AUTHORITIES(47, false, CLIENT_HELLO, CERTIFICATE_REQUEST),
    OID_FILTERS(48, false, CERTIFICATE_REQUEST),
    POST_HANDSHAKE_AUTH(49, false, CLIENT_HELLO),
    SIGNATURE_ALGORITHMS_CERT(50, false, CLIENT_HELLO, CERTIFICATE_REQUEST),
    KEY_SHARE(51, false, CLIENT_HELLO, SERVER_HELLO, HELLO_RETRY_REQUEST),
    QUIC_TRANSPORT_PARAMETERS(57, false, CLIENT_HELLO, ENCRYPTED_EXTENSIONS),
    /** TLS 1.2 has it in no ServerHello; one that sends it all the same is told that nobody has asked for it. */
    TLS_FLAGS(
            62,
            true,
            CLIENT_HELLO,
            SERVER_HELLO,
            HELLO_RETRY_REQUEST,
            ENCRYPTED_EXTENSIONS,
            CERTIFICATE_REQUEST,
            CERTIFICATE,
            NEW_SESSION_TICKET),
    /** draft-ietf-tls-trust-anchor-ids, under the number that BoringSSL uses until there is one. In a ServerHello as the two above. */
    TRUST_ANCHORS(0xCA34, true, CLIENT_HELLO, ENCRYPTED_EXTENSIONS, CERTIFICATE_REQUEST, CERTIFICATE),
    /** TLS 1.2 has it in no ServerHello; one that sends it all the same is told so too. */
    ENCRYPTED_CLIENT_HELLO(0xFE0D, true, CLIENT_HELLO, ENCRYPTED_EXTENSIONS, HELLO_RETRY_REQUEST),
    RENEGOTIATION_INFO(0xFF01, true, CLIENT_HELLO);

    private static final CodeTable<ExtensionType> BY_CODE = new CodeTable<>(values());

    private final int code;
    private final boolean inServerHello12;
    private final Set<HandshakeType> messages;

    ExtensionType(int code, boolean inServerHello12, HandshakeType first, HandshakeType... more) {
        this.code = code;
        this.inServerHello12 = inServerHello12;
        this.messages = Collections.unmodifiableSet(EnumSet.of(first, more));
    }

    /** {@return the number on the wire} */
    @Override
    public int code() {
        return code;
    }

    /** {@return the messages of TLS 1.3 that may hold this extension; a ClientHello serves every version} */
    public Set<HandshakeType> messages() {
        return messages;
    }

    /** {@return whether this extension may appear in this message of TLS 1.3} */
    public boolean allowedIn(HandshakeType message) {
        return messages.contains(message);
    }

    /** {@return whether this extension may appear in a ServerHello that chooses TLS 1.2} */
    public boolean allowedInServerHello12() {
        return inServerHello12;
    }

    /** {@return the name as RFC 8446 spells it, such as {@code key_share}} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the type with that number, or empty when it is not known here} */
    public static Optional<ExtensionType> of(int code) {
        return BY_CODE.find(code);
    }
}
