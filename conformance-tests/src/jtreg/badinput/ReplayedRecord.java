/*
 * @test
 * @summary a record that comes a second time is refused with bad_record_mac
 */
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class ReplayedRecord {
    public static void main(String[] args) throws Exception {
        Loopback loopback = Loopback.established(new JsspiProvider());
        loopback.client.send(loopback.server, "once");
        ByteBuffer record = loopback.server.in.duplicate().flip();
        byte[] again = new byte[record.remaining()];
        record.get(again);
        loopback.server.receive();
        Loopback.expect(loopback.server.text().equals("once"), "the text, once");
        Loopback.expect(
                SSLException.class,
                () -> loopback.server.engine.unwrap(ByteBuffer.wrap(again), loopback.server.app));
        Loopback.expect(loopback.server.text().isEmpty(), "and not twice");
        loopback.client.in.clear();
        loopback.server.engine.wrap(Loopback.NOTHING, loopback.client.in);
        SSLException told = Loopback.expect(SSLException.class, loopback.client::receive);
        Loopback.expect(told.getMessage().contains("bad_record_mac"), "bad_record_mac: " + told.getMessage());
    }
}
