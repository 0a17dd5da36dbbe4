/*
 * @test
 * @summary a client that has TLS 1.1 at most hears protocol_version
 */
import java.util.HexFormat;
import org.jsspi.provider.JsspiProvider;

public class Tls11Hello {
    public static void main(String[] args) throws Exception {
        // | record 5 | type 1, length 3 | version 0302 | random 32 | session id 0 | suites | compression | no extensions |
        String hello = "0302" + "00".repeat(32) + "00" + "0004c013002f" + "0100";
        byte[] record = HexFormat.of().parseHex("160301002f0100002b" + hello);
        Loopback loopback = new Loopback(Loopback.context(new JsspiProvider()), Loopback.context(new JsspiProvider()));
        int alert = loopback.refusalOf(record);
        Loopback.expect(alert == 70, "protocol_version and not " + alert);
    }
}
