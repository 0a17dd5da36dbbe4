package org.jsspi;

/** What a {@link SecBuffer} holds: the SECBUFFER_ constants of {@code sspi.h}, without their prefix. */
public enum SecBufferType {
    /** A placeholder that the package may turn into another type. */
    EMPTY(0),
    /** Application data. */
    DATA(1),
    /** A handshake token, or the signature of a message. */
    TOKEN(2),
    PKG_PARAMS(3),
    /** Its length says how many more bytes are needed; it has no memory. A hint that may be too small. */
    MISSING(4),
    /** Its length says how many bytes at the end of the input are not processed. */
    EXTRA(5),
    STREAM_TRAILER(6),
    STREAM_HEADER(7),
    NEGOTIATION_INFO(8),
    PADDING(9),
    /** A whole protected message. */
    STREAM(10),
    MECHLIST(11),
    MECHLIST_SIGNATURE(12),
    TARGET(13),
    /** SEC_CHANNEL_BINDINGS. */
    CHANNEL_BINDINGS(14),
    CHANGE_PASS_RESPONSE(15),
    TARGET_HOST(16),
    /** An alert that accompanies a failure. */
    ALERT(17),
    /** SEC_APPLICATION_PROTOCOLS, see {@link ApplicationProtocols}. */
    APPLICATION_PROTOCOLS(18),
    SRTP_PROTECTION_PROFILES(19),
    SRTP_MASTER_KEY_IDENTIFIER(20),
    TOKEN_BINDING(21),
    PRESHARED_KEY(22),
    PRESHARED_KEY_IDENTITY(23),
    DTLS_MTU(24),
    SEND_GENERIC_TLS_EXTENSION(25),
    SUBSCRIBE_GENERIC_TLS_EXTENSION(26),
    FLAGS(27),
    TRAFFIC_SECRETS(28),
    CERTIFICATE_REQUEST_CONTEXT(29),
    CHANNEL_BINDINGS_RESULT(30),
    APP_SESSION_STATE(31),
    SESSION_TICKET(32);

    private final int value;

    SecBufferType(int value) {
        this.value = value;
    }

    /** {@return the value of the SECBUFFER_ constant, without attribute bits} */
    public int value() {
        return value;
    }

    /**
     * {@return the type with this value; attribute bits are ignored}
     *
     * @throws IllegalArgumentException if there is no such type
     */
    public static SecBufferType of(int value) {
        int index = value & ~SecBuffer.ATTRMASK;
        if (index >= values().length) {
            throw new IllegalArgumentException("no buffer type " + index);
        }
        return values()[index];
    }
}
