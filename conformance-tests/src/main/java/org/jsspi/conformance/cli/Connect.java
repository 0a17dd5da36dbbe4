package org.jsspi.conformance.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialFiles;
import org.jsspi.CredentialUse;
import org.jsspi.SchCredentials;
import org.jsspi.Session;
import org.jsspi.Sspi;
import org.jsspi.SspiException;
import org.jsspi.conformance.demo.ConnectionReport;
import org.jsspi.conformance.demo.SchannelStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code connect}: a TLS client over native SSPI. */
@Command(
        name = "connect",
        description = {
            "Connect to a TLS server, say what was agreed, then copy bytes:",
            "standard input to the server, what the server sends to standard output."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "%nThe server's certificate is checked against the roots of the JVM, or those of --ca, and against the name.",
            "At the end of standard input the client closes its direction and waits for the server to close the other."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:both sides closed the connection in order",
            "1:a file, the host or the port could not be used, or the connection broke off",
            "2:the command line makes no sense",
            "3:TLS failed: the line names the SEC_E status and the alert"
        })
final class Connect implements Callable<Integer> {
    private static final int HTTPS_PORT = 443;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Jsspi tool;

    @Parameters(paramLabel = "HOST:PORT", description = "The server; port 443 if none is given. [::1]:443 for IPv6.")
    private String server;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Trust the certificates of this PEM file, and no others.")
    private Path ca;

    @Option(names = "--insecure", description = "Check neither the server's certificate nor its name.")
    private boolean insecure;

    @Option(
            names = "--servername",
            paramLabel = "NAME",
            description = "The name to ask for (SNI) and to check the certificate against, if it is not HOST.")
    private String serverName;

    @Option(
            names = "--alpn",
            paramLabel = "ID",
            split = ",",
            description = "Application protocols to offer, best first: h2,http/1.1.")
    private List<String> protocols = List.of();

    @Option(names = "--protocol", paramLabel = "NAME", split = ",", description = "TLSv1.3, TLSv1.2 or both. [both]")
    private List<String> versions;

    @Option(names = "--groups", paramLabel = "NAME", split = ",", description = "Key exchange groups, best first.")
    private List<String> groups;

    @Option(names = "--ciphersuites", paramLabel = "NAME", split = ",", description = "Cipher suites, best first.")
    private List<String> cipherSuites;

    @Option(
            names = "--ech",
            paramLabel = "LIST",
            description = "Encrypt the hello, and the name in it, by this ECHConfigList, Base64 (RFC 9849).")
    private String echConfigList;

    @Option(
            names = "--accept-delegated",
            description = "Take a delegated credential in place of the key of the server's certificate (RFC 9345).")
    private boolean acceptDelegated;

    @ArgGroup(exclusive = false)
    private CertificateAndKey own;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to wait for the connection, the handshake and the last answer. [${DEFAULT-VALUE}]")
    private int timeout;

    @Option(names = "--ignore-eof", description = "Do not close at the end of standard input.")
    private boolean ignoreEof;

    @Option(
            names = {"-q", "--quiet"},
            description = "Only the bytes, no report.")
    private boolean quiet;

    /** A PEM certificate chain and its key. */
    static final class CertificateAndKey {
        @Option(names = "--cert", paramLabel = "FILE", required = true, description = "Our certificate chain, PEM.")
        private Path certificate;

        @Option(names = "--key", paramLabel = "FILE", required = true, description = "Its private key, PEM, PKCS#8.")
        private Path key;
    }

    @Override
    public Integer call() throws IOException, SspiException {
        if (timeout < 1 || timeout > 3600) {
            throw new ParameterException(spec.commandLine(), "--timeout is 1 to 3600 seconds, not " + timeout);
        }
        InetSocketAddress address = address();
        String target = serverName == null ? address.getHostString() : serverName;
        ContextOptions options = ContextOptions.builder()
                .peer(address.getHostString(), address.getPort())
                .serverNames(serverName == null ? null : List.of(serverName()))
                .protocols(versions)
                .namedGroups(groups)
                .cipherSuites(cipherSuites)
                .echConfigList(echConfigList())
                .acceptDelegatedCredentials(acceptDelegated ? true : null)
                .build();
        SchCredentials credentials = credentials();
        Jsspi.register();
        try (CredHandle credential = Sspi.acquireCredentialsHandle(
                        null, SchannelStream.PACKAGE, CredentialUse.OUTBOUND, credentials);
                Socket socket = new Socket()) {
            if (address.isUnresolved()) {
                throw new UnknownHostException(address.getHostString());
            }
            try {
                socket.connect(address, 1000 * timeout);
            } catch (IOException e) {
                throw named(e, address);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(1000 * timeout);
            try (SchannelStream stream = SchannelStream.connect(
                    credential, target, options, protocols, socket.getInputStream(), socket.getOutputStream())) {
                socket.setSoTimeout(0);
                if (!quiet) {
                    report(stream, address);
                }
                copy(stream, socket);
            }
        }
        return 0;
    }

    private void report(SchannelStream stream, InetSocketAddress address) throws SspiException {
        PrintWriter out = spec.commandLine().getOut();
        Session session = stream.query(ContextAttribute.SESSION);
        out.println("Connected to " + address.getHostString() + ":" + address.getPort());
        ConnectionReport.agreed(
                        session,
                        stream.query(ContextAttribute.APPLICATION_PROTOCOL),
                        stream.query(ContextAttribute.STREAM_SIZES))
                .forEach(out::println);
        ConnectionReport.chain("certificates", session.peerCertificates()).forEach(out::println);
        out.println(ConnectionReport.line(
                "verified",
                insecure ? "no: --insecure" : ca == null ? "by the JVM's roots" : "by " + ca.getFileName()));
        out.println();
        out.flush();
    }

    private void copy(SchannelStream stream, Socket socket) throws IOException, SspiException {
        AtomicReference<Exception> notSent = new AtomicReference<>();
        Thread sender = new Thread(() -> send(stream, socket, notSent), "standard input");
        // Reading standard input cannot be interrupted: at the end the thread is left to the JVM.
        sender.setDaemon(true);
        sender.start();
        OutputStream out = tool.out();
        WritableByteChannel channel = Channels.newChannel(out);
        try {
            for (ByteBuffer part = stream.read(); part != null; part = stream.read()) {
                channel.write(part);
                out.flush();
            }
        } catch (SocketTimeoutException e) {
            throw new SocketTimeoutException("the server did not close within " + timeout + " s");
        }
        if (notSent.get() instanceof SspiException e) {
            throw e;
        }
        try {
            stream.shutdown();
        } catch (IOException e) {
            // The server has closed in order, and the socket with it: there is nobody to tell.
        }
    }

    private void send(SchannelStream stream, Socket socket, AtomicReference<Exception> notSent) {
        try {
            InputStream in = tool.in();
            byte[] bytes = new byte[16 * 1024];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                stream.write(ByteBuffer.wrap(bytes, 0, count));
            }
            if (!ignoreEof) {
                socket.setSoTimeout(1000 * timeout);
                stream.shutdown();
            }
        } catch (IOException | SspiException e) {
            // The reader meets the same end of the connection, and says so.
            notSent.set(e);
        }
    }

    private SchCredentials credentials() throws IOException {
        SchCredentials.Builder builder = SchCredentials.builder();
        if (ca != null) {
            builder.rootStore(CredentialFiles.roots(ca));
        }
        if (own != null) {
            builder.identities(List.of(CredentialFiles.identity(own.certificate, own.key)));
        }
        if (insecure) {
            builder.flags(SchCredentials.SCH_CRED_MANUAL_CRED_VALIDATION | SchCredentials.SCH_CRED_NO_SERVERNAME_CHECK);
        }
        return builder.build();
    }

    private byte[] echConfigList() {
        try {
            return echConfigList == null ? null : Base64.getDecoder().decode(echConfigList);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--ech is not Base64");
        }
    }

    private SNIServerName serverName() {
        try {
            return new SNIHostName(serverName);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "'" + serverName + "' is not a host name");
        }
    }

    private InetSocketAddress address() {
        int colon = server.lastIndexOf(':');
        // More than one colon without brackets is an IPv6 address without a port.
        boolean hasPort = colon >= 0 && (server.indexOf(':') == colon || server.charAt(Math.max(colon - 1, 0)) == ']');
        String host = hasPort ? server.substring(0, colon) : server;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = hasPort ? Integer.parseInt(server.substring(colon + 1)) : HTTPS_PORT;
            if (host.isEmpty()) {
                throw new IllegalArgumentException("no host");
            }
            return new InetSocketAddress(host, port);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "'" + server + "' is not HOST:PORT");
        }
    }

    /** The JDK's messages do not say where to. */
    private static IOException named(IOException e, InetSocketAddress address) {
        String where = address.getHostString() + ":" + address.getPort() + ": " + e.getMessage();
        IOException named = e instanceof SocketTimeoutException
                ? new SocketTimeoutException(where)
                : e instanceof ConnectException ? new ConnectException(where) : new IOException(where);
        named.initCause(e);
        return named;
    }
}
