package org.jsspi.provider.tls;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jsspi.CertificateCompression;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.Renegotiation;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.NamedGroup;

/**
 * What system properties say for every connection of a JVM. Names, syntax and meaning are those that users of the platform's
 * provider know; each is read once.
 */
final class TlsProperties {
    /** The largest handshake message that a peer may send, in bytes without its header. */
    static final int MAXIMUM_HANDSHAKE_MESSAGE =
            number("jdk.tls.maxHandshakeMessageSize", SchannelPackage.MAXIMUM_CHAIN);

    private static final int MAXIMUM_CHAIN = number("jdk.tls.maxCertificateChainLength", -1);
    private static final int MAXIMUM_SERVER_CHAIN =
            number("jdk.tls.client.maxInboundCertificateChainLength", MAXIMUM_CHAIN < 0 ? 10 : MAXIMUM_CHAIN);
    private static final int MAXIMUM_CLIENT_CHAIN =
            number("jdk.tls.server.maxInboundCertificateChainLength", MAXIMUM_CHAIN < 0 ? 8 : MAXIMUM_CHAIN);

    /** Whether a client makes its handshake look like TLS 1.2 to middleboxes. */
    static final boolean COMPATIBILITY_MODE = flag("jdk.tls.client.useCompatibilityMode", true);

    /** Whether a peer that does not bind its TLS 1.2 session to the handshake (RFC 7627) is refused. */
    static final boolean REQUIRE_EXTENDED_MASTER_SECRET = !flag("jdk.tls.allowLegacyMasterSecret", true);

    /** Whether a client names the authorities that it trusts. */
    static final boolean CLIENT_AUTHORITIES = flag("jdk.tls.client.enableCAExtension", false);

    /** Whether a client asks for a proof that the server's certificate is not revoked. */
    static final boolean CLIENT_STATUS_REQUEST = flag("jdk.tls.client.enableStatusRequestExtension", true);

    /** Whether a server that is not given such proofs fetches them. */
    static final boolean SERVER_STATUS_REQUEST = flag("jdk.tls.server.enableStatusRequestExtension", false);

    /** Whether a client asks for signed certificate timestamps. */
    static final boolean CLIENT_CERTIFICATE_TIMESTAMPS = flag("org.jsspi.client.requestCertificateTimestamps", false);

    /** Whether peers may show delegated credentials. */
    static final boolean ACCEPT_DELEGATED_CREDENTIALS = flag("org.jsspi.acceptDelegatedCredentials", false);

    /** The ways in which certificates are compressed. */
    static final List<CertificateCompression> CERTIFICATE_COMPRESSIONS =
            System.getProperty("org.jsspi.certificateCompression", "").strip().equalsIgnoreCase("zlib")
                    ? List.of(CertificateCompression.ZLIB)
                    : List.of();

    /** Whether the chain of a session that is resumed is judged again. */
    static final boolean REVERIFY_ON_RESUME = flag("org.jsspi.reverifyOnResume", false);

    /** Whether reserved values are offered. */
    static final boolean GREASE = flag("org.jsspi.grease", false);

    /** Whether the extensions of a client's hello come in an order of their own. */
    static final boolean PERMUTE_EXTENSIONS = flag("org.jsspi.permuteExtensions", false);

    private static final List<String> KEY_SHARES = names("org.jsspi.keyShares");

    private static final boolean REJECT_RENEGOTIATION = flag("jdk.tls.rejectClientInitiatedRenegotiation", false);

    private static final Set<ExtensionType> DISABLED_IN_CLIENTS = extensions("client");
    private static final Set<ExtensionType> DISABLED_IN_SERVERS = extensions("server");

    private TlsProperties() {}

    /** {@return how many certificates the peer's chain may have, by the caller's wish or by the properties} */
    static int maximumChain(ContextOptions options, boolean initiator) {
        if (options.maximumChainLength() > 0) {
            return options.maximumChainLength();
        }
        return initiator ? MAXIMUM_SERVER_CHAIN : MAXIMUM_CLIENT_CHAIN;
    }

    /** {@return how many bytes the peer's Certificate message may have, by the caller's wish or by the property} */
    static int maximumCertificateMessage(ContextOptions options) {
        return options.maximumChainSize() > 0 ? options.maximumChainSize() : MAXIMUM_HANDSHAKE_MESSAGE;
    }

    /** {@return the extensions that this side neither sends nor hears} */
    static Set<ExtensionType> disabledExtensions(boolean initiator) {
        return initiator ? DISABLED_IN_CLIENTS : DISABLED_IN_SERVERS;
    }

    /** {@return the groups that a client sends shares for, by the caller's wish or by the property; null where neither says} */
    static List<NamedGroup> keyShares(ContextOptions options) {
        List<String> names = options.keyShares() == null ? KEY_SHARES : options.keyShares();
        return names == null
                ? null
                : names.stream()
                        .flatMap(name -> NamedGroup.named(name).stream())
                        .distinct()
                        .toList();
    }

    /** {@return whether there is renegotiation: what the caller says, and on the server the platform's property} */
    static Renegotiation renegotiation(ContextOptions options, boolean initiator) {
        Renegotiation wish = options.renegotiation();
        if (initiator || !REJECT_RENEGOTIATION) {
            return wish;
        }
        return wish.isPossible() ? Renegotiation.INITIATE : Renegotiation.FORBID;
    }

    /** {@return how a server fetches what it staples} */
    static OcspStapling.Settings stapling() {
        return new OcspStapling.Settings(
                Duration.ofMillis(atLeastZero("jdk.tls.stapling.responseTimeout", 5_000)),
                atLeastZero("jdk.tls.stapling.cacheSize", 256),
                Duration.ofSeconds(atLeastZero("jdk.tls.stapling.cacheLifetime", 3_600)),
                uri("jdk.tls.stapling.responderURI"),
                flag("jdk.tls.stapling.responderOverride", false),
                flag("jdk.tls.stapling.ignoreExtensions", false));
    }

    private static int atLeastZero(String property, int otherwise) {
        return Math.max(0, Integer.getInteger(property, otherwise));
    }

    private static URI uri(String property) {
        String value = System.getProperty(property, "");
        try {
            return value.isBlank() ? null : new URI(value.strip());
        } catch (URISyntaxException notOne) {
            return null;
        }
    }

    private static int number(String property, int otherwise) {
        Integer value = Integer.getInteger(property);
        return value == null || value < 0 ? otherwise : value;
    }

    private static boolean flag(String property, boolean otherwise) {
        String value = System.getProperty(property, "");
        return value.equalsIgnoreCase("true") || !value.equalsIgnoreCase("false") && otherwise;
    }

    private static List<String> names(String property) {
        String value = System.getProperty(property, "");
        return value.isBlank()
                ? null
                : Arrays.stream(value.split(",")).map(String::strip).toList();
    }

    private static Set<ExtensionType> extensions(String side) {
        String disabled = System.getProperty("jdk.tls." + side + ".disableExtensions", "");
        Set<ExtensionType> types = EnumSet.noneOf(ExtensionType.class);
        for (String name : disabled.replace("\"", "").split(",")) {
            for (ExtensionType type : ExtensionType.values()) {
                if (type.toString().equalsIgnoreCase(name.strip())) {
                    types.add(type);
                }
            }
        }
        if (!flag("jdk.tls.useExtendedMasterSecret", true)) {
            types.add(ExtensionType.EXTENDED_MASTER_SECRET);
        }
        // The extension is of TLS 1.2, where without it sessions are resumed by their id.
        if (!flag("jdk.tls." + side + ".enableSessionTicketExtension", true)) {
            types.add(ExtensionType.SESSION_TICKET);
        }
        return Set.copyOf(types);
    }
}
