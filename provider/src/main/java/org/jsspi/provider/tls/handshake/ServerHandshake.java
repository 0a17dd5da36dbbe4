package org.jsspi.provider.tls.handshake;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.EarlyDataInfo;
import org.jsspi.EarlyDataInfo.Reason;
import org.jsspi.EchConfig;
import org.jsspi.EchKey;
import org.jsspi.EchKeys;
import org.jsspi.EchStatus;
import org.jsspi.Identity;
import org.jsspi.PreSharedKeys.Certificates;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.KeyExchange;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ApplicationProtocols;
import org.jsspi.provider.tls.message.CertificateAuthorities;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.CertificateRequest;
import org.jsspi.provider.tls.message.CertificateVerify;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.DelegatedCredentialOffer;
import org.jsspi.provider.tls.message.EarlyDataLimit;
import org.jsspi.provider.tls.message.EchConfirmation;
import org.jsspi.provider.tls.message.EchOuter;
import org.jsspi.provider.tls.message.EchRetryConfigs;
import org.jsspi.provider.tls.message.EncryptedExtensions;
import org.jsspi.provider.tls.message.EndOfEarlyData;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.tls.message.Grease;
import org.jsspi.provider.tls.message.HelloRetryRequest;
import org.jsspi.provider.tls.message.Indication;
import org.jsspi.provider.tls.message.KeyShareAnswer;
import org.jsspi.provider.tls.message.KeyShareEntry;
import org.jsspi.provider.tls.message.KeyShareRetry;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.NewSessionTicket;
import org.jsspi.provider.tls.message.PreSharedKeyOffer;
import org.jsspi.provider.tls.message.PreSharedKeyOffer.PskIdentity;
import org.jsspi.provider.tls.message.PreSharedKeySelection;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.PskKeyExchangeModes;
import org.jsspi.provider.tls.message.RawExtension;
import org.jsspi.provider.tls.message.RecordSizeLimit;
import org.jsspi.provider.tls.message.SelectedVersion;
import org.jsspi.provider.tls.message.ServerHello;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureAlgorithms;
import org.jsspi.provider.tls.message.SignedCertificateTimestamps;
import org.jsspi.provider.tls.message.TlsFlags;
import org.jsspi.provider.tls.message.TrustAnchors;

/** The server's side of a handshake (RFC 8446 2, A.2): its states, in the order of the protocol. */
public final class ServerHandshake {
    /** RFC 8446 4.6.1: seven days, in seconds. */
    static final long LONGEST_TICKET_LIFETIME = 604_800;

    /** How many of the pre-shared keys of a ClientHello are looked up: each costs a decryption. */
    private static final int MOST_IDENTITIES = 4;
    /** By how many milliseconds a client's clock may count faster than ours. */
    private static final long AGE_TOLERANCE = 60_000;

    /**
     * By how many milliseconds the age of a ticket may differ between client and server for early data to be taken (RFC 8446
     * 8.3). It bounds how long a first flight can be held up, and twice that is how long the use of a ticket has to be remembered at least.
     */
    public static final long EARLY_DATA_TOLERANCE = 10_000;

    /** How many bytes of configurations a client is sent that could not be read; the promise of MaxToken counts on it. */
    private static final int MOST_RETRY_CONFIGS = 1 << 14;

    private ServerHandshake() {}

    /** {@return the state that takes a ClientHello} */
    public static State start(HandshakeSettings settings) {
        return new WaitClientHello(new Exchange(settings.forServer(), false));
    }

    /** {@return the state that takes a ClientHello on an established connection of TLS 1.2} */
    static State renegotiate(HandshakeSettings settings, RenegotiatedConnection connection) {
        return new WaitClientHello(new Exchange(settings.forServer(), false, connection));
    }

    /** {@return the hello as this server hears it: without the extensions that it is to have no ear for} */
    private static ClientHello heard(Inbound message, Exchange exchange) throws SspiException {
        ClientHello hello = message.expect(ClientHello.class);
        return hello.without(exchange.settings().disabledExtensions());
    }

    /** {@return that there is no early data, which the client offered or did not} */
    private static EarlyDataInfo without(boolean offered, Reason why) {
        EarlyDataInfo none = EarlyDataInfo.none(why);
        return offered ? none.rejected(why) : none;
    }

    /** Nothing has happened. */
    record WaitClientHello(Exchange exchange) implements ServerState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            HandshakeSettings settings = exchange.settings();
            // RFC 9849 1: with TLS 1.3 only.
            boolean opens = settings.echKeys() != null
                    && settings.versions().contains(ProtocolVersion.TLS13)
                    && !settings.disabledExtensions().contains(ExtensionType.ENCRYPTED_CLIENT_HELLO);
            return opens ? open(message, out) : choose(message, null, out);
        }

        /** RFC 9849 7: what a server does with the extension depends on its role. */
        private State open(Inbound message, Effects out) throws SspiException {
            Extensions extensions = message.expect(ClientHello.class).extensions();
            Optional<EchOuter> outer = extensions.find(Shape.ECH_OUTER);
            boolean inner = extensions.find(Shape.ECH_INNER).isPresent();
            if (exchange.settings().echKeys() == EchKeys.BACKEND) {
                if (outer.isPresent()) {
                    throw AlertDescription.ILLEGAL_PARAMETER.because("a hello that the server in front has not opened");
                }
                if (inner
                        && ServerChoice.version(heard(message, exchange), exchange.settings())
                                == ProtocolVersion.TLS13) {
                    exchange.session().echStatus(EchStatus.ACCEPTED);
                }
                return choose(message, null, out);
            }
            if (inner) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("a ClientHelloInner that was not encrypted");
            }
            return outer.isPresent()
                    ? new Busy(
                            exchange,
                            extensions.has(ExtensionType.EARLY_DATA),
                            effects -> decrypt(message, outer.get(), effects))
                    : choose(message, null, out);
        }

        private State decrypt(Inbound message, EchOuter outer, Effects out) throws SspiException {
            List<EchKey> keys = exchange.echKeys();
            Optional<EchOpener.Opened> opened = EchOpener.open(keys, message, outer);
            if (opened.isPresent()) {
                Inbound inner = opened.get().inner();
                if (exchange.acceptsEch(ServerChoice.serverNames(inner.expect(ClientHello.class)))) {
                    exchange.session().echStatus(EchStatus.ACCEPTED);
                    return choose(inner, opened.get().opener(), out);
                }
            } else {
                exchange.echRetryConfigs(retryConfigs(keys));
            }
            exchange.session().echStatus(EchStatus.REJECTED);
            return choose(message, null, out);
        }

        /** {@return the list of those that are to be used instead, as many as a flight has room for; empty if there are none} */
        private static byte[] retryConfigs(List<EchKey> keys) {
            List<EchConfig> retry = new ArrayList<>();
            int room = MOST_RETRY_CONFIGS;
            for (EchKey key : keys) {
                int length = key.config().encoded().length;
                if (key.isRetry() && length <= room) {
                    retry.add(key.config());
                    room -= length;
                }
            }
            return retry.isEmpty() ? new byte[0] : EchConfig.encodeList(retry);
        }

        /** @param opener what opens a second hello, if it was opened; or null */
        private State choose(Inbound message, EchOpener opener, Effects out) throws SspiException {
            ClientHello hello = heard(message, exchange);
            ProtocolVersion version = ServerChoice.version(hello, exchange.settings());
            exchange.version(version);
            boolean earlyData = hello.extensions().has(ExtensionType.EARLY_DATA);
            if (version == ProtocolVersion.TLS12) {
                boolean first = exchange.renegotiated() == null;
                if (first && (earlyData || exchange.settings().maximumEarlyData() > 0)) {
                    out.earlyData(without(earlyData, Reason.PROTOCOL_VERSION));
                }
                return ServerHandshake12.answer(exchange, hello, message.bytes());
            }
            ServerChoice choice = ServerChoice.of(hello, exchange.settings());
            if (exchange.settings().preSharedKeys() != null) {
                // The suite is one for the key, if there is one, and a HelloRetryRequest names it already.
                return new Busy(
                        exchange,
                        earlyData,
                        effects -> answer(hello, message.bytes(), choice, commonKey(exchange, hello), opener, effects));
            }
            return answer(hello, message.bytes(), choice, Optional.empty(), opener, out);
        }

        private State answer(
                ClientHello hello,
                byte[] message,
                ServerChoice choice,
                Optional<CommonKey> key,
                EchOpener opener,
                Effects out)
                throws SspiException {
            CipherSuite suite = key.isPresent() ? key.get().suite() : choice.suite();
            exchange.transcript().begin(Negotiation.hash(suite));
            if (choice.share().isPresent()) {
                boolean earlyData = hello.extensions().has(ExtensionType.EARLY_DATA);
                Terms terms = new Terms(suite, choice.group(), hello, key, false, earlyData);
                return new Answer(exchange, terms, choice.share().get(), message).later();
            }
            out.peersFlightEnds();
            exchange.transcript().add(message);
            exchange.transcript().replaceByHash();
            HelloRetryRequest retry = HelloRetryRequest.of(
                    hello.legacySessionId(),
                    suite.code(),
                    Extensions.of(
                            new SelectedVersion(ProtocolVersion.TLS13.code()),
                            new KeyShareRetry(choice.group().code())));
            exchange.send(withConfirmation(retry, hello, suite), out);
            if (hello.legacySessionId().length != 0) {
                // RFC 8446 D.4: after the first handshake message.
                out.sendChangeCipherSpec();
            }
            return new WaitSecondClientHello(exchange, hello, suite, choice.group(), key, opener);
        }

        private HelloRetryRequest withConfirmation(HelloRetryRequest retry, ClientHello hello, CipherSuite suite) {
            EchStatus status = exchange.session().echStatus();
            EchConfirmation confirmation;
            if (status == EchStatus.ACCEPTED) {
                // RFC 9849 7.2.1: computed over the message with zeros in its place.
                HashAlgorithm hash = Negotiation.hash(suite);
                byte[] blank = retry.with(EchConfirmation.blank()).toBytes();
                byte[] transcriptHash = exchange.transcript().hashWith(hash, blank, blank.length);
                confirmation = new EchConfirmation(EchConfirming.ofRetry(hash, hello.random(), transcriptHash));
            } else if (status == EchStatus.REJECTED) {
                // RFC 9849 7.1: random bytes, so that the two do not look different.
                confirmation = new EchConfirmation(Exchange.randomBytes(exchange.settings(), EchConfirmation.LENGTH));
            } else {
                return retry;
            }
            return retry.with(confirmation);
        }
    }

    /** {@return the key from outside by which the two sides are to know each other, if it is to be by one} */
    private static Optional<CommonKey> commonKey(Exchange exchange, ClientHello hello) throws SspiException {
        exchange.session().requestedServerNames(ServerChoice.serverNames(hello));
        Optional<PreSharedKeyOffer> offer = hello.extensions().find(Shape.PRE_SHARED_KEY_OFFER);
        if (offer.isEmpty() || !offersDhe(hello.extensions())) {
            return Optional.empty();
        }
        boolean certificate = exchange.settings().preSharedKeys().certificates() == Certificates.FIRST
                && hello.extensions().has(ExtensionType.SIGNATURE_ALGORITHMS)
                && findIdentity(exchange, hello).isPresent();
        return certificate ? Optional.empty() : CommonKey.of(exchange, hello, offer.get());
    }

    /** {@return what this server can show to this client; empty if there is nothing that the client accepts} */
    private static Optional<Identity> findIdentity(Exchange exchange, ClientHello hello) throws SspiException {
        Optional<SignatureAlgorithms> offered = hello.extensions().find(Shape.SIGNATURE_ALGORITHMS);
        if (offered.isEmpty()) {
            // RFC 8446 4.2.3: a client that wants a certificate must send it; the pre-shared key did not do.
            throw AlertDescription.MISSING_EXTENSION.because("a ClientHello without signature_algorithms");
        }
        SignatureAlgorithms offer = offered.get();
        exchange.signingSchemes(
                Negotiation.common(offer.schemes(), exchange.settings().schemes()));
        exchange.hearDelegatedSchemes(hello.extensions());
        exchange.session().peerSignatureSchemes(offer.schemes());
        exchange.hearTrustAnchors(hello.extensions());
        Optional<CertificateAuthorities> authorities = hello.extensions().find(Shape.CERTIFICATE_AUTHORITIES);
        return Optional.ofNullable(exchange.selectIdentity(
                authorities.isPresent() ? ClientHandshake.Request.names(authorities.get()) : null));
    }

    /**
     * The client was asked for a share of this group.
     *
     * @param key by which the two sides are to know each other, if it is to be by one from outside
     * @param opener what opens the second hello, if the first was encrypted; or null
     */
    record WaitSecondClientHello(
            Exchange exchange,
            ClientHello first,
            CipherSuite suite,
            NamedGroup group,
            Optional<CommonKey> key,
            EchOpener opener)
            implements ServerState {
        @Override
        public State on(Inbound received, Effects out) throws SspiException {
            Inbound message = opener == null ? received : opener.openSecond(received);
            ClientHello hello = heard(message, exchange);
            ServerChoice.requireSame(first, hello);
            ServerChoice.version(hello, exchange.settings());
            ServerChoice choice = ServerChoice.of(hello, exchange.settings());
            List<KeyShareEntry> shares =
                    hello.extensions().find(Shape.KEY_SHARE_OFFER).orElseThrow().shares();
            // RFC 8446 4.1.2: the list of shares is replaced by one for the group that was asked for.
            if (shares.size() != 1 || shares.get(0).group() != group.code()) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("other key shares than the one that was asked for");
            }
            if (key.isPresent()) {
                PreSharedKeyOffer offer = hello.extensions()
                        .find(Shape.PRE_SHARED_KEY_OFFER)
                        .orElseThrow(() -> AlertDescription.MISSING_EXTENSION.because(
                                "a second ClientHello without pre_shared_key"));
                if (key.get().indexIn(offer) < 0) {
                    // RFC 8446 4.1.2: only keys that do not go with the suite may be taken back.
                    throw AlertDescription.ILLEGAL_PARAMETER.because(
                            "a second ClientHello without the pre-shared key that goes with the suite");
                }
            }
            Terms terms = new Terms(suite, group, hello, key, true, skipEarlyData());
            return new Answer(exchange, terms, choice.share().orElseThrow(), message.bytes()).later();
        }

        @Override
        public boolean skipEarlyData() {
            return first.extensions().has(ExtensionType.EARLY_DATA);
        }
    }

    /**
     * What the hellos agreed on.
     *
     * @param key from outside that the two sides have in common, if it counts
     * @param retried whether there was a HelloRetryRequest
     * @param earlyData whether the client offered early data with its first hello
     */
    record Terms(
            CipherSuite suite,
            NamedGroup group,
            ClientHello hello,
            Optional<CommonKey> key,
            boolean retried,
            boolean earlyData) {
        /** {@return whether early data follows the hello: none after a HelloRetryRequest (RFC 8446 4.2.10)} */
        boolean earlyDataFollows() {
            return earlyData && !retried;
        }
    }

    /** The step from a ClientHello to the server's flight. */
    private record Answer(Exchange exchange, Terms terms, KeyShareEntry share, byte[] message) implements Busy.Work {
        State later() {
            return new Busy(exchange, terms.earlyDataFollows(), this);
        }

        @Override
        public State run(Effects out) throws SspiException {
            TlsSession session = exchange.session();
            session.suite(terms.suite());
            session.group(terms.group());
            List<SNIServerName> names = exchange.answerTo(ServerChoice.serverNames(terms.hello()));
            Optional<String> protocol = exchange.chooseProtocol(terms.hello().extensions());
            Optional<Selected> selected = selectPreSharedKey(names);
            boolean keyed = selected.isPresent();
            boolean resumed = keyed && selected.get().session() != null;
            boolean speaksOfEarlyData = terms.earlyData() || exchange.settings().maximumEarlyData() > 0;
            Optional<Reason> against = speaksOfEarlyData ? reasonAgainstEarlyData(selected) : Optional.empty();
            boolean takesEarlyData = speaksOfEarlyData && against.isEmpty();
            exchange.transcript().add(message);
            if (resumed) {
                session.resume(selected.get().session().session());
            } else if (!exchange.settings().sessionCreation()) {
                throw AlertDescription.HANDSHAKE_FAILURE.because(
                        "a client that resumes no session, where only that may be");
            } else if (keyed) {
                session.preSharedKeyName(terms.key().get().key().name());
            }
            Identity identity = keyed ? null : selectIdentity();
            Extensions offered = terms.hello().extensions();
            Optional<SignedCertificateTimestamps> timestamps =
                    keyed ? Optional.empty() : exchange.timestamps(offered, identity);
            List<byte[]> staples = keyed
                    ? List.of()
                    : exchange.staples(offered, identity, identity.chain().size(), timestamps);

            KeyExchange.Response response =
                    KeyExchange.respond(Negotiation.keyExchange(terms.group()), share.keyExchange());
            exchange.vault().keep(response.sharedSecret());
            Aead aead = Negotiation.aead(terms.suite());
            TrafficKeys earlyDataKeys = takesEarlyData ? earlyDataKeys(selected.get(), aead) : null;
            sendHello(response.serverShare(), selected, out);
            EarlySecrets early = keyed
                    ? selected.get().early()
                    : exchange.vault().keep(new EarlySecrets(Negotiation.hash(terms.suite()), null));
            HandshakeSecrets secrets = exchange.vault()
                    .keep(early.advance(
                            response.sharedSecret(), exchange.transcript().hash()))
                    .logged(exchange, terms.hello().random());
            List<Extension> extensions = encryptedExtensions(protocol, resumed, out);
            if (takesEarlyData) {
                extensions.add(new Indication(ExtensionType.EARLY_DATA));
            }
            if (!keyed) {
                Optional<TrustAnchors> anchors = exchange.availableTrustAnchors();
                if (anchors.isPresent()) {
                    extensions.add(anchors.get());
                }
            }
            out.protectWrites(secrets.serverKeys(aead));
            TrafficKeys handshakeKeys = secrets.clientKeys(aead);
            if (takesEarlyData) {
                exchange.vault().keep(handshakeKeys);
                exchange.vault().release(earlyDataKeys);
            }
            out.protectReads(takesEarlyData ? earlyDataKeys : handshakeKeys);
            if (takesEarlyData) {
                long maximum = selected.get().session().earlyData().maximum();
                out.earlyData(EarlyDataInfo.offered(exchange.applicationProtocol(), maximum)
                        .accepted());
            } else if (speaksOfEarlyData) {
                out.earlyData(without(terms.earlyData(), against.get()));
            }
            exchange.send(new EncryptedExtensions(Extensions.of(extensions)), out);
            // RFC 8446 4.3.2: who authenticates with a pre-shared key must not ask for a certificate.
            Optional<CertificateRequest> request = keyed ? Optional.empty() : request();
            if (!keyed) {
                if (request.isPresent()) {
                    exchange.send(request.get(), out);
                }
                session.localCertificates(identity.chain());
                exchange.sendCertificate(
                        exchange.matching(identity, Authentication.certificate(identity, staples, timestamps)),
                        offered,
                        out);
                exchange.send(Authentication.prove(exchange, identity), out);
            }
            try (FinishedKey key = secrets.serverFinished()) {
                exchange.send(key.finished(exchange.transcript().hash()), out);
            }
            FinishedKey clientFinished = exchange.vault().keep(secrets.clientFinished());
            ApplicationSecrets application = exchange.vault()
                    .keep(secrets.advance(exchange.transcript().hash()))
                    .logged(exchange, terms.hello().random());
            out.protectWrites(application.serverKeys(aead));
            if (takesEarlyData) {
                return new WaitEndOfEarlyData(exchange, terms, handshakeKeys, clientFinished, application);
            }
            return request.isPresent()
                    ? new WaitCertificate(exchange, terms, request.get(), clientFinished, application)
                    : new WaitFinished(exchange, terms, clientFinished, application, terms.earlyDataFollows());
        }

        private void sendHello(byte[] serverShare, Optional<Selected> selected, Effects out) throws SspiException {
            List<Extension> extensions = new ArrayList<>(List.of(
                    new SelectedVersion(ProtocolVersion.TLS13.code()),
                    new KeyShareAnswer(new KeyShareEntry(terms.group().code(), serverShare))));
            if (selected.isPresent()) {
                extensions.add(new PreSharedKeySelection(selected.get().index()));
            }
            ServerHello answer = ServerHello.of(
                    Exchange.randomBytes(exchange.settings(), 32),
                    terms.hello().legacySessionId(),
                    terms.suite().code(),
                    Extensions.of(extensions));
            boolean encrypted = exchange.session().echStatus() == EchStatus.ACCEPTED;
            exchange.send(encrypted ? withConfirmation(answer.toBytes()) : answer.toBytes(), out);
            if (terms.hello().legacySessionId().length != 0 && !terms.retried()) {
                // RFC 8446 D.4: after the first handshake message, which may have been a HelloRetryRequest.
                out.sendChangeCipherSpec();
            }
        }

        /** RFC 9849 7.2: over the hellos up to this one, with zeros at the end of its random, which is where it goes. */
        private byte[] withConfirmation(byte[] answer) {
            HashAlgorithm hash = Negotiation.hash(terms.suite());
            byte[] blank = EchConfirming.blank(answer);
            byte[] transcriptHash = exchange.transcript().hashWith(hash, blank, blank.length);
            return EchConfirming.confirmed(
                    answer, EchConfirming.ofServerHello(hash, terms.hello().random(), transcriptHash));
        }

        /**
         * A pre-shared key that the client has proven to have.
         *
         * @param index its place in the client's list
         * @param session that it resumes, or null if it comes from outside
         */
        private record Selected(int index, ResumableSession session, EarlySecrets early) {}

        private Optional<Selected> selectPreSharedKey(List<SNIServerName> names) throws SspiException {
            Extensions extensions = terms.hello().extensions();
            Optional<PreSharedKeyOffer> offer = extensions.find(Shape.PRE_SHARED_KEY_OFFER);
            // RFC 8446 4.2.9: only in a mode that the client offers, and that with (EC)DHE is the only one here.
            if (offer.isEmpty() || !offersDhe(extensions)) {
                return Optional.empty();
            }
            Optional<Selected> session = selectSession(offer.get(), names);
            return session.isPresent() || terms.key().isEmpty() ? session : Optional.of(select(offer.get()));
        }

        /** {@return the key from outside} */
        private Selected select(PreSharedKeyOffer offer) throws SspiException {
            CommonKey common = terms.key().orElseThrow();
            EarlySecrets early =
                    exchange.vault().keep(ExternalKey.secrets(common.key(), Negotiation.hash(terms.suite())));
            int index = common.indexIn(offer);
            requireBinder(early, offer.binders().get(index));
            return new Selected(index, null, early);
        }

        private Optional<Selected> selectSession(PreSharedKeyOffer offer, List<SNIServerName> names)
                throws SspiException {
            Tickets tickets = exchange.settings().tickets();
            if (tickets == null) {
                return Optional.empty();
            }
            List<PskIdentity> identities = offer.identities();
            for (int i = 0; i < Math.min(identities.size(), MOST_IDENTITIES); i++) {
                ResumableSession session = tickets.redeem(identities.get(i).identity());
                if (session == null) {
                    continue;
                }
                exchange.vault().keep(session);
                if (fits(session, identities.get(i), names) && exchange.couldBegin(session.session())) {
                    HashAlgorithm hash = Negotiation.hash(terms.suite());
                    EarlySecrets early = exchange.vault().keep(new EarlySecrets(hash, session.preSharedKey()));
                    requireBinder(early, offer.binders().get(i));
                    if (presents(session.session()) && hasNames(session, names) && exchange.trusts(session)) {
                        return Optional.of(new Selected(i, session, early));
                    }
                }
            }
            return Optional.empty();
        }

        /** draft-ietf-tls-cross-sni-resumption 3: for another name only if the certificate that the client was shown has it. */
        private static boolean hasNames(ResumableSession session, List<SNIServerName> names) {
            return session.serverNames().equals(names)
                    || names.size() == 1
                            && names.get(0) instanceof SNIHostName host
                            && ResumableSession.isFor(
                                    host.getAsciiName(), session.session().localCertificates());
        }

        /** {@return why there is no early data, or empty if there is; the ticket is used up for it} */
        private Optional<Reason> reasonAgainstEarlyData(Optional<Selected> selected) {
            Optional<PreSharedKeyOffer> offer = terms.hello().extensions().find(Shape.PRE_SHARED_KEY_OFFER);
            HandshakeSettings settings = exchange.settings();
            if (settings.maximumEarlyData() == 0) {
                return Optional.of(Reason.DISABLED);
            }
            if (offer.isEmpty()) {
                return Optional.of(Reason.NO_SESSION);
            }
            if (selected.isEmpty() || selected.get().session() == null) {
                return Optional.of(Reason.SESSION_NOT_RESUMED);
            }
            ResumableSession session = selected.get().session();
            long maximum = session.earlyData().maximum();
            boolean supported = maximum > 0
                    // A client may send as much as its ticket says.
                    && maximum <= settings.maximumEarlyData()
                    // What comes before the client is heard is for the name that the ticket was given for.
                    && session.serverNames().equals(exchange.session().requestedServerNames())
                    // RFC 8446 4.2.10: the first key that is offered.
                    && selected.get().index() == 0;
            if (!supported) {
                return Optional.of(Reason.UNSUPPORTED_FOR_SESSION);
            }
            if (!terms.earlyData()) {
                return Optional.of(Reason.PEER_DECLINED);
            }
            if (terms.retried()) {
                return Optional.of(Reason.HELLO_RETRY_REQUEST);
            }
            if (session.suite() != terms.suite()) {
                // RFC 8446 4.2.10; application protocol and server name are the same in every resumption.
                return Optional.of(Reason.CIPHER_SUITE);
            }
            PskIdentity identity = offer.get().identities().get(0);
            if (!isFresh(session, identity)) {
                return Optional.of(Reason.TICKET_AGE);
            }
            // Last of all: what is refused for another reason does not use up the ticket.
            return settings.tickets().takeEarlyData(identity.identity())
                    ? Optional.empty()
                    : Optional.of(Reason.REPLAY);
        }

        /** RFC 8446 8.3: the ticket is as old for the client as it is here, or else the hello may have been sent long ago. */
        private static boolean isFresh(ResumableSession session, PskIdentity identity) {
            return Math.abs(age(session, identity) - session.earlyData().age()) <= EARLY_DATA_TOLERANCE;
        }

        private TrafficKeys earlyDataKeys(Selected selected, Aead aead) {
            byte[] helloHash = exchange.transcript().hash();
            return exchange.vault()
                    .keep(selected.early()
                            .earlyDataKeys(
                                    aead, helloHash, exchange, terms.hello().random()));
        }

        private boolean presents(TlsSession session) throws SspiException {
            // A client that does not say what it accepts can be shown nothing.
            return terms.hello().extensions().has(ExtensionType.SIGNATURE_ALGORITHMS)
                    ? exchange.presents(session, this::selectIdentity)
                    : exchange.presents(session, () -> null);
        }

        private boolean fits(ResumableSession session, PskIdentity identity, List<SNIServerName> names) {
            return session.serves(exchange, names)
                    && age(session, identity) <= session.lifetimeSeconds() * 1000 + AGE_TOLERANCE
                    // RFC 8446 4.2.11: the hash of the key is that of the suite.
                    && Negotiation.hash(session.suite()) == Negotiation.hash(terms.suite());
        }

        /** {@return how old the ticket is for the client, in milliseconds} */
        private static long age(ResumableSession session, PskIdentity identity) {
            // RFC 8446 4.2.11.1: the age is what the client sent less ticket_age_add, modulo 2^32.
            return identity.obfuscatedTicketAge() - session.ageAdd() & 0xFFFF_FFFFL;
        }

        private void requireBinder(EarlySecrets early, byte[] binder) throws SspiException {
            int length = terms.hello().bindersOffset(message);
            byte[] hash = exchange.transcript().hashWith(early.hash(), message, length);
            if (!MessageDigest.isEqual(early.binder(hash), binder)) {
                // RFC 8446 4.2.11: a binder that does not validate aborts the handshake; 6.2: decrypt_error.
                throw AlertDescription.DECRYPT_ERROR.because("a binder that does not verify");
            }
        }

        private Identity selectIdentity() throws SspiException {
            if (exchange.settings().requiresPreSharedKey()) {
                // RFC 8446 6.2: unknown_psk_identity is optional, and tells more.
                throw AlertDescription.HANDSHAKE_FAILURE.because(
                        "no pre-shared key in common, where only that may be (RFC 8446 4.2.11)");
            }
            Optional<Identity> identity = findIdentity(exchange, terms.hello());
            if (identity.isEmpty()) {
                // RFC 8446 4.4.2.2, 6.2: no certificate that the client accepts.
                throw AlertDescription.HANDSHAKE_FAILURE.because(Negotiation.noCertificate(
                                terms.hello()
                                        .extensions()
                                        .find(Shape.SIGNATURE_ALGORITHMS)
                                        .orElseThrow()
                                        .schemes(),
                                exchange.settings().schemes())
                        + " (RFC 8446 4.4.2.2)");
            }
            return identity.get();
        }

        private List<Extension> encryptedExtensions(Optional<String> protocol, boolean resumed, Effects out)
                throws SspiException {
            List<Extension> extensions = new ArrayList<>();
            if (!resumed && exchange.acknowledgesServerName(terms.hello().extensions())) {
                // RFC 6066 3: a server that used the name says so with an empty extension.
                extensions.add(new Indication(ExtensionType.SERVER_NAME));
            }
            if (protocol.isPresent()) {
                extensions.add(ApplicationProtocols.of(protocol.get()));
            }
            int ownLimit = exchange.settings().recordSizeLimit();
            Optional<RecordSizeLimit> limit = terms.hello().extensions().find(Shape.RECORD_SIZE_LIMIT);
            if (ownLimit != 0 && limit.isPresent()) {
                extensions.add(new RecordSizeLimit(ownLimit));
                // RFC 8449 4: a limit over the protocol's own changes nothing.
                out.limitRecords(Math.min(limit.get().limit(), HandshakeSettings.LARGEST_RECORD_SIZE_LIMIT));
            }
            byte[] configs = exchange.echRetryConfigs();
            if (configs.length > 0 && terms.hello().extensions().has(ExtensionType.ENCRYPTED_CLIENT_HELLO)) {
                // RFC 9849 7.1: whoever could not be read is told with what to try again.
                extensions.add(new EchRetryConfigs(configs));
            }
            return extensions;
        }

        private Optional<CertificateRequest> request() {
            HandshakeSettings settings = exchange.settings();
            if (settings.clientAuthentication() == ClientAuthentication.NONE) {
                return Optional.empty();
            }
            Extensions extensions = Extensions.of(new SignatureAlgorithms(Negotiation.schemeCodes(settings.schemes())));
            if (!settings.certificateAuthorities().isEmpty()) {
                extensions = extensions.with(CertificateAuthorities.of(settings.certificateAuthorities()));
            }
            if (settings.trustAnchors() != null) {
                extensions = extensions.with(TrustAnchors.of(settings.trustAnchors()));
            }
            if (!settings.certificateCompressions().isEmpty()) {
                extensions = extensions.with(Negotiation.compressCertificate(settings.certificateCompressions()));
            }
            if (settings.acceptsDelegatedCredentials()) {
                Optional<DelegatedCredentialOffer> delegated = Delegation.offer(settings);
                if (delegated.isPresent()) {
                    extensions = extensions.with(delegated.get());
                }
            }
            if (settings.grease()) {
                extensions = extensions.with(grease(settings));
            }
            return Optional.of(new CertificateRequest(new byte[0], extensions.without(settings.disabledExtensions())));
        }
    }

    /**
     * Early data is on its way.
     *
     * @param handshakeKeys what protects the client's messages behind it
     */
    record WaitEndOfEarlyData(
            Exchange exchange,
            Terms terms,
            TrafficKeys handshakeKeys,
            FinishedKey clientFinished,
            ApplicationSecrets application)
            implements ServerState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            message.expect(EndOfEarlyData.class);
            exchange.transcript().add(message.bytes());
            out.earlyDataEnds();
            exchange.vault().release(handshakeKeys);
            out.protectReads(handshakeKeys);
            return new WaitFinished(exchange, terms, clientFinished, application, false);
        }
    }

    /** The client was asked for a certificate. */
    record WaitCertificate(
            Exchange exchange,
            Terms terms,
            CertificateRequest request,
            FinishedKey clientFinished,
            ApplicationSecrets application)
            implements ServerState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            CertificateMessage certificate =
                    CompressedCertificates.read(message, request.extensions(), exchange.settings());
            Presented client = Presented.of(certificate, request.extensions(), exchange.settings());
            exchange.transcript().add(message.bytes());
            if (!client.chain().isEmpty()) {
                exchange.session()
                        .trustAnchorMatched(
                                certificate.entries().get(0).extensions().has(ExtensionType.TRUST_ANCHORS));
                return new WaitCertificateVerify(exchange, terms, client, clientFinished, application);
            }
            if (exchange.settings().clientAuthentication() == ClientAuthentication.NEED) {
                // RFC 8446 4.4.2.4: a server may abort with certificate_required.
                throw AlertDescription.CERTIFICATE_REQUIRED.because(
                        "a client without a certificate, where one is needed (RFC 8446 4.4.2.4)");
            }
            return new WaitFinished(exchange, terms, clientFinished, application, false);
        }

        @Override
        public boolean skipEarlyData() {
            return terms.earlyDataFollows();
        }
    }

    /** The client has to prove that the certificate is its own. */
    record WaitCertificateVerify(
            Exchange exchange,
            Terms terms,
            Presented client,
            FinishedKey clientFinished,
            ApplicationSecrets application)
            implements ServerState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            Presented.Claim claim = client.claim(message.expect(CertificateVerify.class), exchange);
            exchange.transcript().add(message.bytes());
            return new Busy(exchange, effects -> {
                client.verify(
                        claim,
                        exchange,
                        Authentication.clientAuthType(client.chain().get(0)));
                return new WaitFinished(exchange, terms, clientFinished, application, false);
            });
        }
    }

    /**
     * The client is who it has to be.
     *
     * @param skipEarlyData whether nothing came since the hello, after which early data may
     */
    record WaitFinished(
            Exchange exchange,
            Terms terms,
            FinishedKey clientFinished,
            ApplicationSecrets application,
            boolean skipEarlyData)
            implements ServerState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            Finished finished = message.expect(Finished.class);
            FinishedVerified proof =
                    clientFinished.verify(finished, exchange.transcript().hash());
            exchange.transcript().add(message.bytes());
            application.complete(exchange.transcript().hash());
            out.protectReads(application.clientKeys(Negotiation.aead(terms.suite())));
            out.established();
            sendTickets(out);
            application.endTickets();
            exchange.vault().release(application).destroy();
            return new Connected13(
                    exchange.settings(),
                    false,
                    terms.suite(),
                    terms.group(),
                    exchange.applicationProtocol(),
                    application,
                    proof);
        }

        private void sendTickets(Effects out) throws SspiException {
            HandshakeSettings settings = exchange.settings();
            Tickets tickets = settings.tickets();
            // RFC 8446 4.2.9: no tickets for modes that the client did not offer.
            if (tickets == null
                    || !offersDhe(terms.hello().extensions())
                    || !exchange.session().isValid()) {
                return;
            }
            for (int i = 0; i < tickets.count(); i++) {
                sendTicket(settings, tickets, i, out);
            }
        }

        private void sendTicket(HandshakeSettings settings, Tickets tickets, int index, Effects out)
                throws SspiException {
            // RFC 8446 4.6.1: a nonce of its own for each ticket of a connection, a random ticket_age_add, at most 7
            // days.
            byte[] nonce = {(byte) (index >>> 8), (byte) index};
            byte[] random = Exchange.randomBytes(settings, 4);
            long ageAdd =
                    (random[0] & 0xFFL) << 24 | (random[1] & 0xFF) << 16 | (random[2] & 0xFF) << 8 | random[3] & 0xFF;
            long lifetime = Math.max(1, Math.min(tickets.lifetimeSeconds(), LONGEST_TICKET_LIFETIME));
            exchange.session().name(Exchange.randomBytes(settings, 32));
            byte[] ticket = tickets.issue(new ResumableSession(
                    terms.suite(),
                    application.preSharedKey(nonce),
                    new byte[0],
                    false,
                    ageAdd,
                    lifetime,
                    System.currentTimeMillis(),
                    exchange.session(),
                    exchange.session().requestedServerNames(),
                    exchange.applicationProtocol(),
                    settings.clientAuthentication(),
                    settings.callbacks().trustScope(),
                    EarlyDataGrant.now(settings.maximumEarlyData())));
            if (ticket != null) {
                Extensions extensions = settings.maximumEarlyData() == 0
                        ? Extensions.NONE
                        : Extensions.of(new EarlyDataLimit(settings.maximumEarlyData()));
                if (settings.resumptionAcrossNames() && isForItsCertificate()) {
                    extensions = extensions.with(TlsFlags.of(TlsFlags.RESUMPTION_ACROSS_NAMES));
                }
                if (settings.grease()) {
                    extensions = extensions.with(grease(settings));
                }
                out.send(new NewSessionTicket(lifetime, ageAdd, nonce, ticket, extensions).toBytes());
            }
        }

        /** {@return whether there is nothing in this session that is for its name alone} */
        private boolean isForItsCertificate() {
            TlsSession session = exchange.session();
            return !session.authenticatesByCertificate() && session.preSharedKeyName() == null;
        }
    }

    /** {@return an extension that no client may heed (RFC 8701 3.2)} */
    private static Extension grease(HandshakeSettings settings) {
        return new RawExtension(Grease.value(Exchange.randomBytes(settings, 1)[0]), new byte[0]);
    }

    private static boolean offersDhe(Extensions extensions) {
        Optional<PskKeyExchangeModes> modes = extensions.find(Shape.PSK_KEY_EXCHANGE_MODES);
        return modes.isPresent() && modes.get().contains(PskKeyExchangeModes.PSK_DHE_KE);
    }
}
