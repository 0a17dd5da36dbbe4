/*
 * @test
 * @summary a source is never written: read-only buffers will do, and a read-only target is refused untouched
 */
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import org.jsspi.provider.JsspiProvider;

public class ReadOnlySource {
    public static void main(String[] args) throws Exception {
        Loopback loopback = Loopback.established(new JsspiProvider());
        byte[] data = {1, 2, 3};
        ByteBuffer network = ByteBuffer.allocate(100);
        loopback.client.engine.wrap(ByteBuffer.wrap(data).asReadOnlyBuffer(), network);
        network.flip();
        byte[] before = network.array().clone();
        Loopback.expect(
                ReadOnlyBufferException.class,
                () -> loopback.server.engine.unwrap(network, ByteBuffer.allocate(100).asReadOnlyBuffer()));
        loopback.server.engine.unwrap(network.asReadOnlyBuffer(), loopback.server.app);
        Loopback.expect(loopback.server.app.position() == 3, "three bytes");
        Loopback.expect(java.util.Arrays.equals(before, network.array()), "the record as it was");
    }
}
