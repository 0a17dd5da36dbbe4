package org.jsspi.conformance.bogo;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.ContextOptions.FalseStart;
import org.jsspi.CredHandle;
import org.jsspi.CredentialAttribute;
import org.jsspi.EarlyDataInfo;
import org.jsspi.EchRejectedException;
import org.jsspi.EchStatus;
import org.jsspi.KeyingMaterialInfo;
import org.jsspi.MessageObserver;
import org.jsspi.Session;
import org.jsspi.SspiException;
import org.jsspi.conformance.demo.SchannelStream;

/** One connection of a test: it is established as the flags say, looked at, and sends back what arrives, each bit flipped. */
final class Connection {
    private static final byte[] GREETING = "hello".getBytes(StandardCharsets.US_ASCII);

    /** Lengths around those at which records are cut. */
    private static final int[] RECORD_SIZES = {0, 1, 255, 256, 257, 16383, 16384, 16385, 32767, 32768, 32769};

    /** The alert that {@code -send-alert} sends: decompression_failure. */
    private static final int ALERT = 30;

    private static final int UNIQUE_BINDING_LENGTH = 12;

    private static final String CLIENT_SECRET = "CLIENT_TRAFFIC_SECRET_0";
    private static final String SERVER_SECRET = "SERVER_TRAFFIC_SECRET_0";

    /** Header 5, explicit nonce 8, tag 16: what the record of the most spacious suite adds to its content. */
    private static final int EXPANSION = 29;

    /** What a session is stored under: the runner has one server, and no name. */
    private static final String PEER = "bogo";

    /** What BoringSSL's server takes of early data. */
    private static final int SERVERS_EARLY_DATA = 14336;

    /** A client of BoringSSL's goes by the ticket alone. */
    private static final int CLIENTS_EARLY_DATA = 1 << 20;

    private static final int SERVER_HELLO = 2;
    private static final int CERTIFICATE_REQUEST = 13;

    /** A flag of {@code -curves-flags}: the group is worth the same as the one behind it. */
    private static final int EQUAL_TO_NEXT = 1;

    private final Configuration offered;
    private final Configuration configuration;
    private final CredHandle credential;
    private final TicketAges ages;
    private final Decisions decisions;
    private final boolean resume;
    private final ByteBuffer early;
    private final StringBuffer messages = new StringBuffer();
    private volatile byte[] certificateTypes = {};
    private final Map<String, byte[]> secrets = new HashMap<>();

    /**
     * A connection.
     *
     * @param configuration what it begins with
     * @param retried what holds instead once the server has rejected the early data of a client
     * @param ages of the tickets of this test
     */
    Connection(
            Configuration configuration, Configuration retried, CredHandle credential, TicketAges ages, boolean resume)
            throws SspiException {
        boolean rejected = !configuration.server && resume && configuration.expectEarlyDataRejected;
        this.offered = configuration;
        this.configuration = rejected ? retried : configuration;
        this.credential = credential;
        this.ages = ages;
        this.decisions = new Decisions(offered, Shim.identities(offered));
        this.resume = resume;
        this.early = ByteBuffer.wrap(configuration.shimWritesFirst ? GREETING : new byte[0]);
    }

    /** From the first byte to the last. */
    void run(Wire wire) throws IOException, GeneralSecurityException, NotImplemented, ExpectationFailed {
        try {
            shakeHandsAndTalk(wire);
            expect(configuration.expectEchRetryConfigs == null, "the Encrypted Client Hello was not rejected");
        } catch (SspiException e) {
            checkRejection(e);
            throw e;
        }
    }

    private void checkRejection(SspiException failure) throws ExpectationFailed {
        if (configuration.expectEchRetryConfigs != null) {
            expect(
                    failure.getCause() instanceof EchRejectedException rejection
                            && Arrays.equals(configuration.expectEchRetryConfigs, rejection.retryConfigs()),
                    "the Encrypted Client Hello was not rejected, or with other configurations than expected");
        }
    }

    private void shakeHandsAndTalk(Wire wire)
            throws IOException, GeneralSecurityException, NotImplemented, ExpectationFailed {
        ContextOptions options = options();
        try (SchannelStream stream = establish(options, wire)) {
            for (ByteBuffer data = stream.readEarly(); data != null; data = stream.readEarly()) {
                stream.writeEarly(flipped(data));
            }
            expectNeverDone(stream);
            if (configuration.extraHandshake) {
                stream.establishAgain();
            }
            if (!configuration.implicitHandshake) {
                checkHandshake(stream, wire);
            }
            if (configuration.handshakeTwice) {
                stream.complete();
            }
            exportKeys(stream);
            if (configuration.sendAlert) {
                stream.alert(ALERT);
                return;
            }
            exchange(stream, wire);
            checkSession(stream);
            if (configuration.checkCloseNotify) {
                close(stream);
            }
        } finally {
            decisions.check();
        }
    }

    // Establish

    private ContextOptions options() throws NotImplemented {
        ContextOptions.Builder options = ContextOptions.builder()
                .async(configuration.async)
                .callbacks(decisions)
                .peer(PEER, 0)
                .protocols(protocols())
                .renegotiation(configuration.renegotiation)
                // BoringSSL's servers always do it.
                .grease(configuration.grease || configuration.server)
                .trustAnchors(configuration.trustAnchors)
                .permuteExtensions(configuration.permuteExtensions)
                .fallback(configuration.fallback)
                // BoringSSL's chains have a size, and may be as long as they like.
                .maximumChainLength(Integer.MAX_VALUE)
                .maximumChainSize(configuration.maximumChainSize)
                .echConfigList(configuration.echConfigList)
                .echGrease(configuration.echGrease)
                .serverNames(
                        configuration.hostName == null ? List.of() : List.of(new SNIHostName(configuration.hostName)))
                .requestStatus(configuration.requestStatus)
                .requestCertificateTimestamps(configuration.requestTimestamps)
                .certificateCompressions(ToyCompression.of(configuration))
                .reverifyOnResume(configuration.reverifyOnResume)
                .retainOnlyCertificateHash(configuration.retainCertificateHash)
                .resumptionAcrossNames(configuration.acrossNames)
                .preferLocalCipherSuites(configuration.serverPreference || configuration.ciphers != null)
                .clientAuthentication(
                        configuration.requireClientCertificate
                                ? ClientAuthentication.NEED
                                : configuration.verifyPeer ? ClientAuthentication.WANT : ClientAuthentication.NONE);
        if (offered.earlyData) {
            options.maximumEarlyData(offered.server ? SERVERS_EARLY_DATA : CLIENTS_EARLY_DATA);
        }
        if (configuration.falseStart) {
            options.falseStart(configuration.falseStartWithoutAlpn ? FalseStart.ALWAYS : FalseStart.WITH_ALPN);
        }
        if (configuration.ciphers != null) {
            options.cipherSuites(
                    CipherString.suites(configuration.ciphers, credential(CredentialAttribute.CIPHER_SUITES)));
        }
        options.equalPreferences(equalPreferences());
        if (!configuration.curves.isEmpty()) {
            options.namedGroups(Registry.groups(configuration.curves));
        }
        if (configuration.expectMessages != null
                || configuration.resumptionDelay > 0
                || configuration.expectCertificateTypes != null) {
            options.messageObserver(this::observe);
        }
        if (configuration.exportTrafficSecrets) {
            options.keyLog((label, random, secret) -> secrets.put(label, secret.clone()));
        }
        if (configuration.predicted() != null) {
            options.keyShares(Registry.groups(configuration.predicted()));
        }
        if (!configuration.verifyPreferences.isEmpty()) {
            // One list serves both directions: a server's own key stays in it.
            List<String> schemes = new ArrayList<>(Registry.schemes(configuration.verifyPreferences));
            if (configuration.server) {
                schemes.addAll(decisions.ownSchemes());
            }
            options.signatureSchemes(schemes);
        }
        if (configuration.policy != null) {
            configuration.policy.apply(options);
        }
        if (configuration.maxSendFragment > 0) {
            options.maximumPacketSize(configuration.maxSendFragment + EXPANSION);
        }
        return options.build();
    }

    private List<List<String>> equalPreferences() {
        List<List<String>> equal = new ArrayList<>();
        if (configuration.ciphers != null) {
            equal.addAll(CipherString.equal(configuration.ciphers));
        }
        List<String> run = new ArrayList<>();
        for (int i = 0; i < configuration.curvesFlags.size(); i++) {
            run.add(Registry.group(configuration.curves.get(i)));
            if ((configuration.curvesFlags.get(i) & EQUAL_TO_NEXT) == 0) {
                equal.add(List.copyOf(run));
                run.clear();
            }
        }
        return equal;
    }

    private void observe(boolean sent, int contentType, String name, byte[] message) {
        messages.append(sent ? "write " : "read ")
                .append(
                        switch (contentType) {
                            case MessageObserver.HANDSHAKE -> "hs " + message[0];
                            case MessageObserver.ALERT -> "alert " + message[0] + " " + message[1];
                            default -> "ccs";
                        })
                .append('\n');
        if (configuration.server && contentType == MessageObserver.HANDSHAKE) {
            ages.observe(sent, message);
        }
        if (contentType == MessageObserver.HANDSHAKE && message[0] == CERTIFICATE_REQUEST) {
            // RFC 5246 7.4.4: behind the header, ClientCertificateType certificate_types<1..2^8-1>.
            certificateTypes = Arrays.copyOfRange(message, 5, 5 + message[4]);
        }
    }

    private List<String> protocols() throws NotImplemented {
        List<String> known = credential(CredentialAttribute.PROTOCOLS);
        List<String> protocols = configuration.versions().stream()
                .map(Registry::version)
                .filter(known::contains)
                .toList();
        if (protocols.isEmpty()) {
            throw new NotImplemented("no version before TLS 1.2");
        }
        return protocols;
    }

    private SchannelStream establish(ContextOptions options, Wire wire) throws IOException, SspiException {
        return configuration.server
                ? SchannelStream.accept(credential, options, List.of(), wire.in(), wire.out())
                : SchannelStream.connect(
                        credential,
                        null,
                        options,
                        Shim.protocols(offered.advertiseAlpn),
                        earlyData(wire),
                        wire.in(),
                        wire.out());
    }

    /** Sent with the first flight, or behind a record of the server's: its hello, change_cipher_spec, EncryptedExtensions. */
    private SchannelStream.EarlyData earlyData(Wire wire) {
        int due = offered.earlyWriteAfterMessage == 0 ? 1 : offered.earlyWriteAfterMessage == SERVER_HELLO ? 2 : 4;
        AtomicInteger calls = new AtomicInteger();
        return stream -> {
            int call = calls.incrementAndGet();
            // Whoever the server was judged to be before early data was sent, it is judged by another test now.
            decisions.follow(configuration);
            if (call == due) {
                if (offered.readWithUnfinishedWrite) {
                    wire.holdAfter(1);
                }
                stream.writeEarly(early);
                if (offered.exportLength > 0) {
                    // BoringSSL's shim exports now, and means to fail: there is nothing to export yet.
                    export(stream, offered.exportLength);
                }
            } else {
                wire.release();
            }
        };
    }

    // Look

    private void checkHandshake(SchannelStream stream, Wire wire)
            throws IOException, GeneralSecurityException, ExpectationFailed {
        Session session = stream.query(ContextAttribute.SESSION);
        if (configuration.expectVersion != 0) {
            expectEqual("version", Registry.version(configuration.expectVersion), session.protocol());
        }
        expectEqual("completion of the handshake", resume || !configuration.falseStart, stream.isComplete());
        expectEqual("resumption", resume && !configuration.expectSessionMiss, session.resumed());
        if (configuration.expectCipher != 0) {
            expectEqual("cipher suite", Registry.suite(configuration.expectCipher), session.cipherSuite());
        }
        if (configuration.expectCurve != 0) {
            expectEqual("group", Registry.group(configuration.expectCurve), session.namedGroup());
        }
        if (configuration.expectPeerSignature != 0) {
            expectEqual(
                    "peer's signature scheme",
                    Registry.scheme(configuration.expectPeerSignature),
                    session.peerSignatureScheme());
        }
        if (!configuration.expectPeerSchemes.isEmpty()) {
            expectEqual(
                    "schemes of the peer",
                    Registry.schemes(configuration.expectPeerSchemes),
                    session.peerSupportedSignatureSchemes());
        }
        if (configuration.expectExtendedMasterSecret) {
            expect(session.extendedMasterSecret(), "the secret is not bound to the handshake");
        }
        if (configuration.expectSecureRenegotiation != null) {
            expectEqual(
                    "safety of renegotiation", configuration.expectSecureRenegotiation, session.secureRenegotiation());
        }
        expect(
                configuration.expectCertificateTypes == null
                        || Arrays.equals(configuration.expectCertificateTypes, certificateTypes),
                "the server asks for other types of certificates than expected");
        if (configuration.expectRetry != null) {
            expectEqual("HelloRetryRequest", configuration.expectRetry, wire.retried(configuration.server));
        }
        List<String> names = session.requestedServerNames().stream()
                .map(name -> new String(name.getEncoded(), StandardCharsets.ISO_8859_1))
                .toList();
        if (configuration.expectServerName != null) {
            expectEqual("server name", List.of(configuration.expectServerName), names);
        }
        expect(!configuration.expectNoServerName || names.isEmpty(), "the client has sent a server name");
        String expectedProtocol = configuration.server ? configuration.selectAlpn : configuration.expectAlpn;
        expectEqual(
                "application protocol",
                expectedProtocol,
                stream.query(ContextAttribute.APPLICATION_PROTOCOL).protocol());
        checkPeer(session);
        checkEarlyData(stream.query(ContextAttribute.EARLY_DATA));
        if (configuration.expectSessionId != null && !resume) {
            // RFC 8446 4.1.3: in TLS 1.3 what stands there is an echo, and names no session.
            boolean named = !session.protocol().equals(Registry.version(Registry.TLS13))
                    && wire.sessionId(configuration.server);
            expectEqual("session id", configuration.expectSessionId, named);
        }
        expectEqual(
                "acceptance of the Encrypted Client Hello",
                configuration.expectEchAccept,
                session.echStatus() == EchStatus.ACCEPTED);
        if (resume) {
            expectEqual("skew of the ticket's age", (long) configuration.expectTicketAgeSkew, ages.skew());
        }
        if (configuration.expectCredential != null) {
            expectEqual("credential", configuration.expectCredential, selected(session));
        }
    }

    /** {@return the number of the credential that was chosen; -1 for the default one, or none} */
    private int selected(Session session) {
        return configuration.preSharedKeys().stream()
                .filter(credential -> Shim.name(credential).equals(session.preSharedKeyName()))
                .map(credential -> credential.number)
                .findFirst()
                .orElse(decisions.selected());
    }

    private void checkEarlyData(EarlyDataInfo info) throws ExpectationFailed {
        EarlyDataInfo.Status status = info.status();
        expect(
                !resume || !offered.expectEarlyDataAccepted || status == EarlyDataInfo.Status.ACCEPTED,
                "early data is " + info);
        expect(
                !resume || !offered.expectEarlyDataRejected || status != EarlyDataInfo.Status.ACCEPTED,
                "early data is accepted");
        expect(
                !resume || !offered.expectNoEarlyDataOffer || status == EarlyDataInfo.Status.NONE,
                "early data was offered");
        if (configuration.expectEarlyDataReason != null) {
            expectEqual("reason of early data", configuration.expectEarlyDataReason, Registry.earlyDataReason(info));
        }
    }

    private void checkPeer(Session session) throws IOException, GeneralSecurityException, ExpectationFailed {
        List<X509Certificate> chain = session.peerCertificates();
        if (configuration.expectPeerCertificate != null) {
            expectEqual("peer's chain", Pem.certificates(configuration.expectPeerCertificate), chain);
        }
        if (configuration.expectOcspResponse.length > 0) {
            List<byte[]> responses = session.statusResponses();
            expect(
                    !responses.isEmpty() && Arrays.equals(configuration.expectOcspResponse, responses.get(0)),
                    "the server has stapled another OCSP response than expected, or none");
        }
        if (!configuration.expectTimestamps.isEmpty()) {
            expect(
                    Arrays.deepEquals(
                            configuration.expectTimestamps.toArray(),
                            session.signedCertificateTimestamps().toArray()),
                    "the server has sent other timestamps than expected, or none");
        }
        expect(
                configuration.expectAvailableTrustAnchors == null
                        || configuration.expectAvailableTrustAnchors.equals(session.availableTrustAnchors()),
                "the server has chains for other trust anchors than expected");
        expect(
                configuration.expectTrustAnchorMatched == null
                        || configuration.expectTrustAnchorMatched == session.trustAnchorMatched(),
                "whether the server's chain is one that was asked for is not as expected");
        byte[] hash = session.peerCertificateHash();
        expectEqual(
                "length of the hash of the peer's certificate",
                configuration.expectCertificateHash ? 32 : 0,
                hash.length);
        if (configuration.expectNoPeerCertificate
                || configuration.expectCertificateHash
                || session.preSharedKeyName() != null) {
            expect(chain.isEmpty(), "the peer has a certificate");
        } else if (!configuration.server || configuration.requireClientCertificate) {
            expect(!chain.isEmpty(), "the peer has no certificate");
        }
    }

    private void checkSession(SchannelStream stream) throws GeneralSecurityException, ExpectationFailed {
        if (configuration.expectMessages != null) {
            expectEqual("messages", configuration.expectMessages, messages.toString());
        }
        expectEqual("number of renegotiations", configuration.expectRenegotiations, stream.renegotiations());
        String version = stream.query(ContextAttribute.SESSION).protocol();
        if (!configuration.server && version.equals(Registry.version(Registry.TLS13))) {
            boolean expected = !configuration.expectNoSession && !configuration.shimShutsDown;
            expectEqual("new session", expected, sessions() > 0);
            if (expected) {
                long maximum = stream.query(ContextAttribute.SESSION).maximumEarlyData();
                expectEqual("early data with the ticket", configuration.expectTicketForEarlyData, maximum > 0);
                boolean acrossNames = stream.query(ContextAttribute.SESSION).resumableAcrossNames();
                expect(
                        configuration.expectAcrossNames == null || configuration.expectAcrossNames == acrossNames,
                        "whether the session serves for other names is not as expected");
            }
        }
    }

    private int sessions() {
        return credential(CredentialAttribute.INITIATOR_SESSIONS).ids().size();
    }

    private <T> T credential(CredentialAttribute<T> attribute) {
        try {
            return credential.queryCredentialsAttributes(attribute);
        } catch (SspiException e) {
            throw new IllegalStateException(e);
        }
    }

    // Talk

    private void exportKeys(SchannelStream stream) throws IOException, SspiException, ExpectationFailed {
        if (configuration.exportLength > 0) {
            stream.write(ByteBuffer.wrap(export(stream, configuration.exportLength)));
        }
        if (configuration.exportTrafficSecrets) {
            // | length 2, of the machine's order | the peer's secret | ours |
            byte[] theirs = secrets.get(configuration.server ? CLIENT_SECRET : SERVER_SECRET);
            byte[] ours = secrets.get(configuration.server ? SERVER_SECRET : CLIENT_SECRET);
            ByteBuffer both = ByteBuffer.allocate(Short.BYTES + theirs.length + ours.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putShort((short) ours.length);
            stream.write(both.put(theirs).put(ours).flip());
        }
        if (configuration.tlsUnique) {
            byte[] binding = stream.query(ContextAttribute.UNIQUE_BINDINGS).applicationData();
            byte[] prefix = "tls-unique:".getBytes(StandardCharsets.US_ASCII);
            expectEqual("length of tls-unique", prefix.length + UNIQUE_BINDING_LENGTH, binding.length);
            stream.write(ByteBuffer.wrap(binding, prefix.length, UNIQUE_BINDING_LENGTH));
        }
    }

    private byte[] export(SchannelStream stream, int length) throws SspiException {
        stream.set(
                ContextAttribute.KEYING_MATERIAL_INFO,
                new KeyingMaterialInfo(
                        configuration.exportLabel,
                        configuration.useExportContext ? configuration.exportContext : null,
                        length));
        return stream.query(ContextAttribute.KEYING_MATERIAL);
    }

    private void exchange(SchannelStream stream, Wire wire) throws IOException, SspiException, ExpectationFailed {
        if (configuration.writeDifferentRecordSizes) {
            for (int size : RECORD_SIZES) {
                byte[] data = new byte[size];
                Arrays.fill(data, (byte) 0x42);
                stream.write(ByteBuffer.wrap(data));
            }
            return;
        }
        if (configuration.readWithUnfinishedWrite && early.position() == 0) {
            wire.holdAfter(1);
            stream.write(ByteBuffer.wrap(GREETING));
        } else if (configuration.shimWritesFirst) {
            stream.write(early);
        }
        if (!configuration.shimShutsDown) {
            echo(stream, wire);
        }
    }

    private void echo(SchannelStream stream, Wire wire) throws IOException, SspiException, ExpectationFailed {
        while (true) {
            if (configuration.keyUpdateBeforeRead) {
                stream.updateKeys();
            }
            ByteBuffer data = read(stream);
            if (data == null) {
                return;
            }
            expectNeverDone(stream);
            if (configuration.exporterBetweenReads) {
                export(stream, 1);
            }
            wire.release();
            if (configuration.keyUpdate) {
                stream.updateKeys();
            }
            stream.write(flipped(data));
        }
    }

    /** {@return the next data, or null at the end, be it clean or not} */
    private ByteBuffer read(SchannelStream stream) throws IOException, SspiException, ExpectationFailed {
        try {
            if (configuration.peekThenRead) {
                ByteBuffer seen = stream.peek();
                expectEqual("what is read after a look", seen, stream.peek());
                ByteBuffer read = stream.read();
                expectEqual("what is read after a look", seen, read);
                return read;
            }
            return stream.read();
        } catch (EOFException e) {
            return null;
        }
    }

    private static ByteBuffer flipped(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= (byte) 0xFF;
        }
        return ByteBuffer.wrap(bytes);
    }

    /** Sends close_notify; the side that does so first waits for the other's. */
    private void close(SchannelStream stream) throws IOException, SspiException, ExpectationFailed {
        stream.shutdown();
        if (configuration.shimShutsDown) {
            expect(stream.read() == null, "data came and no close_notify");
        }
    }

    private void expectNeverDone(SchannelStream stream) throws ExpectationFailed {
        expect(
                !configuration.handshakeNeverDone || !stream.isComplete(),
                "the handshake is complete and should not be");
    }

    private static void expectEqual(String what, Object expected, Object actual) throws ExpectationFailed {
        expect(Objects.equals(expected, actual), what + " is " + actual + ", and not " + expected);
    }

    private static void expect(boolean holds, String otherwise) throws ExpectationFailed {
        if (!holds) {
            throw new ExpectationFailed(otherwise);
        }
    }
}
