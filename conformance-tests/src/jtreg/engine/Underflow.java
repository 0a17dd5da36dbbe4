/*
 * @test
 * @summary every strict prefix of a record is BUFFER_UNDERFLOW and changes nothing
 */
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import org.jsspi.provider.JsspiProvider;

public class Underflow {
    public static void main(String[] args) throws Exception {
        Loopback loopback = Loopback.established(new JsspiProvider());
        loopback.client.send(loopback.server, "whole");
        ByteBuffer record = loopback.server.in.flip();
        int length = record.limit();
        for (int prefix = 0; prefix < length; prefix++) {
            record.limit(prefix);
            SSLEngineResult result = loopback.server.engine.unwrap(record, loopback.server.app);
            Loopback.expect(result.getStatus() == Status.BUFFER_UNDERFLOW, "BUFFER_UNDERFLOW at " + prefix);
            Loopback.expect(record.position() == 0 && loopback.server.app.position() == 0, "nothing moved");
        }
        record.limit(length);
        loopback.server.engine.unwrap(record, loopback.server.app);
        Loopback.expect(loopback.server.text().equals("whole"), "the record, once it is there");
    }
}
