/*
 * @test
 * @summary who wants to renegotiate and is refused ends the connection; what jdk.tls.rejectClientInitiatedRenegotiation leaves to a server
 * @run main/othervm -Dorg.jsspi.renegotiation=accept -Djdk.tls.rejectClientInitiatedRenegotiation=true RefusedRenegotiation own
 * @run main/othervm -Dorg.jsspi.renegotiation=initiate RefusedRenegotiation own
 * @run main/othervm -Dorg.jsspi.renegotiation=accept_once RefusedRenegotiation once
 * @run main/othervm RefusedRenegotiation never
 * @run main/othervm -Dorg.jsspi.renegotiation=nonsense RefusedRenegotiation never
 */
import java.nio.ByteBuffer;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.IscReq;
import org.jsspi.SchCredentials;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.Sspi;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.provider.JsspiProvider;

public class RefusedRenegotiation {
    private static final Provider OURS = new JsspiProvider();

    static {
        Security.addProvider(OURS);
    }

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "own" -> {
                Loopback loopback = connected(true);
                loopback.server.engine.beginHandshake();
                loopback.settle();
                Loopback.expect(loopback.server.finished == 2, "what the server has asked for");
                loopback.client.engine.beginHandshake();
                SSLException failure = Loopback.expect(SSLException.class, loopback::settle);
                Loopback.expect(failure.getMessage().contains("forbidden"), failure.getMessage());
            }
            case "once" -> {
                Loopback loopback = connected(false);
                loopback.client.engine.beginHandshake();
                loopback.settle();
                Loopback.expect(loopback.client.finished == 2, "once");
                Loopback.expect(SSLException.class, loopback.client.engine::beginHandshake);
                Loopback.expect(SSLException.class, loopback.server.engine::beginHandshake);
                loopback.server.send(loopback.client, "the connection goes on");
                loopback.settle();
                Loopback.expect(loopback.client.text().equals("the connection goes on"), "data");
                told();
            }
            default -> {
                Loopback loopback = connected(false);
                Loopback.expect(SSLException.class, loopback.client.engine::beginHandshake);
                Loopback.expect(SSLException.class, loopback.server.engine::beginHandshake);
                Loopback.expect(
                        loopback.client.engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING, "no handshake");
                loopback.server.send(loopback.client, "the connection goes on");
                loopback.settle();
                Loopback.expect(loopback.client.text().equals("the connection goes on"), "data");
            }
        }
    }

    /** A client that says no, as SSPI callers can be: as with SunJSSE, the server does not go on without what it wanted. */
    private static void told() throws Exception {
        Loopback.Side server = new Loopback(Loopback.context(OURS), Loopback.context(OURS)).server;
        CredHandle credential = Sspi.acquireCredentialsHandle(
                null, "Schannel", CredentialUse.OUTBOUND, SchCredentials.builder().build());
        ContextOptions refusing = ContextOptions.builder()
                .protocols(List.of("TLSv1.2"))
                .renegotiation(ContextOptions.Renegotiation.REFUSE)
                .build();
        try (StreamContext client = (StreamContext) credential.newContext()) {
            SecurityStatus status = call(client, refusing, null, server);
            while (status != SecurityStatus.SEC_E_OK) {
                ByteBuffer flight = flight(server);
                status = call(client, refusing, bytes(flight), server);
            }
            flight(server);
            server.engine.beginHandshake();
            SecBufferDesc message = new SecBufferDesc(
                    new SecBuffer(SecBufferType.DATA, bytes(flight(server))),
                    new SecBuffer(),
                    new SecBuffer(),
                    new SecBuffer());
            Loopback.expect(
                    client.decryptMessage(message, 0) == SecurityStatus.SEC_I_RENEGOTIATE, "the server's request");
            call(client, refusing, message.find(SecBufferType.EXTRA).toByteArray(), server);
            SSLHandshakeException failure = Loopback.expect(SSLHandshakeException.class, server::receive);
            Loopback.expect(failure.getMessage().contains("refuses to renegotiate"), failure.getMessage());
            byte[] alert = bytes(flight(server));
            SspiException end = Loopback.expect(
                    SspiException.class,
                    () -> client.decryptMessage(
                            new SecBufferDesc(
                                    new SecBuffer(SecBufferType.DATA, alert),
                                    new SecBuffer(),
                                    new SecBuffer(),
                                    new SecBuffer()),
                            0));
            Loopback.expect(end.alert().orElse(-1) == 40, "handshake_failure");
            Loopback.expect(server.engine.isOutboundDone() && server.engine.isInboundDone(), "an engine that is over");
        }
    }

    private static SecurityStatus call(
            StreamContext client, ContextOptions options, byte[] input, Loopback.Side server) throws Exception {
        SecBuffer token = new SecBuffer(SecBufferType.TOKEN, new byte[1 << 15]);
        SecurityStatus status = client.initializeSecurityContext(
                "localhost",
                IscReq.MANUAL_CRED_VALIDATION,
                options,
                input == null ? null : new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, input), new SecBuffer()),
                new SecBufferDesc(token));
        server.in.put(token.toByteArray());
        return status;
    }

    /** {@return what the server says to that which has arrived} */
    private static ByteBuffer flight(Loopback.Side server) throws Exception {
        Loopback.Side sink = new Loopback(Loopback.context(OURS), Loopback.context(OURS)).client;
        while (Loopback.step(server, sink)) {}
        return sink.in.flip();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static Loopback connected(boolean sunsClient) throws Exception {
        Loopback loopback = new Loopback(
                Loopback.context(sunsClient ? Security.getProvider("SunJSSE") : OURS), Loopback.context(OURS));
        loopback.client.engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        return loopback.handshake();
    }
}
