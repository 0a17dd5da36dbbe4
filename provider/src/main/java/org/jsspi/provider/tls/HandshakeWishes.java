package org.jsspi.provider.tls;

import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jsspi.ContextCallbacks;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.ContextOptions.Renegotiation;
import org.jsspi.EchConfig;
import org.jsspi.KeyLogFile;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.handshake.EqualPreferences;
import org.jsspi.provider.tls.handshake.HandshakeSettings;
import org.jsspi.provider.tls.handshake.TlsSession;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.record.RecordFormat;

/**
 * What the caller says of a handshake, by its credential, its flags and its options, and the settings that this makes. Immutable: any
 * thread may ask, with or without a lock.
 *
 * @param targetName whom a client wants to speak to, or null
 * @param manualValidation whether a client's caller judges the server's chain itself
 * @param mutualAuthentication whether a server asks by a flag for a client that authenticates
 */
record HandshakeWishes(
        SchannelCredential credential,
        boolean initiator,
        String targetName,
        boolean manualValidation,
        boolean mutualAuthentication,
        ContextOptions options) {

    /** {@return those of a client} */
    static HandshakeWishes initiating(
            SchannelCredential credential, String targetName, boolean manualValidation, ContextOptions options) {
        return new HandshakeWishes(credential, true, targetName, manualValidation, false, options);
    }

    /** {@return those of a server} */
    static HandshakeWishes accepting(
            SchannelCredential credential, boolean mutualAuthentication, ContextOptions options) {
        return new HandshakeWishes(credential, false, null, false, mutualAuthentication, options);
    }

    /** {@return these, for a connection whose peer is the one that was asked for first} */
    HandshakeWishes forPeerOf(HandshakeWishes first) {
        ContextOptions samePeer = options.toBuilder()
                .peer(first.options.peerHost(), first.options.peerPort())
                .serverNames(first.options.serverNames())
                .build();
        return new HandshakeWishes(
                credential, initiator, first.targetName, manualValidation, mutualAuthentication, samePeer);
    }

    /** {@return what there is to choose from} */
    ProtocolChoices choices(List<String> applicationProtocols) throws SspiException {
        return ProtocolChoices.of(targetName, options, applicationProtocols, credential.permitted(options, initiator));
    }

    /** {@return who decides: the caller, or what the credential says} */
    ContextCallbacks callbacks(List<String> applicationProtocols) {
        return options.callbacks() != null
                ? options.callbacks()
                : new CredentialCallbacks(credential, manualValidation, applicationProtocols);
    }

    /** {@return whether the handshake may be followed by another one on its connection: also by the platform's property on the server} */
    Renegotiation renegotiation() {
        return TlsProperties.renegotiation(options, initiator);
    }

    /** {@return the configurations that the caller gives; who wants to hide a name does not get a connection that cannot} */
    List<EchConfig> echConfigs(ProtocolChoices choices) throws SspiException {
        byte[] list = options.echConfigList();
        if (list == null) {
            return List.of();
        }
        Set<ExtensionType> disabled = TlsProperties.disabledExtensions(true);
        if (!choices.protocols().contains(ProtocolVersion.TLS13)
                || disabled.contains(ExtensionType.ENCRYPTED_CLIENT_HELLO)
                || disabled.contains(ExtensionType.SUPPORTED_VERSIONS)) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                    "Encrypted Client Hello is asked for, and TLS 1.3 or the extension is not enabled");
        }
        return EchConfig.decodeList(list);
    }

    /**
     * {@return what every handshake of this side is to be like, the first as a renegotiation; where the next would have its settings
     *     from is for the context to add}
     *
     * @param session the one that the handshake fills
     */
    HandshakeSettings.Builder settings(ProtocolChoices choices, ContextCallbacks callbacks, TlsSession session) {
        HandshakeSettings.Builder common = commonSettings(choices, callbacks).session(session);
        return initiator ? initiatorSettings(common, callbacks) : acceptorSettings(common, callbacks);
    }

    private HandshakeSettings.Builder initiatorSettings(HandshakeSettings.Builder common, ContextCallbacks callbacks) {
        return common.targetName(targetName != null ? targetName : options.peerHost())
                .identifiesServer(
                        options.callbacks() == null
                                ? CredentialCallbacks.identifyServer(credential, manualValidation)
                                : identifies(options.endpointIdentificationAlgorithm()))
                .requestStatus(
                        options.requestStatus() == null ? TlsProperties.CLIENT_STATUS_REQUEST : options.requestStatus())
                .requestTimestamps(
                        options.requestCertificateTimestamps() == null
                                ? TlsProperties.CLIENT_CERTIFICATE_TIMESTAMPS
                                : options.requestCertificateTimestamps())
                .certificateAuthorities(TlsProperties.CLIENT_AUTHORITIES ? authorities(callbacks) : List.of());
    }

    private static boolean identifies(String algorithm) {
        return algorithm != null && !algorithm.isEmpty();
    }

    private HandshakeSettings.Builder acceptorSettings(HandshakeSettings.Builder common, ContextCallbacks callbacks) {
        ClientAuthentication wish = mutualAuthentication ? ClientAuthentication.NEED : options.clientAuthentication();
        return common.clientAuthentication(wish)
                .stapling(credential.stapling())
                .timestamps(credential.settings().certificateTimestamps())
                .retainOnlyCertificateHash(options.retainOnlyCertificateHash())
                .certificateAuthorities(wish == ClientAuthentication.NONE ? List.of() : authorities(callbacks));
    }

    private HandshakeSettings.Builder commonSettings(ProtocolChoices choices, ContextCallbacks callbacks) {
        return HandshakeSettings.builder(callbacks)
                .versions(choices.protocols())
                .suites(choices.cipherSuites())
                .groups(choices.namedGroups())
                .schemes(choices.signatureSchemes())
                .sessionCreation(options.sessionCreation())
                .serverNames(choices.serverNames())
                .applicationProtocols(choices.applicationProtocols())
                .preferLocalCipherSuites(options.preferLocalCipherSuites())
                .equalPreferences(EqualPreferences.of(options.equalPreferences()))
                .recordSizeLimit(RecordFormat.MAX_PLAINTEXT + 1)
                .maximumChainLength(TlsProperties.maximumChain(options, initiator))
                .disabledExtensions(TlsProperties.disabledExtensions(initiator))
                .reverifyOnResume(
                        options.reverifyOnResume() == null
                                ? TlsProperties.REVERIFY_ON_RESUME
                                : options.reverifyOnResume())
                .acceptDelegatedCredentials(
                        options.acceptDelegatedCredentials() == null
                                ? TlsProperties.ACCEPT_DELEGATED_CREDENTIALS
                                : options.acceptDelegatedCredentials())
                .algorithmConstraints(options.algorithmConstraints())
                .resumptionAcrossNames(options.resumptionAcrossNames())
                .preSharedKeys(credential.settings().preSharedKeys())
                .maximumEarlyData(options.maximumEarlyData())
                .falseStart(options.falseStart())
                .trustAnchors(options.trustAnchors())
                .certificateCompressions(
                        options.certificateCompressions() == null
                                ? TlsProperties.CERTIFICATE_COMPRESSIONS
                                : options.certificateCompressions())
                .compressedCertificates(credential.compressedCertificates())
                .maximumMessageLength(TlsProperties.maximumCertificateMessage(options))
                .requireExtendedMasterSecret(TlsProperties.REQUIRE_EXTENDED_MASTER_SECRET)
                .middleboxCompatibility(TlsProperties.COMPATIBILITY_MODE)
                .grease(options.grease() || TlsProperties.GREASE)
                .permuteExtensions(options.permuteExtensions() || TlsProperties.PERMUTE_EXTENSIONS)
                .fallback(options.fallback())
                .keyShares(TlsProperties.keyShares(options))
                .renegotiation(renegotiation())
                .keyLog(options.keyLog() != null ? options.keyLog() : KeyLogFile.configured());
    }

    /** RFC 8446 4.2.4: at most 65,535 bytes of names, each with its length; who trusts more names none. */
    private static List<X500Principal> authorities(ContextCallbacks callbacks) {
        List<X500Principal> issuers = callbacks.acceptedIssuers();
        int bytes = issuers.stream()
                .mapToInt(issuer -> issuer.getEncoded().length + 2)
                .sum();
        return bytes <= 0xFFFF ? issuers : List.of();
    }
}
