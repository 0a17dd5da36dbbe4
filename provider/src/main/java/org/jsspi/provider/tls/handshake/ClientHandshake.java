package org.jsspi.provider.tls.handshake;

import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ApplicationProtocols;
import org.jsspi.provider.tls.message.CertificateAuthorities;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.CertificateRequest;
import org.jsspi.provider.tls.message.CertificateVerify;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.Cookie;
import org.jsspi.provider.tls.message.EncryptedExtensions;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.tls.message.HelloRetryRequest;
import org.jsspi.provider.tls.message.KeyShareAnswer;
import org.jsspi.provider.tls.message.KeyShareRetry;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.PreSharedKeySelection;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.RecordSizeLimit;
import org.jsspi.provider.tls.message.SelectedVersion;
import org.jsspi.provider.tls.message.ServerHello;
import org.jsspi.provider.tls.message.SignatureAlgorithms;

/**
 * The client's side of TLS 1.3 (RFC 8446 2 and A.1). Scrolling down is moving forward in time.
 *
 * <pre>
 *   start -> WaitServerHello [-> HelloRetryRequest -> WaitServerHello]
 *         -> WaitEncryptedExtensions
 *         -> WaitCertificateRequest -> WaitCertificate -> WaitCertificateVerify     unless a session is resumed
 *         -> WaitFinished -> Connected
 * </pre>
 */
public final class ClientHandshake {
    /** RFC 8446 4.1.3: the end of the random of a server that could have spoken TLS 1.3 and was made to speak less. */
    private static final List<byte[]> DOWNGRADES = List.of(
            new byte[] {0x44, 0x4F, 0x57, 0x4E, 0x47, 0x52, 0x44, 0x01},
            new byte[] {0x44, 0x4F, 0x57, 0x4E, 0x47, 0x52, 0x44, 0x00});

    private static final String SERVER_AUTH_TYPE = "UNKNOWN";

    private ClientHandshake() {}

    /** {@return the state after ClientHello was sent} */
    public static State start(HandshakeSettings settings, Effects out) throws SspiException {
        settings.session().localSignatureAlgorithms(Authentication.jcaNames(settings.signatureSchemes()));
        settings.session().requestedServerNames(settings.serverNames());
        ClientOffer offer = ClientOffer.first(settings);
        out.send(offer.bytes());
        return new WaitServerHello(settings, offer, null);
    }

    /**
     * The server's choice is due.
     *
     * @param retry what the server asked for already, or null
     */
    record WaitServerHello(HandshakeSettings settings, ClientOffer offer, Retry retry) implements ClientState {
        /** A HelloRetryRequest that was answered, and the transcript that goes on after it. */
        record Retry(CipherSuite suite, NamedGroup group, Transcript transcript) {}

        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            if (message.message() instanceof HelloRetryRequest request) {
                return onRetry(request, message, out);
            }
            ServerHello hello = message.expect(ServerHello.class);
            requireVersion(hello.extensions(), hello.random());
            CipherSuite suite = requireLegacyFields(
                    hello.legacyVersion(),
                    hello.legacySessionIdEcho(),
                    hello.legacyCompressionMethod(),
                    hello.cipherSuite());
            hello.extensions().requireOfferedIn(offer.hello().extensions());
            if (retry != null && retry.suite() != suite) {
                // RFC 8446 4.1.4
                throw AlertDescription.ILLEGAL_PARAMETER.because(
                        "the server chose another cipher suite than in its HelloRetryRequest");
            }
            KeyShareAnswer share = hello.extensions()
                    .find(KeyShareAnswer.class)
                    .orElseThrow(() -> AlertDescription.MISSING_EXTENSION.because(
                            "the server's hello has no key share, without which there is no forward secrecy"));
            NamedGroup group = NamedGroup.of(share.share().group())
                    .filter(offered -> offer.shares().containsKey(offered))
                    .orElseThrow(() -> AlertDescription.ILLEGAL_PARAMETER.because(
                            "the server's key share is for a group for which it was offered none"));
            boolean resumed = resumes(hello, suite);

            Transcript transcript = retry != null ? retry.transcript() : new Transcript(KeySchedule.hash(suite));
            if (retry == null) {
                transcript.add(offer.bytes());
            }
            transcript.add(message.bytes());
            Secret shared = offer.agree(group, share.share().keyExchange());
            HashAlgorithm hash = KeySchedule.hash(suite);
            KeySchedule.Early early = resumed
                    ? KeySchedule.Early.withPsk(hash, offer.resume().psk())
                    : KeySchedule.Early.withoutPsk(hash);
            if (offer.resume() != null) {
                offer.resume().destroy();
            }
            KeySchedule.Handshake keys = early.advance(suite, shared, transcript.hash());
            out.protectReads(keys.serverKeys());
            out.protectWrites(keys.clientKeys());
            settings.session().agreed(suite, group);
            if (resumed) {
                settings.session().resumes(offer.resume().session());
            }
            Agreed agreed = new Agreed(settings, offer, suite, group, transcript, keys, resumed, retry != null);
            return new WaitEncryptedExtensions(agreed);
        }

        private State onRetry(HelloRetryRequest request, Inbound message, Effects out) throws SspiException {
            if (retry != null) {
                // RFC 8446 4.1.4
                throw message.unexpected("a second time");
            }
            requireVersion(request.extensions(), null);
            CipherSuite suite = requireLegacyFields(
                    request.legacyVersion(),
                    request.legacySessionIdEcho(),
                    request.legacyCompressionMethod(),
                    request.cipherSuite());
            request.extensions().requireOfferedIn(offer.hello().extensions());
            Optional<KeyShareRetry> wanted = request.extensions().find(KeyShareRetry.class);
            Optional<Cookie> cookie = request.extensions().find(Cookie.class);
            if (wanted.isEmpty() && cookie.isEmpty()) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("the server's HelloRetryRequest asks for no change");
            }
            NamedGroup group =
                    wanted.isEmpty() ? null : requireNewGroup(wanted.get().group());
            ClientOffer second = offer.second(suite, group, cookie.orElse(null), message.bytes());
            if (settings.middleboxCompatibility()) {
                out.sendChangeCipherSpec();
            }
            out.send(second.bytes());
            Transcript transcript = Transcript.afterRetry(KeySchedule.hash(suite), offer.bytes(), message.bytes());
            transcript.add(second.bytes());
            return new WaitServerHello(settings, second, new Retry(suite, group, transcript));
        }

        /** RFC 8446 4.2.8: a group that was offered, and of which no share was. */
        private NamedGroup requireNewGroup(int code) throws SspiException {
            return NamedGroup.of(code)
                    .filter(settings.namedGroups()::contains)
                    .filter(group -> !offer.shares().containsKey(group))
                    .orElseThrow(() -> AlertDescription.ILLEGAL_PARAMETER.because(
                            "the server asks for a key share of a group that it has a share of or was not offered"));
        }

        private void requireVersion(Extensions extensions, byte[] random) throws SspiException {
            Optional<SelectedVersion> selected = extensions.find(SelectedVersion.class);
            if (selected.isEmpty()) {
                if (random != null && isDowngraded(random)) {
                    throw AlertDescription.ILLEGAL_PARAMETER.because(
                            "the server speaks TLS 1.3 but was made to answer with less: somebody tampers");
                }
                throw AlertDescription.PROTOCOL_VERSION.because(
                        "the server speaks TLS 1.2 at most, and only TLS 1.3 is enabled");
            }
            if (selected.get().version() != ProtocolVersion.TLS13.code()) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("the server chose a version that it was not offered");
            }
        }

        private static boolean isDowngraded(byte[] random) {
            byte[] end = Arrays.copyOfRange(random, random.length - 8, random.length);
            return DOWNGRADES.stream().anyMatch(sentinel -> Arrays.equals(sentinel, end));
        }

        /** RFC 8446 4.1.3. */
        private CipherSuite requireLegacyFields(int version, byte[] sessionId, int compression, int suite)
                throws SspiException {
            if (version != ProtocolVersion.TLS12.code()) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("the server's legacy_version is not that of TLS 1.2");
            }
            if (!Arrays.equals(sessionId, offer.hello().legacySessionId())) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("the server does not echo the session id");
            }
            if (compression != 0) {
                throw AlertDescription.ILLEGAL_PARAMETER.because("the server chose compression");
            }
            return CipherSuite.of(suite)
                    .filter(settings.cipherSuites()::contains)
                    .orElseThrow(() -> AlertDescription.ILLEGAL_PARAMETER.because(
                            "the server chose a cipher suite that it was not offered"));
        }

        private boolean resumes(ServerHello hello, CipherSuite suite) throws SspiException {
            Optional<PreSharedKeySelection> selection = hello.extensions().find(PreSharedKeySelection.class);
            if (selection.isEmpty()) {
                return false;
            }
            // RFC 8446 4.2.11
            if (selection.get().selectedIdentity() != 0 || offer.resume().hash() != KeySchedule.hash(suite)) {
                throw AlertDescription.ILLEGAL_PARAMETER.because(
                        "the server chose a pre-shared key that it was not offered, or one of another hash");
            }
            return true;
        }
    }

    /** What the hellos have settled. */
    private record Agreed(
            HandshakeSettings settings,
            ClientOffer offer,
            CipherSuite suite,
            NamedGroup group,
            Transcript transcript,
            KeySchedule.Handshake keys,
            boolean resumed,
            boolean sentChangeCipherSpec) {
        TlsSession session() {
            return settings.session();
        }
    }

    record WaitEncryptedExtensions(Agreed agreed) implements ClientState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            Extensions extensions = message.expect(EncryptedExtensions.class).extensions();
            extensions.requireOfferedIn(agreed.offer().hello().extensions());
            String protocol = "";
            Optional<ApplicationProtocols> chosen = extensions.find(ApplicationProtocols.class);
            if (chosen.isPresent()) {
                protocol = chosen.get().names().get(0);
                if (!agreed.settings().applicationProtocols().contains(protocol)) {
                    // RFC 7301 3.1 leaves the alert open.
                    throw AlertDescription.ILLEGAL_PARAMETER.because(
                            "the server chose an application protocol that it was not offered");
                }
            }
            Optional<RecordSizeLimit> limit = extensions.find(RecordSizeLimit.class);
            if (limit.isPresent()) {
                out.limitRecords(limit.get().limit());
            }
            agreed.transcript().add(message.bytes());
            // RFC 8446 4.4.2: the server authenticates by certificate unless by pre-shared key.
            return agreed.resumed()
                    ? new WaitFinished(agreed, protocol, null)
                    : new WaitCertificateRequest(agreed, protocol);
        }
    }

    /** CertificateRequest may come, or Certificate at once. */
    record WaitCertificateRequest(Agreed agreed, String protocol) implements ClientState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            if (!(message.message() instanceof CertificateRequest request)) {
                return new WaitCertificate(agreed, protocol, null).on(message, out);
            }
            if (request.context().length != 0) {
                // RFC 8446 4.3.2
                throw AlertDescription.ILLEGAL_PARAMETER.because(
                        "the server's CertificateRequest in the handshake has a context");
            }
            if (request.extensions().find(SignatureAlgorithms.class).isEmpty()) {
                throw AlertDescription.MISSING_EXTENSION.because(
                        "the server's CertificateRequest does not say which signatures it accepts");
            }
            agreed.transcript().add(message.bytes());
            return new WaitCertificate(agreed, protocol, request);
        }
    }

    /** @param request that the server wants to know us, or null */
    record WaitCertificate(Agreed agreed, String protocol, CertificateRequest request) implements ClientState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            CertificateMessage certificate = message.expect(CertificateMessage.class);
            if (certificate.context().length != 0) {
                // RFC 8446 4.4.2
                throw AlertDescription.ILLEGAL_PARAMETER.because("the server's Certificate has a context");
            }
            if (certificate.entries().isEmpty()) {
                // RFC 8446 4.4.2.4
                throw AlertDescription.DECODE_ERROR.because("the server presents no certificate");
            }
            for (CertificateMessage.Entry entry : certificate.entries()) {
                entry.extensions().requireOfferedIn(agreed.offer().hello().extensions());
            }
            List<X509Certificate> chain =
                    Authentication.parse(certificate, agreed.settings().maximumChainLength());
            agreed.transcript().add(message.bytes());
            return new WaitCertificateVerify(agreed, protocol, request, chain);
        }
    }

    record WaitCertificateVerify(
            Agreed agreed, String protocol, CertificateRequest request, List<X509Certificate> chain)
            implements ClientState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            CertificateVerify verify = message.expect(CertificateVerify.class);
            byte[] transcriptHash = agreed.transcript().hash();
            agreed.transcript().add(message.bytes());
            return new Busy(unused -> {
                HandshakeSettings settings = agreed.settings();
                Authentication.verify(verify, chain.get(0), settings.signatureSchemes(), true, transcriptHash);
                LiveInfo info = new LiveInfo(
                        true,
                        agreed.session(),
                        settings.targetName(),
                        protocol,
                        settings.signatureSchemes(),
                        Codes.of());
                try {
                    settings.callbacks().verifyPeer(info, chain.toArray(X509Certificate[]::new), SERVER_AUTH_TYPE);
                } catch (CertificateException e) {
                    throw Authentication.refused(e);
                }
                agreed.session().peerCertificates(chain);
                return new WaitFinished(agreed, protocol, request);
            });
        }
    }

    record WaitFinished(Agreed agreed, String protocol, CertificateRequest request) implements ClientState {
        @Override
        public State on(Inbound message, Effects out) throws SspiException {
            Finished finished = message.expect(Finished.class);
            FinishedVerified proof = FinishedVerified.check(
                    finished, agreed.keys().serverFinished(agreed.transcript().hash()));
            agreed.transcript().add(message.bytes());
            KeySchedule.Application application =
                    agreed.keys().advance(agreed.transcript().hash());
            if (agreed.settings().middleboxCompatibility() && !agreed.sentChangeCipherSpec()) {
                out.sendChangeCipherSpec();
            }
            return request == null
                    ? finish(proof, application, out)
                    : new Busy(effects -> {
                        authenticate(effects);
                        return finish(proof, application, effects);
                    });
        }

        /** RFC 8446 4.4.2: whoever has no certificate that fits sends an empty list. */
        private void authenticate(Effects out) throws SspiException {
            HandshakeSettings settings = agreed.settings();
            Codes accepted = request.extensions()
                    .find(SignatureAlgorithms.class)
                    .orElseThrow()
                    .schemes();
            agreed.session().peerSignatureAlgorithms(Authentication.jcaNames(accepted));
            LiveInfo info = new LiveInfo(
                    true, agreed.session(), settings.targetName(), protocol, settings.signatureSchemes(), accepted);
            Identity identity = settings.callbacks()
                    .selectIdentity(
                            info, Authentication.keyTypes(settings.signatureSchemes(), accepted), issuers(request));
            Optional<SignatureAlgorithm> scheme = identity == null
                    ? Optional.empty()
                    : Authentication.scheme(identity, settings.signatureSchemes(), accepted);
            if (scheme.isEmpty()) {
                send(Authentication.nobody().toBytes(), out);
                return;
            }
            send(Authentication.certificate(identity).toBytes(), out);
            send(
                    Authentication.sign(
                                    identity,
                                    scheme.get(),
                                    false,
                                    agreed.transcript().hash())
                            .toBytes(),
                    out);
            agreed.session().localCertificates(identity.chain());
        }

        private State finish(FinishedVerified proof, KeySchedule.Application application, Effects out)
                throws SspiException {
            send(new Finished(agreed.keys().clientFinished(agreed.transcript().hash())).toBytes(), out);
            agreed.keys().destroy();
            out.protectReads(application.serverKeys());
            out.protectWrites(application.clientKeys());
            Secret resumption = application.resumption(agreed.transcript().hash());
            out.established();
            return new Connected(
                    proof, true, agreed.suite(), agreed.group(), protocol, agreed.session(), application, resumption);
        }

        private void send(byte[] message, Effects out) throws SspiException {
            agreed.transcript().add(message);
            out.send(message);
        }
    }

    private static Principal[] issuers(CertificateRequest request) throws SspiException {
        Optional<CertificateAuthorities> authorities = request.extensions().find(CertificateAuthorities.class);
        if (authorities.isEmpty()) {
            return null;
        }
        List<byte[]> names = authorities.get().authorities();
        Principal[] issuers = new Principal[names.size()];
        for (int i = 0; i < issuers.length; i++) {
            try {
                issuers[i] = new X500Principal(names.get(i));
            } catch (IllegalArgumentException malformed) {
                throw AlertDescription.DECODE_ERROR.because("the server names an authority that is no name", malformed);
            }
        }
        return issuers;
    }
}
