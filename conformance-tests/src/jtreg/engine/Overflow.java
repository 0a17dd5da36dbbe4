/*
 * @test
 * @summary a target that is too small for this record is BUFFER_OVERFLOW and changes nothing; one that fits it will do
 */
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import org.jsspi.provider.JsspiProvider;

public class Overflow {
    public static void main(String[] args) throws Exception {
        Loopback loopback = Loopback.established(new JsspiProvider());
        loopback.client.send(loopback.server, "12345");
        ByteBuffer record = loopback.server.in.flip();
        for (int room = 0; room < 5; room++) {
            ByteBuffer small = ByteBuffer.allocate(room);
            SSLEngineResult result = loopback.server.engine.unwrap(record, small);
            Loopback.expect(result.getStatus() == Status.BUFFER_OVERFLOW, "BUFFER_OVERFLOW with room for " + room);
            Loopback.expect(record.position() == 0 && small.position() == 0, "nothing moved");
        }
        ByteBuffer exact = ByteBuffer.allocate(5);
        SSLEngineResult result = loopback.server.engine.unwrap(record, exact);
        Loopback.expect(result.getStatus() == Status.OK && !exact.hasRemaining(), "five bytes in room for five");

        ByteBuffer none = ByteBuffer.allocate(10);
        result = loopback.client.engine.wrap(ByteBuffer.allocate(100), none);
        Loopback.expect(result.getStatus() == Status.BUFFER_OVERFLOW && none.position() == 0, "wrap does the same");
    }
}
