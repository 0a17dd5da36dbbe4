package org.jsspi.provider.tls.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jsspi.EchConfig;
import org.jsspi.TrustAnchorId;
import org.jsspi.provider.tls.message.PreSharedKeyOffer.PskIdentity;
import org.jsspi.provider.tls.message.ServerNames.ServerName;

/** One message of every kind with every extension that it may have, and each extension alone. */
final class MessageSamples {
    /** GREASE values of RFC 8701, one of each pattern that is used. */
    static final int GREASE = 0xBABA;

    static final EchConfig ECH_CONFIG =
            EchConfig.of(42, 0x20, filled(32, 13), List.of(new EchConfig.CipherSuite(1, 1)), 64, "public.example");

    private MessageSamples() {}

    static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static RawExtension raw(ExtensionType type, int... body) {
        byte[] bytes = new byte[body.length];
        for (int i = 0; i < body.length; i++) {
            bytes[i] = (byte) body[i];
        }
        return new RawExtension(type.code(), bytes);
    }

    /** Every extension in the shape that it has in {@code message}. */
    static List<Extension> extensionsOf(HandshakeType message) {
        List<Extension> list = new ArrayList<>();
        for (ExtensionType type : ExtensionType.values()) {
            if (type.allowedIn(message)) {
                list.add(sample(type, message));
            }
        }
        return list;
    }

    static Extension sample(ExtensionType type, HandshakeType message) {
        boolean offer = message == HandshakeType.CLIENT_HELLO;
        return switch (type) {
            case SERVER_NAME ->
                offer
                        ? new ServerNames(List.of(
                                new ServerName(0, "example.org".getBytes(StandardCharsets.US_ASCII)),
                                new ServerName(7, filled(3, 1))))
                        : new Indication(type);
            case MAX_FRAGMENT_LENGTH -> new MaxFragmentLength(4);
            case STATUS_REQUEST ->
                switch (message) {
                    case CLIENT_HELLO -> StatusRequest.ocsp();
                    case CERTIFICATE -> new CertificateStatus(filled(9, 0x30));
                    default -> new Indication(type);
                };
            case SIGNED_CERTIFICATE_TIMESTAMP ->
                switch (message) {
                    case CERTIFICATE, SERVER_HELLO ->
                        new SignedCertificateTimestamps(List.of(filled(7, 0x20), filled(1, 0x21)));
                    default -> new Indication(type);
                };
            case SUPPORTED_GROUPS -> new SupportedGroups(Codes.of(GREASE, NamedGroup.X25519_MLKEM768.code(), 29));
            case EC_POINT_FORMATS -> new EcPointFormats(new byte[1]);
            case SIGNATURE_ALGORITHMS -> new SignatureAlgorithms(Codes.of(0x0403, GREASE));
            case SIGNATURE_ALGORITHMS_CERT -> new SignatureAlgorithmsCert(Codes.of(0x0401, 0x0804));
            case APPLICATION_LAYER_PROTOCOL_NEGOTIATION ->
                offer ? ApplicationProtocols.of("h2", "\u00BA\u00BA", "http/1.1") : ApplicationProtocols.of("h2");
            case RECORD_SIZE_LIMIT -> new RecordSizeLimit(16385);
            case PRE_SHARED_KEY ->
                offer
                        ? new PreSharedKeyOffer(
                                List.of(new PskIdentity(filled(20, 2), 0xFFFF_FFFFL), new PskIdentity(filled(1, 3), 0)),
                                List.of(filled(32, 4), filled(48, 5)))
                        : new PreSharedKeySelection(1);
            case EARLY_DATA ->
                message == HandshakeType.NEW_SESSION_TICKET ? new EarlyDataLimit(0xFFFF_FFFFL) : new Indication(type);
            case SUPPORTED_VERSIONS ->
                offer ? new SupportedVersions(Codes.of(GREASE, 0x0304, 0x0303)) : new SelectedVersion(0x0304);
            case COOKIE -> new Cookie(filled(5, 6));
            case PSK_KEY_EXCHANGE_MODES -> PskKeyExchangeModes.of(1, 0x2A, 0);
            case CERTIFICATE_AUTHORITIES -> new CertificateAuthorities(List.of(filled(4, 0x30), filled(1, 0x31)));
            case KEY_SHARE ->
                switch (message) {
                    case CLIENT_HELLO ->
                        KeyShareOffer.of(new KeyShareEntry(GREASE, new byte[1]), new KeyShareEntry(29, filled(32, 8)));
                    case HELLO_RETRY_REQUEST -> new KeyShareRetry(23);
                    default -> new KeyShareAnswer(new KeyShareEntry(29, filled(32, 9)));
                };
            case TRUST_ANCHORS ->
                message == HandshakeType.CERTIFICATE
                        ? new Indication(type)
                        : TrustAnchors.of(List.of(TrustAnchorId.parse("32473.1"), TrustAnchorId.of(new byte[] {9})));
            case TLS_FLAGS -> new TlsFlags(new byte[] {0, 1});
            case DELEGATED_CREDENTIAL ->
                message == HandshakeType.CERTIFICATE
                        ? new DelegatedCredentialAnswer(
                                0xFFFF_FFFFL, 0x0403, filled(91, 0x30), 0x0804, filled(256, 0x31))
                        : new DelegatedCredentialOffer(Codes.of(0x0403, GREASE));
            case COMPRESS_CERTIFICATE -> new CompressCertificate(Codes.of(2, GREASE, 1));
            case RENEGOTIATION_INFO -> new RenegotiationInfo(new byte[0]);
            case POST_HANDSHAKE_AUTH, EXTENDED_MASTER_SECRET, ENCRYPT_THEN_MAC -> new Indication(type);
            case ENCRYPTED_CLIENT_HELLO ->
                switch (message) {
                    case CLIENT_HELLO -> new EchOuter(1, 3, 42, filled(32, 10), filled(20, 11));
                    case HELLO_RETRY_REQUEST -> new EchConfirmation(filled(8, 12));
                    case ENCRYPTED_EXTENSIONS -> new EchRetryConfigs(EchConfig.encodeList(List.of(ECH_CONFIG)));
                    default -> raw(type, 0, 1, 2);
                };
            default -> raw(type, 0, 1, 2);
        };
    }

    private static Extensions all(HandshakeType message) {
        List<Extension> list = new ArrayList<>(extensionsOf(message));
        list.add(0, new RawExtension(GREASE, new byte[0]));
        list.add(new RawExtension(0x5555, filled(70, 7)));
        // RFC 8446 4.2.11: last in a ClientHello.
        list.stream().filter(PreSharedKeyOffer.class::isInstance).findFirst().ifPresent(psk -> {
            list.remove(psk);
            list.add(psk);
        });
        return Extensions.of(list);
    }

    static ClientHello clientHello(Extensions extensions) {
        return ClientHello.of(filled(32, 0x11), filled(32, 0x22), Codes.of(GREASE, 0x1301, 0xC02B), extensions);
    }

    static ServerHello serverHello(Extensions extensions) {
        return ServerHello.of(filled(32, 0x33), filled(32, 0x22), 0x1301, extensions);
    }

    static List<HandshakeMessage> messages() {
        return List.of(
                clientHello(all(HandshakeType.CLIENT_HELLO)),
                clientHello(Extensions.ABSENT),
                clientHello(Extensions.NONE),
                serverHello(all(HandshakeType.SERVER_HELLO)),
                serverHello(Extensions.ABSENT),
                serverHello(Extensions.of(
                        new RenegotiationInfo(filled(24, 1)),
                        ApplicationProtocols.of("h2"),
                        new Indication(ExtensionType.EXTENDED_MASTER_SECRET))),
                HelloRetryRequest.of(filled(32, 0x22), 0x1302, all(HandshakeType.HELLO_RETRY_REQUEST)),
                new EncryptedExtensions(all(HandshakeType.ENCRYPTED_EXTENSIONS)),
                new EncryptedExtensions(Extensions.NONE),
                new CertificateRequest(filled(3, 1), all(HandshakeType.CERTIFICATE_REQUEST)),
                new CertificateMessage(
                        filled(3, 1),
                        List.of(
                                new CertificateMessage.Entry(filled(300, 0x30), all(HandshakeType.CERTIFICATE)),
                                new CertificateMessage.Entry(filled(1, 0x30), Extensions.NONE))),
                new CertificateMessage(new byte[0], List.of()),
                new CompressedCertificate(1, 0xFFFFFF, filled(200, 0x78)),
                new CertificateVerify(SignatureScheme.ED25519.code(), filled(64, 0x40)),
                new Finished(filled(48, 0x50)),
                new NewSessionTicket(
                        604800, 0xFFFF_FFFFL, filled(8, 1), filled(100, 2), all(HandshakeType.NEW_SESSION_TICKET)),
                new EndOfEarlyData(),
                new KeyUpdate(true),
                new KeyUpdate(false),
                new HelloRequest(),
                new CertificateMessage12(List.of(filled(300, 0x30), filled(1, 0x30))),
                new CertificateMessage12(List.of()),
                new CertificateStatusMessage(new CertificateStatus(filled(9, 0x30))),
                new ServerKeyExchange(NamedGroup.X25519.code(), filled(32, 9), 0x0403, filled(70, 0x30)),
                new CertificateRequest12(
                        new byte[] {1, 64}, Codes.of(0x0403, GREASE), List.of(filled(4, 0x30), filled(1, 0x31))),
                new CertificateRequest12(new byte[] {64}, Codes.of(0x0403), List.of()),
                new ServerHelloDone(),
                new ClientKeyExchange(filled(65, 4)),
                new EcdhePskServerKeyExchange(filled(5, 7), NamedGroup.X25519.code(), filled(32, 9)),
                new EcdhePskServerKeyExchange(new byte[0], NamedGroup.SECP256R1.code(), filled(65, 4)),
                new EcdhePskClientKeyExchange(filled(5, 7), filled(32, 9)),
                new EcdhePskClientKeyExchange(new byte[0], filled(65, 4)),
                new NewSessionTicket12(0xFFFF_FFFFL, filled(100, 2)),
                new NewSessionTicket12(0, new byte[0]));
    }

    /** {@return the key exchange that lays the message out so, in TLS 1.2} */
    static KeyExchangeAlgorithm algorithmOf(HandshakeMessage message) {
        return message instanceof EcdhePskServerKeyExchange || message instanceof EcdhePskClientKeyExchange
                ? KeyExchangeAlgorithm.ECDHE_PSK
                : KeyExchangeAlgorithm.ECDHE;
    }

    /** {@return the version that lays the message out so} */
    static ProtocolVersion versionOf(HandshakeMessage message) {
        return message instanceof HelloRequest
                        || message instanceof CertificateMessage12
                        || message instanceof CertificateStatusMessage
                        || message instanceof ServerKeyExchange
                        || message instanceof CertificateRequest12
                        || message instanceof ServerHelloDone
                        || message instanceof ClientKeyExchange
                        || algorithmOf(message) == KeyExchangeAlgorithm.ECDHE_PSK
                        || message instanceof NewSessionTicket12
                ? ProtocolVersion.TLS12
                : ProtocolVersion.TLS13;
    }
}
