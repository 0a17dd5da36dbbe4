package org.jsspi;

import java.lang.reflect.ParameterizedType;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Objects;

/**
 * What {@link SecurityContext#queryContextAttributes} can be asked: the SECPKG_ATTR_ constants, each with the type of its
 * answer. Ids are those of {@code sspi.h} and {@code schannel.h}; packages may make further ones.
 *
 * @param <T> the type of the answer
 */
public final class ContextAttribute<T> {
    /** How much room the message functions need, of contexts that are not streams. */
    public static final ContextAttribute<Sizes> SIZES = new ContextAttribute<>(0x0, "SIZES");
    /** The user of the context: on the acceptor's side, who the initiator is. Such as {@code DOMAIN\\user}. */
    public static final ContextAttribute<String> NAMES = new ContextAttribute<>(0x1, "NAMES");
    /** Header, trailer and message sizes of a stream context. */
    public static final ContextAttribute<StreamSizes> STREAM_SIZES =
            new ContextAttribute<>(0x4, "STREAM_SIZES", StreamSizes.class);
    /** When the context began and when it ends. */
    public static final ContextAttribute<Lifespan> LIFESPAN = new ContextAttribute<>(0x2, "LIFESPAN");
    /** Which algorithms protect messages. */
    public static final ContextAttribute<KeyInfo> KEY_INFO = new ContextAttribute<>(0x5, "KEY_INFO");
    /** The authority that vouched for the user. */
    public static final ContextAttribute<String> AUTHORITY = new ContextAttribute<>(0x6, "AUTHORITY");
    /** When the user's password expires. */
    public static final ContextAttribute<Instant> PASSWORD_EXPIRY = new ContextAttribute<>(0x8, "PASSWORD_EXPIRY");
    /** The session key, which SMB, LDAP and RPC derive theirs from: a copy that the caller wipes. */
    public static final ContextAttribute<byte[]> SESSION_KEY = new ContextAttribute<>(0x9, "SESSION_KEY");
    /** The package that the context belongs to. */
    public static final ContextAttribute<SecPkgInfo> PACKAGE_INFO = new ContextAttribute<>(0xA, "PACKAGE_INFO");
    /** The package that a negotiation settled on; the package itself where nothing was negotiated. */
    public static final ContextAttribute<NegotiationInfo> NEGOTIATION_INFO =
            new ContextAttribute<>(0xC, "NEGOTIATION_INFO");
    /** Both parties in the package's own spelling. */
    public static final ContextAttribute<NativeNames> NATIVE_NAMES = new ContextAttribute<>(0xD, "NATIVE_NAMES");
    /** The context attributes: bits of {@link IscRet} on the initiator's side, of {@link AscRet} on the acceptor's. */
    public static final ContextAttribute<Long> FLAGS = new ContextAttribute<>(0xE, "FLAGS");
    /** What the server said of itself, marshalled: for NTLM the AV pairs of the CHALLENGE_MESSAGE. A copy. */
    public static final ContextAttribute<byte[]> TARGET_INFORMATION =
            new ContextAttribute<>(0x11, "TARGET_INFORMATION");
    /** Channel bindings that are unique to the connection: tls-unique. Not defined for TLS 1.3. */
    public static final ContextAttribute<ChannelBindings> UNIQUE_BINDINGS =
            new ContextAttribute<>(0x19, "UNIQUE_BINDINGS");
    /** Channel bindings of the server's certificate: tls-server-end-point (RFC 5929). */
    public static final ContextAttribute<ChannelBindings> ENDPOINT_BINDINGS =
            new ContextAttribute<>(0x1A, "ENDPOINT_BINDINGS");
    /** The acceptor's side: the service that the client named in its token. */
    public static final ContextAttribute<String> CLIENT_SPECIFIED_TARGET =
            new ContextAttribute<>(0x1B, "CLIENT_SPECIFIED_TARGET");
    /** The acceptor's side: whether the client's token was its last. */
    public static final ContextAttribute<LastClientTokenStatus> LAST_CLIENT_TOKEN_STATUS =
            new ContextAttribute<>(0x1E, "LAST_CLIENT_TOKEN_STATUS");
    /** The application protocol that was agreed on. */
    public static final ContextAttribute<ApplicationProtocol> APPLICATION_PROTOCOL =
            new ContextAttribute<>(0x23, "APPLICATION_PROTOCOL", ApplicationProtocol.class);
    /** The peer's own certificate. */
    public static final ContextAttribute<X509Certificate> REMOTE_CERT_CONTEXT =
            new ContextAttribute<>(0x53, "REMOTE_CERT_CONTEXT");
    /** The certificate that was sent to the peer. */
    public static final ContextAttribute<X509Certificate> LOCAL_CERT_CONTEXT =
            new ContextAttribute<>(0x54, "LOCAL_CERT_CONTEXT");
    /** Protocol and algorithms as ALG_IDs. */
    public static final ContextAttribute<ConnectionInfo> CONNECTION_INFO =
            new ContextAttribute<>(0x5A, "CONNECTION_INFO");
    /** Session id, and whether the session was resumed. */
    public static final ContextAttribute<SessionInfo> SESSION_INFO = new ContextAttribute<>(0x5D, "SESSION_INFO");
    /** Cipher suite in words. */
    public static final ContextAttribute<CipherInfo> CIPHER_INFO = new ContextAttribute<>(0x64, "CIPHER_INFO");
    /** Set only: which keying material KEYING_MATERIAL will export. */
    public static final ContextAttribute<KeyingMaterialInfo> KEYING_MATERIAL_INFO =
            new ContextAttribute<>(0x6A, "KEYING_MATERIAL_INFO");
    /** Exported keying material (RFC 5705, RFC 8446 7.5) as KEYING_MATERIAL_INFO described it. */
    public static final ContextAttribute<byte[]> KEYING_MATERIAL = new ContextAttribute<>(0x6B, "KEYING_MATERIAL");

    /** Ours: {@link Session}, before and after completion. */
    public static final ContextAttribute<Session> SESSION =
            new ContextAttribute<>(0x4A53_0001, "SESSION", Session.class);
    /** Ours: channel bindings of RFC 9266, tls-exporter. */
    public static final ContextAttribute<ChannelBindings> EXPORTER_BINDINGS =
            new ContextAttribute<>(0x4A53_0002, "EXPORTER_BINDINGS");
    /**
     * Ours, set only, with null as its value: the reset of the keys that datagram contexts promise. Cipher states and the
     * receiver's window return to where they began. The {@link SequenceGuard} does not: it belongs to the key, and the key
     * stays.
     *
     * <p>A connection of NTLM takes it once, right after the mechListMIC of SPNEGO (MS-SPNG 3.3.5.1), which
     * {@code makeSignature} makes and {@code verifySignature} checks over the list of mechanisms; later it is
     * SEC_E_OUT_OF_SEQUENCE, because two messages would be under one keystream.
     */
    public static final ContextAttribute<Void> RESET_KEYS = new ContextAttribute<>(0x4A53_0003, "RESET_KEYS");
    /**
     * Ours: what this side signs with, as a key for {@code Mac} and {@code Signature}. A datagram context has it from its
     * first establishing call on, a connection-oriented one once it is complete, but Mac and Signature refuse that one.
     */
    public static final ContextAttribute<ContextKey.Signing> SIGNING_KEY =
            new ContextAttribute<>(0x4A53_0004, "SIGNING_KEY");
    /** Ours: what this side verifies the peer's messages with. Once the context is complete. */
    public static final ContextAttribute<ContextKey.Verifying> VERIFYING_KEY =
            new ContextAttribute<>(0x4A53_0005, "VERIFYING_KEY");
    /** Ours: the name of the pre-shared key by which the two sides know each other. */
    public static final ContextAttribute<PreSharedKey.Name> PRE_SHARED_KEY_NAME =
            new ContextAttribute<>(0x4A53_0006, "PRE_SHARED_KEY_NAME");
    /** Ours: {@link EarlyDataInfo}, as soon as the handshake has decided about it: for a client with its first flight. */
    public static final ContextAttribute<EarlyDataInfo> EARLY_DATA = new ContextAttribute<>(0x4A53_0007, "EARLY_DATA");

    private final int id;
    private final String name;
    /** Of the constants only those that every connection is asked for name it: a class literal would load its class. */
    private final Class<T> type;

    /**
     * An attribute.
     *
     * @param id the SECPKG_ATTR_ value
     * @param name its name, without the prefix
     * @param type the type of the answer
     * @throws NullPointerException if it is null
     */
    public ContextAttribute(int id, String name, Class<T> type) {
        this.id = id;
        this.name = name;
        this.type = Objects.requireNonNull(type, "type");
    }

    /** One of the constants, whose declaration says the type of the answer. */
    private ContextAttribute(int id, String name) {
        this.id = id;
        this.name = name;
        this.type = null;
    }

    /** {@return the SECPKG_ATTR_ value} */
    public int id() {
        return id;
    }

    /** {@return the type of the answer} */
    public Class<T> type() {
        return type == null ? declaredType() : type;
    }

    @SuppressWarnings("unchecked") // Between the angle brackets of a constant stands its T.
    private Class<T> declaredType() {
        try {
            ParameterizedType declared =
                    (ParameterizedType) ContextAttribute.class.getField(name).getGenericType();
            return (Class<T>) declared.getActualTypeArguments()[0];
        } catch (NoSuchFieldException e) {
            throw new AssertionError("a constant is called what it is named", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
