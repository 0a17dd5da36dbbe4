package org.jsspi.provider.tls.handshake;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.EcPointFormats;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureAlgorithms;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.jsspi.provider.tls.message.SupportedGroups;

/**
 * What a server can choose from a ClientHello for TLS 1.2, which it judges first. Which suite it is depends on the identity that
 * the application chooses.
 *
 * @param suites that both sides have, best first; not empty
 * @param group of the key exchange
 * @param schemes that both sides have and that some of the suites can be signed with, in the client's order
 * @param extended whether the client knows the extended master secret
 * @param renegotiation whether the client wants to hear of RFC 5746
 */
record ServerChoice12(
        List<CipherSuite> suites,
        NamedGroup group,
        List<SignatureScheme> schemes,
        boolean extended,
        boolean renegotiation) {
    /** @param connection that is negotiated again, or null */
    static ServerChoice12 of(ClientHello hello, HandshakeSettings settings, RenegotiatedConnection connection)
            throws SspiException {
        Extensions extensions = hello.extensions();
        boolean extended = extensions.has(ExtensionType.EXTENDED_MASTER_SECRET);
        RenegotiatedConnection.judge(hello, connection);
        if (connection != null) {
            connection.requireSameMasterSecret(extended);
        }
        judge(hello, extended, settings);
        List<CipherSuite> suites = ServerChoice.commonSuites(hello, settings, ProtocolVersion.TLS12);
        if (suites.isEmpty()) {
            throw AlertDescription.HANDSHAKE_FAILURE.because(
                    Negotiation.noSuite(hello.cipherSuites(), settings.suites()) + " (RFC 5246 7.4.1.3)");
        }
        Optional<SignatureAlgorithms> offered = extensions.find(Shape.SIGNATURE_ALGORITHMS);
        if (offered.isEmpty()) {
            suites.removeIf(suite -> !suite.isPreSharedKey12());
        }
        if (suites.isEmpty()) {
            // RFC 5246 7.4.1.4.1: a client that does not say takes SHA-1 and nothing else; RFC 9155 ends that.
            throw AlertDescription.HANDSHAKE_FAILURE.because("a client that takes signatures over SHA-1 only");
        }
        Set<CipherSuite.Authentication> ways = new LinkedHashSet<>();
        suites.forEach(suite -> ways.add(suite.authentication().orElseThrow()));
        List<SignatureScheme> accepted =
                offered.isEmpty() ? List.of() : Negotiation.common(offered.get().schemes(), settings.schemes());
        List<SignatureScheme> common = new ArrayList<>(accepted.size());
        // The way of the best suite first, since the key managers are asked in this order.
        for (CipherSuite.Authentication way : ways) {
            common.addAll(Negotiation.authenticating(accepted, Set.of(way)));
        }
        return new ServerChoice12(
                suites,
                group(extensions, settings),
                List.copyOf(common),
                extended,
                extensions.has(ExtensionType.RENEGOTIATION_INFO)
                        || hello.cipherSuites().contains(RenegotiatedConnection.EMPTY_INFO_SCSV));
    }

    private static void judge(ClientHello hello, boolean extended, HandshakeSettings settings) throws SspiException {
        boolean uncompressed = false;
        for (byte method : hello.legacyCompressionMethods()) {
            uncompressed |= method == 0;
        }
        if (!uncompressed) {
            // RFC 5246 7.4.1.2: the list must contain the null method.
            throw AlertDescription.ILLEGAL_PARAMETER.because("a hello that insists on compression");
        }
        Optional<EcPointFormats> formats = hello.extensions().find(Shape.EC_POINT_FORMATS);
        if (formats.isPresent() && !formats.get().hasUncompressed()) {
            // RFC 8422 5.1.2: without uncompressed the handshake is aborted with illegal_parameter.
            throw AlertDescription.ILLEGAL_PARAMETER.because("ec_point_formats without uncompressed");
        }
        if (!extended && settings.requireExtendedMasterSecret()) {
            // RFC 7627 5.2: a server may insist, and then aborts.
            throw AlertDescription.HANDSHAKE_FAILURE.because("a client without extended_master_secret");
        }
    }

    private static NamedGroup group(Extensions extensions, HandshakeSettings settings) throws SspiException {
        Codes offered = extensions
                .find(Shape.SUPPORTED_GROUPS)
                .map(SupportedGroups::groups)
                // RFC 8422 4: without the extension every curve may be chosen; all clients have had this one.
                .orElseGet(() -> Codes.of(NamedGroup.SECP256R1.code()));
        List<NamedGroup> common = Negotiation.those(
                settings.groups(), ours -> offered.contains(ours.code()) && Negotiation.servesTls12(ours));
        if (common.isEmpty()) {
            throw AlertDescription.HANDSHAKE_FAILURE.because(
                    Negotiation.noGroup(offered, settings.groups()) + " (RFC 8422 5.1)");
        }
        return settings.equalPreferences().groups(common, offered).get(0);
    }

    /** {@return the best suite of pre-shared keys; empty if there is none} */
    Optional<CipherSuite> keySuite() {
        return suites.stream().filter(CipherSuite::isPreSharedKey12).findFirst();
    }

    /** {@return the best suite that this identity can serve; empty if there is none} */
    Optional<CipherSuite> suite(Identity identity) {
        CipherSuite.Authentication way = Negotiation.authentication(
                identity.chain().get(0).getPublicKey().getAlgorithm());
        return suites.stream()
                .filter(suite -> suite.authentication().orElseThrow() == way)
                .findFirst();
    }
}
