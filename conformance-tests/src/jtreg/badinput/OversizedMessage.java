/*
 * @test
 * @summary a handshake message of 16 MB is refused by its header, before its body is there
 */
import org.jsspi.provider.JsspiProvider;

public class OversizedMessage {
    public static void main(String[] args) throws Exception {
        byte[] header = {22, 3, 1, 0, 4, 1, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF};
        Loopback loopback = new Loopback(Loopback.context(new JsspiProvider()), Loopback.context(new JsspiProvider()));
        loopback.refusalOf(header);
    }
}
