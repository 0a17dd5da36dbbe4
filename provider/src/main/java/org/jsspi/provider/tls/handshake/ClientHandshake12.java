package org.jsspi.provider.tls.handshake;

import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.Identity;
import org.jsspi.PreSharedKey;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.KeyExchange;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.crypto.Signing;
import org.jsspi.provider.tls.handshake.MasterSecret.KeyBlock;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CertificateAuthorities;
import org.jsspi.provider.tls.message.CertificateMessage12;
import org.jsspi.provider.tls.message.CertificateRequest12;
import org.jsspi.provider.tls.message.CertificateStatusMessage;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.ClientKeyExchange;
import org.jsspi.provider.tls.message.EcPointFormats;
import org.jsspi.provider.tls.message.EcdhePskClientKeyExchange;
import org.jsspi.provider.tls.message.EcdhePskServerKeyExchange;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.NewSessionTicket12;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.RecordSizeLimit;
import org.jsspi.provider.tls.message.ServerHello;
import org.jsspi.provider.tls.message.ServerHelloDone;
import org.jsspi.provider.tls.message.ServerKeyExchange;
import org.jsspi.provider.tls.message.Shape;

/**
 * The client's side of a handshake in which the server chose TLS 1.2 (RFC 5246 7.3, RFC 8422): its states, in the order of the
 * protocol. {@link ClientHandshake} has sent the hello, which offers both versions at once.
 */
final class ClientHandshake12 {
    /**
     * What servers with BoringSSL end their random with when they take a client for JDK 11.0.1, whose TLS 1.3 they avoid: nobody takes
     * us for that, so somebody has made the hello look so. Source: BoringSSL, ssl/test/runner/common.go.
     */
    private static final String MISTAKEN_FOR_JDK_11 = "edbfb4a8c24710ff";

    private ClientHandshake12() {}

    /** What the client remembers of the server's hello. */
    record Hello(Terms12 terms, byte[] sessionId, boolean ticketFollows, boolean statusMayFollow) {}

    /** {@return the state after a ServerHello that chooses TLS 1.2, or an older version, which is refused} */
    static State begin(Exchange exchange, ClientOffer offer, ServerHello answer, Inbound message, Effects out)
            throws SspiException {
        requireTls12(answer, exchange.settings());
        exchange.version(ProtocolVersion.TLS12);
        ClientHello asked = offer.hello();
        Extensions extensions = answer.extensions();
        // RFC 5246 7.4.1.4: no extension in a ServerHello that was not in the ClientHello.
        extensions.requireOfferedIn(asked.extensions());
        if (extensions.has(ExtensionType.ENCRYPTED_CLIENT_HELLO) || extensions.has(ExtensionType.TRUST_ANCHORS)) {
            // RFC 9849 5, draft-ietf-tls-trust-anchor-ids 4: what was asked for is an answer of TLS 1.3.
            throw AlertDescription.UNSUPPORTED_EXTENSION.because(
                    "encrypted_client_hello or trust_anchors in a ServerHello of TLS 1.2");
        }
        CipherSuite suite = CipherSuite.of(answer.cipherSuite())
                .filter(chosen -> chosen.version() == ProtocolVersion.TLS12)
                .filter(exchange.settings().suites()::contains)
                // RFC 5246 7.4.1.3: a suite that was not offered, or of another version.
                .orElseThrow(() -> AlertDescription.ILLEGAL_PARAMETER.because(
                        "cipher suite 0x" + Integer.toHexString(answer.cipherSuite()) + ", which was not offered"));
        if (answer.legacyCompressionMethod() != 0) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("a compression method that was not offered");
        }
        boolean extended = extensions.has(ExtensionType.EXTENDED_MASTER_SECRET);
        judgeExtensions(extensions, extended, exchange);
        boolean resumed = judgeResumption(offer, answer, suite, extended);
        exchange.agreeOnProtocol(extensions.find(Shape.APPLICATION_PROTOCOLS));
        Optional<RecordSizeLimit> limit = extensions.find(Shape.RECORD_SIZE_LIMIT);
        if (limit.isPresent()) {
            // RFC 8449 4: in TLS 1.2 the limit counts the content alone, in TLS 1.3 the content type too.
            out.limitRecords(Math.min(limit.get().limit() + 1, HandshakeSettings.LARGEST_RECORD_SIZE_LIMIT));
        }
        exchange.session().suite(suite);
        exchange.session().extendedMasterSecret(extended);
        exchange.session().secureRenegotiation(extensions.has(ExtensionType.RENEGOTIATION_INFO));
        exchange.transcript().beginKeeping(Negotiation.hash(suite));
        exchange.transcript().add(message.bytes());
        offer.forgetTls13();
        Hello hello = new Hello(
                new Terms12(suite, asked.random(), answer.random(), extended),
                answer.legacySessionIdEcho(),
                extensions.has(ExtensionType.SESSION_TICKET),
                extensions.has(ExtensionType.STATUS_REQUEST));
        if (resumed) {
            return resume(exchange, hello, offer.resumption12());
        }
        if (!exchange.settings().sessionCreation()) {
            throw AlertDescription.HANDSHAKE_FAILURE.because(
                    "a server that resumes no session, where only that may be");
        }
        // Not in a resumed session, to whose certificate they would not belong.
        exchange.hearTimestamps(extensions);
        return suite.isPreSharedKey12()
                ? new WaitKeyedServerKeyExchange(exchange, hello, keys(exchange))
                : new WaitCertificate(exchange, hello);
    }

    private static void requireTls12(ServerHello answer, HandshakeSettings settings) throws SspiException {
        if (settings.versions().contains(ProtocolVersion.TLS13) || settings.fallback()) {
            // RFC 8446 4.1.3: the end of the random tells that the server knows TLS 1.3: somebody took it away.
            // Where this is a fallback the server would have refused it, had it seen TLS_FALLBACK_SCSV (RFC 7507 3).
            String end = HexFormat.of().formatHex(answer.random(), 24, 32);
            if (end.equals("444f574e47524401") || end.equals("444f574e47524400") || end.equals(MISTAKEN_FOR_JDK_11)) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("a server that knows TLS 1.3 but was not offered it");
            }
        }
        if (answer.legacyVersion() != ProtocolVersion.TLS12.code()
                || !settings.versions().contains(ProtocolVersion.TLS12)) {
            throw AlertDescription.PROTOCOL_VERSION.because("a server that chose version 0x"
                    + Integer.toHexString(answer.legacyVersion()) + ", which was not offered");
        }
    }

    private static void judgeExtensions(Extensions extensions, boolean extended, Exchange exchange)
            throws SspiException {
        RenegotiatedConnection.judge(extensions, exchange.renegotiated());
        if (exchange.renegotiated() != null) {
            exchange.renegotiated().requireSameMasterSecret(extended);
        }
        Optional<EcPointFormats> formats = extensions.find(Shape.EC_POINT_FORMATS);
        if (formats.isPresent() && !formats.get().hasUncompressed()) {
            // RFC 8422 5.1.2, 5.2: the list must contain uncompressed.
            throw AlertDescription.ILLEGAL_PARAMETER.because("ec_point_formats without uncompressed");
        }
        if (!extended && exchange.settings().requireExtendedMasterSecret()) {
            // RFC 7627 5.2: a client may insist, and then aborts.
            throw AlertDescription.HANDSHAKE_FAILURE.because("a server without extended_master_secret");
        }
    }

    private static boolean judgeResumption(ClientOffer offer, ServerHello answer, CipherSuite suite, boolean extended)
            throws SspiException {
        byte[] asked = offer.hello().legacySessionId();
        if (asked.length == 0 || !Arrays.equals(asked, answer.legacySessionIdEcho())) {
            return false;
        }
        if (offer.resumption12() == null) {
            // RFC 8446 D.4: the id is made up, so that no server of TLS 1.2 can know it.
            throw AlertDescription.ILLEGAL_PARAMETER.because("a session id that stands for no session");
        }
        // RFC 5246 7.4.1.3: in a resumed session the suite is that of the session.
        if (offer.resumption12().suite() != suite) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("a resumed session with another cipher suite");
        }
        if (!extended) {
            // RFC 7627 5.3: sessions without the extension are not kept here, so the original had it.
            throw AlertDescription.HANDSHAKE_FAILURE.because("a resumed session that lost extended_master_secret");
        }
        return true;
    }

    private static State resume(Exchange exchange, Hello hello, ResumableSession session) {
        exchange.transcript().forgetMessages();
        MasterSecret master = exchange.vault()
                .keep(new MasterSecret(
                        hello.terms().hash(), session.preSharedKey().copy()));
        KeyBlock keys = exchange.vault().keep(hello.terms().keys(master, exchange));
        Progress progress = new Progress(exchange, hello, master, keys, null, Optional.empty());
        return hello.ticketFollows() ? new WaitTicket(progress) : new WaitChangeCipherSpec(progress, Optional.empty());
    }

    /** The server authenticates with a certificate. */
    record WaitCertificate(Exchange exchange, Hello hello) implements ClientState12 {
        @Override
        public State onMessage(Inbound message, Effects out) throws SspiException {
            CertificateMessage12 certificate = message.expect(CertificateMessage12.class);
            List<X509Certificate> chain =
                    Authentication.chain(certificate, exchange.settings().maximumChainLength());
            if (chain.isEmpty()) {
                // RFC 5246 7.4.2: the server must send a certificate.
                throw AlertDescription.DECODE_ERROR.because("a server without a certificate");
            }
            if (exchange.renegotiated() != null) {
                exchange.renegotiated().requireSameServer(chain, exchange.settings());
            }
            String algorithm = chain.get(0).getPublicKey().getAlgorithm();
            if (hello.terms().suite().authentication().orElseThrow() != Negotiation.authentication(algorithm)) {
                // RFC 5246 7.4.2, RFC 8422 5.3: the key is of the kind that the suite names.
                throw AlertDescription.ILLEGAL_PARAMETER.because("a certificate with a key of the algorithm "
                        + algorithm + " for " + hello.terms().suite());
            }
            exchange.transcript().add(message.bytes());
            return new WaitServerKeyExchange(exchange, hello, chain, hello.statusMayFollow());
        }
    }

    /**
     * The server's share is due.
     *
     * @param statusMayFollow whether a CertificateStatus may come in front of it (RFC 6066 8)
     */
    record WaitServerKeyExchange(Exchange exchange, Hello hello, List<X509Certificate> chain, boolean statusMayFollow)
            implements ClientState12 {
        @Override
        public State onMessage(Inbound message, Effects out) throws SspiException {
            if (statusMayFollow && message.message() instanceof CertificateStatusMessage status) {
                exchange.session().statusResponses(List.of(status.status().ocspResponse()));
                exchange.transcript().add(message.bytes());
                return new WaitServerKeyExchange(exchange, hello, chain, false);
            }
            ServerKeyExchange share = message.expect(ServerKeyExchange.class);
            NamedGroup group = offered(share.group(), exchange.settings());
            SignatureAlgorithm scheme = Authentication.scheme12(
                    share.algorithm(),
                    exchange.settings().schemes(),
                    chain.get(0).getPublicKey());
            exchange.session().group(group);
            exchange.transcript().add(message.bytes());
            return new WaitRequestOrDone(exchange, new Server(hello, chain, share, group, scheme));
        }
    }

    /** What the server has said of itself, not verified yet. */
    record Server(
            Hello hello,
            List<X509Certificate> chain,
            ServerKeyExchange share,
            NamedGroup group,
            SignatureAlgorithm scheme) {}

    /** The server may ask for a certificate. */
    record WaitRequestOrDone(Exchange exchange, Server server) implements ClientState12 {
        @Override
        public State onMessage(Inbound message, Effects out) throws SspiException {
            if (message.message() instanceof CertificateRequest12 request) {
                exchange.transcript().add(message.bytes());
                return new WaitServerHelloDone(exchange, server, Optional.of(Request.judge(request, exchange)));
            }
            return new WaitServerHelloDone(exchange, server, Optional.empty()).onMessage(message, out);
        }
    }

    /**
     * What the server wants to know of the client.
     *
     * @param authorities that the server named; null for any
     */
    record Request(Principal[] authorities) {
        static Request judge(CertificateRequest12 request, Exchange exchange) throws SspiException {
            Set<CipherSuite.Authentication> ways = EnumSet.noneOf(CipherSuite.Authentication.class);
            if (request.takes(CertificateRequest12.RSA_SIGN)) {
                ways.add(CipherSuite.Authentication.RSA);
            }
            if (request.takes(CertificateRequest12.ECDSA_SIGN)) {
                ways.add(CipherSuite.Authentication.ECDSA);
            }
            // RFC 5246 7.4.4: the certificate is of one of the types, and signs by one of the schemes.
            exchange.signingSchemes(Negotiation.authenticating(
                    Negotiation.common(request.schemes(), exchange.settings().schemes()), ways));
            exchange.session().peerSignatureSchemes(request.schemes());
            return new Request(
                    request.authorities().isEmpty()
                            ? null
                            : ClientHandshake.Request.names(new CertificateAuthorities(request.authorities())));
        }
    }

    /** The server's flight ends. */
    record WaitServerHelloDone(Exchange exchange, Server server, Optional<Request> request) implements ClientState12 {
        @Override
        public State onMessage(Inbound message, Effects out) throws SspiException {
            message.expect(ServerHelloDone.class);
            exchange.transcript().add(message.bytes());
            return new Busy(exchange, this::answer);
        }

        private State answer(Effects effects) throws SspiException {
            Terms12 terms = server.hello().terms();
            verifyServer(terms);
            Optional<Identity> identity = Optional.empty();
            if (request.isPresent()) {
                identity = Optional.ofNullable(
                        exchange.selectIdentity(request.get().authorities()));
                // RFC 5246 7.4.6: without a suitable certificate the client sends an empty list.
                exchange.send(Authentication.certificate12(identity.orElse(null)), effects);
            }
            KeyExchange.Response response = KeyExchange.respond(
                    Negotiation.keyExchange(server.group()), server.share().share());
            exchange.vault().keep(response.sharedSecret());
            exchange.send(new ClientKeyExchange(response.serverShare()), effects);
            MasterSecret master = master(exchange, terms, response.sharedSecret());
            if (identity.isPresent()) {
                exchange.session().localCertificates(identity.get().chain());
                exchange.send(Authentication.prove12(exchange, identity.get()), effects);
            }
            return finish(exchange, server.hello(), master, server.group(), Optional.empty(), effects);
        }

        private void verifyServer(Terms12 terms) throws SspiException {
            byte[] params = ServerKeyExchange.params(
                    server.share().group(), server.share().share());
            if (!Signing.verifyTls12(
                    server.scheme(),
                    server.chain().get(0).getPublicKey(),
                    server.share().signature(),
                    terms.signed(params))) {
                // RFC 5246 7.2.2: decrypt_error, for a signature that does not verify.
                throw AlertDescription.DECRYPT_ERROR.because("a ServerKeyExchange that does not verify");
            }
            exchange.session().peerSignatureScheme(server.scheme().standardName());
            exchange.verifyPeer(server.chain(), Authentication.serverAuthType12(terms.suite()));
        }
    }

    /** {@return the keys of this client that are for TLS 1.2: at least one, since it has offered suites of theirs} */
    private static List<PreSharedKey> keys(Exchange exchange) throws SspiException {
        return exchange.preSharedKeys().stream()
                .filter(key -> key.name().use() == PreSharedKey.Use.TLS12)
                .toList();
    }

    /** {@return the master secret, after the client's key exchange} */
    private static MasterSecret master(Exchange exchange, Terms12 terms, Secret premaster) {
        return exchange.vault()
                .keep(
                        terms.extendedMasterSecret()
                                ? MasterSecret.extended(
                                        terms.hash(),
                                        premaster,
                                        exchange.transcript().hash())
                                : MasterSecret.plain(
                                        terms.hash(), premaster, terms.clientRandom(), terms.serverRandom()));
    }

    /** {@return the state after the client's flight, whose last messages are sent here} */
    private static State finish(
            Exchange exchange,
            Hello hello,
            MasterSecret master,
            NamedGroup group,
            Optional<PreSharedKey.Name> key,
            Effects out)
            throws SspiException {
        exchange.transcript().forgetMessages();
        KeyBlock keys = exchange.vault().keep(hello.terms().keys(master, exchange));
        Progress progress = new Progress(exchange, hello, master, keys, group, key);
        Finished finished = progress.sendFinished(out);
        if (exchange.settings().falseStart() != ContextOptions.FalseStart.NEVER
                && FalseStart.isAllowed(exchange, hello.terms(), group)) {
            out.falseStart(new FalseStart(exchange.applicationProtocol(), hello.terms(), master));
        }
        return hello.ticketFollows()
                ? new WaitTicket(progress.after(finished))
                : new WaitChangeCipherSpec(progress.after(finished), Optional.empty());
    }

    /** {@return the group of a server's share, which is one of those that were offered} */
    private static NamedGroup offered(int group, HandshakeSettings settings) throws SspiException {
        return NamedGroup.of(group)
                .filter(settings.groups()::contains)
                .filter(Negotiation::servesTls12)
                // RFC 8422 5.4: one of the curves that the client offered.
                .orElseThrow(() -> AlertDescription.ILLEGAL_PARAMETER.because(
                        "a key share for group 0x" + Integer.toHexString(group) + ", which was not offered"));
    }

    /**
     * The server has chosen a suite of pre-shared keys: its share is due, and no certificate (RFC 4279 2, RFC 5489 2).
     *
     * @param keys of this client, best first
     */
    record WaitKeyedServerKeyExchange(Exchange exchange, Hello hello, List<PreSharedKey> keys)
            implements ClientState12 {
        @Override
        public State onMessage(Inbound message, Effects out) throws SspiException {
            EcdhePskServerKeyExchange share = message.expect(EcdhePskServerKeyExchange.class);
            NamedGroup group = offered(share.group(), exchange.settings());
            exchange.session().group(group);
            exchange.transcript().add(message.bytes());
            return new WaitKeyedServerHelloDone(exchange, hello, keys, share, group);
        }
    }

    /** The server's flight ends. */
    record WaitKeyedServerHelloDone(
            Exchange exchange, Hello hello, List<PreSharedKey> keys, EcdhePskServerKeyExchange share, NamedGroup group)
            implements ClientState12 {
        @Override
        public State onMessage(Inbound message, Effects out) throws SspiException {
            message.expect(ServerHelloDone.class);
            exchange.transcript().add(message.bytes());
            return new Busy(exchange, this::answer);
        }

        private State answer(Effects out) throws SspiException {
            PreSharedKey key = chosen();
            if (exchange.renegotiated() != null) {
                exchange.renegotiated().requireSameKey(key.name());
            }
            KeyExchange.Response response = KeyExchange.respond(Negotiation.keyExchange(group), share.share());
            exchange.vault().keep(response.sharedSecret());
            exchange.send(new EcdhePskClientKeyExchange(key.name().identity(), response.serverShare()), out);
            Secret premaster = exchange.vault().keep(MasterSecret.premaster(response.sharedSecret(), key.key()));
            MasterSecret master = master(exchange, hello.terms(), premaster);
            return finish(exchange, hello, master, group, Optional.of(key.name()), out);
        }

        /** RFC 4279 5.2: what a hint means is for the two sides to agree on; here it is the identity that is meant. */
        private PreSharedKey chosen() {
            return keys.stream()
                    .filter(key -> Arrays.equals(key.name().identity(), share.identityHint()))
                    .findFirst()
                    .orElse(keys.get(0));
        }
    }

    /**
     * What the rest of a handshake needs, full or abbreviated.
     *
     * @param group of the key exchange; null if the session is resumed
     * @param key by which the two sides know each other in a new session; empty if it is by certificates
     * @param sent the client's Finished; null while it is not sent
     */
    record Progress(
            Exchange exchange,
            Hello hello,
            MasterSecret master,
            KeyBlock keys,
            NamedGroup group,
            Optional<PreSharedKey.Name> key,
            Finished sent) {
        Progress(
                Exchange exchange,
                Hello hello,
                MasterSecret master,
                KeyBlock keys,
                NamedGroup group,
                Optional<PreSharedKey.Name> key) {
            this(exchange, hello, master, keys, group, key, null);
        }

        Progress after(Finished finished) {
            return new Progress(exchange, hello, master, keys, group, key, finished);
        }

        boolean resumed() {
            return group == null;
        }

        Finished sendFinished(Effects out) throws SspiException {
            out.sendChangeCipherSpec();
            out.protectWrites(keys.takeClient());
            Finished finished = master.finished(true, exchange.transcript().hash());
            exchange.send(finished, out);
            return finished;
        }
    }

    /** A ticket was announced, and comes before the server's change_cipher_spec (RFC 5077 3.3). */
    record WaitTicket(Progress progress) implements ClientState12 {
        @Override
        public Exchange exchange() {
            return progress.exchange();
        }

        @Override
        public State onMessage(Inbound message, Effects out) throws SspiException {
            NewSessionTicket12 ticket = message.expect(NewSessionTicket12.class);
            exchange().transcript().add(message.bytes());
            return new WaitChangeCipherSpec(progress, Optional.of(ticket));
        }
    }

    /** The server's keys are due. */
    record WaitChangeCipherSpec(Progress progress, Optional<NewSessionTicket12> ticket) implements ClientState12 {
        @Override
        public Exchange exchange() {
            return progress.exchange();
        }

        @Override
        public State onMessage(Inbound message, Effects out) throws SspiException {
            throw message.unexpected("where change_cipher_spec is due");
        }

        @Override
        public State onChangeCipherSpec(Effects out) throws SspiException {
            out.protectReads(progress.keys().takeServer());
            return new WaitFinished(progress, ticket);
        }
    }

    /** The server has to prove that it saw the same handshake. */
    record WaitFinished(Progress progress, Optional<NewSessionTicket12> ticket) implements ClientState12 {
        @Override
        public Exchange exchange() {
            return progress.exchange();
        }

        @Override
        public State onMessage(Inbound message, Effects out) throws SspiException {
            Finished finished = message.expect(Finished.class);
            FinishedVerified proof = progress.master()
                    .verify(false, finished, exchange().transcript().hash());
            exchange().transcript().add(message.bytes());
            // Not before: that the server has the key is proven now.
            progress.key().ifPresent(exchange().session()::preSharedKeyName);
            if (!progress.resumed()) {
                return complete(progress.sent(), finished, proof, out);
            }
            // Not before: that the server has the session's secret is proven now.
            exchange().session().resume(exchange().settings().resumption().session());
            return exchange().settings().reverifyOnResume()
                    ? new Busy(exchange(), effects -> reverified(finished, proof, effects))
                    : resumed(finished, proof, out);
        }

        private State reverified(Finished finished, FinishedVerified proof, Effects out) throws SspiException {
            exchange()
                    .reverifyServer(Authentication.serverAuthType12(
                            progress.hello().terms().suite()));
            return resumed(finished, proof, out);
        }

        private State resumed(Finished finished, FinishedVerified proof, Effects out) throws SspiException {
            return complete(progress.sendFinished(out), finished, proof, out);
        }

        private State complete(Finished client, Finished server, FinishedVerified proof, Effects out)
                throws SspiException {
            if (exchange().isEchRejected()) {
                throw exchange().echRequired(out);
            }
            Connected12.requireEnd(exchange(), out);
            out.established();
            offerSession(out);
            exchange().vault().release(progress.master()).destroy();
            return new Connected12(
                    exchange(), progress.hello().terms(), progress.group(), progress.master(), client, server, proof);
        }

        /** The session by its new ticket, by the one it was resumed with, or by its id. */
        private void offerSession(Effects out) throws SspiException {
            TlsSession session = exchange().session();
            // RFC 7627 5.3: a session whose master secret is not bound to its handshake is not resumed.
            if (!progress.hello().terms().extendedMasterSecret() || !session.isValid()) {
                return;
            }
            if (exchange().renegotiated() != null) {
                // What is resumed is what the connection began with: to be another is the wish of this connection.
                return;
            }
            ResumableSession original = exchange().settings().resumption();
            byte[] fresh = ticket.map(NewSessionTicket12::ticket).orElse(new byte[0]);
            byte[] sessionId = progress.hello().sessionId();
            if (fresh.length > 0) {
                // RFC 5077 3.4: the id of a session with a ticket is the client's own affair.
                session.name(Exchange.randomBytes(exchange().settings(), 32));
                long hint = ticket.orElseThrow().lifetimeHint();
                long lifetime = hint == 0
                        ? ServerHandshake.LONGEST_TICKET_LIFETIME
                        : Math.min(hint, ServerHandshake.LONGEST_TICKET_LIFETIME);
                out.offerTicket(resumable(fresh, false, lifetime));
            } else if (progress.resumed() && original != null) {
                // Of TLS 1.2 a ticket and an id serve again.
                out.offerTicket(original.copy());
            } else if (sessionId.length > 0) {
                session.name(sessionId);
                out.offerTicket(resumable(sessionId, true, ServerHandshake.LONGEST_TICKET_LIFETIME));
            }
        }

        private ResumableSession resumable(byte[] ticket, boolean isSessionId, long lifetime) {
            HandshakeSettings settings = exchange().settings();
            return new ResumableSession(
                    progress.hello().terms().suite(),
                    progress.master().copy(),
                    ticket,
                    isSessionId,
                    0,
                    lifetime,
                    System.currentTimeMillis(),
                    settings.session(),
                    settings.serverNames(),
                    exchange().applicationProtocol(),
                    ClientAuthentication.NONE,
                    settings.callbacks().trustScope(),
                    EarlyDataGrant.NONE);
        }
    }
}
