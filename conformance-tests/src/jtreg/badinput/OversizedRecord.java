/*
 * @test
 * @summary a record longer than 2^14 + 256 bytes is refused by its header, before its body is there
 */
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class OversizedRecord {
    public static void main(String[] args) throws Exception {
        Loopback loopback = Loopback.established(new JsspiProvider());
        int length = (1 << 14) + 257;
        ByteBuffer header = ByteBuffer.wrap(new byte[] {23, 3, 3, (byte) (length >> 8), (byte) length});
        Loopback.expect(SSLException.class, () -> loopback.server.engine.unwrap(header, loopback.server.app));
    }
}
