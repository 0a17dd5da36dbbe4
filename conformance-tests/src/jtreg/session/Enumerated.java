/*
 * @test
 * @summary the session context of a client lists its sessions, finds them by id, and forgets those above its size
 */
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSessionContext;
import org.jsspi.provider.JsspiProvider;

public class Enumerated {
    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        SSLContext clients = Loopback.context(provider);
        new Loopback(clients, Loopback.context(provider)).handshake();
        SSLSessionContext sessions = clients.getClientSessionContext();
        List<byte[]> ids = Collections.list(sessions.getIds());
        Loopback.expect(ids.size() == 1, "one session, and not " + ids.size());
        Loopback.expect(sessions.getSession(ids.get(0)) != null, "found by its id");
        Loopback.expect(sessions.getSession(new byte[32]) == null, "no other");
        sessions.getSession(ids.get(0)).invalidate();
        Loopback.expect(!sessions.getIds().hasMoreElements(), "none, once it is invalid");
    }
}
