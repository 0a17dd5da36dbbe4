/*
 * @test
 * @summary a handshake record without a byte in it is unexpected_message
 */
import org.jsspi.provider.JsspiProvider;

public class EmptyHandshakeFragment {
    public static void main(String[] args) throws Exception {
        Loopback loopback = new Loopback(Loopback.context(new JsspiProvider()), Loopback.context(new JsspiProvider()));
        // RFC 8446 5.1: zero-length fragments of handshake types must not be sent.
        int alert = loopback.refusalOf(new byte[] {22, 3, 3, 0, 0});
        Loopback.expect(alert == 10, "unexpected_message and not " + alert);
    }
}
