/*
 * @test
 * @summary a request in clear HTTP is no record: SSLException, and not a wait for more
 */
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class PlainHttp {
    public static void main(String[] args) throws Exception {
        SSLContext context = Loopback.context(new JsspiProvider());
        Loopback loopback = new Loopback(context, context);
        ByteBuffer request = ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        Loopback.expect(SSLException.class, () -> loopback.server.engine.unwrap(request, loopback.server.app));
    }
}
