/*
 * @test
 * @summary a handshake record in the clear is refused once there are keys: nobody can inject a KeyUpdate
 */
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class ClearHandshakeRecord {
    public static void main(String[] args) throws Exception {
        Loopback loopback = Loopback.established(new JsspiProvider());
        // RFC 8446 4.6.3: KeyUpdate, update_requested; 5.1: in a TLSPlaintext record.
        ByteBuffer keyUpdate = ByteBuffer.wrap(new byte[] {22, 3, 3, 0, 5, 24, 0, 0, 1, 1});
        Loopback.expect(SSLException.class, () -> loopback.client.engine.unwrap(keyUpdate, loopback.client.app));
    }
}
