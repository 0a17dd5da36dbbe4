/*
 * @test
 * @summary a ServerHello with an extension that the client did not offer is unsupported_extension
 */
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class UnaskedExtension {
    public static void main(String[] args) throws Exception {
        Loopback loopback = new Loopback(Loopback.context(new JsspiProvider()), Loopback.context(new JsspiProvider()));
        loopback.server.in.put(loopback.clientHello());
        while (loopback.client.in.position() == 0) {
            Loopback.step(loopback.server, loopback.client);
        }
        ByteBuffer flight = loopback.client.in.flip();
        // | record 5 | type 1, length 3 | version 2 | random 32 | session id | suite 2, compression 1 | extensions |
        int end = 5 + (flight.getShort(3) & 0xFFFF);
        int extensions = 5 + 4 + 2 + 32 + 1 + flight.get(5 + 4 + 2 + 32) + 3;
        ByteBuffer hello = ByteBuffer.allocate(end + 4);
        hello.put(flight.array(), 0, end).putInt(0xFEFE0000);
        for (int length : new int[] {3, 7, extensions}) {
            hello.putShort(length, (short) (hello.getShort(length) + 4));
        }
        loopback.client.in.clear().put(hello.flip());
        SSLException refusal = Loopback.expect(SSLException.class, loopback::settle);
        loopback.client.engine.wrap(Loopback.NOTHING, loopback.server.in.clear());
        int alert = loopback.server.in.get(6) & 0xFF;
        Loopback.expect(alert == 110, "unsupported_extension and not " + alert + ": " + refusal.getMessage());
    }
}
