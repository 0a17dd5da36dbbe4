/*
 * @test
 * @summary a record of a type that TLS does not have is unexpected_message
 */
import org.jsspi.provider.JsspiProvider;

public class UnknownContentType {
    public static void main(String[] args) throws Exception {
        Loopback loopback = new Loopback(Loopback.context(new JsspiProvider()), Loopback.context(new JsspiProvider()));
        // RFC 8446 5: unexpected record types are unexpected_message (10).
        int alert = loopback.refusalOf(new byte[] {99, 3, 3, 0, 1, 0});
        Loopback.expect(alert == 10, "unexpected_message and not " + alert);
    }
}
