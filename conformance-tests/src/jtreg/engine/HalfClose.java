/*
 * @test
 * @summary after one side's close_notify the other can still send, and both end closed
 */
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import org.jsspi.provider.JsspiProvider;

public class HalfClose {
    public static void main(String[] args) throws Exception {
        Loopback loopback = Loopback.established(new JsspiProvider());
        loopback.client.engine.closeOutbound();
        Loopback.expect(loopback.client.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP, "NEED_WRAP");
        SSLEngineResult closing = loopback.client.engine.wrap(Loopback.NOTHING, loopback.server.in);
        Loopback.expect(closing.getStatus() == Status.CLOSED && closing.bytesProduced() > 0, "a close_notify");
        Loopback.expect(loopback.client.engine.isOutboundDone(), "the client's direction closed");
        Loopback.expect(!loopback.client.engine.isInboundDone(), "the server's direction open");

        Loopback.expect(loopback.server.receive().getStatus() == Status.CLOSED, "CLOSED at the server");
        Loopback.expect(loopback.server.engine.isInboundDone(), "the server hears no more");
        // RFC 8446 6.1: a close_notify closes one direction only.
        loopback.server.send(loopback.client, "still here");
        Loopback.expect(loopback.client.receive().getStatus() == Status.OK, "data after the client's close_notify");
        Loopback.expect(loopback.client.text().equals("still here"), "what the server sent");

        loopback.server.engine.closeOutbound();
        loopback.server.engine.wrap(Loopback.NOTHING, loopback.client.in);
        Loopback.expect(loopback.client.receive().getStatus() == Status.CLOSED, "CLOSED at the client");
        Loopback.expect(loopback.client.engine.isInboundDone(), "the client hears no more");
        SSLEngineResult after = loopback.client.engine.wrap(java.nio.ByteBuffer.allocate(1), loopback.server.in);
        Loopback.expect(after.getStatus() == Status.CLOSED && after.bytesConsumed() == 0, "CLOSED from then on");
    }
}
