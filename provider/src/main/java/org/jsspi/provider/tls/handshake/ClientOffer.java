package org.jsspi.provider.tls.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jsspi.EarlyDataInfo;
import org.jsspi.EarlyDataInfo.Reason;
import org.jsspi.EchConfig;
import org.jsspi.EchStatus;
import org.jsspi.PreSharedKey;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.KeyExchange;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ApplicationProtocols;
import org.jsspi.provider.tls.message.CertificateAuthorities;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.Cookie;
import org.jsspi.provider.tls.message.DelegatedCredentialOffer;
import org.jsspi.provider.tls.message.EcPointFormats;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.HelloRetryRequest;
import org.jsspi.provider.tls.message.Indication;
import org.jsspi.provider.tls.message.KeyShareEntry;
import org.jsspi.provider.tls.message.KeyShareOffer;
import org.jsspi.provider.tls.message.KeyShareRetry;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.PreSharedKeyOffer;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.PskKeyExchangeModes;
import org.jsspi.provider.tls.message.RawExtension;
import org.jsspi.provider.tls.message.RecordSizeLimit;
import org.jsspi.provider.tls.message.ServerNames;
import org.jsspi.provider.tls.message.ServerNames.ServerName;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureAlgorithms;
import org.jsspi.provider.tls.message.StatusRequest;
import org.jsspi.provider.tls.message.SupportedGroups;
import org.jsspi.provider.tls.message.SupportedVersions;
import org.jsspi.provider.tls.message.TrustAnchors;

/**
 * What a client offered: the last ClientHello, and the keys behind it.
 *
 * @param shares a key pair for each share in the hello
 * @param keys the pre-shared keys that the hello offers, in its order
 * @param resumption12 the session of TLS 1.2 that the hello offers to resume, or null
 * @param earlyData that may follow the hello, or null if none may
 * @param ech what is encrypted in the hello, or null; once the server has taken that, {@code hello} is the inner one
 */
record ClientOffer(
        ClientHello hello,
        List<KeyExchange> shares,
        List<OfferedKey> keys,
        ResumableSession resumption12,
        EarlyDataInfo earlyData,
        EchOffer ech) {
    private static final byte[] NOTHING = {};

    /** TLS_FALLBACK_SCSV, which is no suite but a sign. RFC 7507 4: behind all suites. */
    static final int FALLBACK_SCSV = 0x5600;

    /** RFC 5077 3.4, RFC 8446 D.4: how long an id is that is made up. */
    private static final int SESSION_ID_LENGTH = 32;

    // What Java's SNIHostName lets through and RFC 6066 3 does not: literal IPv4 addresses.
    private static final Pattern IPV4 = Pattern.compile("[0-9.]+");

    /**
     * What a client has besides certificates.
     *
     * @param session that may be resumed, or null
     * @param external keys from outside
     * @param ech the configuration to encrypt the hello with, or null
     */
    record Candidates(ResumableSession session, List<PreSharedKey> external, EchConfig ech) {}

    /** {@return what the first ClientHello may offer} */
    static Candidates candidates(Exchange exchange) throws SspiException {
        List<PreSharedKey> external = exchange.preSharedKeys();
        if (exchange.settings().preSharedKeys() != null) {
            exchange.narrow(exchange.settings().forKeys(external));
            if (exchange.settings().versions().isEmpty()) {
                throw OfferedKey.unusable("no pre-shared key for this server fits what is enabled here");
            }
        }
        HandshakeSettings settings = exchange.settings();
        if (offeredSuites(settings).isEmpty()
                || settings.groups().isEmpty()
                || settings.schemes().isEmpty()) {
            throw AlertDescription.HANDSHAKE_FAILURE.because("no cipher suite, group or signature scheme to offer");
        }
        exchange.session().requestedServerNames(settings.serverNames());
        EchConfig config = ech(settings);
        if (config != null) {
            exchange.narrow(settings.forEncryptedHello());
        }
        return new Candidates(resumption(exchange, external, config != null), external, config);
    }

    /** {@return the configuration to encrypt the hello with, or null} */
    private static EchConfig ech(HandshakeSettings settings) throws SspiException {
        if (settings.echConfigs().isEmpty()) {
            return null;
        }
        if (!settings.versions().contains(ProtocolVersion.TLS13)) {
            // Whoever wants to hide a name does not get a connection that cannot.
            throw AlertDescription.HANDSHAKE_FAILURE.because(
                    "Encrypted Client Hello is asked for, and no pre-shared key of this client is for TLS 1.3");
        }
        return EchOffer.choose(settings.echConfigs());
    }

    /** Sends the first ClientHello. */
    static ClientOffer first(Exchange exchange, Candidates candidates, Effects out) throws SspiException {
        HandshakeSettings settings = exchange.settings();
        boolean tls13 = settings.versions().contains(ProtocolVersion.TLS13);
        ResumableSession session = candidates.session();
        ResumableSession session12 = session != null && session.version() == ProtocolVersion.TLS12 ? session : null;
        List<OfferedKey> keys = tls13 && offersKeys(settings)
                ? OfferedKey.of(exchange, session12 == null ? session : null, candidates.external())
                : List.of();
        if (settings.requiresPreSharedKey() && tls13 && keys.isEmpty()) {
            throw OfferedKey.unusable("pre-shared keys of TLS 1.3, where their extensions are disabled");
        }
        List<KeyExchange> shares = new ArrayList<>();
        if (tls13) {
            for (NamedGroup group : shares(settings)) {
                shares.add(exchange.vault().keep(KeyExchange.generate(Negotiation.keyExchange(group))));
            }
        }
        boolean offersEarlyData = offersEarlyData(settings, session);
        List<Extension> extensions = extensions(exchange, shares, session12);
        if (offersEarlyData) {
            extensions.add(new Indication(ExtensionType.EARLY_DATA));
        }
        Codes suites = Negotiation.suiteCodes(offeredSuites(settings));
        if (settings.fallback()) {
            suites = suites.before(FALLBACK_SCSV);
        }
        GreaseValues grease = settings.grease() ? GreaseValues.random(settings) : null;
        ClientHello hello = ClientHello.of(
                Exchange.randomBytes(settings, 32),
                sessionId(settings, tls13, session12),
                grease == null ? suites : grease.suites(suites),
                exchange.ordered(Extensions.of(grease == null ? extensions : grease.extensions(extensions))
                        .without(settings.disabledExtensions())));
        ClientOffer offer = candidates.ech() == null
                ? send(exchange, withGrease(exchange, hello, keys), shares, keys, session12, out)
                : sendEncrypted(exchange, candidates.ech(), hello, shares, keys, out);
        if (offersEarlyData) {
            offer.protectEarlyData(exchange, out);
            EarlyDataInfo offered = earlyData(settings, session);
            out.earlyData(offered);
            // RFC 8449 4: records obey the limits of the handshake that their keys come from, which is the session's.
            out.limitEarlyData(session.session().peersRecordSizeLimit());
            return new ClientOffer(offer.hello(), shares, offer.keys(), null, offered, offer.ech());
        }
        if (settings.maximumEarlyData() > 0) {
            out.earlyData(earlyData(settings, session));
        }
        return offer;
    }

    /** {@return whether early data may follow a hello that offers this session, which may be null} */
    static boolean offersEarlyData(HandshakeSettings settings, ResumableSession session) {
        return settings.maximumEarlyData() > 0 && earlyData(settings, session).status() == EarlyDataInfo.Status.OFFERED;
    }

    /** {@return the early data that may follow a hello that offers this session, or why there is none} */
    private static EarlyDataInfo earlyData(HandshakeSettings settings, ResumableSession session) {
        if (!settings.versions().contains(ProtocolVersion.TLS13)
                || session != null && session.version() != ProtocolVersion.TLS13) {
            return EarlyDataInfo.none(Reason.PROTOCOL_VERSION);
        }
        if (session == null) {
            return EarlyDataInfo.none(Reason.NO_SESSION);
        }
        if (session.earlyData().maximum() == 0 || !session.serverNames().equals(settings.serverNames())) {
            return EarlyDataInfo.none(Reason.UNSUPPORTED_FOR_SESSION);
        }
        // RFC 8446 4.2.10: suite and application protocol of early data are those of its session.
        if (!settings.suites().contains(session.suite())) {
            return EarlyDataInfo.none(Reason.CIPHER_SUITE);
        }
        String protocol = session.applicationProtocol();
        if (!protocol.isEmpty() && !settings.applicationProtocols().contains(protocol)) {
            return EarlyDataInfo.none(Reason.APPLICATION_PROTOCOL);
        }
        return EarlyDataInfo.offered(protocol, Math.min(session.earlyData().maximum(), settings.maximumEarlyData()));
    }

    /** Goes over to the keys of early data, behind the hello. */
    private void protectEarlyData(Exchange exchange, Effects out) throws SspiException {
        if (hello.legacySessionId().length != 0) {
            // RFC 8446 D.4: with early data it follows the first ClientHello.
            out.sendChangeCipherSpec();
        }
        // RFC 8446 4.2.10: early data is protected with the first key that is offered, which is the session's.
        // RFC 9849 6.1.5: of an encrypted hello it is the inner one that has it.
        OfferedKey first = ech == null ? keys.get(0) : ech.keys().get(0);
        byte[] random = ech == null ? hello.random() : ech.inner().random();
        byte[] helloHash = ech == null
                ? exchange.transcript().hashWith(first.hash(), NOTHING, 0)
                : first.hash().hash(ech.innerMessage());
        Aead aead = Negotiation.aead(first.session().suite());
        out.protectWrites(first.early().earlyDataKeys(aead, helloHash, exchange, random));
    }

    private static ClientOffer sendEncrypted(
            Exchange exchange,
            EchConfig config,
            ClientHello hello,
            List<KeyExchange> shares,
            List<OfferedKey> keys,
            Effects out)
            throws SspiException {
        exchange.session().echStatus(EchStatus.OFFERED);
        EchOffer.Sealed sealed = EchOffer.first(exchange, config, hello, keys);
        exchange.send(sealed.outer(), out);
        return new ClientOffer(sealed.outer(), shares, List.of(), null, null, sealed.offer());
    }

    private static ClientHello withGrease(Exchange exchange, ClientHello hello, List<OfferedKey> keys) {
        HandshakeSettings settings = exchange.settings();
        if (!settings.echGrease()
                || !settings.versions().contains(ProtocolVersion.TLS13)
                || !hello.extensions().has(ExtensionType.SUPPORTED_VERSIONS)
                || settings.disabledExtensions().contains(ExtensionType.ENCRYPTED_CLIENT_HELLO)) {
            return hello;
        }
        exchange.session().echStatus(EchStatus.GREASE);
        return with(hello, exchange.ordered(hello.extensions().with(EchOffer.grease(exchange, hello, keys))));
    }

    /** {@return this hello with other extensions} */
    static ClientHello with(ClientHello hello, Extensions extensions) {
        return ClientHello.of(hello.random(), hello.legacySessionId(), hello.cipherSuites(), extensions);
    }

    /** The server has taken the inner hello: it is the one that counts (RFC 9849 6.1.5). */
    ClientOffer accepted(Exchange exchange) {
        exchange.session().echStatus(EchStatus.ACCEPTED);
        exchange.transcript().replaceHello(ech.innerMessage());
        return new ClientOffer(ech.inner(), shares, ech.keys(), null, earlyData, ech);
    }

    /** The server has not: what is left is the outer hello, and the handshake of its public name (RFC 9849 6.1.6). */
    ClientOffer rejected(Exchange exchange) {
        exchange.rejectedEch(ech.config().publicName());
        ech.keys().forEach(key -> key.early().close());
        return new ClientOffer(hello, shares, List.of(), null, earlyData, null);
    }

    /** RFC 8446 4.2.9: a pre-shared key is offered together with its modes. */
    private static boolean offersKeys(HandshakeSettings settings) {
        return !settings.disabledExtensions().contains(ExtensionType.PRE_SHARED_KEY)
                && !settings.disabledExtensions().contains(ExtensionType.PSK_KEY_EXCHANGE_MODES);
    }

    private static byte[] sessionId(HandshakeSettings settings, boolean tls13, ResumableSession session12) {
        if (session12 != null && session12.isSessionId()) {
            return session12.ticket();
        }
        // RFC 8446 D.4: an id makes the handshake look like a resumption of TLS 1.2. RFC 5077 3.4: with a ticket the
        // server's echo of it says that the session is resumed.
        boolean wanted = session12 != null || tls13 && settings.middleboxCompatibility();
        return Exchange.randomBytes(settings, wanted ? SESSION_ID_LENGTH : 0);
    }

    private static List<CipherSuite> offeredSuites(HandshakeSettings settings) {
        return Negotiation.those(settings.suites(), suite -> settings.versions().contains(suite.version()));
    }

    /** Sends the second ClientHello: the first with what the server asked for, already judged. */
    ClientOffer retry(Exchange exchange, HelloRetryRequest request, CipherSuite suite, Effects out)
            throws SspiException {
        // RFC 8446 4.1.2: the same hello again, except key_share, cookie, and pre_shared_key, and without early_data.
        ClientHello original = ech == null ? hello : ech.plain();
        Extensions extensions =
                original.extensions().without(ExtensionType.PRE_SHARED_KEY).without(ExtensionType.EARLY_DATA);
        List<KeyExchange> newShares = shares;
        Optional<KeyShareRetry> wanted = request.extensions().find(Shape.KEY_SHARE_RETRY);
        if (wanted.isPresent()) {
            shares.forEach(KeyExchange::close);
            NamedGroup group = NamedGroup.of(wanted.get().group()).orElseThrow();
            newShares = List.of(exchange.vault().keep(KeyExchange.generate(Negotiation.keyExchange(group))));
            extensions = extensions.with(offer(newShares));
        }
        Optional<Cookie> cookie = request.extensions().find(Shape.COOKIE);
        if (cookie.isPresent()) {
            extensions = extensions.with(cookie.get());
        }
        ClientHello second = with(original, exchange.ordered(extensions));
        // RFC 8446 4.1.4: pre-shared keys of another hash than the server's suite should not be offered again.
        List<OfferedKey> compatible = keys.stream()
                .filter(key -> key.hash() == Negotiation.hash(suite))
                .toList();
        if (ech != null) {
            EchOffer.Sealed sealed = ech.second(exchange, second, compatible);
            EchOffer offer = sealed.offer();
            exchange.transcript().add(offer.innerMessage());
            out.send(sealed.outer().toBytes());
            return new ClientOffer(offer.inner(), newShares, compatible, null, null, offer);
        }
        return send(exchange, second, newShares, compatible, null, out);
    }

    private static ClientOffer send(
            Exchange exchange,
            ClientHello unbound,
            List<KeyExchange> shares,
            List<OfferedKey> keys,
            ResumableSession resumption12,
            Effects out)
            throws SspiException {
        Bound bound = bind(exchange, unbound, keys);
        exchange.send(bound.message(), out);
        return new ClientOffer(bound.hello(), shares, keys, resumption12, null, null);
    }

    /**
     * A hello with its binders.
     *
     * @param message it with its header
     */
    record Bound(ClientHello hello, byte[] message) {}

    /** {@return this hello with the offer of these keys, which may be none} */
    static Bound bind(Exchange exchange, ClientHello withoutKeys, List<OfferedKey> keys) {
        if (keys.isEmpty()) {
            return new Bound(withoutKeys, withoutKeys.toBytes());
        }
        ClientHello hello = unbound(withoutKeys, keys);
        byte[] message = hello.toBytes();
        int length = hello.bindersOffset(message);
        Transcript transcript = exchange.transcript();
        List<byte[]> binders = keys.stream()
                .map(key -> key.early().binder(transcript.hashWith(key.hash(), message, length)))
                .toList();
        return new Bound(hello.fillBinders(message, binders), message);
    }

    /** {@return this hello with the offer of these keys, which may be none, and binders of zeros} */
    static ClientHello unbound(ClientHello hello, List<OfferedKey> keys) {
        if (keys.isEmpty()) {
            return hello;
        }
        // RFC 8446 4.2.11: pre_shared_key must be the last extension.
        return with(
                hello,
                hello.extensions()
                        .with(PreSharedKeyOffer.unbound(
                                keys.stream().map(OfferedKey::aged).toList(),
                                keys.stream()
                                        .mapToInt(key -> key.hash().length())
                                        .toArray())));
    }

    /**
     * {@return the session to offer, or null if there is none that these settings may resume}
     *
     * @param encrypted whether the hello is
     */
    private static ResumableSession resumption(Exchange exchange, List<PreSharedKey> external, boolean encrypted) {
        HandshakeSettings settings = exchange.settings();
        ResumableSession session = settings.resumption();
        if (session == null) {
            return null;
        }
        exchange.vault().keep(session);
        boolean fits = session.isUsableAt(System.currentTimeMillis())
                && offersKeys(settings)
                && beganAs(session.session().preSharedKeyName(), external, settings)
                && (session.serverNames().equals(settings.serverNames())
                        || settings.resumptionAcrossNames() && coversNames(session, settings.serverNames()))
                && Objects.equals(session.trustScope(), settings.callbacks().trustScope())
                && settings.versions().contains(session.version())
                // RFC 9849 6.1: an encrypted hello offers no session of TLS 1.2, and the other one none at all.
                && !(encrypted && session.version() == ProtocolVersion.TLS12)
                && canBeChosen(session.suite(), settings);
        return fits ? session : null;
    }

    private static boolean coversNames(ResumableSession session, List<SNIServerName> names) {
        return names.size() == 1 && names.get(0) instanceof SNIHostName host && session.coversName(host.getAsciiName());
    }

    /** {@return whether a session that began with the key of this name, or with none, could begin so now} */
    private static boolean beganAs(PreSharedKey.Name name, List<PreSharedKey> external, HandshakeSettings settings) {
        return name == null
                ? !settings.requiresPreSharedKey()
                : external.stream().anyMatch(key -> key.name().equals(name));
    }

    /** RFC 8446 4.2.11: the server must choose a suite with the hash of the key. RFC 5246 7.4.1.3: it must choose the same. */
    private static boolean canBeChosen(CipherSuite original, HandshakeSettings settings) {
        return original.version() == ProtocolVersion.TLS12
                ? settings.suites().contains(original)
                : settings.suites().stream()
                        .anyMatch(suite -> suite.version() == ProtocolVersion.TLS13
                                && Negotiation.hash(suite) == Negotiation.hash(original));
    }

    /** The server chose TLS 1.2: what was meant for TLS 1.3 alone is wiped. */
    void forgetTls13() {
        for (KeyExchange share : shares) {
            share.close();
        }
        for (OfferedKey key : keys) {
            key.early().close();
        }
    }

    /** What was asked for; or the first group and, if that has ML-KEM in it, the first that has not, for a server that knows none. */
    private static List<NamedGroup> shares(HandshakeSettings settings) {
        List<NamedGroup> groups = settings.groups();
        if (settings.keyShares() != null) {
            return settings.keyShares().stream().filter(groups::contains).toList();
        }
        NamedGroup first = groups.get(0);
        List<NamedGroup> chosen = new ArrayList<>(List.of(first));
        if (Negotiation.keyExchange(first).hasKem()) {
            for (NamedGroup group : groups) {
                if (!Negotiation.keyExchange(group).hasKem()) {
                    chosen.add(group);
                    break;
                }
            }
        }
        return chosen;
    }

    private static List<Extension> extensions(Exchange exchange, List<KeyExchange> shares, ResumableSession session12) {
        HandshakeSettings settings = exchange.settings();
        boolean tls13 = settings.versions().contains(ProtocolVersion.TLS13);
        List<Extension> extensions = new ArrayList<>();
        List<ServerName> names = serverNames(settings.serverNames());
        if (!names.isEmpty()) {
            extensions.add(new ServerNames(names));
        }
        List<NamedGroup> groups =
                tls13 ? settings.groups() : Negotiation.those(settings.groups(), Negotiation::servesTls12);
        extensions.add(new SupportedGroups(Negotiation.groupCodes(groups)));
        if (!settings.requiresPreSharedKey()) {
            // RFC 8446 4.2.3: who sends it desires that the server authenticates by a certificate.
            extensions.add(new SignatureAlgorithms(Negotiation.schemeCodes(settings.schemes())));
        }
        if (!settings.applicationProtocols().isEmpty()) {
            extensions.add(new ApplicationProtocols(settings.applicationProtocols()));
        }
        if (settings.requestsStatus() && !settings.requiresPreSharedKey()) {
            extensions.add(StatusRequest.ocsp());
        }
        if (settings.requestsTimestamps() && !settings.requiresPreSharedKey()) {
            extensions.add(new Indication(ExtensionType.SIGNED_CERTIFICATE_TIMESTAMP));
        }
        if (settings.recordSizeLimit() != 0) {
            // RFC 8449 4: nothing over the protocol's own limit, which in TLS 1.2 has no content type to count.
            int most = HandshakeSettings.LARGEST_RECORD_SIZE_LIMIT - (tls13 ? 0 : 1);
            extensions.add(new RecordSizeLimit(Math.min(settings.recordSizeLimit(), most)));
        }
        if (!settings.certificateAuthorities().isEmpty() && !settings.requiresPreSharedKey()) {
            extensions.add(CertificateAuthorities.of(settings.certificateAuthorities()));
        }
        if (settings.versions().contains(ProtocolVersion.TLS12)) {
            extensions.addAll(extensionsOfTls12(session12, exchange.renegotiated()));
        }
        if (tls13) {
            extensions.add(new SupportedVersions(Negotiation.versionCodes(settings.versions())));
            // RFC 8446 4.2.9: also without a key to offer, since a server issues tickets for these modes only.
            extensions.add(PskKeyExchangeModes.of(PskKeyExchangeModes.PSK_DHE_KE));
            if (settings.trustAnchors() != null && !settings.requiresPreSharedKey()) {
                extensions.add(TrustAnchors.of(settings.trustAnchors()));
            }
            if (!settings.certificateCompressions().isEmpty() && !settings.requiresPreSharedKey()) {
                extensions.add(Negotiation.compressCertificate(settings.certificateCompressions()));
            }
            if (settings.acceptsDelegatedCredentials() && !settings.requiresPreSharedKey()) {
                Optional<DelegatedCredentialOffer> delegation = Delegation.offer(settings);
                if (delegation.isPresent()) {
                    extensions.add(delegation.get());
                }
            }
            extensions.add(offer(shares));
        }
        return extensions;
    }

    private static List<Extension> extensionsOfTls12(ResumableSession session, RenegotiatedConnection connection) {
        byte[] ticket = session == null || session.isSessionId() ? new byte[0] : session.ticket();
        return List.of(
                // RFC 8422 5.1: with the curves go the point formats, of which one is left.
                EcPointFormats.uncompressed(),
                new Indication(ExtensionType.EXTENDED_MASTER_SECRET),
                // RFC 5077 3.2: empty where there is none yet.
                new RawExtension(ExtensionType.SESSION_TICKET.code(), ticket),
                RenegotiatedConnection.inClientHello(connection));
    }

    private static KeyShareOffer offer(List<KeyExchange> shares) {
        List<KeyShareEntry> entries = new ArrayList<>(shares.size());
        for (KeyExchange share : shares) {
            entries.add(new KeyShareEntry(share.group().code(), share.publicShare()));
        }
        return new KeyShareOffer(entries);
    }

    private static List<ServerName> serverNames(List<SNIServerName> names) {
        List<ServerName> offered = new ArrayList<>(names.size());
        for (SNIServerName name : names) {
            // RFC 6066 3: literal IPv4 and IPv6 addresses are not permitted in HostName.
            if (!(name instanceof SNIHostName host) || !isAddress(host.getAsciiName())) {
                offered.add(new ServerName(name.getType(), name.getEncoded()));
            }
        }
        return offered;
    }

    private static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || IPV4.matcher(name).matches();
    }
}
