/*
 * @test
 * @summary each side reports FINISHED exactly once, tickets after the handshake included
 */
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.jsspi.provider.JsspiProvider;

public class FinishedOnce {
    public static void main(String[] args) throws Exception {
        Loopback loopback = Loopback.established(new JsspiProvider());
        for (int i = 0; i < 3; i++) {
            loopback.client.send(loopback.server, "more");
            loopback.server.send(loopback.client, "more");
            loopback.settle();
        }
        Loopback.expect(loopback.client.finished == 1, "the client once, not " + loopback.client.finished);
        Loopback.expect(loopback.server.finished == 1, "the server once, not " + loopback.server.finished);
        Loopback.expect(
                loopback.client.engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING, "NOT_HANDSHAKING");
    }
}
