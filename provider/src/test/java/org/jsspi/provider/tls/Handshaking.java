package org.jsspi.provider.tls;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jsspi.AscReq;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.ContextOptions.FalseStart;
import org.jsspi.ContextOptions.Renegotiation;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.Identity;
import org.jsspi.IscReq;
import org.jsspi.PreSharedKey;
import org.jsspi.PreSharedKeys;
import org.jsspi.SchCredentials;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.testing.Trusting;
import org.jsspi.provider.tls.DeviantEnd.Deviation;
import org.jsspi.provider.tls.handshake.HandshakeSettings;
import org.jsspi.provider.tls.handshake.ResumableSession;
import org.jsspi.provider.tls.handshake.Tickets;
import org.jsspi.provider.tls.handshake.TlsSession;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;

/** A context and a {@link DeviantEnd} that shake hands. */
final class Handshaking {
    /** The versions that every deviation is tried in. */
    static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** The shapes of a handshake. */
    enum Shape {
        FULL,
        MUTUAL,
        RETRY,
        RESUMED,
        /** Without certificates, by a pre-shared key. */
        KEYED,
        /** The client sends data as soon as it may, which is before the server's Finished. */
        FALSE_START,
        /** On an established connection: the server asks for a certificate that it has not asked for before. */
        RENEGOTIATED;

        boolean isIn(String protocol) {
            boolean ofTls12 = this == FALSE_START || this == RENEGOTIATED;
            return protocol.equals("TLSv1.3") ? !ofTls12 : this != RETRY;
        }
    }

    private static final Identity IDENTITY = TestCertificates.of(KeyKind.P256)
            .subject("CN=localhost")
            .dnsNames("localhost")
            .selfSigned();
    private static final PreSharedKeys KEYS = PreSharedKeys.of(
            PreSharedKey.of(PreSharedKey.Use.IMPORTED, new byte[] {1}, new byte[32]),
            PreSharedKey.of(PreSharedKey.Use.TLS12, new byte[] {1}, new byte[32]));
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final boolean server;
    private final boolean again;
    private final SchannelContext context;
    private ContextOptions options;
    private final DeviantEnd deviant;
    private SecurityStatus status;
    private boolean secondRun;
    private boolean earlyDataOfRenegotiation;
    private SspiException refusal;
    private boolean hasSent;

    /**
     * Both ends at their beginning.
     *
     * @param server whether the context is the server, and the deviant end the client
     */
    Handshaking(String protocol, Shape shape, boolean server, Deviation deviation) throws SspiException {
        this.server = server;
        this.again = shape == Shape.RENEGOTIATED;
        CredHandle handle = acquire(shape, server);
        Memory tickets = new Memory();
        ResumableSession resumption = null;
        if (shape == Shape.RESUMED) {
            resumption = sessionOf(handle, tickets, server, protocol);
        }
        this.context = (SchannelContext) handle.newContext();
        this.options = options(shape, server, protocol);
        HandshakeSettings.Builder settings = settings(shape, server, protocol);
        settings.resumption(server ? resumption : null).tickets(server ? null : tickets);
        if (again) {
            this.deviant = server
                    ? DeviantEnd.laterClient(settings.build(), deviation)
                    : DeviantEnd.server(settings.build(), deviation).honest();
        } else {
            this.deviant = server
                    ? DeviantEnd.client(settings.build(), deviation)
                    : DeviantEnd.server(settings.build(), deviation);
        }
    }

    private Handshaking(
            CredHandle handle,
            boolean server,
            ContextOptions options,
            HandshakeSettings.Builder settings,
            Memory tickets)
            throws SspiException {
        this.server = server;
        this.again = false;
        this.context = (SchannelContext) handle.newContext();
        this.options = options;
        this.deviant = server
                ? DeviantEnd.client(settings.build(), Deviation.NONE)
                : DeviantEnd.server(settings.tickets(tickets).build(), Deviation.NONE);
    }

    private static ResumableSession sessionOf(CredHandle handle, Memory tickets, boolean server, String protocol)
            throws SspiException {
        Handshaking first = new Handshaking(
                handle, server, options(Shape.FULL, server, protocol), settings(Shape.FULL, server, protocol), tickets);
        first.run();
        if (!first.isEstablished()) {
            throw new AssertionError("no session to resume");
        }
        return first.deviant.ticket();
    }

    private static CredHandle acquire(Shape shape, boolean server) throws SspiException {
        SchCredentials.Builder settings = SchCredentials.builder();
        if (shape == Shape.KEYED) {
            settings.preSharedKeys(KEYS);
        }
        return new SchannelPackage()
                .acquireCredentialsHandle(
                        null,
                        server ? CredentialUse.INBOUND : CredentialUse.OUTBOUND,
                        settings.identities(List.of(IDENTITY)).build());
    }

    private static ContextOptions options(Shape shape, boolean server, String protocol) {
        ContextOptions.Builder options = ContextOptions.builder()
                .protocols(List.of(protocol))
                .peer("localhost", 1)
                .callbacks(new Trusting(IDENTITY));
        if (shape == Shape.MUTUAL && server) {
            options.clientAuthentication(ClientAuthentication.NEED);
        }
        if (shape == Shape.FALSE_START) {
            options.falseStart(FalseStart.ALWAYS);
        }
        if (shape == Shape.RENEGOTIATED) {
            options.renegotiation(Renegotiation.ACCEPT);
        }
        if (shape == Shape.RETRY) {
            options.namedGroups(server ? List.of("secp256r1") : List.of("x25519", "secp256r1"));
        } else {
            // The curve of the certificate too: in TLS 1.2 the list speaks of it (RFC 8422 5.3).
            options.namedGroups(List.of("x25519", "secp256r1"));
        }
        return options.build();
    }

    private static HandshakeSettings.Builder settings(Shape shape, boolean server, String protocol) {
        HandshakeSettings.Builder settings = HandshakeSettings.builder(new Trusting(IDENTITY))
                .targetName("localhost")
                .versions(List.of(ProtocolVersion.named(protocol).orElseThrow()));
        if (shape == Shape.MUTUAL && !server) {
            settings.clientAuthentication(ClientAuthentication.NEED);
        }
        if (shape == Shape.KEYED) {
            settings.preSharedKeys(KEYS)
                    .suites(List.of(
                            CipherSuite.TLS_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256));
        }
        if (shape == Shape.RETRY) {
            settings.groups(server ? List.of(NamedGroup.X25519, NamedGroup.SECP256R1) : List.of(NamedGroup.SECP256R1));
        } else {
            settings.groups(List.of(NamedGroup.X25519, NamedGroup.SECP256R1));
        }
        if (shape == Shape.RENEGOTIATED) {
            settings.renegotiation(Renegotiation.ACCEPT)
                    .renegotiations(() -> settings.clientAuthentication(
                                    server ? ClientAuthentication.NONE : ClientAuthentication.NEED)
                            .session(new TlsSession("localhost", 1))
                            .build());
        }
        return settings;
    }

    /** Has the deviant end of a renegotiation send data too early. */
    void sendDataBehindChangeCipherSpec() {
        earlyDataOfRenegotiation = true;
    }

    boolean isTls12() {
        return options.protocols().equals(List.of("TLSv1.2"));
    }

    SchannelContext context() {
        return context;
    }

    DeviantEnd deviant() {
        return deviant;
    }

    /** {@return what the last establishing call answered} */
    SecurityStatus status() {
        return status;
    }

    boolean contextEstablished() {
        return status == SecurityStatus.SEC_E_OK;
    }

    boolean isEstablished() {
        return contextEstablished() && deviant.isEstablished();
    }

    /**
     * Carries flights to and fro until nobody has anything to say, or the deviant end itself has had enough.
     *
     * @return the failure of the context, or null
     */
    SspiException run() throws SspiException {
        if (!again) {
            return run(server ? new byte[0] : null);
        }
        connect();
        if (server) {
            with(next -> next.clientAuthentication(ClientAuthentication.NEED));
        }
        deviant.negotiateAgain();
        if (earlyDataOfRenegotiation) {
            deviant.sendDataBehindChangeCipherSpec();
        }
        secondRun = true;
        return run(null);
    }

    /** The first handshake alone. {@return this} */
    Handshaking connect() throws SspiException {
        SspiException failure = run(server ? new byte[0] : null);
        if (failure != null || !isEstablished()) {
            throw new AssertionError("no connection", failure);
        }
        return this;
    }

    /** Changes what the context is told with every call. {@return this} */
    Handshaking with(UnaryOperator<ContextOptions.Builder> change) {
        options = change.apply(options.toBuilder()).build();
        return this;
    }

    /**
     * Has the deviant end of an established connection begin another handshake.
     *
     * @return the failure of the context, or null
     */
    SspiException deviantBegins() throws SspiException {
        deviant.beginAgain();
        secondRun = true;
        return run(new byte[0]);
    }

    /** @param first what the context has said first, or null if it is to say something now */
    private SspiException run(byte[] first) throws SspiException {
        try {
            byte[] fromContext = first == null ? establish(null) : first;
            for (int flights = 0; flights < 10; flights++) {
                byte[] fromDeviant = answer(fromContext);
                if (fromDeviant.length == 0) {
                    return null;
                }
                // In a renegotiation decryptMessage does as well, and has to before a server has heard the client.
                boolean decrypts = contextEstablished() || secondRun && server;
                fromContext = decrypts ? decrypt(fromDeviant) : establish(fromDeviant);
            }
            throw new AssertionError("no end");
        } catch (SspiException e) {
            answer(establish(null));
            return e;
        }
    }

    private byte[] answer(byte[] fromContext) {
        try {
            deviant.arrive(fromContext);
            return deviant.take();
        } catch (SspiException e) {
            refusal = e;
            return new byte[0];
        }
    }

    /** {@return why the deviant end gave up, or null} */
    SspiException refusal() {
        return refusal;
    }

    /** {@return the alert that the deviant end was told, -1 for none} */
    int told() {
        return deviant.alert().orElse(-1);
    }

    /** {@return what another call answers} */
    SecurityStatus statusNow() {
        try {
            establish(null);
            return status;
        } catch (SspiException e) {
            return e.status();
        }
    }

    /** One establishing call, and further ones while bytes are left. {@return what it sends} */
    byte[] establish(byte[] input) throws SspiException {
        byte[] all = {};
        byte[] bytes = input;
        do {
            SecBuffer extra = new SecBuffer();
            SecBufferDesc in =
                    bytes == null ? null : new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, bytes), extra);
            SecBufferDesc out =
                    new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[SchannelPackage.MAXIMUM_TOKEN]));
            status = server
                    ? context.acceptSecurityContext(AscReq.NONE, options, in, out)
                    : context.initializeSecurityContext("localhost", IscReq.NONE, options, in, out);
            byte[] token = status == SecurityStatus.SEC_E_INCOMPLETE_MESSAGE
                    ? new byte[0]
                    : out.get(0).toByteArray();
            all = concat(all, token);
            if (status == SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK && !hasSent) {
                hasSent = true;
                SecBufferDesc data = new SecBufferDesc(new SecBuffer(SecBufferType.DATA, new byte[20]));
                context.encryptMessage(StreamContext.QOP_FALSE_START, data, 0);
                all = concat(all, data.get(0).toByteArray());
            }
            int rest = extra.type() == SecBufferType.EXTRA ? extra.length() : 0;
            bytes = rest == 0 ? null : Arrays.copyOfRange(bytes, bytes.length - rest, bytes.length);
            if (bytes != null && status == SecurityStatus.SEC_E_OK) {
                byte[] more = decrypt(bytes);
                bytes = null;
                all = concat(all, more);
                status = SecurityStatus.SEC_E_OK;
            }
        } while (bytes != null);
        return all;
    }

    /** Decrypts records of an established connection; what is for the establishing call goes there. {@return what it sends} */
    byte[] decrypt(byte[] records) throws SspiException {
        byte[] sent = {};
        byte[] bytes = records;
        while (bytes.length > 0) {
            int length = 5 + ((bytes[3] & 0xFF) << 8 | bytes[4] & 0xFF);
            SecBufferDesc message = new SecBufferDesc(
                    new SecBuffer(SecBufferType.DATA, Arrays.copyOf(bytes, length)),
                    new SecBuffer(),
                    new SecBuffer(),
                    new SecBuffer());
            if (context.decryptMessage(message, 0) == SecurityStatus.SEC_I_RENEGOTIATE) {
                byte[] token = establish(message.find(SecBufferType.EXTRA).toByteArray());
                sent = concat(sent, token);
            }
            bytes = Arrays.copyOfRange(bytes, length, bytes.length);
        }
        return sent;
    }

    /** {@return whether the context has sent data before it was established} */
    boolean hasStartedFalsely() {
        return hasSent;
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** {@return how many bytes this thread has allocated so far} */
    static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** Tickets that can be used once. */
    private static final class Memory implements Tickets {
        private final Map<String, ResumableSession> sessions = new HashMap<>();

        @Override
        public byte[] issue(ResumableSession session) {
            String name = "ticket " + sessions.size();
            sessions.put(name, session);
            return name.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        }

        @Override
        public void keep(byte[] sessionId, ResumableSession session) {
            sessions.put(new String(sessionId, java.nio.charset.StandardCharsets.ISO_8859_1), session);
        }

        @Override
        public ResumableSession redeem(byte[] ticket) {
            String name = new String(ticket, java.nio.charset.StandardCharsets.ISO_8859_1);
            ResumableSession found = sessions.get(name);
            if (found != null && found.version() == ProtocolVersion.TLS12) {
                // Of TLS 1.2 a session serves again.
                return found.copy();
            }
            return sessions.remove(name);
        }

        @Override
        public boolean renews(byte[] ticket) {
            return false;
        }

        @Override
        public boolean takeEarlyData(byte[] ticket) {
            return true;
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public long lifetimeSeconds() {
            return 3600;
        }
    }
}
