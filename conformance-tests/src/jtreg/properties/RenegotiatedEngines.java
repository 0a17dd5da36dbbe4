/*
 * @test
 * @summary org.jsspi.renegotiation=accept: engines of TLS 1.2 renegotiate, with those of SunJSSE too
 * @run main/othervm -Dorg.jsspi.renegotiation=accept RenegotiatedEngines
 */
import java.nio.ByteBuffer;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jsspi.provider.JsspiProvider;

public class RenegotiatedEngines {
    private static final Provider OURS = new JsspiProvider();
    private static final Provider SUN = Security.getProvider("SunJSSE");

    public static void main(String[] args) throws Exception {
        for (Provider client : new Provider[] {OURS, SUN}) {
            for (Provider server : new Provider[] {OURS, SUN}) {
                if (client == SUN && server == SUN) {
                    continue;
                }
                lateClientCertificate(client, server);
                dataUnderWay(client, server);
                clientBegins(client, server);
                protocolStays(client, server);
                if (server == OURS) {
                    // SunJSSE's takes it for a failure.
                    closeInTheMiddle(client, server);
                }
            }
        }
        dataWaits();
        otherSuite();
        missingCertificate();
    }

    private static Loopback connected(Provider client, Provider server) throws Exception {
        Loopback loopback = new Loopback(Loopback.context(client), Loopback.context(server));
        loopback.client.engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        return loopback.handshake();
    }

    /** The server learns who the client is when it wants to know, and not before. */
    private static void lateClientCertificate(Provider client, Provider server) throws Exception {
        Loopback loopback = connected(client, server);
        SSLSession before = loopback.server.engine.getSession();
        SSLSession clientsBefore = loopback.client.engine.getSession();
        Loopback.expect(SSLPeerUnverifiedException.class, before::getPeerCertificates);
        loopback.server.engine.setNeedClientAuth(true);
        loopback.server.engine.beginHandshake();
        Loopback.expect(
                loopback.server.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP, "a request that waits");
        // Another time changes nothing.
        loopback.server.engine.beginHandshake();
        loopback.server.engine.wrap(Loopback.NOTHING, loopback.client.in);
        Loopback.expect(
                loopback.server.engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP, "the client's turn");
        Loopback.expect(loopback.server.engine.getSession() == before, "the session that there is");
        loopback.settle();
        Loopback.expect(loopback.client.finished == 2 && loopback.server.finished == 2, "FINISHED once more on both sides");
        SSLSession after = loopback.server.engine.getSession();
        Loopback.expect(after != before, "another session");
        Loopback.expect(loopback.client.engine.getSession() != clientsBefore, "another session of the client");
        Loopback.expect(after.getPeerCertificates()[0].equals(Loopback.certificate()), "the client's certificate");
        Loopback.expect(
                loopback.server.engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                        && loopback.client.engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING,
                "no handshake any more");
        talk(loopback);
    }

    private static void talk(Loopback loopback) throws SSLException {
        loopback.client.send(loopback.server, "from the client");
        loopback.server.send(loopback.client, "from the server");
        loopback.settle();
        Loopback.expect(loopback.server.text().equals("from the client"), "what the client sent");
        Loopback.expect(loopback.client.text().equals("from the server"), "what the server sent");
    }

    private static void dataUnderWay(Provider client, Provider server) throws Exception {
        Loopback loopback = connected(client, server);
        loopback.client.send(loopback.server, "sent before the request came");
        loopback.server.engine.beginHandshake();
        loopback.server.engine.wrap(Loopback.NOTHING, loopback.client.in);
        loopback.settle();
        Loopback.expect(loopback.server.text().equals("sent before the request came"), "data that was under way");
        Loopback.expect(loopback.client.finished == 2 && loopback.server.finished == 2, "FINISHED once more");
        talk(loopback);
    }

    private static void clientBegins(Provider client, Provider server) throws Exception {
        Loopback loopback = connected(client, server);
        for (int times = 1; times < 4; times++) {
            loopback.server.send(loopback.client, "sent before the hello came");
            loopback.client.engine.beginHandshake();
            loopback.settle();
            Loopback.expect(loopback.client.text().equals("sent before the hello came"), "data that was under way");
            Loopback.expect(
                    loopback.client.finished == 1 + times && loopback.server.finished == 1 + times,
                    "FINISHED each time");
            talk(loopback);
        }
    }

    /** RFC 7301 3.1: what the first handshake has agreed on. */
    private static void protocolStays(Provider client, Provider server) throws Exception {
        Loopback loopback = new Loopback(Loopback.context(client), Loopback.context(server));
        for (Loopback.Side side : new Loopback.Side[] {loopback.client, loopback.server}) {
            var parameters = side.engine.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.2"});
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            side.engine.setSSLParameters(parameters);
        }
        loopback.handshake();
        loopback.client.engine.beginHandshake();
        loopback.settle();
        Loopback.expect(loopback.client.finished == 2, "FINISHED once more");
        // SunJSSE forgets the protocol where nobody confirms it, and our client does not ask it to.
        Provider[] providers = {client, server};
        Loopback.Side[] sides = {loopback.client, loopback.server};
        for (int i = 0; i < 2; i++) {
            if (providers[i] == OURS || providers[1 - i] == OURS && i == 0) {
                Loopback.expect("h2".equals(sides[i].engine.getApplicationProtocol()), "h2 on both sides");
            }
        }
    }

    private static void closeInTheMiddle(Provider client, Provider server) throws Exception {
        Loopback loopback = connected(client, server);
        loopback.client.engine.beginHandshake();
        loopback.client.engine.wrap(Loopback.NOTHING, loopback.server.in);
        loopback.client.engine.closeOutbound();
        while (loopback.client.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            loopback.client.engine.wrap(Loopback.NOTHING, loopback.server.in);
        }
        Loopback.expect(loopback.client.engine.isOutboundDone(), "a client that is closed");
        for (int i = 0; i < 20 && !loopback.server.engine.isInboundDone(); i++) {
            Loopback.step(loopback.server, loopback.client);
        }
        Loopback.expect(loopback.server.engine.isInboundDone(), "a server that has seen it");
    }

    /** What wrap answers while data has to wait. */
    private static void dataWaits() throws Exception {
        Loopback loopback = connected(OURS, OURS);
        loopback.client.engine.beginHandshake();
        loopback.client.engine.wrap(Loopback.NOTHING, loopback.server.in);
        ByteBuffer data = ByteBuffer.wrap(new byte[10]);
        SSLEngineResult result = loopback.client.engine.wrap(data, loopback.server.in);
        Loopback.expect(
                result.getStatus() == SSLEngineResult.Status.OK
                        && result.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP
                        && result.bytesConsumed() == 0
                        && result.bytesProduced() == 0
                        && data.remaining() == 10,
                "nothing taken: " + result);
        loopback.settle();
        talk(loopback);
    }

    /** Header and trailer are of another length afterwards. */
    private static void otherSuite() throws Exception {
        Loopback loopback = connected(OURS, OURS);
        for (String suite : new String[] {
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
        }) {
            loopback.server.engine.setEnabledCipherSuites(new String[] {suite});
            loopback.server.engine.beginHandshake();
            loopback.settle();
            Loopback.expect(loopback.client.engine.getSession().getCipherSuite().equals(suite), suite);
            talk(loopback);
        }
    }

    private static void missingCertificate() throws Exception {
        Loopback loopback = new Loopback(
                Loopback.context(OURS, new Loopback.OneKey() {
                    @Override
                    public String chooseEngineClientAlias(
                            String[] keyTypes, java.security.Principal[] issuers, javax.net.ssl.SSLEngine engine) {
                        return null;
                    }
                }, new Loopback.OneCertificate()),
                Loopback.context(OURS));
        loopback.client.engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        loopback.handshake();
        loopback.server.engine.setNeedClientAuth(true);
        loopback.server.engine.beginHandshake();
        SSLException failure = Loopback.expect(SSLException.class, loopback::settle);
        Loopback.expect(failure.getMessage().contains("certificate"), failure.getMessage());
        Loopback.expect(
                Arrays.asList(failure.getClass().getSimpleName()).contains("SSLHandshakeException"),
                failure.getClass().getName());
        Loopback.expect(SSLException.class, loopback::settle);
        Loopback.expect(
                loopback.client.engine.isInboundDone() && loopback.server.engine.isInboundDone(),
                "a connection that is over");
    }
}
