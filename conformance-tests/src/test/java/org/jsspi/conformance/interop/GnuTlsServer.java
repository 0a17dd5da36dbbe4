package org.jsspi.conformance.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;

/** GnuTLS's gnutls-serv, which sends back what it gets. */
final class GnuTlsServer implements AutoCloseable {
    private final int port;
    private final Peer process;

    private GnuTlsServer(int port, Peer process) {
        this.port = port;
        this.process = process;
    }

    /** A server with these options and no more. Ends the test as skipped where it is not installed. */
    static GnuTlsServer start(String priority, String... options) throws Exception {
        Peer.assumeInstalled("gnutls-serv");
        int port = freePort();
        List<String> command =
                new ArrayList<>(List.of("gnutls-serv", "--port=" + port, "--echo", "--priority=" + priority));
        command.addAll(List.of(options));
        Peer process = Peer.start(command);
        process.await("...done");
        return new GnuTlsServer(port, process);
    }

    /** A server with an RSA certificate for localhost, whose files are written here: GnuTLS does not read the JDK's encoding of EC keys. */
    static GnuTlsServer start(Path directory, String priority, String... options) throws Exception {
        Credential own = TestPki.server(KeyKind.RSA);
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--x509certfile=" + own.writeChain(directory.resolve("gnutls.pem")));
        all.add("--x509keyfile=" + own.writeKey(directory.resolve("gnutls.key")));
        return start(priority, all.toArray(String[]::new));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /** {@return what it has written so far} */
    String output() {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
    }
}
