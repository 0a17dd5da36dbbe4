package org.jsspi.provider.tls.handshake;

import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jsspi.EarlyDataInfo;
import org.jsspi.EarlyDataInfo.Reason;
import org.jsspi.EchStatus;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.KeyExchange;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CertificateAuthorities;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.CertificateRequest;
import org.jsspi.provider.tls.message.CertificateVerify;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.EchRetryConfigs;
import org.jsspi.provider.tls.message.EncryptedExtensions;
import org.jsspi.provider.tls.message.EndOfEarlyData;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.tls.message.HandshakeType;
import org.jsspi.provider.tls.message.HelloRetryRequest;
import org.jsspi.provider.tls.message.KeyShareAnswer;
import org.jsspi.provider.tls.message.KeyShareEntry;
import org.jsspi.provider.tls.message.KeyShareRetry;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.PreSharedKeySelection;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.RecordSizeLimit;
import org.jsspi.provider.tls.message.SelectedVersion;
import org.jsspi.provider.tls.message.ServerHello;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureAlgorithms;
import org.jsspi.provider.tls.message.TrustAnchors;

/** The client's side of a handshake (RFC 8446 2, A.1): its states, in the order of the protocol. */
public final class ClientHandshake {
    private ClientHandshake() {}

    /**
     * Sends a ClientHello.
     *
     * @return the state that takes the server's answer
     * @throws SspiException if the settings leave nothing to offer
     */
    public static State start(HandshakeSettings settings, Effects out) throws SspiException {
        Exchange exchange = new Exchange(settings, true);
        try {
            ClientOffer.Candidates candidates = ClientOffer.candidates(exchange);
            return settings.reverifyOnResume() && ClientOffer.offersEarlyData(exchange.settings(), candidates.session())
                    ? new Busy(exchange, effects -> reverified(exchange, candidates, effects))
                    : hello(exchange, candidates, out);
        } catch (SspiException | RuntimeException e) {
            exchange.vault().destroy();
            throw e;
        }
    }

    /**
     * Sends a ClientHello for an established connection of TLS 1.2.
     *
     * @return the state that takes the server's answer
     * @throws SspiException if the settings leave nothing to offer
     */
    static State renegotiate(HandshakeSettings settings, RenegotiatedConnection connection, Effects out)
            throws SspiException {
        Exchange exchange = new Exchange(settings, true, connection);
        try {
            ClientOffer.Candidates candidates = ClientOffer.candidates(exchange);
            out.holdData();
            return hello(exchange, candidates, out);
        } catch (SspiException | RuntimeException e) {
            exchange.vault().destroy();
            throw e;
        }
    }

    /** Early data is for a server that is trusted still. Whether it is the server that answers has yet to be proven. */
    private static State reverified(Exchange exchange, ClientOffer.Candidates candidates, Effects out)
            throws SspiException {
        TlsSession session = exchange.session();
        try {
            exchange.reverifyServer(candidates.session().session(), Authentication.SERVER_AUTH_TYPE);
        } finally {
            session.peerCertificates(List.of());
            session.statusResponses(List.of());
        }
        return hello(exchange, candidates, out);
    }

    private static State hello(Exchange exchange, ClientOffer.Candidates candidates, Effects out) throws SspiException {
        return new WaitServerHello(exchange, ClientOffer.first(exchange, candidates, out), Optional.empty());
    }

    /**
     * The hello is sent.
     *
     * @param retry what the server asked for with a HelloRetryRequest
     */
    record WaitServerHello(Exchange exchange, ClientOffer offer, Optional<HelloRetryRequest> retry)
            implements ClientState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            if (message.type() == HandshakeType.HELLO_REQUEST && mayBeTls12()) {
                // RFC 5246 7.4.1.1: ignored while a handshake runs, and in no transcript.
                exchange.countHelloRequest();
                return this;
            }
            if (offer.ech() != null && exchange.session().echStatus() == EchStatus.OFFERED) {
                return decided(message).on(message, out);
            }
            return message.type() == HandshakeType.HELLO_RETRY_REQUEST
                    ? onRetry(message.expect(HelloRetryRequest.class), message, out)
                    : onHello(message.expect(ServerHello.class), message, out);
        }

        /** {@return this, with the hello that the server has taken, which its first message tells (RFC 9849 6.1.4)} */
        private WaitServerHello decided(Inbound message) {
            return new WaitServerHello(
                    exchange,
                    offer.ech().isConfirmedBy(message) ? offer.accepted(exchange) : offer.rejected(exchange),
                    retry);
        }

        @Override
        public boolean isRefusable() {
            return exchange.renegotiated() != null;
        }

        private boolean mayBeTls12() {
            return retry.isEmpty() && exchange.settings().versions().contains(ProtocolVersion.TLS12);
        }

        private State onRetry(HelloRetryRequest request, Inbound message, Effects out) throws SspiException {
            if (retry.isPresent()) {
                // RFC 8446 4.1.4: a second HelloRetryRequest is answered with unexpected_message.
                throw message.unexpected("after another");
            }
            out.peersFlightEnds();
            CipherSuite suite = judge(
                    request.legacyVersion(),
                    request.legacySessionIdEcho(),
                    request.cipherSuite(),
                    request.legacyCompressionMethod(),
                    request.extensions());
            Optional<KeyShareRetry> wanted = request.extensions().find(Shape.KEY_SHARE_RETRY);
            if (wanted.isEmpty() && request.extensions().find(Shape.COOKIE).isEmpty()) {
                // RFC 8446 4.1.4: abort if the request would not change the ClientHello.
                throw AlertDescription.ILLEGAL_PARAMETER.because("a HelloRetryRequest that asks for nothing");
            }
            if (wanted.isPresent()) {
                judgeGroup(wanted.get().group());
            }
            exchange.version(ProtocolVersion.TLS13);
            exchange.transcript().begin(Negotiation.hash(suite));
            exchange.transcript().replaceByHash();
            exchange.transcript().add(message.bytes());
            if (offer.earlyData() != null) {
                // RFC 8446 4.2.10: a HelloRetryRequest rejects early data; the second hello is in the clear.
                out.earlyData(offer.earlyData().rejected(Reason.HELLO_RETRY_REQUEST));
                out.unprotectWrites();
            } else if (offer.hello().legacySessionId().length != 0) {
                // RFC 8446 D.4: immediately before the second flight, unless it went before early data.
                out.sendChangeCipherSpec();
            }
            return new WaitServerHello(exchange, offer.retry(exchange, request, suite, out), Optional.of(request));
        }

        private void judgeGroup(int group) throws SspiException {
            // RFC 8446 4.2.8: the group must be one that was offered, and one that no share was sent for.
            boolean offered = exchange.settings().groups().stream().anyMatch(ours -> ours.code() == group);
            if (!offered || share(group).isPresent()) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("a HelloRetryRequest for group 0x"
                        + Integer.toHexString(group)
                        + (offered ? ", whose share it has" : ", which was not offered"));
            }
        }

        private State onHello(ServerHello answer, Inbound message, Effects out) throws SspiException {
            if (answer.extensions().find(Shape.SELECTED_VERSION).isEmpty()) {
                if (retry.isPresent()) {
                    // RFC 8446 4.1.4: the version cannot change after a HelloRetryRequest.
                    throw AlertDescription.ILLEGAL_PARAMETER.because("another version than in the HelloRetryRequest");
                }
                if (offer.earlyData() != null) {
                    // RFC 8446 D.3: who has sent early data must fail where an older version answers.
                    throw AlertDescription.PROTOCOL_VERSION.because(
                            "a ServerHello of an older version, in answer to early data (RFC 8446 D.3)");
                }
                return ClientHandshake12.begin(exchange, offer, answer, message, out);
            }
            CipherSuite suite = judge(
                    answer.legacyVersion(),
                    answer.legacySessionIdEcho(),
                    answer.cipherSuite(),
                    answer.legacyCompressionMethod(),
                    answer.extensions());
            if (retry.isPresent() && retry.get().cipherSuite() != suite.code()) {
                // RFC 8446 4.1.4: the suite must be the same as in the HelloRetryRequest.
                throw AlertDescription.ILLEGAL_PARAMETER.because("another cipher suite than in the HelloRetryRequest");
            }
            if (retry.isPresent()
                    && offer.ech() != null
                    && !offer.ech().isConfirmedAgainBy(message, Negotiation.hash(suite), exchange.transcript())) {
                // RFC 9849 6.1.5: what the HelloRetryRequest has confirmed the ServerHello confirms as well.
                throw AlertDescription.ILLEGAL_PARAMETER.because(
                        "a server that takes the Encrypted Client Hello in one message and not in the next");
            }
            Optional<OfferedKey> key = selectedKey(answer, suite);
            Optional<KeyShareAnswer> shared = answer.extensions().find(Shape.KEY_SHARE_ANSWER);
            if (shared.isEmpty()) {
                // RFC 8446 9.2: key_share is mandatory with (EC)DHE, and no other mode was offered.
                throw AlertDescription.MISSING_EXTENSION.because("a ServerHello without key_share");
            }
            KeyShareEntry share = shared.get().share();
            Optional<KeyExchange> own = share(share.group());
            if (own.isEmpty()) {
                // RFC 8446 4.2.8: a share for a group that the client sent a share for; after a HelloRetryRequest that
                // chose a group there is no other.
                throw AlertDescription.ILLEGAL_PARAMETER.because(
                        "a key share for group 0x" + Integer.toHexString(share.group()) + ", which has none");
            }
            if (retry.isEmpty()) {
                exchange.transcript().begin(Negotiation.hash(suite));
            }
            exchange.transcript().add(message.bytes());
            NamedGroup group = NamedGroup.of(share.group()).orElseThrow();
            exchange.version(ProtocolVersion.TLS13);
            exchange.session().suite(suite);
            exchange.session().group(group);

            EarlySecrets early = key.isPresent()
                    ? key.get().early()
                    : exchange.vault().keep(new EarlySecrets(Negotiation.hash(suite), null));
            HandshakeSecrets secrets = exchange.vault()
                    .keep(early.advance(
                            own.get().agree(share.keyExchange()),
                            exchange.transcript().hash()))
                    .logged(exchange, offer.hello().random());
            offer.forgetTls13();
            Aead aead = Negotiation.aead(suite);
            EarlyDataInfo earlyData = offer.earlyData();
            boolean resumed = key.isPresent() && key.get().session() != null;
            if (earlyData != null && !resumed) {
                out.earlyData(earlyData.rejected(Reason.SESSION_NOT_RESUMED));
            }
            out.protectReads(secrets.serverKeys(aead));
            boolean pending = earlyData != null && resumed;
            if (!pending) {
                out.protectWrites(secrets.clientKeys(aead));
            }
            // RFC 8446 D.4: once, immediately before the second flight, or in front of early data.
            if (offer.hello().legacySessionId().length != 0 && retry.isEmpty() && earlyData == null) {
                out.changeCipherSpecIsDue();
            }
            if (resumed) {
                exchange.session().resume(key.get().session().session());
            }
            Terms terms = new Terms(suite, group, offer.hello(), key, pending ? earlyData : null);
            return new WaitEncryptedExtensions(exchange, terms, secrets);
        }

        /** The rules that ServerHello and HelloRetryRequest have in common. */
        private CipherSuite judge(int version, byte[] sessionId, int suite, int compression, Extensions extensions)
                throws SspiException {
            ClientHello hello = offer.hello();
            // RFC 8446 4.1.4, 4.2: extensions that were not offered, save the cookie.
            extensions.requireOfferedIn(hello.extensions());
            Optional<SelectedVersion> selected = extensions.find(Shape.SELECTED_VERSION);
            if (selected.isEmpty()) {
                // RFC 8446 9.2: supported_versions is required in all of them.
                throw AlertDescription.MISSING_EXTENSION.because("a HelloRetryRequest without supported_versions");
            }
            if (selected.get().version() != ProtocolVersion.TLS13.code()
                    || !exchange.settings().versions().contains(ProtocolVersion.TLS13)) {
                // RFC 8446 4.2.1: a version that was not offered, or one before TLS 1.3.
                throw AlertDescription.ILLEGAL_PARAMETER.because(
                        "version 0x" + Integer.toHexString(selected.get().version()) + ", which was not offered");
            }
            // RFC 8446 4.1.3: legacy_version must be 0x0303.
            if (version != ProtocolVersion.TLS12.code()) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("a legacy version that is not 0x0303");
            }
            // RFC 8446 4.1.3: an echo that is not the session id sent is illegal_parameter.
            if (!Arrays.equals(sessionId, hello.legacySessionId())) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("another session id than the one that was sent");
            }
            if (compression != 0) {
                // RFC 8446 4.1.3: must have the value 0.
                throw AlertDescription.ILLEGAL_PARAMETER.because("a compression method");
            }
            Optional<CipherSuite> chosen = CipherSuite.of(suite);
            if (chosen.isEmpty()
                    || chosen.get().version() != ProtocolVersion.TLS13
                    || !exchange.settings().suites().contains(chosen.get())) {
                // RFC 8446 4.1.3: a suite that was not offered.
                throw AlertDescription.ILLEGAL_PARAMETER.because(
                        "cipher suite 0x" + Integer.toHexString(suite) + ", which was not offered");
            }
            return chosen.get();
        }

        private Optional<OfferedKey> selectedKey(ServerHello answer, CipherSuite suite) throws SspiException {
            Optional<PreSharedKeySelection> selection = answer.extensions().find(Shape.PRE_SHARED_KEY_SELECTION);
            if (selection.isEmpty()) {
                if (exchange.settings().requiresPreSharedKey() && !exchange.isEchRejected()) {
                    // RFC 8446 4.4.2, 9.2: no certificate was asked for, so this has to be there.
                    throw AlertDescription.MISSING_EXTENSION.because(
                            "a server that has none of the pre-shared keys, where only that may be");
                }
                return Optional.empty();
            }
            // RFC 8446 4.2.11: the identity is in range of what was offered, and the suite has the hash of its key.
            // What stands in an outer hello is no offer (RFC 9849 6.1.2).
            int index = selection.get().selectedIdentity();
            if (index >= offer.keys().size()) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("a pre-shared key that was not offered");
            }
            OfferedKey key = offer.keys().get(index);
            if (key.hash() != Negotiation.hash(suite)) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("a suite with another hash than the pre-shared key's");
            }
            return Optional.of(key);
        }

        private Optional<KeyExchange> share(int group) {
            for (KeyExchange share : offer.shares()) {
                if (share.group().code() == group) {
                    return Optional.of(share);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * What the hellos agreed on.
     *
     * @param key by which the two sides know each other; empty if it is by certificates
     * @param earlyData that was offered and has not been rejected, or null
     */
    record Terms(
            CipherSuite suite, NamedGroup group, ClientHello hello, Optional<OfferedKey> key, EarlyDataInfo earlyData) {
        Terms withoutEarlyData() {
            return new Terms(suite, group, hello, key, null);
        }
    }

    /** The keys of the handshake are in use. */
    record WaitEncryptedExtensions(Exchange exchange, Terms terms, HandshakeSecrets secrets) implements ClientState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            EncryptedExtensions answer = message.expect(EncryptedExtensions.class);
            answer.extensions().requireOfferedIn(terms.hello().extensions());
            Optional<EchRetryConfigs> retryConfigs = answer.extensions().find(Shape.ECH_RETRY_CONFIGS);
            if (retryConfigs.isPresent()) {
                if (exchange.session().echStatus() == EchStatus.ACCEPTED) {
                    // RFC 9849 5: only a server that has used the outer hello sends it.
                    throw AlertDescription.UNSUPPORTED_EXTENSION.because(
                            "configurations from a server that has taken the Encrypted Client Hello");
                }
                // RFC 9849 6.2.1: a client that has encrypted nothing does not keep them.
                if (exchange.isEchRejected() && retryConfigs.get().hasKnown()) {
                    exchange.echRetryConfigs(retryConfigs.get().configList());
                }
            }
            exchange.transcript().add(message.bytes());
            exchange.agreeOnProtocol(answer.extensions().find(Shape.APPLICATION_PROTOCOLS));
            Optional<TrustAnchors> available = answer.extensions().find(Shape.TRUST_ANCHORS);
            if (available.isPresent() && !exchange.isEchRejected()) {
                exchange.session().availableTrustAnchors(available.get());
            }
            Optional<RecordSizeLimit> limit = answer.extensions().find(Shape.RECORD_SIZE_LIMIT);
            if (limit.isPresent()) {
                // RFC 8449 4: a limit over the protocol's own changes nothing.
                int most = Math.min(limit.get().limit(), HandshakeSettings.LARGEST_RECORD_SIZE_LIMIT);
                out.limitRecords(most);
                exchange.session().peersRecordSizeLimit(most);
            }
            boolean takesEarlyData = answer.extensions().has(ExtensionType.EARLY_DATA);
            if (takesEarlyData) {
                judgeEarlyData();
                out.earlyData(terms.earlyData().accepted());
            } else if (terms.earlyData() != null) {
                out.earlyData(terms.earlyData().rejected(Reason.PEER_DECLINED));
                out.protectWrites(secrets.clientKeys(Negotiation.aead(terms.suite())));
            }
            boolean resumed = terms.key().isPresent() && terms.key().get().session() != null;
            if (!resumed && !exchange.settings().sessionCreation()) {
                throw AlertDescription.HANDSHAKE_FAILURE.because(
                        "a server that resumes no session, where only that may be");
            }
            if (terms.key().isPresent()) {
                // RFC 8446 4.3.2, 4.4.2: with a pre-shared key there is no CertificateRequest and no Certificate.
                Terms agreed = takesEarlyData ? terms : terms.withoutEarlyData();
                WaitFinished next = new WaitFinished(exchange, agreed, secrets, Optional.empty());
                return resumed && judgesAgain(terms.key().get().session())
                        ? new Busy(exchange, effects -> reverified(next))
                        : next;
            }
            return new WaitCertificateOrRequest(exchange, terms, secrets);
        }

        /** The chain of a session that is resumed for another name has been judged for the first one. */
        private boolean judgesAgain(ResumableSession session) {
            HandshakeSettings settings = exchange.settings();
            return settings.reverifyOnResume() || !session.serverNames().equals(settings.serverNames());
        }

        /** This message was protected with the session's secret, so that the server has it. */
        private State reverified(WaitFinished next) throws SspiException {
            exchange.reverifyServer(Authentication.SERVER_AUTH_TYPE);
            return next;
        }

        /** RFC 8446 4.2.10: early data is taken with the first key, for the suite and the protocol that it was sent for. */
        private void judgeEarlyData() throws SspiException {
            if (terms.earlyData() == null) {
                throw AlertDescription.ILLEGAL_PARAMETER.because(
                        "early data taken by a server that resumes no session");
            }
            ResumableSession session = exchange.settings().resumption();
            if (session.suite() != terms.suite()
                    || !session.applicationProtocol().equals(exchange.applicationProtocol())) {
                throw AlertDescription.ILLEGAL_PARAMETER.because(
                        "early data taken for another cipher suite or application protocol than its session's");
            }
        }
    }

    /**
     * What the server wants to know of the client.
     *
     * @param authorities that the server named, or null
     * @param extensions of the message
     */
    record Request(Principal[] authorities, Extensions extensions) {
        static Request judge(CertificateRequest request, Exchange exchange) throws SspiException {
            if (request.context().length != 0) {
                // RFC 8446 4.3.2: zero length unless it is for post-handshake authentication.
                throw AlertDescription.ILLEGAL_PARAMETER.because("a certificate request context in the handshake");
            }
            SignatureAlgorithms schemes = request.extensions()
                    .find(Shape.SIGNATURE_ALGORITHMS)
                    // RFC 8446 4.3.2: signature_algorithms must be there.
                    .orElseThrow(() -> AlertDescription.MISSING_EXTENSION.because(
                            "a CertificateRequest without signature_algorithms"));
            exchange.signingSchemes(
                    Negotiation.common(schemes.schemes(), exchange.settings().schemes()));
            exchange.hearDelegatedSchemes(request.extensions());
            exchange.session().peerSignatureSchemes(schemes.schemes());
            exchange.hearTrustAnchors(request.extensions());
            Optional<CertificateAuthorities> authorities = request.extensions().find(Shape.CERTIFICATE_AUTHORITIES);
            return new Request(authorities.isPresent() ? names(authorities.get()) : null, request.extensions());
        }

        /** {@return the names of these authorities} */
        static Principal[] names(CertificateAuthorities authorities) throws SspiException {
            List<Principal> names = new ArrayList<>();
            for (byte[] name : authorities.authorities()) {
                try {
                    names.add(new X500Principal(name));
                } catch (IllegalArgumentException e) {
                    throw AlertDescription.DECODE_ERROR.because("a certificate authority that is no X.500 name", e);
                }
            }
            return names.toArray(new Principal[0]);
        }
    }

    /** The server authenticates with a certificate, and may ask for one. */
    record WaitCertificateOrRequest(Exchange exchange, Terms terms, HandshakeSecrets secrets) implements ClientState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            if (message.type() == HandshakeType.CERTIFICATE_REQUEST) {
                CertificateRequest request = message.expect(CertificateRequest.class);
                exchange.transcript().add(message.bytes());
                return new WaitCertificate(exchange, terms, secrets, Optional.of(Request.judge(request, exchange)));
            }
            return new WaitCertificate(exchange, terms, secrets, Optional.empty()).on(message, out);
        }
    }

    /** The server authenticates with a certificate. */
    record WaitCertificate(Exchange exchange, Terms terms, HandshakeSecrets secrets, Optional<Request> request)
            implements ClientState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            CertificateMessage certificate =
                    CompressedCertificates.read(message, terms.hello().extensions(), exchange.settings());
            Presented server = Presented.of(certificate, terms.hello().extensions(), exchange.settings());
            if (server.chain().isEmpty()) {
                // RFC 8446 4.4.2.4: an empty Certificate of the server is a decode_error.
                throw AlertDescription.DECODE_ERROR.because("a server without a certificate");
            }
            exchange.session().statusResponses(Authentication.statusResponses(certificate));
            // RFC 8446 4.4.2.1 allows them in every entry; logs are asked for those of the server's own certificate.
            Extensions own = certificate.entries().get(0).extensions();
            exchange.hearTimestamps(own);
            exchange.session().trustAnchorMatched(own.has(ExtensionType.TRUST_ANCHORS));
            exchange.transcript().add(message.bytes());
            return new WaitCertificateVerify(exchange, terms, secrets, request, server);
        }
    }

    /** The server has to prove that the certificate is its own. */
    record WaitCertificateVerify(
            Exchange exchange, Terms terms, HandshakeSecrets secrets, Optional<Request> request, Presented server)
            implements ClientState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            Presented.Claim claim = server.claim(message.expect(CertificateVerify.class), exchange);
            exchange.transcript().add(message.bytes());
            return new Busy(exchange, effects -> {
                server.verify(claim, exchange, Authentication.SERVER_AUTH_TYPE);
                return new WaitFinished(exchange, terms, secrets, request);
            });
        }
    }

    /** The server is who it has to be: by its certificate, or by the pre-shared key. */
    record WaitFinished(Exchange exchange, Terms terms, HandshakeSecrets secrets, Optional<Request> request)
            implements ClientState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            Finished finished = message.expect(Finished.class);
            FinishedVerified proof;
            try (FinishedKey key = secrets.serverFinished()) {
                proof = key.verify(finished, exchange.transcript().hash());
            }
            // Not before: that the server has the key is proven now.
            if (terms.key().isPresent() && terms.key().get().name() != null) {
                exchange.session().preSharedKeyName(terms.key().get().name());
            }
            exchange.transcript().add(message.bytes());
            byte[] serverFinishedHash = exchange.transcript().hash();
            return request.isPresent() && !exchange.isEchRejected()
                    ? new Busy(exchange, effects -> finish(proof, serverFinishedHash, effects))
                    : finish(proof, serverFinishedHash, out);
        }

        private State finish(FinishedVerified proof, byte[] serverFinishedHash, Effects out) throws SspiException {
            if (request.isPresent()) {
                authenticate(request.get(), out);
            }
            if (terms.earlyData() != null) {
                // RFC 8446 4.5: the last message under the keys of early data, which the server has accepted.
                out.earlyDataEnds();
                exchange.send(new EndOfEarlyData(), out);
                out.protectWrites(secrets.clientKeys(Negotiation.aead(terms.suite())));
            }
            try (FinishedKey key = secrets.clientFinished()) {
                exchange.send(key.finished(exchange.transcript().hash()), out);
            }
            ApplicationSecrets application = exchange.vault()
                    .keep(secrets.advance(serverFinishedHash))
                    .logged(exchange, terms.hello().random());
            application.complete(exchange.transcript().hash());
            Aead aead = Negotiation.aead(terms.suite());
            out.protectReads(application.serverKeys(aead));
            out.protectWrites(application.clientKeys(aead));
            if (exchange.isEchRejected()) {
                throw exchange.echRequired(out);
            }
            out.established();
            exchange.vault().release(application).destroy();
            return new Connected13(
                    exchange.settings(),
                    true,
                    terms.suite(),
                    terms.group(),
                    exchange.applicationProtocol(),
                    application,
                    proof);
        }

        private void authenticate(Request wanted, Effects out) throws SspiException {
            // RFC 8446 4.4.2: without a suitable certificate the client sends an empty Certificate, and no proof.
            Identity identity = exchange.selectIdentity(wanted.authorities());
            exchange.sendCertificate(
                    exchange.matching(identity, Authentication.certificate(identity)), wanted.extensions(), out);
            if (identity != null) {
                exchange.session().localCertificates(identity.chain());
                exchange.send(Authentication.prove(exchange, identity), out);
            }
        }
    }
}
