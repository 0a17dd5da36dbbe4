/*
 * @test
 * @summary a second connection to the same server resumes the session of the first
 */
import javax.net.ssl.SSLContext;
import org.jsspi.provider.JsspiProvider;

public class Resumes {
    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        SSLContext clients = Loopback.context(provider);
        SSLContext servers = Loopback.context(provider);
        Loopback first = new Loopback(clients, servers).handshake();
        long created = first.client.engine.getSession().getCreationTime();
        Thread.sleep(20);
        Loopback second = new Loopback(clients, servers).handshake();
        Loopback.expect(second.client.engine.getSession().getCreationTime() == created, "the session of the first");
        Loopback.expect(
                second.client.engine.getSession().getPeerCertificates()[0].equals(Loopback.certificate()),
                "the server that was checked then");
    }
}
