/*
 * @test
 * @summary a session that was invalidated is never offered again
 */
import javax.net.ssl.SSLContext;
import org.jsspi.provider.JsspiProvider;

public class InvalidatedIsNotResumed {
    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        SSLContext clients = Loopback.context(provider);
        SSLContext servers = Loopback.context(provider);
        Loopback first = new Loopback(clients, servers).handshake();
        long created = first.client.engine.getSession().getCreationTime();
        first.client.engine.getSession().invalidate();
        Loopback.expect(!first.client.engine.getSession().isValid(), "an invalid session");
        Thread.sleep(20);
        Loopback second = new Loopback(clients, servers).handshake();
        Loopback.expect(second.client.engine.getSession().getCreationTime() != created, "a session of its own");
    }
}
