/*
 * @test
 * @summary a session that is older than the timeout of its session context is not resumed
 */
import javax.net.ssl.SSLContext;
import org.jsspi.provider.JsspiProvider;

public class TimesOut {
    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        SSLContext clients = Loopback.context(provider);
        SSLContext servers = Loopback.context(provider);
        clients.getClientSessionContext().setSessionTimeout(1);
        Loopback first = new Loopback(clients, servers).handshake();
        long created = first.client.engine.getSession().getCreationTime();
        Thread.sleep(1_500);
        Loopback second = new Loopback(clients, servers).handshake();
        Loopback.expect(second.client.engine.getSession().getCreationTime() > created + 1_000, "a session of its own");
    }
}
