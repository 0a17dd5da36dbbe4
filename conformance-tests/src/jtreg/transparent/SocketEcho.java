/*
 * @test
 * @summary sockets of whatever provider is preferred agree and exchange data
 * @key network
 * @library /lib
 * @run main/timeout=60 SocketEcho
 */
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

public class SocketEcho {
    public static void main(String[] args) throws Exception {
        SSLContext context = Loopback.context(null);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (SSLServerSocket listener =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.getOutputStream().write(socket.getInputStream().readNBytes(100_000));
                    socket.getOutputStream().flush();
                } catch (java.io.IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            byte[] sent = new byte[100_000];
            new java.util.Random(1).nextBytes(sent);
            try (SSLSocket socket = (SSLSocket)
                    context.getSocketFactory().createSocket(loopback, listener.getLocalPort())) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(sent);
                socket.getOutputStream().flush();
                byte[] received = socket.getInputStream().readNBytes(sent.length);
                Loopback.expect(java.util.Arrays.equals(sent, received), "the bytes that were sent");
            }
            server.get();
        }
    }
}
