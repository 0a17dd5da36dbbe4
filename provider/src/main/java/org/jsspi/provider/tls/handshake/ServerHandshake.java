package org.jsspi.provider.tls.handshake;

import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.security.auth.x500.X500Principal;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.Identity;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.KeyExchange;
import org.jsspi.provider.crypto.Randomness;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ApplicationProtocols;
import org.jsspi.provider.tls.message.CertificateAuthorities;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.CertificateRequest;
import org.jsspi.provider.tls.message.CertificateVerify;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.EncryptedExtensions;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.tls.message.HelloRetryRequest;
import org.jsspi.provider.tls.message.Indication;
import org.jsspi.provider.tls.message.KeyShareAnswer;
import org.jsspi.provider.tls.message.KeyShareEntry;
import org.jsspi.provider.tls.message.KeyShareRetry;
import org.jsspi.provider.tls.message.NewSessionTicket;
import org.jsspi.provider.tls.message.PreSharedKeyOffer;
import org.jsspi.provider.tls.message.PreSharedKeySelection;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.RecordSizeLimit;
import org.jsspi.provider.tls.message.SelectedVersion;
import org.jsspi.provider.tls.message.ServerHello;
import org.jsspi.provider.tls.message.SignatureAlgorithms;
import org.jsspi.provider.tls.message.SignatureScheme;

/**
 * The server's side of TLS 1.3 (RFC 8446 2 and A.2). Scrolling down is moving forward in time.
 *
 * <pre>
 *   start -> WaitClientHello [-> HelloRetryRequest -> WaitSecondClientHello]
 *         -> the whole flight, ServerHello to Finished
 *         -> WaitCertificate -> WaitCertificateVerify                  if the client is asked who it is
 *         -> WaitFinished -> tickets -> Connected
 * </pre>
 */
public final class ServerHandshake {
    private static final int RANDOM_LENGTH = 32;
    private static final int NONCE_LENGTH = 8;

    private ServerHandshake() {}

    /** {@return the state before anything has arrived} */
    public static State start(HandshakeSettings settings) {
        settings.session().localSignatureAlgorithms(Authentication.jcaNames(settings.signatureSchemes()));
        return new WaitClientHello(settings);
    }

    record WaitClientHello(HandshakeSettings settings) implements ServerState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            ClientHello hello = message.expect(ClientHello.class);
            ClientTerms terms = ClientTerms.of(hello, settings);
            if (hello.extensions().has(ExtensionType.EARLY_DATA)) {
                // Never accepted: the client learns it from EncryptedExtensions, or from HelloRetryRequest.
                out.skipEarlyData();
            }
            if (terms.share() == null) {
                return retry(hello, message.bytes(), terms, out);
            }
            Transcript transcript = new Transcript(KeySchedule.hash(terms.suite()));
            return flight(settings, hello, message.bytes(), terms, transcript, false);
        }

        /** RFC 8446 5: none before the first ClientHello. */
        @Override
        public boolean acceptsChangeCipherSpec() {
            return false;
        }

        /** RFC 8446 4.1.4: the client knows a group of ours but has sent no share of one. */
        private State retry(ClientHello hello, byte[] bytes, ClientTerms terms, Effects out) throws SspiException {
            HelloRetryRequest request = HelloRetryRequest.of(
                    hello.legacySessionId(),
                    terms.suite().code(),
                    Extensions.of(
                            new SelectedVersion(ProtocolVersion.TLS13.code()),
                            new KeyShareRetry(terms.group().code())));
            byte[] encoded = request.toBytes();
            out.send(encoded);
            if (hello.legacySessionId().length > 0) {
                out.sendChangeCipherSpec();
            }
            Transcript transcript = Transcript.afterRetry(KeySchedule.hash(terms.suite()), bytes, encoded);
            return new WaitSecondClientHello(settings, hello, terms, transcript);
        }
    }

    record WaitSecondClientHello(
            HandshakeSettings settings, ClientHello first, ClientTerms firstTerms, Transcript transcript)
            implements ServerState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            ClientHello hello = message.expect(ClientHello.class);
            requireSame(hello);
            ClientTerms terms = ClientTerms.of(hello, settings);
            if (terms.suite() != firstTerms.suite()
                    || terms.group() != firstTerms.group()
                    || terms.share() == null
                    || terms.shareCount() != 1) {
                throw AlertDescription.ILLEGAL_PARAMETER.because(
                        "the client's second hello does not answer the HelloRetryRequest");
            }
            return flight(settings, hello, message.bytes(), terms, transcript, true);
        }

        /** RFC 8446 4.1.2: what may change is listed there; everything else must be as it was. */
        private void requireSame(ClientHello second) throws SspiException {
            boolean same = Arrays.equals(first.random(), second.random())
                    && Arrays.equals(first.legacySessionId(), second.legacySessionId())
                    && first.cipherSuites().equals(second.cipherSuites())
                    && first.legacyVersion() == second.legacyVersion()
                    && !second.extensions().has(ExtensionType.EARLY_DATA)
                    && Arrays.equals(invariable(first), invariable(second));
            if (!same) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("the client's second hello differs from its first");
            }
        }

        private static byte[] invariable(ClientHello hello) {
            Extensions extensions = hello.extensions()
                    .without(ExtensionType.KEY_SHARE)
                    .without(ExtensionType.EARLY_DATA)
                    .without(ExtensionType.COOKIE)
                    .without(ExtensionType.PRE_SHARED_KEY)
                    .without(ExtensionType.PADDING);
            return new EncryptedExtensions(extensions).toBytes();
        }
    }

    /**
     * Everything from ServerHello to the server's Finished, in one step: it asks the application for names, protocol and
     * identity, and signs.
     */
    private static Busy flight(
            HandshakeSettings settings,
            ClientHello hello,
            byte[] helloBytes,
            ClientTerms terms,
            Transcript transcript,
            boolean retried) {
        return new Busy(out -> new Flight(settings, hello, helloBytes, terms, transcript, retried).send(out));
    }

    /** The server's flight while it is made. */
    private static final class Flight {
        private final HandshakeSettings settings;
        private final ClientHello hello;
        private final byte[] helloBytes;
        private final ClientTerms terms;
        private final Transcript transcript;
        private final boolean retried;
        private String protocol = "";

        Flight(
                HandshakeSettings settings,
                ClientHello hello,
                byte[] helloBytes,
                ClientTerms terms,
                Transcript transcript,
                boolean retried) {
            this.settings = settings;
            this.hello = hello;
            this.helloBytes = helloBytes;
            this.terms = terms;
            this.transcript = transcript;
            this.retried = retried;
        }

        State send(Effects out) throws SspiException {
            TlsSession session = settings.session();
            session.peerSignatureAlgorithms(Authentication.jcaNames(terms.signatureSchemes()));
            session.agreed(terms.suite(), terms.group());
            chooseServerName(session);
            chooseApplicationProtocol();
            ResumableSession resumed = chooseSession();
            try {
                KeySchedule.Early early = earlySecret(resumed);
                transcript.add(helloBytes);
                KeySchedule.Handshake keys = sendHello(resumed != null, early, out);
                boolean asks = resumed == null && settings.clientAuthentication() != ClientAuthentication.NONE;
                sendExtensions(resumed != null, out);
                if (resumed != null) {
                    session.resumes(resumed.session());
                } else {
                    authenticate(asks, out);
                }
                send(new Finished(keys.serverFinished(transcript.hash())).toBytes(), out);
                KeySchedule.Application application = keys.advance(transcript.hash());
                out.protectWrites(application.serverKeys());
                Agreed agreed = new Agreed(settings, terms, transcript, keys, application, protocol, resumed != null);
                return asks ? new WaitCertificate(agreed) : new WaitFinished(agreed);
            } finally {
                if (resumed != null) {
                    resumed.destroy();
                }
            }
        }

        private void chooseServerName(TlsSession session) throws SspiException {
            if (terms.serverName() == null) {
                return;
            }
            List<SNIServerName> names = List.of(terms.serverName());
            session.requestedServerNames(names);
            if (!settings.callbacks().matchServerName(info(), names)) {
                // RFC 6066 3
                throw AlertDescription.UNRECOGNIZED_NAME.because(
                        "no server here has the name that the client asks for");
            }
        }

        private void chooseApplicationProtocol() throws SspiException {
            Optional<ApplicationProtocols> offered = hello.extensions().find(ApplicationProtocols.class);
            if (offered.isEmpty()) {
                return;
            }
            protocol = null;
            String chosen = settings.callbacks()
                    .selectApplicationProtocol(info(), offered.get().names());
            if (chosen == null) {
                // RFC 7301 3.2
                throw AlertDescription.NO_APPLICATION_PROTOCOL.because(
                        "client and server have no application protocol in common");
            }
            if (!chosen.isEmpty() && !offered.get().names().contains(chosen)) {
                throw AlertDescription.INTERNAL_ERROR.because(
                        "an application protocol was selected that the client does not offer");
            }
            protocol = chosen;
        }

        /** {@return the session that goes on, or null for a new one} */
        private ResumableSession chooseSession() throws SspiException {
            Optional<PreSharedKeyOffer> offer = hello.extensions().find(PreSharedKeyOffer.class);
            if (offer.isEmpty() || settings.tickets() == null || !terms.acceptsPskWithDhe()) {
                return null;
            }
            // Clients offer one or two; each costs a look-up. The binder of the chosen one must be right, others are
            // not read.
            PreSharedKeyOffer.PskIdentity first = offer.get().identities().get(0);
            ResumableSession found = settings.tickets().redeem(first.identity());
            if (found == null) {
                return null;
            }
            if (!mayGoOn(found)) {
                found.destroy();
                return null;
            }
            byte[] binder = offer.get().binders().get(0);
            KeySchedule.Early early = KeySchedule.Early.withPsk(found.hash(), found.psk());
            byte[] expected = early.binder(transcript.hashWith(helloBytes, hello.bindersOffset(helloBytes)));
            early.destroy();
            if (!MessageDigest.isEqual(expected, binder)) {
                found.destroy();
                // RFC 8446 4.2.11.2
                throw AlertDescription.DECRYPT_ERROR.because("the client's binder does not fit its pre-shared key");
            }
            return found;
        }

        private boolean mayGoOn(ResumableSession found) {
            ResumableSession.Binding now = new ResumableSession.Binding(
                    name(terms.serverName()), protocol, found.binding().clientAuthenticated());
            boolean clientFits =
                    switch (settings.clientAuthentication()) {
                        case NONE -> !found.binding().clientAuthenticated();
                        case WANT -> true;
                        case NEED -> found.binding().clientAuthenticated();
                    };
            return !found.isExpired()
                    && found.session().isValid()
                    && found.hash() == KeySchedule.hash(terms.suite())
                    && found.binding().equals(now)
                    && clientFits;
        }

        private KeySchedule.Early earlySecret(ResumableSession resumed) {
            return resumed == null
                    ? KeySchedule.Early.withoutPsk(KeySchedule.hash(terms.suite()))
                    : KeySchedule.Early.withPsk(resumed.hash(), resumed.psk());
        }

        private KeySchedule.Handshake sendHello(boolean resumed, KeySchedule.Early early, Effects out)
                throws SspiException {
            KeyExchange.Response exchange = KeyExchange.respond(ClientOffer.exchange(terms.group()), terms.share());
            List<Extension> extensions = new ArrayList<>();
            extensions.add(new SelectedVersion(ProtocolVersion.TLS13.code()));
            extensions.add(new KeyShareAnswer(new KeyShareEntry(terms.group().code(), exchange.serverShare())));
            if (resumed) {
                extensions.add(new PreSharedKeySelection(0));
            }
            send(
                    ServerHello.of(
                                    Randomness.bytes(RANDOM_LENGTH),
                                    hello.legacySessionId(),
                                    terms.suite().code(),
                                    Extensions.of(extensions))
                            .toBytes(),
                    out);
            if (hello.legacySessionId().length > 0 && !retried) {
                out.sendChangeCipherSpec();
            }
            KeySchedule.Handshake keys = early.advance(terms.suite(), exchange.sharedSecret(), transcript.hash());
            out.protectWrites(keys.serverKeys());
            out.protectReads(keys.clientKeys());
            return keys;
        }

        private void sendExtensions(boolean resumed, Effects out) throws SspiException {
            List<Extension> extensions = new ArrayList<>();
            if (terms.serverName() != null && !resumed) {
                // RFC 6066 3: the name was used to choose the certificate.
                extensions.add(new Indication(ExtensionType.SERVER_NAME));
            }
            if (!protocol.isEmpty()) {
                extensions.add(new ApplicationProtocols(List.of(protocol)));
            }
            Optional<RecordSizeLimit> limit = hello.extensions().find(RecordSizeLimit.class);
            if (limit.isPresent()) {
                out.limitRecords(limit.get().limit());
                if (settings.recordSizeLimit() > 0) {
                    extensions.add(new RecordSizeLimit(settings.recordSizeLimit()));
                }
            }
            send(new EncryptedExtensions(Extensions.of(extensions)).toBytes(), out);
        }

        private void authenticate(boolean asksClient, Effects out) throws SspiException {
            Identity identity = settings.callbacks()
                    .selectIdentity(
                            info(),
                            Authentication.keyTypes(settings.signatureSchemes(), terms.signatureSchemes()),
                            null);
            SignatureAlgorithm scheme = Optional.ofNullable(identity)
                    .flatMap(found ->
                            Authentication.scheme(found, settings.signatureSchemes(), terms.signatureSchemes()))
                    .orElseThrow(() -> new SspiException(
                            SecurityStatus.SEC_E_NO_CREDENTIALS,
                            SspiException.Kind.HANDSHAKE,
                            AlertDescription.HANDSHAKE_FAILURE.code(),
                            "this server has no certificate with a key that the client accepts signatures of",
                            null));
            if (asksClient) {
                send(certificateRequest().toBytes(), out);
            }
            send(Authentication.certificate(identity).toBytes(), out);
            send(Authentication.sign(identity, scheme, true, transcript.hash()).toBytes(), out);
            settings.session().localCertificates(identity.chain());
        }

        private CertificateRequest certificateRequest() {
            List<Extension> extensions = new ArrayList<>();
            extensions.add(
                    new SignatureAlgorithms(ClientOffer.codes(settings.signatureSchemes(), SignatureScheme::code)));
            List<X500Principal> issuers = settings.callbacks().acceptedIssuers();
            if (!issuers.isEmpty()) {
                extensions.add(new CertificateAuthorities(
                        issuers.stream().map(X500Principal::getEncoded).toList()));
            }
            return new CertificateRequest(new byte[0], Extensions.of(extensions));
        }

        private LiveInfo info() {
            return new LiveInfo(
                    false,
                    settings.session(),
                    name(terms.serverName()),
                    protocol,
                    settings.signatureSchemes(),
                    terms.signatureSchemes());
        }

        private void send(byte[] message, Effects out) throws SspiException {
            transcript.add(message);
            out.send(message);
        }
    }

    /** What the server's flight has settled. */
    private record Agreed(
            HandshakeSettings settings,
            ClientTerms terms,
            Transcript transcript,
            KeySchedule.Handshake keys,
            KeySchedule.Application application,
            String protocol,
            boolean resumed) {}

    /** The client was asked who it is. */
    record WaitCertificate(Agreed agreed) implements ServerState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            CertificateMessage certificate = message.expect(CertificateMessage.class);
            if (certificate.context().length != 0) {
                // RFC 8446 4.4.2
                throw AlertDescription.ILLEGAL_PARAMETER.because("the client's Certificate has a context");
            }
            agreed.transcript().add(message.bytes());
            if (certificate.entries().isEmpty()) {
                if (agreed.settings().clientAuthentication() == ClientAuthentication.NEED) {
                    // RFC 8446 4.4.2.4
                    throw AlertDescription.CERTIFICATE_REQUIRED.because(
                            "the client has no certificate, and this server needs one");
                }
                return new WaitFinished(agreed);
            }
            for (CertificateMessage.Entry entry : certificate.entries()) {
                // No extension was asked for.
                entry.extensions().requireOfferedIn(Extensions.NONE);
            }
            List<X509Certificate> chain =
                    Authentication.parse(certificate, agreed.settings().maximumChainLength());
            return new WaitCertificateVerify(agreed, chain);
        }
    }

    record WaitCertificateVerify(Agreed agreed, List<X509Certificate> chain) implements ServerState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            CertificateVerify verify = message.expect(CertificateVerify.class);
            byte[] transcriptHash = agreed.transcript().hash();
            agreed.transcript().add(message.bytes());
            return new Busy(unused -> {
                HandshakeSettings settings = agreed.settings();
                Authentication.verify(verify, chain.get(0), settings.signatureSchemes(), false, transcriptHash);
                LiveInfo info = new LiveInfo(
                        false,
                        settings.session(),
                        name(agreed.terms().serverName()),
                        agreed.protocol(),
                        settings.signatureSchemes(),
                        agreed.terms().signatureSchemes());
                try {
                    settings.callbacks().verifyPeer(info, chain.toArray(X509Certificate[]::new), authType(chain));
                } catch (CertificateException e) {
                    throw Authentication.refused(e);
                }
                settings.session().peerCertificates(chain);
                return new WaitFinished(agreed);
            });
        }

        /** As JSSE trust managers expect it for clients. */
        private static String authType(List<X509Certificate> chain) {
            String algorithm = chain.get(0).getPublicKey().getAlgorithm();
            return switch (algorithm) {
                case "RSA", "DSA", "EC", "RSASSA-PSS" -> algorithm;
                default -> "UNKNOWN";
            };
        }
    }

    record WaitFinished(Agreed agreed) implements ServerState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            Finished finished = message.expect(Finished.class);
            FinishedVerified proof = FinishedVerified.check(
                    finished, agreed.keys().clientFinished(agreed.transcript().hash()));
            agreed.transcript().add(message.bytes());
            agreed.keys().destroy();
            out.protectReads(agreed.application().clientKeys());
            Secret resumption =
                    agreed.application().resumption(agreed.transcript().hash());
            out.established();
            sendTickets(resumption, out);
            return new Connected(
                    proof,
                    false,
                    agreed.terms().suite(),
                    agreed.terms().group(),
                    agreed.protocol(),
                    agreed.settings().session(),
                    agreed.application(),
                    resumption);
        }

        /** RFC 8446 4.6.1: only for a client that has said how it would use them. */
        private void sendTickets(Secret resumption, Effects out) throws SspiException {
            Tickets tickets = agreed.settings().tickets();
            if (tickets == null
                    || !agreed.terms().acceptsPskWithDhe()
                    || !agreed.settings().session().isValid()) {
                return;
            }
            for (int i = 0; i < tickets.count(); i++) {
                TlsSession session = agreed.settings().session();
                byte[] nonce = Randomness.bytes(NONCE_LENGTH);
                long lifetime = tickets.lifetimeSeconds();
                long ageAdd = Randomness.secureRandom().nextInt() & 0xFFFF_FFFFL;
                byte[] ticket = tickets.issue(new ResumableSession(
                        i == 0 ? session : session.forFurtherTicket(),
                        agreed.terms().suite(),
                        agreed.application().psk(resumption, nonce),
                        new byte[0],
                        ageAdd,
                        lifetime,
                        System.currentTimeMillis(),
                        new ResumableSession.Binding(
                                name(agreed.terms().serverName()),
                                agreed.protocol(),
                                !session.peerCertificates().isEmpty())));
                out.send(new NewSessionTicket(lifetime, ageAdd, nonce, ticket, Extensions.NONE).toBytes());
            }
        }
    }

    private static String name(SNIHostName name) {
        return name == null ? null : name.getAsciiName();
    }
}
