package org.jsspi.provider.tls.handshake;

import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.KeyShareEntry;
import org.jsspi.provider.tls.message.KeyShareOffer;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.PskKeyExchangeModes;
import org.jsspi.provider.tls.message.ServerNames;
import org.jsspi.provider.tls.message.SignatureAlgorithms;
import org.jsspi.provider.tls.message.SupportedGroups;
import org.jsspi.provider.tls.message.SupportedVersions;

/**
 * What a server makes of a ClientHello: the terms on which both could go on.
 *
 * @param share the client's share of {@code group}; null if it has sent none, which takes a HelloRetryRequest
 * @param shareCount how many shares it has sent
 * @param serverName the host that it asks for, or null
 */
record ClientTerms(
        CipherSuite suite,
        NamedGroup group,
        byte[] share,
        int shareCount,
        Codes signatureSchemes,
        SNIHostName serverName,
        boolean acceptsPskWithDhe) {

    static ClientTerms of(ClientHello hello, HandshakeSettings settings) throws SspiException {
        Extensions extensions = hello.extensions();
        requireVersion(extensions);
        if (hello.legacyCompressionMethods().length != 1 || hello.legacyCompressionMethods()[0] != 0) {
            // RFC 8446 4.1.2
            throw AlertDescription.ILLEGAL_PARAMETER.because("the client offers compression");
        }
        requireExtensions(extensions);
        SupportedGroups groups = required(extensions.find(SupportedGroups.class), "supported_groups");
        KeyShareOffer shares = required(extensions.find(KeyShareOffer.class), "key_share");
        Codes schemes = required(extensions.find(SignatureAlgorithms.class), "signature_algorithms")
                .schemes();
        for (KeyShareEntry entry : shares.shares()) {
            if (!groups.groups().contains(entry.group())) {
                // RFC 8446 4.2.8
                throw AlertDescription.ILLEGAL_PARAMETER.because(
                        "the client sends a key share of a group that it does not support");
            }
        }
        NamedGroup group = group(groups.groups(), shares, settings.namedGroups());
        byte[] share = share(shares, group).map(KeyShareEntry::keyExchange).orElse(null);
        boolean pskWithDhe = extensions
                .find(PskKeyExchangeModes.class)
                .filter(modes -> modes.contains(PskKeyExchangeModes.PSK_DHE_KE))
                .isPresent();
        return new ClientTerms(
                suite(hello.cipherSuites(), settings),
                group,
                share,
                shares.shares().size(),
                schemes,
                serverName(extensions),
                pskWithDhe);
    }

    private static void requireVersion(Extensions extensions) throws SspiException {
        boolean speaksTls13 = extensions
                .find(SupportedVersions.class)
                .filter(versions -> versions.versions().contains(ProtocolVersion.TLS13.code()))
                .isPresent();
        if (!speaksTls13) {
            // RFC 8446 4.2.1 and D.2
            throw AlertDescription.PROTOCOL_VERSION.because(
                    "the client speaks TLS 1.2 at most, and only TLS 1.3 is enabled");
        }
    }

    /** RFC 8446 9.2 and 4.2.9: which extensions need which others. */
    private static void requireExtensions(Extensions extensions) throws SspiException {
        if (extensions.has(ExtensionType.PRE_SHARED_KEY) && !extensions.has(ExtensionType.PSK_KEY_EXCHANGE_MODES)) {
            throw missing("psk_key_exchange_modes");
        }
    }

    private static <E> E required(Optional<E> extension, String name) throws SspiException {
        return extension.orElseThrow(() -> missing(name));
    }

    private static SspiException missing(String name) {
        return AlertDescription.MISSING_EXTENSION.because("the client's hello lacks " + name);
    }

    private static CipherSuite suite(Codes offered, HandshakeSettings settings) throws SspiException {
        Optional<CipherSuite> chosen = settings.preferLocalCipherSuites()
                ? settings.cipherSuites().stream()
                        .filter(suite -> offered.contains(suite.code()))
                        .findFirst()
                : offered.known(CipherSuite::of)
                        .filter(settings.cipherSuites()::contains)
                        .findFirst();
        return chosen.orElseThrow(() ->
                AlertDescription.HANDSHAKE_FAILURE.because("client and server have no TLS 1.3 cipher suite in common"));
    }

    /** Our order counts, but a group with a share spares a round trip. */
    private static NamedGroup group(Codes supported, KeyShareOffer shares, List<NamedGroup> ours) throws SspiException {
        List<NamedGroup> common =
                ours.stream().filter(group -> supported.contains(group.code())).toList();
        return common.stream()
                .filter(group -> share(shares, group).isPresent())
                .findFirst()
                .or(() -> common.stream().findFirst())
                .orElseThrow(() -> AlertDescription.HANDSHAKE_FAILURE.because(
                        "client and server have no group for the key exchange in common"));
    }

    private static Optional<KeyShareEntry> share(KeyShareOffer shares, NamedGroup group) {
        return shares.shares().stream()
                .filter(entry -> entry.group() == group.code())
                .findFirst();
    }

    private static SNIHostName serverName(Extensions extensions) throws SspiException {
        Optional<byte[]> name = extensions.find(ServerNames.class).flatMap(ServerNames::hostName);
        if (name.isEmpty()) {
            return null;
        }
        try {
            return new SNIHostName(name.get());
        } catch (IllegalArgumentException notAHostName) {
            throw AlertDescription.ILLEGAL_PARAMETER.because(
                    "the client asks for a server name that is no host name", notAHostName);
        }
    }
}
