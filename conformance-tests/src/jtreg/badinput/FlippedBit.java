/*
 * @test
 * @summary a record that was altered is refused with bad_record_mac, and nothing of it reaches the application
 */
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class FlippedBit {
    public static void main(String[] args) throws Exception {
        Loopback loopback = Loopback.established(new JsspiProvider());
        loopback.client.send(loopback.server, "secret");
        ByteBuffer record = loopback.server.in.flip();
        record.put(7, (byte) (record.get(7) ^ 1));
        ByteBuffer app = ByteBuffer.allocate(1000);
        Loopback.expect(SSLException.class, () -> loopback.server.engine.unwrap(record, app));
        Loopback.expect(app.equals(ByteBuffer.allocate(1000)), "a target without plaintext");
        Loopback.expect(loopback.server.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP, "an alert to send");
        loopback.client.in.clear();
        loopback.server.engine.wrap(Loopback.NOTHING, loopback.client.in);
        SSLException told = Loopback.expect(SSLException.class, loopback.client::receive);
        Loopback.expect(told.getMessage().contains("bad_record_mac"), "bad_record_mac: " + told.getMessage());
    }
}
