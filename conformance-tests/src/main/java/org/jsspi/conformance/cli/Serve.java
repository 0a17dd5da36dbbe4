package org.jsspi.conformance.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.CredHandle;
import org.jsspi.CredentialFiles;
import org.jsspi.CredentialUse;
import org.jsspi.EchKey;
import org.jsspi.Identity;
import org.jsspi.SchCredentials;
import org.jsspi.Session;
import org.jsspi.Sspi;
import org.jsspi.SspiException;
import org.jsspi.conformance.demo.ConnectionReport;
import org.jsspi.conformance.demo.SchannelStream;
import org.jsspi.conformance.demo.SelfSignedCertificate;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serve}: a TLS server over native SSPI. */
@Command(
        name = "serve",
        description = {
            "Serve TLS, say of each connection what was agreed, and send back what arrives;",
            "with --www, answer HTTP with a page that says the same."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = "%nWithout --cert and --keystore the server makes itself a certificate for localhost.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:--max connections have been served, however they ended",
            "1:a file or the port could not be used",
            "2:the command line makes no sense",
            "3:the credentials are refused: the line names the SEC_E status"
        })
final class Serve implements Callable<Integer> {
    private static final int HANDSHAKE_SECONDS = 30;
    private static final int LARGEST_REQUEST = 16 * 1024;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "4433",
            description = "The port to listen on; 0 for any that is free. [${DEFAULT-VALUE}]")
    private int port;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen on; 0.0.0.0 for all. [${DEFAULT-VALUE}]")
    private String bind;

    @ArgGroup
    private Own own;

    @Option(
            names = "--cert-out",
            paramLabel = "FILE",
            description = "Write the server's certificate there, PEM: curl --cacert FILE.")
    private Path certificateOut;

    @Option(
            names = "--client-auth",
            paramLabel = "none|want|need",
            defaultValue = "none",
            description = "Whether to ask for the client's certificate. [${DEFAULT-VALUE}]")
    private ClientAuthentication clientAuthentication;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Trust the certificates of this PEM file for clients; else the roots of the JVM.")
    private Path ca;

    @Option(
            names = "--alpn",
            paramLabel = "ID",
            split = ",",
            description = "Application protocols, best first; with --www http/1.1 unless given.")
    private List<String> protocols;

    @Option(names = "--protocol", paramLabel = "NAME", split = ",", description = "TLSv1.3, TLSv1.2 or both. [both]")
    private List<String> versions;

    @Option(
            names = "--ech-key",
            paramLabel = "FILE",
            description = "Open Encrypted Client Hellos with the key of this file (RFC 9934), which ech-key makes.")
    private Path echKey;

    @Option(
            names = "--delegated",
            paramLabel = "FILE",
            description = {
                "For clients that take delegated credentials (RFC 9345), use the key of this file, which delegate makes,",
                "in place of that of --cert."
            })
    private Path delegated;

    @Option(names = "--www", description = "Answer HTTP requests with a status page.")
    private boolean www;

    @Option(names = "--max", paramLabel = "N", description = "End after so many connections.")
    private int max;

    /** Either PEM files or a key store. */
    static final class Own {
        @ArgGroup(exclusive = false)
        private Pem pem;

        @ArgGroup(exclusive = false)
        private Store store;
    }

    /** A PEM certificate chain and its key. */
    static final class Pem {
        @Option(names = "--cert", paramLabel = "FILE", required = true, description = "The certificate chain, PEM.")
        private Path certificate;

        @Option(names = "--key", paramLabel = "FILE", required = true, description = "Its private key, PEM, PKCS#8.")
        private Path key;
    }

    /** A key store and its password. */
    static final class Store {
        @Option(
                names = "--keystore",
                paramLabel = "FILE",
                required = true,
                description = "A key store, PKCS#12 or JKS.")
        private Path file;

        @Option(
                names = "--storepass",
                paramLabel = "PASSWORD",
                required = true,
                arity = "0..1",
                interactive = true,
                description = "Its password; asked for if it is not given.")
        private char[] password;
    }

    @Override
    public Integer call() throws IOException, SspiException, InterruptedException {
        if (port < 0 || port > 65535 || max < 0) {
            throw new ParameterException(
                    spec.commandLine(), port < 0 || port > 65535 ? "no port " + port : "--max " + max + " is negative");
        }
        List<Identity> identities = identities();
        SchCredentials.Builder settings = SchCredentials.builder().identities(identities);
        if (ca != null) {
            settings.rootStore(CredentialFiles.roots(ca));
        }
        if (echKey != null) {
            List<EchKey> keys = EchKey.fromPem(Files.readString(echKey), true);
            settings.echKeys(() -> keys);
        }
        if (certificateOut != null) {
            CredentialFiles.write(certificateOut, identities.get(0).chain().get(0));
        }
        Jsspi.register();
        ExecutorService connections = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "connection");
            thread.setDaemon(true);
            return thread;
        });
        try (CredHandle credential = Sspi.acquireCredentialsHandle(
                        null, SchannelStream.PACKAGE, CredentialUse.INBOUND, settings.build());
                ServerSocket listener = new ServerSocket()) {
            listener.bind(new InetSocketAddress(InetAddress.getByName(bind), port));
            say(List.of("Listening on " + text((InetSocketAddress) listener.getLocalSocketAddress()) + " as "
                    + identities.get(0).chain().get(0).getSubjectX500Principal()));
            for (int number = 1; max == 0 || number <= max; number++) {
                Socket socket = listener.accept();
                connections.execute(() -> serve(credential, socket));
            }
            connections.shutdown();
            connections.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } finally {
            connections.shutdownNow();
        }
        return 0;
    }

    private void serve(CredHandle credential, Socket accepted) {
        String peer = text((InetSocketAddress) accepted.getRemoteSocketAddress());
        try (Socket socket = accepted) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(1000 * HANDSHAKE_SECONDS);
            ContextOptions options = ContextOptions.builder()
                    .protocols(versions)
                    .clientAuthentication(clientAuthentication)
                    .build();
            List<String> speaks = protocols != null ? protocols : www ? List.of("http/1.1") : List.of();
            try (SchannelStream stream = SchannelStream.accept(
                    credential, options, speaks, socket.getInputStream(), socket.getOutputStream())) {
                List<String> report = report(peer, stream);
                say(report);
                if (www) {
                    answer(stream, report);
                } else {
                    socket.setSoTimeout(0);
                    echo(stream);
                }
                stream.shutdown();
                drain(socket);
            }
            say(List.of(peer + " closed"));
        } catch (IOException | SspiException e) {
            say(List.of(peer + " failed: " + Failure.line(e)));
        }
    }

    private static List<String> report(String peer, SchannelStream stream) throws SspiException {
        Session session = stream.query(ContextAttribute.SESSION);
        List<String> lines = new ArrayList<>();
        lines.add(peer + " connected");
        lines.addAll(ConnectionReport.agreed(
                session,
                stream.query(ContextAttribute.APPLICATION_PROTOCOL),
                stream.query(ContextAttribute.STREAM_SIZES)));
        lines.add(ConnectionReport.serverName(session));
        lines.addAll(ConnectionReport.chain("client", session.peerCertificates()));
        return lines;
    }

    private static void echo(SchannelStream stream) throws IOException, SspiException {
        for (ByteBuffer part = stream.read(); part != null; part = stream.read()) {
            stream.write(part);
        }
    }

    /** Whatever is asked for: the page is the report. */
    private static void answer(SchannelStream stream, List<String> report) throws IOException, SspiException {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0 && request.indexOf("\n\n") < 0) {
            ByteBuffer part = stream.read();
            if (part == null) {
                throw new EOFException("the client closed within its request");
            }
            request.append(StandardCharsets.ISO_8859_1.decode(part));
            if (request.length() > LARGEST_REQUEST) {
                throw new IOException("the request is too long");
            }
        }
        String page = String.join("\n", report) + "\n";
        byte[] body = page.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n";
        stream.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        if (!request.toString().startsWith("HEAD ")) {
            stream.write(ByteBuffer.wrap(body));
        }
    }

    /** A socket that is closed over unread bytes resets the connection, and the peer loses what it has not read yet. */
    private static void drain(Socket socket) {
        try {
            socket.shutdownOutput();
            socket.setSoTimeout(1000);
            byte[] rest = new byte[4096];
            for (int total = 0; total < 1 << 20; ) {
                int count = socket.getInputStream().read(rest);
                if (count < 0) {
                    return;
                }
                total += count;
            }
        } catch (IOException e) {
            // The peer is gone already.
        }
    }

    private List<Identity> identities() throws IOException {
        if (delegated != null && (own == null || own.pem == null)) {
            throw new ParameterException(spec.commandLine(), "--delegated goes with --cert and --key");
        }
        if (own != null && own.pem != null) {
            Identity owner = CredentialFiles.identity(own.pem.certificate, own.pem.key);
            return delegated == null
                    ? List.of(owner)
                    : List.of(CredentialFiles.delegated(own.pem.certificate, delegated), owner);
        }
        if (own != null && own.store != null) {
            return CredentialFiles.keyStore(own.store.file, own.store.password);
        }
        try {
            return List.of(SelfSignedCertificate.forLocalhost());
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificate can be made here: " + e.getMessage(), e);
        }
    }

    /** Lines of one connection stay together. */
    private void say(List<String> lines) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.join(System.lineSeparator(), lines));
        out.flush();
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
