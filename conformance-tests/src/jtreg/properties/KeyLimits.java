/*
 * @test
 * @summary a key that has protected as much as jdk.tls.keyLimits allows is followed by another, in the middle of data
 * @run main/othervm KeyLimits
 */
import java.nio.ByteBuffer;
import java.security.Security;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.jsspi.provider.JsspiProvider;

public class KeyLimits {
    public static void main(String[] args) throws Exception {
        Security.setProperty("jdk.tls.keyLimits", "AES/GCM/NoPadding KeyUpdate 2^16, ChaCha20-Poly1305 KeyUpdate 2^62");
        Loopback loopback = Loopback.established(new JsspiProvider());
        int records = 0;
        ByteBuffer data = ByteBuffer.allocate(200_000);
        while (data.hasRemaining()) {
            loopback.server.in.clear();
            SSLEngineResult result = loopback.client.engine.wrap(data, loopback.server.in);
            records++;
            loopback.server.in.flip();
            loopback.server.engine.unwrap(loopback.server.in, ByteBuffer.allocate(20_000));
            loopback.server.in.clear();
        }
        // 13 records of data, and after every fourth a KeyUpdate.
        Loopback.expect(records == 13 + 3, "three key updates between 13 records and not " + (records - 13));
    }
}
