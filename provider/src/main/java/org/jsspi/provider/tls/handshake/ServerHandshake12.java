package org.jsspi.provider.tls.handshake;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIServerName;
import javax.security.auth.x500.X500Principal;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.Identity;
import org.jsspi.PreSharedKey;
import org.jsspi.PreSharedKeys.Certificates;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.KeyExchange;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.crypto.Signing;
import org.jsspi.provider.tls.handshake.MasterSecret.KeyBlock;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ApplicationProtocols;
import org.jsspi.provider.tls.message.CertificateAuthorities;
import org.jsspi.provider.tls.message.CertificateMessage12;
import org.jsspi.provider.tls.message.CertificateRequest12;
import org.jsspi.provider.tls.message.CertificateStatus;
import org.jsspi.provider.tls.message.CertificateStatusMessage;
import org.jsspi.provider.tls.message.CertificateVerify;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.ClientKeyExchange;
import org.jsspi.provider.tls.message.EcPointFormats;
import org.jsspi.provider.tls.message.EcdhePskClientKeyExchange;
import org.jsspi.provider.tls.message.EcdhePskServerKeyExchange;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.tls.message.Indication;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.NewSessionTicket12;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.RawExtension;
import org.jsspi.provider.tls.message.RecordSizeLimit;
import org.jsspi.provider.tls.message.ServerHello;
import org.jsspi.provider.tls.message.ServerHelloDone;
import org.jsspi.provider.tls.message.ServerKeyExchange;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureAlgorithms;
import org.jsspi.provider.tls.message.SignedCertificateTimestamps;
import org.jsspi.provider.tls.message.SupportedGroups;

/**
 * The server's side of a handshake in TLS 1.2 (RFC 5246 7.3, RFC 8422): its states, in the order of the protocol. {@link
 * ServerHandshake} has chosen the version.
 */
final class ServerHandshake12 {
    /** RFC 8446 4.1.3: what a server that knows TLS 1.3 ends its random with. */
    private static final byte[] DOWNGRADE_SENTINEL = {0x44, 0x4F, 0x57, 0x4E, 0x47, 0x52, 0x44, 0x01};

    private static final byte[] NO_ID = {};
    private static final int ID_LENGTH = 32;

    /** How long the key is that stands in for one that nobody knows. */
    private static final int UNKNOWN_KEY_LENGTH = 32;

    private ServerHandshake12() {}

    /** {@return the state after this ClientHello} */
    static State answer(Exchange exchange, ClientHello hello, byte[] message) throws SspiException {
        ServerChoice12 choice = ServerChoice12.of(hello, exchange.settings(), exchange.renegotiated());
        Answer answer = new Answer(exchange, hello, choice, message);
        return new Busy(exchange, answer::send);
    }

    /** How the session can be resumed later. */
    private enum Memory {
        NONE,
        /** RFC 5077: the client keeps it. */
        TICKET,
        /** RFC 5077 3.3: a ticket was announced, and is empty. GnuTLS waits for one in a renegotiation if the first handshake had one. */
        EMPTY_TICKET,
        /** RFC 5246 7.4.1.3: the server keeps it. */
        ID
    }

    /** The step from a ClientHello to the server's flight. */
    private record Answer(Exchange exchange, ClientHello hello, ServerChoice12 choice, byte[] message) {
        private State send(Effects out) throws SspiException {
            List<SNIServerName> names = exchange.answerTo(ServerChoice.serverNames(hello));
            Optional<String> protocol = exchange.chooseProtocol(hello.extensions());
            Optional<ResumableSession> resumable = resumable(names);
            if (resumable.isEmpty() && !exchange.settings().sessionCreation()) {
                throw AlertDescription.HANDSHAKE_FAILURE.because(
                        "a client that resumes no session, where only that may be");
            }
            if (exchange.renegotiated() != null) {
                out.holdData();
            }
            limitRecords(out);
            return resumable.isPresent() ? resume(resumable.get(), protocol, out) : sendFlight(protocol, out);
        }

        private Optional<ResumableSession> resumable(List<SNIServerName> names) throws SspiException {
            Tickets tickets = exchange.settings().tickets();
            if (tickets == null) {
                return Optional.empty();
            }
            Optional<byte[]> ticket = ticket();
            // RFC 5077 3.4: a client that shows a ticket means no other session, whatever its id says.
            ResumableSession session = null;
            if (ticket.isPresent() && ticket.get().length > 0) {
                session = tickets.redeem(ticket.get());
            } else if (hello.legacySessionId().length > 0) {
                session = tickets.redeem(hello.legacySessionId());
            }
            if (session == null) {
                return Optional.empty();
            }
            exchange.vault().keep(session);
            // RFC 7627 5.3: none without the extension is kept, so that this is a session of somebody else's making.
            boolean fits = session.session().extendedMasterSecret()
                    && session.serves(exchange, names)
                    && choice.suites().contains(session.suite())
                    // RFC 5077 3.4: the echo of an id is what tells the client; without one there is nothing to echo.
                    && hello.legacySessionId().length > 0;
            if (fits && !choice.extended()) {
                // RFC 7627 5.3: the session had the extension, so that its absence is an attack or a defect.
                throw AlertDescription.HANDSHAKE_FAILURE.because("a resumed session that lost extended_master_secret");
            }
            return fits
                            && exchange.couldBegin(session.session())
                            && exchange.presents(session.session(), this::selectIdentity)
                            && exchange.trusts(session)
                    ? Optional.of(session)
                    : Optional.empty();
        }

        private Optional<byte[]> ticket() {
            return hello.extensions()
                    .find(ExtensionType.SESSION_TICKET)
                    .map(extension -> ((RawExtension) extension).body());
        }

        private State resume(ResumableSession session, Optional<String> protocol, Effects out) throws SspiException {
            Terms12 terms = begin(session.suite());
            exchange.transcript().forgetMessages();
            Tickets tickets = exchange.settings().tickets();
            boolean renews = ticket().filter(shown -> shown.length > 0 && tickets.renews(shown))
                    .isPresent();
            sendHello(
                    terms,
                    hello.legacySessionId(),
                    protocol,
                    true,
                    renews ? Memory.TICKET : Memory.NONE,
                    List.of(),
                    out);
            MasterSecret master = exchange.vault()
                    .keep(new MasterSecret(terms.hash(), session.preSharedKey().copy()));
            if (renews) {
                // RFC 5077 3.3: a server that renews the ticket of a session that it resumes does so before its
                // Finished.
                sendTicket(
                        exchange,
                        ServerHandshake12.resumable(
                                exchange, session.session(), terms, master, tickets.lifetimeSeconds()),
                        out);
            }
            KeyBlock keys = exchange.vault().keep(terms.keys(master, exchange));
            Progress progress = new Progress(exchange, terms, null, NO_ID, Memory.NONE, master, keys, Optional.empty());
            Finished finished = progress.sendFinished(out);
            return new WaitChangeCipherSpec(progress, Optional.of(new Resumption(session.session(), finished)));
        }

        private State sendFlight(Optional<String> protocol, Effects out) throws SspiException {
            out.peersFlightEnds();
            Optional<CipherSuite> keySuite = choice.keySuite();
            if (keySuite.isPresent() && !certificateComesFirst()) {
                return sendKeyedFlight(keySuite.get(), protocol, out);
            }
            HandshakeSettings settings = exchange.settings();
            Identity identity = selectIdentity();
            CipherSuite suite = choice.suite(identity).orElseThrow(this::noIdentity);
            Terms12 terms = begin(suite);
            Memory memory = memory();
            byte[] sessionId = memory == Memory.ID ? Exchange.randomBytes(settings, ID_LENGTH) : NO_ID;
            exchange.session().group(choice.group());
            exchange.session().localCertificates(identity.chain());
            Optional<SignedCertificateTimestamps> timestamps = exchange.timestamps(hello.extensions(), identity);
            Optional<CertificateStatus> status = status(identity, timestamps);
            List<Extension> ofCertificate = new ArrayList<>();
            if (status.isPresent()) {
                // RFC 6066 8: empty, and then a CertificateStatus follows.
                ofCertificate.add(new Indication(ExtensionType.STATUS_REQUEST));
            }
            timestamps.ifPresent(ofCertificate::add);
            sendHello(terms, sessionId, protocol, false, memory, ofCertificate, out);
            exchange.send(Authentication.certificate12(identity), out);
            if (status.isPresent()) {
                // RFC 6066 8: immediately after the Certificate.
                exchange.send(new CertificateStatusMessage(status.get()), out);
            }
            KeyExchange key = exchange.vault().keep(KeyExchange.generate(Negotiation.keyExchange(choice.group())));
            sendShare(identity, terms, key, out);
            boolean asks = settings.clientAuthentication() != ClientAuthentication.NONE;
            if (asks) {
                exchange.send(request(), out);
            } else {
                exchange.transcript().forgetMessages();
            }
            exchange.send(new ServerHelloDone(), out);
            Flight flight = new Flight(terms, key, choice.group(), sessionId, memory);
            return asks
                    ? new WaitCertificate(exchange, flight)
                    : new WaitClientKeyExchange(exchange, flight, List.of());
        }

        /** {@return whether a certificate is shown although a key would do: this server would rather, and the client takes one} */
        private boolean certificateComesFirst() throws SspiException {
            if (exchange.settings().preSharedKeys().certificates() != Certificates.FIRST
                    || choice.schemes().isEmpty()) {
                return false;
            }
            Identity identity = findIdentity();
            return identity != null && choice.suite(identity).isPresent();
        }

        /** RFC 4279 2: with a pre-shared key there is no Certificate and no CertificateRequest. */
        private State sendKeyedFlight(CipherSuite suite, Optional<String> protocol, Effects out) throws SspiException {
            Terms12 terms = begin(suite);
            Memory memory = memory();
            byte[] sessionId = memory == Memory.ID ? Exchange.randomBytes(exchange.settings(), ID_LENGTH) : NO_ID;
            exchange.session().group(choice.group());
            sendHello(terms, sessionId, protocol, false, memory, List.of(), out);
            KeyExchange key = exchange.vault().keep(KeyExchange.generate(Negotiation.keyExchange(choice.group())));
            exchange.send(
                    new EcdhePskServerKeyExchange(
                            exchange.identityHint(), choice.group().code(), key.publicShare()),
                    out);
            exchange.transcript().forgetMessages();
            exchange.send(new ServerHelloDone(), out);
            return new WaitKeyedClientKeyExchange(exchange, new Flight(terms, key, choice.group(), sessionId, memory));
        }

        /** {@return the status of the own certificate, which is all that there is room for in TLS 1.2} */
        private Optional<CertificateStatus> status(Identity identity, Optional<SignedCertificateTimestamps> timestamps)
                throws SspiException {
            return exchange.staples(hello.extensions(), identity, 1, timestamps).stream()
                    .filter(response -> response.length > 0)
                    .map(CertificateStatus::new)
                    .findFirst();
        }

        private Terms12 begin(CipherSuite suite) {
            HandshakeSettings settings = exchange.settings();
            byte[] random = Exchange.randomBytes(settings, 32);
            if (settings.versions().contains(ProtocolVersion.TLS13)) {
                System.arraycopy(DOWNGRADE_SENTINEL, 0, random, random.length - DOWNGRADE_SENTINEL.length, 8);
            }
            exchange.session().suite(suite);
            exchange.session().extendedMasterSecret(choice.extended());
            exchange.session().secureRenegotiation(choice.renegotiation());
            exchange.transcript().beginKeeping(Negotiation.hash(suite));
            exchange.transcript().add(message);
            return new Terms12(suite, hello.random(), random, choice.extended());
        }

        /** RFC 7627 5.3: without the extension the session is not to be resumed. */
        private Memory memory() {
            if (exchange.renegotiated() != null) {
                return ticket().isPresent() ? Memory.EMPTY_TICKET : Memory.NONE;
            }
            if (exchange.settings().tickets() == null || !choice.extended()) {
                return Memory.NONE;
            }
            return ticket().isPresent() && exchange.settings().tickets().count() > 0 ? Memory.TICKET : Memory.ID;
        }

        private void sendHello(
                Terms12 terms,
                byte[] sessionId,
                Optional<String> protocol,
                boolean resumed,
                Memory memory,
                List<Extension> ofCertificate,
                Effects out)
                throws SspiException {
            Extensions offered = hello.extensions();
            List<Extension> extensions = new ArrayList<>();
            if (choice.renegotiation()) {
                extensions.add(RenegotiatedConnection.inServerHello(exchange.renegotiated()));
            }
            if (!resumed && exchange.acknowledgesServerName(offered)) {
                // RFC 6066 3: a server that used the name says so with an empty extension, but not when it resumes.
                extensions.add(new Indication(ExtensionType.SERVER_NAME));
            }
            if (!resumed && offered.has(ExtensionType.EC_POINT_FORMATS)) {
                extensions.add(EcPointFormats.uncompressed());
            }
            extensions.addAll(ofCertificate);
            if (choice.extended()) {
                extensions.add(new Indication(ExtensionType.EXTENDED_MASTER_SECRET));
            }
            if (memory == Memory.TICKET || memory == Memory.EMPTY_TICKET) {
                // RFC 5077 3.2: empty, and then a ticket follows.
                extensions.add(new RawExtension(ExtensionType.SESSION_TICKET.code(), NO_ID));
            }
            protocol.ifPresent(name -> extensions.add(ApplicationProtocols.of(name)));
            if (answersRecordSizeLimit()) {
                extensions.add(new RecordSizeLimit(exchange.settings().recordSizeLimit() - 1));
            }
            exchange.send(
                    ServerHello.of(
                            terms.serverRandom(),
                            sessionId,
                            terms.suite().code(),
                            extensions.isEmpty() ? Extensions.ABSENT : Extensions.of(extensions)),
                    out);
        }

        private boolean answersRecordSizeLimit() {
            return exchange.settings().recordSizeLimit() != 0
                    && hello.extensions().has(ExtensionType.RECORD_SIZE_LIMIT);
        }

        private void limitRecords(Effects out) throws SspiException {
            Optional<RecordSizeLimit> limit = hello.extensions().find(Shape.RECORD_SIZE_LIMIT);
            if (limit.isPresent() && answersRecordSizeLimit()) {
                // RFC 8449 4: in TLS 1.2 the limit counts the content alone, in TLS 1.3 the content type too.
                out.limitRecords(Math.min(limit.get().limit() + 1, HandshakeSettings.LARGEST_RECORD_SIZE_LIMIT));
            }
        }

        private Identity selectIdentity() throws SspiException {
            Identity identity = findIdentity();
            if (identity == null) {
                throw noIdentity();
            }
            return identity;
        }

        /** {@return what this server can show to this client, or null} */
        private Identity findIdentity() throws SspiException {
            exchange.signingSchemes(choice.schemes());
            // RFC 8422 5.1, 5.3: what the client says of curves holds for the certificate too.
            exchange.certificateGroups(hello.extensions()
                    .find(Shape.SUPPORTED_GROUPS)
                    .map(SupportedGroups::groups)
                    .orElse(null));
            exchange.session()
                    .peerSignatureSchemes(hello.extensions()
                            .find(Shape.SIGNATURE_ALGORITHMS)
                            .orElseThrow()
                            .schemes());
            // RFC 8446 4.2.4: a hello serves both versions, and so does what it says of authorities.
            Optional<CertificateAuthorities> authorities = hello.extensions().find(Shape.CERTIFICATE_AUTHORITIES);
            return exchange.selectIdentity(
                    authorities.isPresent() ? ClientHandshake.Request.names(authorities.get()) : null);
        }

        private SspiException noIdentity() {
            SignatureAlgorithms offered =
                    hello.extensions().find(Shape.SIGNATURE_ALGORITHMS).orElseThrow();
            return AlertDescription.HANDSHAKE_FAILURE.because(
                    Negotiation.noCertificate(offered.schemes(), choice.schemes()) + " (RFC 5246 7.4.3)");
        }

        private void sendShare(Identity identity, Terms12 terms, KeyExchange key, Effects out) throws SspiException {
            byte[] share = key.publicShare();
            CertificateVerify signed = Authentication.sign12(
                    exchange,
                    identity,
                    terms.signed(ServerKeyExchange.params(choice.group().code(), share)));
            exchange.send(
                    new ServerKeyExchange(choice.group().code(), share, signed.algorithm(), signed.signature()), out);
        }

        private CertificateRequest12 request() {
            HandshakeSettings settings = exchange.settings();
            // RFC 8422 5.5: ecdsa_sign stands for EdDSA too.
            byte[] types = {CertificateRequest12.ECDSA_SIGN, CertificateRequest12.RSA_SIGN};
            return new CertificateRequest12(
                    types,
                    Negotiation.schemeCodes(settings.schemes()),
                    settings.certificateAuthorities().stream()
                            .map(X500Principal::getEncoded)
                            .toList());
        }
    }

    /**
     * What the server has sent.
     *
     * @param key of its share
     * @param sessionId empty unless the session is kept under it
     */
    record Flight(Terms12 terms, KeyExchange key, NamedGroup group, byte[] sessionId, Memory memory) {
        /** {@return what the rest of the handshake needs, after the client's key exchange} */
        private Progress progress(Exchange exchange, Secret premaster, Optional<PreSharedKey.Name> name) {
            key.close();
            MasterSecret master = exchange.vault()
                    .keep(
                            terms.extendedMasterSecret()
                                    ? MasterSecret.extended(
                                            terms.hash(),
                                            premaster,
                                            exchange.transcript().hash())
                                    : MasterSecret.plain(
                                            terms.hash(), premaster, terms.clientRandom(), terms.serverRandom()));
            KeyBlock keys = exchange.vault().keep(terms.keys(master, exchange));
            return new Progress(exchange, terms, group, sessionId, memory, master, keys, name);
        }
    }

    /** The client was asked for a certificate. */
    record WaitCertificate(Exchange exchange, Flight flight) implements ServerState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            CertificateMessage12 certificate = message.expect(CertificateMessage12.class);
            List<X509Certificate> chain =
                    Authentication.chain(certificate, exchange.settings().maximumChainLength());
            if (chain.isEmpty() && exchange.settings().clientAuthentication() == ClientAuthentication.NEED) {
                // RFC 5246 7.4.6: the server may answer with a fatal handshake_failure.
                throw AlertDescription.HANDSHAKE_FAILURE.because(
                        "a client without a certificate, where one is needed (RFC 5246 7.4.6)");
            }
            exchange.transcript().add(message.bytes());
            return new WaitClientKeyExchange(exchange, flight, chain);
        }
    }

    /**
     * The client's share is due.
     *
     * @param chain of the client, empty if it sent none
     */
    record WaitClientKeyExchange(Exchange exchange, Flight flight, List<X509Certificate> chain) implements ServerState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            ClientKeyExchange share = message.expect(ClientKeyExchange.class);
            exchange.transcript().add(message.bytes());
            return new Busy(exchange, effects -> agree(share));
        }

        private State agree(ClientKeyExchange share) throws SspiException {
            Secret premaster = exchange.vault().keep(flight.key().agree(share.share()));
            Progress progress = flight.progress(exchange, premaster, Optional.empty());
            return chain.isEmpty()
                    ? new WaitChangeCipherSpec(progress, Optional.empty())
                    : new WaitCertificateVerify(progress, chain);
        }
    }

    /** The client says which pre-shared key it means, and its share. */
    record WaitKeyedClientKeyExchange(Exchange exchange, Flight flight) implements ServerState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            EcdhePskClientKeyExchange share = message.expect(EcdhePskClientKeyExchange.class);
            exchange.transcript().add(message.bytes());
            return new Busy(exchange, effects -> agree(share));
        }

        private State agree(EcdhePskClientKeyExchange share) throws SspiException {
            Optional<PreSharedKey.Name> name = name(share.identity());
            PreSharedKey known = name.isPresent() ? exchange.findPreSharedKey(name.get()) : null;
            Secret shared = exchange.vault().keep(flight.key().agree(share.share()));
            // RFC 4279 2: that the identity is unknown can be hidden: the handshake goes on as with a wrong key, and
            // fails at the client's Finished. Whatever the client's share is, this copy is wiped.
            byte[] key = known != null ? known.key() : Exchange.randomBytes(exchange.settings(), UNKNOWN_KEY_LENGTH);
            Secret premaster = exchange.vault().keep(MasterSecret.premaster(shared, key));
            return new WaitChangeCipherSpec(
                    flight.progress(exchange, premaster, known != null ? name : Optional.empty()), Optional.empty());
        }

        private static Optional<PreSharedKey.Name> name(byte[] identity) {
            return identity.length == 0 || identity.length > PreSharedKey.LONGEST_NAME
                    ? Optional.empty()
                    : Optional.of(new PreSharedKey.Name(PreSharedKey.Use.TLS12, identity));
        }
    }

    /** The client has to prove that the certificate is its own. */
    record WaitCertificateVerify(Progress progress, List<X509Certificate> chain) implements ServerState {
        @Override
        public Exchange exchange() {
            return progress.exchange();
        }

        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            CertificateVerify proof = message.expect(CertificateVerify.class);
            SignatureAlgorithm scheme = Authentication.scheme12(
                    proof.algorithm(),
                    exchange().settings().schemes(),
                    chain.get(0).getPublicKey());
            byte[] signed = exchange().transcript().messages();
            exchange().transcript().forgetMessages();
            exchange().transcript().add(message.bytes());
            return new Busy(exchange(), effects -> {
                if (!Signing.verifyTls12(scheme, chain.get(0).getPublicKey(), proof.signature(), signed)) {
                    // RFC 5246 7.2.2: decrypt_error, for a signature that does not verify.
                    throw AlertDescription.DECRYPT_ERROR.because("a CertificateVerify that does not verify");
                }
                exchange().session().peerSignatureScheme(scheme.standardName());
                exchange().verifyPeer(chain, Authentication.clientAuthType(chain.get(0)));
                return new WaitChangeCipherSpec(progress, Optional.empty());
            });
        }
    }

    /**
     * What the rest of a handshake needs, full or abbreviated.
     *
     * @param group of the key exchange; null if the session is resumed
     * @param key by which the two sides know each other in a new session; empty if it is by certificates
     */
    record Progress(
            Exchange exchange,
            Terms12 terms,
            NamedGroup group,
            byte[] sessionId,
            Memory memory,
            MasterSecret master,
            KeyBlock keys,
            Optional<PreSharedKey.Name> key) {
        Finished sendFinished(Effects out) throws SspiException {
            out.sendChangeCipherSpec();
            out.protectWrites(keys.takeServer());
            Finished finished = master.finished(false, exchange.transcript().hash());
            exchange.send(finished, out);
            return finished;
        }
    }

    /**
     * A session that is resumed if the client proves to have its secret: what it showed for it travels in the clear.
     *
     * @param sent the server's Finished, which comes first then
     */
    record Resumption(TlsSession session, Finished sent) {}

    /** The client's keys are due. */
    record WaitChangeCipherSpec(Progress progress, Optional<Resumption> resumption) implements ServerState {
        @Override
        public Exchange exchange() {
            return progress.exchange();
        }

        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            throw message.unexpected("where change_cipher_spec is due");
        }

        @Override
        public State onChangeCipherSpec(Effects out) throws SspiException {
            out.protectReads(progress.keys().takeClient());
            return new WaitFinished(progress, resumption);
        }
    }

    /** The client has to prove that it saw the same handshake. */
    record WaitFinished(Progress progress, Optional<Resumption> resumption) implements ServerState {
        @Override
        public Exchange exchange() {
            return progress.exchange();
        }

        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            Finished finished = message.expect(Finished.class);
            FinishedVerified proof = progress.master()
                    .verify(true, finished, exchange().transcript().hash());
            exchange().transcript().add(message.bytes());
            Connected12.requireEnd(exchange(), out);
            // Not before: that the client has the key is proven now.
            progress.key().ifPresent(exchange().session()::preSharedKeyName);
            Finished sent;
            if (resumption.isPresent()) {
                exchange().session().resume(resumption.get().session());
                sent = resumption.get().sent();
            } else {
                remember(out);
                sent = progress.sendFinished(out);
            }
            out.established();
            exchange().vault().release(progress.master()).destroy();
            return new Connected12(
                    exchange(), progress.terms(), progress.group(), progress.master(), finished, sent, proof);
        }

        /** The session is kept, by the client or here. A ticket that was announced has to come (RFC 5077 3.3). */
        private void remember(Effects out) throws SspiException {
            HandshakeSettings settings = exchange().settings();
            Tickets tickets = settings.tickets();
            if (progress.memory() == Memory.ID) {
                settings.session().name(progress.sessionId());
                if (settings.session().isValid()) {
                    tickets.keep(progress.sessionId(), resumable(ServerHandshake.LONGEST_TICKET_LIFETIME));
                }
            } else if (progress.memory() == Memory.TICKET) {
                settings.session().name(Exchange.randomBytes(settings, ID_LENGTH));
                sendTicket(exchange(), resumable(tickets.lifetimeSeconds()), out);
            } else if (progress.memory() == Memory.EMPTY_TICKET) {
                exchange().send(new NewSessionTicket12(0, NO_ID), out);
            }
        }

        private ResumableSession resumable(long lifetime) {
            TlsSession session = exchange().settings().session();
            return ServerHandshake12.resumable(exchange(), session, progress.terms(), progress.master(), lifetime);
        }
    }

    private static void sendTicket(Exchange exchange, ResumableSession resumable, Effects out) throws SspiException {
        long lifetime = resumable.lifetimeSeconds();
        byte[] ticket = exchange.settings().tickets().issue(resumable);
        // RFC 5077 3.3: an empty ticket says that there is none after all.
        exchange.send(new NewSessionTicket12(lifetime, ticket == null ? NO_ID : ticket), out);
    }

    private static ResumableSession resumable(
            Exchange exchange, TlsSession session, Terms12 terms, MasterSecret master, long lifetime) {
        HandshakeSettings settings = exchange.settings();
        return new ResumableSession(
                terms.suite(),
                master.copy(),
                NO_ID,
                false,
                0,
                Math.max(1, Math.min(lifetime, ServerHandshake.LONGEST_TICKET_LIFETIME)),
                System.currentTimeMillis(),
                session,
                settings.session().requestedServerNames(),
                exchange.applicationProtocol(),
                settings.clientAuthentication(),
                settings.callbacks().trustScope(),
                EarlyDataGrant.NONE);
    }
}
