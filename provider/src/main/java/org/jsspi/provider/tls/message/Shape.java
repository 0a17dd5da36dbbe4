package org.jsspi.provider.tls.message;

/**
 * What an extension looks like: {@code extensions.find(Shape.COOKIE)} finds a {@link Cookie}. A constant and not the class, which
 * the JVM would have to load to be told that there is none.
 *
 * @param <T> the extensions of this shape, all of them and no others
 */
public final class Shape<T extends Extension> {
    public static final Shape<ApplicationProtocols> APPLICATION_PROTOCOLS =
            new Shape<>(ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION);
    public static final Shape<CertificateAuthorities> CERTIFICATE_AUTHORITIES =
            new Shape<>(ExtensionType.CERTIFICATE_AUTHORITIES);
    public static final Shape<CertificateStatus> CERTIFICATE_STATUS = new Shape<>(ExtensionType.STATUS_REQUEST);
    public static final Shape<CompressCertificate> COMPRESS_CERTIFICATE =
            new Shape<>(ExtensionType.COMPRESS_CERTIFICATE);
    public static final Shape<Cookie> COOKIE = new Shape<>(ExtensionType.COOKIE);
    public static final Shape<DelegatedCredentialAnswer> DELEGATED_CREDENTIAL_ANSWER =
            new Shape<>(ExtensionType.DELEGATED_CREDENTIAL);
    public static final Shape<DelegatedCredentialOffer> DELEGATED_CREDENTIAL_OFFER =
            new Shape<>(ExtensionType.DELEGATED_CREDENTIAL);
    public static final Shape<EarlyDataLimit> EARLY_DATA_LIMIT = new Shape<>(ExtensionType.EARLY_DATA);
    public static final Shape<EcPointFormats> EC_POINT_FORMATS = new Shape<>(ExtensionType.EC_POINT_FORMATS);
    public static final Shape<EchConfirmation> ECH_CONFIRMATION = new Shape<>(ExtensionType.ENCRYPTED_CLIENT_HELLO);
    public static final Shape<EchInner> ECH_INNER = new Shape<>(ExtensionType.ENCRYPTED_CLIENT_HELLO);
    public static final Shape<EchOuter> ECH_OUTER = new Shape<>(ExtensionType.ENCRYPTED_CLIENT_HELLO);
    public static final Shape<EchRetryConfigs> ECH_RETRY_CONFIGS = new Shape<>(ExtensionType.ENCRYPTED_CLIENT_HELLO);
    public static final Shape<KeyShareAnswer> KEY_SHARE_ANSWER = new Shape<>(ExtensionType.KEY_SHARE);
    public static final Shape<KeyShareOffer> KEY_SHARE_OFFER = new Shape<>(ExtensionType.KEY_SHARE);
    public static final Shape<KeyShareRetry> KEY_SHARE_RETRY = new Shape<>(ExtensionType.KEY_SHARE);
    public static final Shape<MaxFragmentLength> MAX_FRAGMENT_LENGTH = new Shape<>(ExtensionType.MAX_FRAGMENT_LENGTH);
    public static final Shape<PreSharedKeyOffer> PRE_SHARED_KEY_OFFER = new Shape<>(ExtensionType.PRE_SHARED_KEY);
    public static final Shape<PreSharedKeySelection> PRE_SHARED_KEY_SELECTION =
            new Shape<>(ExtensionType.PRE_SHARED_KEY);
    public static final Shape<PskKeyExchangeModes> PSK_KEY_EXCHANGE_MODES =
            new Shape<>(ExtensionType.PSK_KEY_EXCHANGE_MODES);
    public static final Shape<RecordSizeLimit> RECORD_SIZE_LIMIT = new Shape<>(ExtensionType.RECORD_SIZE_LIMIT);
    public static final Shape<RenegotiationInfo> RENEGOTIATION_INFO = new Shape<>(ExtensionType.RENEGOTIATION_INFO);
    public static final Shape<SelectedVersion> SELECTED_VERSION = new Shape<>(ExtensionType.SUPPORTED_VERSIONS);
    public static final Shape<ServerNames> SERVER_NAMES = new Shape<>(ExtensionType.SERVER_NAME);
    public static final Shape<SignatureAlgorithms> SIGNATURE_ALGORITHMS =
            new Shape<>(ExtensionType.SIGNATURE_ALGORITHMS);
    public static final Shape<SignatureAlgorithmsCert> SIGNATURE_ALGORITHMS_CERT =
            new Shape<>(ExtensionType.SIGNATURE_ALGORITHMS_CERT);
    public static final Shape<SignedCertificateTimestamps> SIGNED_CERTIFICATE_TIMESTAMPS =
            new Shape<>(ExtensionType.SIGNED_CERTIFICATE_TIMESTAMP);
    public static final Shape<StatusRequest> STATUS_REQUEST = new Shape<>(ExtensionType.STATUS_REQUEST);
    public static final Shape<SupportedGroups> SUPPORTED_GROUPS = new Shape<>(ExtensionType.SUPPORTED_GROUPS);
    public static final Shape<SupportedVersions> SUPPORTED_VERSIONS = new Shape<>(ExtensionType.SUPPORTED_VERSIONS);
    public static final Shape<TlsFlags> TLS_FLAGS = new Shape<>(ExtensionType.TLS_FLAGS);
    public static final Shape<TrustAnchors> TRUST_ANCHORS = new Shape<>(ExtensionType.TRUST_ANCHORS);

    /** The shape of several types, which those without a body have. */
    static final Shape<Indication> INDICATION = new Shape<>(null);
    /** The shape of several types, which those have that are not read. */
    static final Shape<RawExtension> RAW = new Shape<>(null);

    private final ExtensionType type;

    private Shape(ExtensionType type) {
        this.type = type;
    }

    /** {@return the type of the extensions of this shape; null if they are of several} */
    ExtensionType type() {
        return type;
    }

    /** {@return the extension as what it is, or null if it is of another shape} */
    @SuppressWarnings("unchecked") // The shape of an extension is its own: ShapeTest.
    T of(Extension extension) {
        return extension.shape() == this ? (T) extension : null;
    }
}
