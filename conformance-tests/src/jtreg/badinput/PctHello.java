/*
 * @test
 * @summary a hello of PCT is refused, and the error names it
 */
import java.nio.ByteBuffer;
import java.util.HexFormat;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class PctHello {
    public static void main(String[] args) throws Exception {
        // | length 2, highest bit set | msg_type 1 | version 2 | lengths of suites, id, challenge | ... |
        byte[] hello = HexFormat.of().parseHex("802b018001" + "001200000010" + "00".repeat(34));
        Loopback loopback = new Loopback(Loopback.context(new JsspiProvider()), Loopback.context(new JsspiProvider()));
        SSLException refusal = Loopback.expect(
                SSLException.class,
                () -> loopback.server.engine.unwrap(ByteBuffer.wrap(hello), loopback.server.app));
        Loopback.expect(refusal.getMessage().contains("PCT"), "PCT is named: " + refusal.getMessage());
    }
}
