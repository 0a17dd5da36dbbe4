package org.jsspi.provider.tls.handshake;

import java.security.Principal;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SNIServerName;
import org.jsspi.CertificateCompression;
import org.jsspi.EchKey;
import org.jsspi.EchStatus;
import org.jsspi.EndpointIdentification;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.KeyLog;
import org.jsspi.PreSharedKey;
import org.jsspi.PreSharedKeys;
import org.jsspi.RefusalException;
import org.jsspi.SspiException;
import org.jsspi.TrustAnchorId;
import org.jsspi.provider.crypto.Ocsp;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ApplicationProtocols;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.DelegatedCredentialOffer;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.Indication;
import org.jsspi.provider.tls.message.KeyExchangeAlgorithm;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.jsspi.provider.tls.message.SignedCertificateTimestamps;
import org.jsspi.provider.tls.message.StatusRequest;
import org.jsspi.provider.tls.message.TrustAnchors;

/** What every state of one handshake shares: the wishes of this side, the transcript, and what callbacks may see. */
final class Exchange implements HandshakeInfo {
    /** How many bytes of trust anchors a server tells of: the list is a hint for another connection. */
    private static final int MOST_AVAILABLE_TRUST_ANCHORS = 1 << 12;

    private volatile HandshakeSettings settings;
    private final boolean initiator;
    private final RenegotiatedConnection renegotiated;
    private final Transcript transcript = new Transcript();
    private final Vault vault = new Vault();
    private final ExtensionOrder extensionOrder;
    private List<PreSharedKey> preSharedKeys;
    private int helloRequests;
    private volatile ProtocolVersion version;
    private volatile String applicationProtocol;
    private volatile List<SignatureScheme> signingSchemes = List.of();
    private volatile List<SignatureScheme> delegatedSchemes = List.of();
    private volatile SignatureAlgorithm selectedScheme;
    private volatile Codes certificateGroups;
    private volatile TrustAnchors requestedTrustAnchors;
    private volatile String echPublicName;
    private volatile byte[] echRetryConfigs = {};

    /** A first handshake. */
    Exchange(HandshakeSettings settings, boolean initiator) {
        this(settings, null, initiator);
    }

    /** A handshake on an established connection of TLS 1.2. */
    Exchange(HandshakeSettings settings, boolean initiator, RenegotiatedConnection renegotiated) {
        this(settings.forRenegotiation(), renegotiated, initiator);
        // RFC 7301 3.1: the protocol of a connection is chosen in the course of its first handshake.
        this.applicationProtocol = renegotiated.connection().applicationProtocol();
        version(ProtocolVersion.TLS12);
    }

    private Exchange(HandshakeSettings settings, RenegotiatedConnection renegotiated, boolean initiator) {
        this.settings = settings;
        this.initiator = initiator;
        this.renegotiated = renegotiated;
        this.extensionOrder = initiator && settings.permuteExtensions() ? ExtensionOrder.random(settings) : null;
        settings.session().localSignatureSchemes(settings.schemes());
    }

    /** {@return the connection that is negotiated again; null in a first handshake} */
    RenegotiatedConnection renegotiated() {
        return renegotiated;
    }

    HandshakeSettings settings() {
        return settings;
    }

    /** Takes settings that allow less, once it is known what this side has for the peer. */
    void narrow(HandshakeSettings narrower) {
        settings = narrower;
    }

    Transcript transcript() {
        return transcript;
    }

    Vault vault() {
        return vault;
    }

    /** {@return these extensions of a ClientHello in the order that was drawn for this handshake, if one was} */
    Extensions ordered(Extensions extensions) {
        return extensionOrder == null ? extensions : extensionOrder.of(extensions);
    }

    /** Adds a message to the transcript and sends it. */
    void send(HandshakeMessage message, Effects out) throws SspiException {
        send(message.toBytes(), out);
    }

    /** Adds an encoded message to the transcript and sends it. */
    void send(byte[] message, Effects out) throws SspiException {
        transcript.add(message);
        out.send(message);
    }

    /**
     * Sends the own Certificate of TLS 1.3, in compressed form if this side wants that and the peer takes it.
     *
     * @param peers the extensions of the message that asked for it
     */
    void sendCertificate(CertificateMessage message, Extensions peers, Effects out) throws SspiException {
        List<CertificateCompression> ways = settings.certificateCompressions();
        send(ways.isEmpty() ? message : settings.compressedCertificates().compress(message, ways, peers), out);
    }

    /** Says which version is agreed. */
    void version(ProtocolVersion agreed) {
        version = agreed;
        session().version(agreed);
    }

    /** {@return the version that is agreed, or null before one is} */
    ProtocolVersion version() {
        return version;
    }

    /** {@return how keys are exchanged by the suite that is agreed, in TLS 1.2} */
    KeyExchangeAlgorithm keyExchange() {
        CipherSuite agreed = session().suite();
        return agreed == null ? KeyExchangeAlgorithm.ECDHE : agreed.keyExchange();
    }

    /** {@return whether it is TLS 1.3, or nothing yet and TLS 1.3 is among the versions that are wanted} */
    boolean mayBeTls13() {
        return version == null ? settings.versions().contains(ProtocolVersion.TLS13) : version == ProtocolVersion.TLS13;
    }

    /** Tells the key log, if there is one, a secret that stays the caller's. */
    void log(String label, byte[] clientRandom, Secret secret) {
        KeyLog log = settings.keyLog();
        if (log != null) {
            try (Secret copy = secret.copy()) {
                log.secret(label, clientRandom.clone(), copy.bytes());
            }
        }
    }

    /** Says which schemes both sides have, in the peer's order. */
    void signingSchemes(List<SignatureScheme> common) {
        signingSchemes = common;
    }

    /** Takes over by which schemes a key that a certificate of ours has delegated to may sign, if the peer takes such keys. */
    void hearDelegatedSchemes(Extensions request) {
        Optional<DelegatedCredentialOffer> offer = request.find(Shape.DELEGATED_CREDENTIAL_OFFER);
        if (offer.isPresent() && !settings.disabledExtensions().contains(ExtensionType.DELEGATED_CREDENTIAL)) {
            delegatedSchemes = Negotiation.common(offer.get().schemes(), settings.schemes());
        }
    }

    /** {@return the scheme by which this identity signs the handshake, if the peer accepts one} */
    Optional<SignatureAlgorithm> signing(Identity identity) {
        return identity.delegatedCredential() == null
                ? Negotiation.signing(signingSchemes(identity), identity, version)
                : Delegation.signing(identity, initiator, signingSchemes, delegatedSchemes);
    }

    /** {@return the scheme by which the identity that was selected last signs the handshake} */
    SignatureAlgorithm selectedScheme() {
        return selectedScheme;
    }

    /** {@return those of the common schemes that this identity signs by, best first} */
    private List<SignatureScheme> signingSchemes(Identity identity) {
        List<String> own = identity.signatureSchemes();
        return own == null
                ? signingSchemes
                : own.stream()
                        .flatMap(name -> SignatureScheme.named(name).stream())
                        .filter(signingSchemes::contains)
                        .toList();
    }

    /** Says which groups the curve of an ECDSA certificate of ours may be of; null for any. */
    void certificateGroups(Codes groups) {
        certificateGroups = groups;
    }

    /** Hears whom the peer says that it trusts, if it does. */
    void hearTrustAnchors(Extensions extensions) {
        if (!settings.disabledExtensions().contains(ExtensionType.TRUST_ANCHORS)) {
            requestedTrustAnchors = extensions.find(Shape.TRUST_ANCHORS).orElse(null);
        }
    }

    @Override
    public List<TrustAnchorId> requestedTrustAnchors() {
        TrustAnchors requested = requestedTrustAnchors;
        return requested == null ? null : requested.ids();
    }

    /** {@return this message, which says that the peer trusts the anchor of this identity, if the peer has said so} */
    CertificateMessage matching(Identity identity, CertificateMessage message) {
        TrustAnchors requested = requestedTrustAnchors;
        boolean matches = requested != null
                && identity != null
                && identity.trustAnchor() != null
                && requested.contains(identity.trustAnchor());
        // draft-ietf-tls-trust-anchor-ids 4.2: empty, in the first entry, and in no other situation.
        return matches ? message.with(new Indication(ExtensionType.TRUST_ANCHORS)) : message;
    }

    /** {@return for which trust anchors this server has chains that the client could take, if the client asks and there are any} */
    Optional<TrustAnchors> availableTrustAnchors() throws SspiException {
        if (requestedTrustAnchors == null) {
            return Optional.empty();
        }
        // draft-ietf-tls-trust-anchor-ids 4.3: those that would do but for the authority, in the order of preference.
        Set<TrustAnchorId> available = new LinkedHashSet<>();
        int room = MOST_AVAILABLE_TRUST_ANCHORS;
        try {
            for (Identity identity : settings.callbacks().availableIdentities(this)) {
                TrustAnchorId anchor = identity.trustAnchor();
                if (anchor != null && anchor.length() < room && accepts(identity) && available.add(anchor)) {
                    room -= 1 + anchor.length();
                }
            }
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
        return available.isEmpty() ? Optional.empty() : Optional.of(TrustAnchors.of(List.copyOf(available)));
    }

    /** Takes over what a server answered to this client's list, or that it did not. */
    void agreeOnProtocol(Optional<ApplicationProtocols> answer) throws SspiException {
        if (renegotiated != null) {
            return;
        }
        String chosen = answer.isPresent() ? answer.get().names().get(0) : "";
        if (answer.isPresent() && !settings.applicationProtocols().contains(chosen)) {
            // RFC 7301 3.1: the server chooses from the client's list.
            throw AlertDescription.ILLEGAL_PARAMETER.because("an application protocol that was not offered");
        }
        applicationProtocol = chosen;
    }

    /** Chooses from a client's list, if it sent one: empty for none. */
    Optional<String> chooseProtocol(Extensions hello) throws SspiException {
        Optional<ApplicationProtocols> offer = hello.find(Shape.APPLICATION_PROTOCOLS);
        if (renegotiated != null) {
            // There is nothing to choose: a client that asks again hears what it has.
            return offer.map(ApplicationProtocols::names)
                    .filter(names -> names.contains(applicationProtocol))
                    .map(names -> applicationProtocol);
        }
        Optional<String> choice = Optional.empty();
        if (offer.isPresent()) {
            List<String> offered = offer.get().names();
            String chosen = selectApplicationProtocol(offered);
            List<String> ours = settings.applicationProtocols();
            if (chosen != null && chosen.isEmpty() && !ours.isEmpty()) {
                chosen = ours.stream().filter(offered::contains).findFirst().orElse(null);
            }
            if (chosen == null || !chosen.isEmpty() && !offered.contains(chosen)) {
                // RFC 7301 3.2: a server that supports none of the client's protocols.
                throw AlertDescription.NO_APPLICATION_PROTOCOL.because(
                        "no application protocol in common: the client offers "
                                // Names are bytes of the peer's: nothing of them shall look like a line of its own.
                                + offered.stream()
                                        .limit(8)
                                        .map(name -> name.replaceAll("[^!-~]", "?"))
                                        .toList() + (ours.isEmpty() ? "" : ", this server has " + ours)
                                + " (RFC 7301 3.2)");
            }
            choice = chosen.isEmpty() ? Optional.empty() : Optional.of(chosen);
        }
        applicationProtocol = choice.orElse("");
        return choice;
    }

    /**
     * Says that this handshake is not that of the client's encrypted hello.
     *
     * @param publicName for which a client judges the server from now on (RFC 9849 6.1.7)
     */
    void rejectedEch(String publicName) {
        echPublicName = publicName;
        session().echStatus(EchStatus.REJECTED);
        session().isWith(publicName);
    }

    /** {@return whether this is a client whose encrypted hello was not taken} */
    boolean isEchRejected() {
        return echPublicName != null;
    }

    /** Keeps the ECHConfigList that a server sends to who has used another; empty for none. */
    void echRetryConfigs(byte[] configList) {
        echRetryConfigs = configList;
    }

    /** {@return the ECHConfigList that a server sends to who has used another; empty for none} */
    byte[] echRetryConfigs() {
        return echRetryConfigs;
    }

    /**
     * Ends a handshake that is complete, and was not with the server that was asked for: what was sent for it goes out, then the
     * alert (RFC 9849 6.1.6).
     */
    SspiException echRequired(Effects out) throws SspiException {
        out.lastFlight();
        return EchOffer.rejected(echPublicName, echRetryConfigs);
    }

    /** Bounds what a server can send without getting anywhere. */
    void countHelloRequest() throws SspiException {
        if (++helloRequests > Connected.LONGEST_IDLE_SERIES) {
            throw AlertDescription.UNEXPECTED_MESSAGE.because(
                    "more than " + Connected.LONGEST_IDLE_SERIES + " HelloRequests in one handshake");
        }
    }

    @Override
    public boolean initiator() {
        return initiator;
    }

    @Override
    public TlsSession session() {
        return settings.session();
    }

    @Override
    public String targetName() {
        String publicName = echPublicName;
        return publicName == null ? settings.targetName() : publicName;
    }

    @Override
    public String applicationProtocol() {
        return applicationProtocol;
    }

    @Override
    public boolean accepts(Identity identity) {
        Codes groups = certificateGroups;
        return signing(identity).isPresent() && (groups == null || Negotiation.isOnCurveOf(groups, identity));
    }

    /** Asks the application whether it trusts the peer's chain, and of a server the status that it has for its certificates. */
    void verifyPeer(List<X509Certificate> chain, String authType) throws SspiException {
        if (initiator && settings.requestsStatus()) {
            verifyStatus(session().statusResponses());
        }
        try {
            settings.callbacks().verifyPeer(this, chain.toArray(new X509Certificate[0]), authType);
            if (isEchRejected()) {
                // RFC 9849 6.1.7: valid for the public name, whatever the callback looks at.
                EndpointIdentification.check("HTTPS", echPublicName, chain.get(0));
            }
        } catch (CertificateException e) {
            throw Authentication.untrusted(e, !session().statusResponses().isEmpty());
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
        if (!initiator && settings.retainOnlyCertificateHash()) {
            session().peerCertificateHash(SessionStates.hash(chain.get(0)));
        } else {
            session().peerCertificates(chain);
        }
    }

    private void verifyStatus(List<byte[]> responses) throws SspiException {
        boolean readable = true;
        for (byte[] response : responses) {
            readable &= response.length == 0 || Ocsp.isResponse(response);
        }
        try {
            settings.callbacks().verifyStatus(this, readable);
        } catch (CertificateException e) {
            // RFC 6066 8: a response that is not satisfactory ends the handshake with this alert.
            throw AlertDescription.BAD_CERTIFICATE_STATUS_RESPONSE.because(
                    "the status of the server's certificate is not satisfactory: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
    }

    /**
     * A client judges the chain of a session that is resumed again. The server has proven by then that it has the session's secret;
     * a session whose chain is not trusted any more is not offered again.
     */
    void reverifyServer(String authType) throws SspiException {
        reverifyServer(session(), authType);
    }

    /** The same before anything is sent to the server, which is about to be sent early data with this session. */
    void reverifyServer(TlsSession resumed, String authType) throws SspiException {
        if (resumed.peerCertificates().isEmpty()) {
            // It began with a pre-shared key, which the client still has: there is no chain.
            return;
        }
        session().statusResponses(resumed.statusResponses());
        try {
            verifyPeer(resumed.peerCertificates(), authType);
        } catch (SspiException e) {
            resumed.invalidate();
            throw e;
        }
    }

    /**
     * {@return whether the application trusts the chain of the peer in this session, which a server resumes}
     *
     * <p>A chain that was judged elsewhere is judged again: servers that share ticket keys need not trust the same roots. So is
     * every chain where this side wants it. In TLS 1.3 the peer has proven by then that it has the session's secret; in TLS 1.2 its Finished still has to.
     */
    boolean trusts(ResumableSession session) {
        List<X509Certificate> chain = session.session().peerCertificates();
        boolean judged = session.trustScope() != SessionStates.ELSEWHERE && !settings.reverifyOnResume();
        if (judged || !session.session().authenticatesByCertificate()) {
            return true;
        }
        if (chain.isEmpty()) {
            // Of a hash nobody can say whether it is trusted here, or still.
            return false;
        }
        try {
            verifyPeer(chain, Authentication.clientAuthType(chain.get(0)));
            return true;
        } catch (SspiException untrustedHere) {
            return false;
        }
    }

    /** How a server comes to the identity that it would show. */
    @FunctionalInterface
    interface IdentityChoice {
        /** {@return the identity, or null for none} */
        Identity select() throws SspiException;
    }

    /**
     * {@return whether this server would show the certificate that the client was convinced of when the session was made}
     *
     * <p>A client that was convinced of a certificate elsewhere resumes with a server that has the same, and no other.
     */
    boolean presents(TlsSession session, IdentityChoice choice) throws SspiException {
        byte[] certificate = session.localCertificateHash();
        if (certificate.length == 0 || !session.localCertificates().isEmpty()) {
            return true;
        }
        Identity identity = choice.select();
        if (identity == null
                || !Arrays.equals(SessionStates.hash(identity.chain().get(0)), certificate)) {
            return false;
        }
        session.localCertificates(identity.chain());
        return true;
    }

    /** {@return the identity that the application chose, whose key can sign what the peer accepts, or null} */
    Identity selectIdentity(Principal[] issuers) throws SspiException {
        if (isEchRejected()) {
            // RFC 9849 6.1.7: who asks is not the server that the certificate is meant for.
            return null;
        }
        Identity identity;
        try {
            identity =
                    settings.callbacks().selectIdentity(this, Negotiation.keyTypes(signingSchemes, version), issuers);
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
        if (identity == null || !accepts(identity)) {
            return null;
        }
        // Judged once: a credential that expires between the choice and the proof is still the one that was chosen.
        selectedScheme = signing(identity).orElse(null);
        if (selectedScheme == null) {
            return null;
        }
        Authentication.requireLength(identity);
        return identity;
    }

    /** {@return the application's keys for the peer, which are destroyed with the handshake; empty if it has none} It is asked once. */
    List<PreSharedKey> preSharedKeys() throws SspiException {
        PreSharedKeys keys = settings.preSharedKeys();
        if (keys == null) {
            return List.of();
        }
        if (preSharedKeys == null) {
            try {
                List<PreSharedKey> own = List.copyOf(keys.keys(this));
                own.forEach(vault::keep);
                preSharedKeys = own;
            } catch (RuntimeException | Error e) {
                throw callbackFailed(e);
            }
        }
        return preSharedKeys;
    }

    /** {@return what a server of TLS 1.2 says of the key that it means} */
    byte[] identityHint() throws SspiException {
        try {
            byte[] hint = settings.preSharedKeys().identityHint(this);
            return hint.length <= PreSharedKey.LONGEST_NAME ? hint : new byte[0];
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
    }

    /** {@return the application's key of this name, which is destroyed with the handshake, or null} */
    PreSharedKey findPreSharedKey(PreSharedKey.Name name) throws SspiException {
        PreSharedKeys keys = settings.preSharedKeys();
        if (keys == null) {
            return null;
        }
        try {
            PreSharedKey found = keys.find(this, name);
            if (found == null) {
                return null;
            }
            vault.keep(found);
            if (!found.name().equals(name)) {
                throw new IllegalStateException("asked for " + name + ", the answer was " + found.name());
            }
            return found;
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
    }

    /**
     * {@return whether a session like this could begin now: with its pre-shared key, if it has one and the server still knows it, or
     * without one, where that may be}
     */
    boolean couldBegin(TlsSession session) throws SspiException {
        PreSharedKey.Name name = session.preSharedKeyName();
        return name == null ? !settings.requiresPreSharedKey() : findPreSharedKey(name) != null;
    }

    /** Takes over the signed certificate timestamps of the server's certificate, if there are any. */
    void hearTimestamps(Extensions extensions) {
        Optional<SignedCertificateTimestamps> heard = extensions.find(Shape.SIGNED_CERTIFICATE_TIMESTAMPS);
        if (heard.isPresent()) {
            session().signedCertificateTimestamps(heard.get().timestamps());
        }
    }

    /** {@return the signed certificate timestamps of this identity, if this client wants to hear of them and there are any} */
    Optional<SignedCertificateTimestamps> timestamps(Extensions hello, Identity identity) throws SspiException {
        if (settings.timestamps() == null || !hello.has(ExtensionType.SIGNED_CERTIFICATE_TIMESTAMP)) {
            return Optional.empty();
        }
        List<byte[]> timestamps;
        try {
            timestamps = settings.timestamps().timestampsOf(identity.chain().get(0));
        } catch (RuntimeException noAnswer) {
            // RFC 6962 3.3: timestamps may be in the certificate too; a client that insists on more says so.
            return Optional.empty();
        }
        return Authentication.fitting(timestamps, identity);
    }

    /**
     * {@return the responses to staple to the first {@code most} certificates of this identity, empty for one without}
     *
     * @param timestamps what travels with them
     */
    List<byte[]> staples(
            Extensions hello, Identity identity, int most, Optional<SignedCertificateTimestamps> timestamps)
            throws SspiException {
        Optional<StatusRequest> request = hello.find(Shape.STATUS_REQUEST);
        if (request.isEmpty() || !request.get().takesAnyOcspResponse() || settings.stapling() == null) {
            return List.of();
        }
        List<byte[]> responses;
        try {
            responses = settings.stapling()
                    .responsesFor(identity.chain(), request.get().requestExtensions());
        } catch (RuntimeException noAnswer) {
            // RFC 6066 8: a server may choose to send none; a client that insists on one says so.
            return List.of();
        }
        return Authentication.fitting(responses, identity, most, timestamps);
    }

    /** {@return the application's choice among these, empty for none, null to refuse} */
    private String selectApplicationProtocol(List<String> offered) throws SspiException {
        try {
            return settings.callbacks().selectApplicationProtocol(this, offered);
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
    }

    /** {@return the names that a client asks for, which the application admits and to one of which it answers} */
    List<SNIServerName> answerTo(List<SNIServerName> names) throws SspiException {
        session().requestedServerNames(names);
        if (renegotiated != null) {
            renegotiated.requireSameNames(session());
        }
        admit();
        if (!names.isEmpty() && !matchServerName(names)) {
            // RFC 6066 3: a server that does not recognize the name.
            throw AlertDescription.UNRECOGNIZED_NAME.because(
                    "a server name that nobody answers to: " + names.get(0) + " (RFC 6066 3)");
        }
        return names;
    }

    private void admit() throws SspiException {
        try {
            settings.callbacks().admit(this);
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
    }

    /** {@return whether the application takes the encrypted hello with these names} */
    boolean acceptsEch(List<SNIServerName> names) throws SspiException {
        session().requestedServerNames(names);
        try {
            return settings.callbacks().acceptEncryptedClientHello(this, names);
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
    }

    /** {@return the keys of this server, as they are now} */
    List<EchKey> echKeys() throws SspiException {
        try {
            return List.copyOf(settings.echKeys().keys());
        } catch (RuntimeException e) {
            throw callbackFailed(e);
        }
    }

    /** {@return whether the client is told that its server name was used (RFC 6066 3)} */
    boolean acknowledgesServerName(Extensions hello) throws SspiException {
        if (!hello.has(ExtensionType.SERVER_NAME)) {
            return false;
        }
        try {
            return settings.callbacks().acknowledgeServerName(this, session().requestedServerNames());
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
    }

    private boolean matchServerName(List<SNIServerName> names) throws SspiException {
        try {
            return settings.callbacks().matchServerName(this, names);
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
    }

    /** {@return the error that ends the handshake after a callback threw this, which is its refusal or its defect} */
    private static SspiException callbackFailed(Throwable cause) {
        if (cause instanceof RefusalException refusal) {
            AlertDescription known = AlertDescription.of(refusal.alert()).orElse(AlertDescription.HANDSHAKE_FAILURE);
            return new SspiException(
                    known.status(), known.kind(), refusal.alert(), "refused: " + refusal.getMessage(), cause);
        }
        return AlertDescription.INTERNAL_ERROR.because("a callback of the application failed", cause);
    }

    static byte[] randomBytes(HandshakeSettings settings, int length) {
        return randomBytes(settings.random(), length);
    }

    static byte[] randomBytes(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
