package org.jsspi.provider.tls.handshake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.KeyShareEntry;
import org.jsspi.provider.tls.message.KeyShareOffer;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.ServerNames;
import org.jsspi.provider.tls.message.ServerNames.ServerName;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SupportedGroups;
import org.jsspi.provider.tls.message.SupportedVersions;

/**
 * What a server chooses from a ClientHello, which it judges first.
 *
 * @param share the client's for the group, or empty if the client has to be asked for one
 */
record ServerChoice(CipherSuite suite, NamedGroup group, Optional<KeyShareEntry> share) {
    private static final int SSL30 = 0x0300;

    /** A name of a type that Java has no class for. */
    private static final class OtherName extends SNIServerName {
        private OtherName(int type, byte[] encoded) {
            super(type, encoded);
        }

        /** Made here and returned as what it is for: where it is made it is loaded, with whatever class that is. */
        static SNIServerName of(int type, byte[] encoded) {
            return new OtherName(type, encoded);
        }
    }

    /** {@return the choice from this hello} */
    static ServerChoice of(ClientHello hello, HandshakeSettings settings) throws SspiException {
        if (!Arrays.equals(hello.legacyCompressionMethods(), new byte[1])) {
            // RFC 8446 4.1.2: exactly one byte, set to zero; otherwise illegal_parameter.
            throw AlertDescription.ILLEGAL_PARAMETER.because("compression methods in a hello of TLS 1.3");
        }
        Extensions extensions = hello.extensions();
        boolean resumes = extensions.has(ExtensionType.PRE_SHARED_KEY);
        if (extensions.find(Shape.COOKIE).isPresent()) {
            // RFC 8446 4.2.2: a cookie is only sent back, and this server sends none.
            throw AlertDescription.ILLEGAL_PARAMETER.because("a cookie that was not given");
        }
        if (resumes) {
            // RFC 8446 4.2.9: pre_shared_key without psk_key_exchange_modes aborts the handshake.
            require(extensions, ExtensionType.PSK_KEY_EXCHANGE_MODES);
        } else {
            // RFC 8446 9.2: without pre_shared_key both must be there.
            require(extensions, ExtensionType.SIGNATURE_ALGORITHMS);
            require(extensions, ExtensionType.SUPPORTED_GROUPS);
            if (extensions.has(ExtensionType.EARLY_DATA)
                    && !settings.disabledExtensions().contains(ExtensionType.PRE_SHARED_KEY)) {
                // RFC 8446 4.2.10: who sends early_data must send pre_shared_key, which this server has an ear for.
                throw AlertDescription.ILLEGAL_PARAMETER.because("early_data without pre_shared_key");
            }
        }
        // RFC 8446 9.2: either both of supported_groups and key_share, or none.
        if (extensions.has(ExtensionType.SUPPORTED_GROUPS)) {
            require(extensions, ExtensionType.KEY_SHARE);
        } else if (extensions.has(ExtensionType.KEY_SHARE)) {
            require(extensions, ExtensionType.SUPPORTED_GROUPS);
        } else {
            throw AlertDescription.HANDSHAKE_FAILURE.because("a pre-shared key without (EC)DHE");
        }
        SupportedGroups groups = extensions.find(Shape.SUPPORTED_GROUPS).orElseThrow();
        KeyShareOffer shares = extensions.find(Shape.KEY_SHARE_OFFER).orElseThrow();
        for (KeyShareEntry share : shares.shares()) {
            // RFC 8446 4.2.8: no shares for groups that are not in supported_groups.
            if (!groups.groups().contains(share.group())) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("a key share for a group that is not offered");
            }
        }
        CipherSuite suite = suite(hello, settings);
        List<NamedGroup> common = settings.equalPreferences()
                .groups(
                        Negotiation.those(
                                settings.groups(), group -> groups.groups().contains(group.code())),
                        groups.groups());
        if (common.isEmpty()) {
            throw AlertDescription.HANDSHAKE_FAILURE.because(
                    Negotiation.noGroup(groups.groups(), settings.groups()) + " (RFC 8446 4.1.1)");
        }
        // A group with a share is worth more than a better one that would cost another round trip.
        NamedGroup group = common.get(0);
        for (int i = common.size() - 1; i >= 0; i--) {
            if (shares.share(common.get(i).code()).isPresent()) {
                group = common.get(i);
            }
        }
        return new ServerChoice(suite, group, shares.share(group.code()));
    }

    /** {@return the best version that both sides have} */
    static ProtocolVersion version(ClientHello hello, HandshakeSettings settings) throws SspiException {
        if (hello.legacyVersion() == SSL30) {
            // RFC 8446 D.5: aborted with protocol_version, whatever else the hello offers.
            throw AlertDescription.PROTOCOL_VERSION.because("a client that speaks SSL 3.0");
        }
        ProtocolVersion chosen = null;
        ProtocolVersion best = null;
        for (ProtocolVersion candidate : settings.versions()) {
            best = best == null || candidate.code() > best.code() ? candidate : best;
            if (offers(hello, candidate) && (chosen == null || candidate.code() > chosen.code())) {
                chosen = candidate;
            }
        }
        if (chosen != best && hello.cipherSuites().contains(ClientOffer.FALLBACK_SCSV)) {
            // RFC 7507 3: a client that fell back to a version below the server's.
            throw AlertDescription.INAPPROPRIATE_FALLBACK.because("a client that fell back to an older version");
        }
        if (chosen == null) {
            String ours = String.join(
                    " or ",
                    settings.versions().stream()
                            .map(ProtocolVersion::standardName)
                            .toList());
            throw AlertDescription.PROTOCOL_VERSION.because(
                    "a client that does not offer " + ours + ", which are the versions enabled here (RFC 8446 4.2.1)");
        }
        return chosen;
    }

    private static boolean offers(ClientHello hello, ProtocolVersion version) {
        Optional<SupportedVersions> versions = hello.extensions().find(Shape.SUPPORTED_VERSIONS);
        // RFC 8446 4.2.1: with the extension nothing else counts; without it the client speaks TLS 1.2 or older.
        return versions.isPresent()
                ? versions.get().versions().contains(version.code())
                : version == ProtocolVersion.TLS12 && hello.legacyVersion() >= ProtocolVersion.TLS12.code();
    }

    private static void require(Extensions extensions, ExtensionType type) throws SspiException {
        if (!extensions.has(type)) {
            throw AlertDescription.MISSING_EXTENSION.because("a ClientHello without " + type);
        }
    }

    private static CipherSuite suite(ClientHello hello, HandshakeSettings settings) throws SspiException {
        List<CipherSuite> common = commonSuites(hello, settings, ProtocolVersion.TLS13);
        if (common.isEmpty()) {
            // RFC 8446 4.1.1: no overlap is answered with handshake_failure.
            throw AlertDescription.HANDSHAKE_FAILURE.because(
                    Negotiation.noSuite(hello.cipherSuites(), settings.suites()) + " (RFC 8446 4.1.1)");
        }
        return common.get(0);
    }

    /** {@return the suites of this version that both sides have, in the order of the side that counts} */
    static List<CipherSuite> commonSuites(ClientHello hello, HandshakeSettings settings, ProtocolVersion version) {
        List<CipherSuite> common = new ArrayList<>();
        if (!settings.preferLocalCipherSuites()) {
            hello.cipherSuites()
                    .known(CipherSuite::of)
                    .filter(suite -> suite.version() == version)
                    .filter(settings.suites()::contains)
                    .forEach(common::add);
            return common;
        }
        for (CipherSuite suite : settings.suites()) {
            if (suite.version() == version && hello.cipherSuites().contains(suite.code())) {
                common.add(suite);
            }
        }
        return settings.equalPreferences().suites(common, hello.cipherSuites());
    }

    /** {@return the names that the client asks for, empty if none} */
    static List<SNIServerName> serverNames(ClientHello hello) throws SspiException {
        Optional<ServerNames> names = hello.extensions().find(Shape.SERVER_NAMES);
        List<SNIServerName> list = new ArrayList<>();
        if (names.isPresent()) {
            for (ServerName name : names.get().names()) {
                list.add(serverName(name.type(), name.name()));
            }
        }
        return List.copyOf(list);
    }

    /** {@return the name as Java has it} */
    static SNIServerName serverName(int type, byte[] encoded) throws SspiException {
        if (type != ServerNames.HOST_NAME) {
            return OtherName.of(type, encoded);
        }
        try {
            return new SNIHostName(encoded);
        } catch (IllegalArgumentException e) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("a server name that is no host name", e);
        }
    }

    /** Requires that a second ClientHello is the first with the changes that RFC 8446 4.1.2 lists, and no others. */
    static void requireSame(ClientHello first, ClientHello second) throws SspiException {
        if (second.extensions().has(ExtensionType.EARLY_DATA)) {
            // RFC 8446 4.2.10: early data is not permitted after a HelloRetryRequest.
            throw AlertDescription.ILLEGAL_PARAMETER.because("early_data in a second ClientHello");
        }
        if (!Arrays.equals(fixed(first), fixed(second))) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("a second ClientHello that changes what must stay");
        }
    }

    private static byte[] fixed(ClientHello hello) {
        Extensions fixed = hello.extensions()
                .without(ExtensionType.KEY_SHARE)
                .without(ExtensionType.PRE_SHARED_KEY)
                .without(ExtensionType.EARLY_DATA)
                .without(ExtensionType.COOKIE)
                .without(ExtensionType.PADDING);
        if (fixed.find(Shape.ECH_OUTER).isPresent()) {
            // RFC 9849 7.1.1: what was not opened in the first hello is not looked at in the second.
            fixed = fixed.without(ExtensionType.ENCRYPTED_CLIENT_HELLO);
        }
        return new ClientHello(
                        hello.legacyVersion(),
                        hello.random(),
                        hello.legacySessionId(),
                        hello.cipherSuites(),
                        hello.legacyCompressionMethods(),
                        fixed)
                .toBytes();
    }
}
