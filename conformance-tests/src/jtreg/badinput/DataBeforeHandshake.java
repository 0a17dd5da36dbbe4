/*
 * @test
 * @summary application data before any handshake is unexpected_message
 */
import org.jsspi.provider.JsspiProvider;

public class DataBeforeHandshake {
    public static void main(String[] args) throws Exception {
        Loopback loopback = new Loopback(Loopback.context(new JsspiProvider()), Loopback.context(new JsspiProvider()));
        int alert = loopback.refusalOf(new byte[] {23, 3, 3, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        Loopback.expect(alert == 10, "unexpected_message and not " + alert);
    }
}
