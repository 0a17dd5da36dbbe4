package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * One extension of a message (RFC 8446 4.2).
 *
 * <p>An extension that has several shapes has a type for each: {@code key_share} is a {@link KeyShareOffer} in a
 * ClientHello, a {@link KeyShareAnswer} in a ServerHello and a {@link KeyShareRetry} in a HelloRetryRequest. An
 * extension that has no body is an {@link Indication}; one that is unknown, or known and not read here, is a
 * {@link RawExtension}.
 */
public sealed interface Extension extends Writer.Body
        permits ApplicationProtocols,
                CertificateAuthorities,
                CertificateStatus,
                CompressCertificate,
                Cookie,
                DelegatedCredentialAnswer,
                DelegatedCredentialOffer,
                EarlyDataLimit,
                EchConfirmation,
                EchInner,
                EchOuter,
                EchRetryConfigs,
                EcPointFormats,
                Indication,
                KeyShareAnswer,
                KeyShareOffer,
                KeyShareRetry,
                MaxFragmentLength,
                PreSharedKeyOffer,
                PreSharedKeySelection,
                PskKeyExchangeModes,
                RawExtension,
                RecordSizeLimit,
                RenegotiationInfo,
                SelectedVersion,
                ServerNames,
                SignatureAlgorithms,
                SignatureAlgorithmsCert,
                SignedCertificateTimestamps,
                StatusRequest,
                SupportedGroups,
                SupportedVersions,
                TlsFlags,
                TrustAnchors {

    /** {@return the one that all extensions of this class have} */
    Shape<?> shape();

    /** {@return the number of the extension on the wire} */
    default int code() {
        return shape().type().code();
    }

    /** Writes the body, without type and length. */
    void encode(Writer out);

    /** An extension is the body of a vector: {@code out.u16(extension.code()).vector16(extension)}. */
    @Override
    default void writeTo(Writer out) {
        encode(out);
    }

    /**
     * Reads the body of an extension, all of {@code in}.
     *
     * @param code the type on the wire
     * @param message where it stands; a ServerHello of TLS 1.2 is a {@link HandshakeType#SERVER_HELLO}
     */
    static Extension decode(int code, HandshakeType message, Reader in) throws SspiException {
        ExtensionType type = ExtensionType.of(code).orElse(null);
        Extension extension = type == null ? RawExtension.decode(code, in) : decode(type, message, in);
        in.end();
        return extension;
    }

    private static Extension decode(ExtensionType type, HandshakeType message, Reader in) throws SspiException {
        boolean offer = message == HandshakeType.CLIENT_HELLO;
        return switch (type) {
            case SERVER_NAME -> offer ? ServerNames.decode(in) : new Indication(type);
            case MAX_FRAGMENT_LENGTH -> MaxFragmentLength.decode(in);
            case STATUS_REQUEST ->
                switch (message) {
                    case CLIENT_HELLO -> StatusRequest.decode(in);
                    case CERTIFICATE -> CertificateStatus.decode(in);
                    // RFC 8446 4.4.2.1: the request of a server is empty, as the answer in a ServerHello of TLS 1.2 is.
                    default -> new Indication(type);
                };
            case SIGNED_CERTIFICATE_TIMESTAMP ->
                switch (message) {
                    case CERTIFICATE, SERVER_HELLO -> SignedCertificateTimestamps.decode(in);
                    // RFC 6962 3.3.1: the request is empty.
                    default -> new Indication(type);
                };
            case SUPPORTED_GROUPS -> SupportedGroups.decode(in);
            case EC_POINT_FORMATS -> EcPointFormats.decode(in);
            case SIGNATURE_ALGORITHMS -> SignatureAlgorithms.decode(in);
            case SIGNATURE_ALGORITHMS_CERT -> SignatureAlgorithmsCert.decode(in);
            case APPLICATION_LAYER_PROTOCOL_NEGOTIATION -> ApplicationProtocols.decode(in, offer);
            case RECORD_SIZE_LIMIT -> RecordSizeLimit.decode(in);
            case PRE_SHARED_KEY -> offer ? PreSharedKeyOffer.decode(in) : PreSharedKeySelection.decode(in);
            case EARLY_DATA ->
                message == HandshakeType.NEW_SESSION_TICKET ? EarlyDataLimit.decode(in) : new Indication(type);
            case SUPPORTED_VERSIONS -> offer ? SupportedVersions.decode(in) : SelectedVersion.decode(in);
            case COOKIE -> Cookie.decode(in);
            case PSK_KEY_EXCHANGE_MODES -> PskKeyExchangeModes.decode(in);
            case CERTIFICATE_AUTHORITIES -> CertificateAuthorities.decode(in);
            case KEY_SHARE ->
                switch (message) {
                    case CLIENT_HELLO -> KeyShareOffer.decode(in);
                    case HELLO_RETRY_REQUEST -> KeyShareRetry.decode(in);
                    default -> KeyShareAnswer.decode(in);
                };
            case DELEGATED_CREDENTIAL ->
                message == HandshakeType.CERTIFICATE
                        ? DelegatedCredentialAnswer.decode(in)
                        : DelegatedCredentialOffer.decode(in);
            case COMPRESS_CERTIFICATE -> CompressCertificate.decode(in);
            case RENEGOTIATION_INFO -> RenegotiationInfo.decode(in);
            case TLS_FLAGS -> TlsFlags.decode(in);
            case TRUST_ANCHORS ->
                switch (message) {
                    case CLIENT_HELLO, CERTIFICATE_REQUEST -> TrustAnchors.decode(in, 0);
                    case ENCRYPTED_EXTENSIONS -> TrustAnchors.decode(in, 1);
                    case CERTIFICATE -> new Indication(type);
                    // A ServerHello of TLS 1.2, where it is refused whatever it says.
                    default -> RawExtension.decode(type.code(), in);
                };
            case ENCRYPTED_CLIENT_HELLO ->
                switch (message) {
                    case CLIENT_HELLO -> EchOuter.decode(in);
                    case HELLO_RETRY_REQUEST -> EchConfirmation.decode(in);
                    case ENCRYPTED_EXTENSIONS -> EchRetryConfigs.decode(in);
                    // A ServerHello of TLS 1.2, where it is refused whatever it says.
                    default -> RawExtension.decode(type.code(), in);
                };
            case POST_HANDSHAKE_AUTH, EXTENDED_MASTER_SECRET, ENCRYPT_THEN_MAC -> new Indication(type);
            case USE_SRTP,
                    HEARTBEAT,
                    CLIENT_CERTIFICATE_TYPE,
                    SERVER_CERTIFICATE_TYPE,
                    PADDING,
                    SESSION_TICKET,
                    OID_FILTERS,
                    QUIC_TRANSPORT_PARAMETERS -> RawExtension.decode(type.code(), in);
        };
    }
}
