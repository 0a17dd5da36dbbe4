/*
 * @test
 * @summary closeInbound without the peer's close_notify is an SSLException: somebody may have cut the stream
 */
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class Truncation {
    public static void main(String[] args) throws Exception {
        Loopback loopback = Loopback.established(new JsspiProvider());
        Loopback.expect(SSLException.class, loopback.client.engine::closeInbound);
        Loopback.expect(loopback.client.engine.isInboundDone(), "the direction is closed all the same");
    }
}
