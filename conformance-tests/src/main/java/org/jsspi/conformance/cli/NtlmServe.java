package org.jsspi.conformance.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jsspi.AuthIdentity;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.NtlmAccountFile;
import org.jsspi.NtlmAccountTable;
import org.jsspi.NtlmAccounts;
import org.jsspi.Sspi;
import org.jsspi.SspiException;
import org.jsspi.conformance.demo.SspiHttpAuthenticator;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ntlm-serve}: a page over HTTP for those who NTLM knows. */
@Command(
        name = "ntlm-serve",
        description = "Serve a page over HTTP that says who asks for it, to clients that authenticate with NTLM.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = "%nTry: curl --ntlm --user 'DOMAIN\\USER' http://localhost:8080/",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:--max pages have been served",
            "1:the port could not be used",
            "2:the command line makes no sense",
            "3:the accounts are refused: the line names the SEC_E status"
        })
final class NtlmServe implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "The port to listen on; 0 for any that is free. [${DEFAULT-VALUE}]")
    private int port;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen on; 0.0.0.0 for all. [${DEFAULT-VALUE}]")
    private String bind;

    @ArgGroup(multiplicity = "1")
    private Accounts accounts;

    @Option(names = "--max", paramLabel = "N", description = "End after so many pages.")
    private int max;

    /** Either one account or a file of them. */
    static final class Accounts {
        @ArgGroup(exclusive = false)
        private NtlmAccount one;

        @Option(
                names = "--accounts",
                paramLabel = "FILE",
                required = true,
                description = "Accounts, a line DOMAIN:USER:NTHASH for each.")
        private Path file;

        NtlmAccounts open() throws SspiException {
            if (file != null) {
                return new NtlmAccountFile(file);
            }
            try (AuthIdentity identity = one.identity()) {
                return new NtlmAccountTable().add(identity);
            }
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException, SspiException {
        if (port < 0 || port > 65535) {
            throw new ParameterException(spec.commandLine(), "no port " + port);
        }
        if (max < 0) {
            throw new ParameterException(spec.commandLine(), "--max " + max + " is negative");
        }
        Jsspi.register();
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch served = new CountDownLatch(max == 0 ? 1 : max);
        ExecutorService threads = Executors.newCachedThreadPool();
        LinkedHashMap<String, CredHandle> credentials = new LinkedHashMap<>();
        try (CredHandle credential =
                Sspi.acquireCredentialsHandle(null, "NTLM", CredentialUse.INBOUND, accounts.open())) {
            credentials.put("NTLM", credential);
            try (SspiHttpAuthenticator authenticator = new SspiHttpAuthenticator("jsspi", credentials)) {
                HttpServer server = HttpServer.create(new InetSocketAddress(bind, port), 0);
                server.setExecutor(threads);
                server.createContext("/", exchange -> {
                            page(exchange, out);
                            if (max != 0) {
                                served.countDown();
                            }
                        })
                        .setAuthenticator(authenticator);
                server.start();
                out.println("Listening on " + bind + ":" + server.getAddress().getPort() + " for HTTP with NTLM");
                out.flush();
                try {
                    served.await();
                } finally {
                    server.stop(max == 0 ? 0 : 1);
                }
            }
        } finally {
            threads.shutdownNow();
        }
        return 0;
    }

    private static void page(HttpExchange exchange, PrintWriter out) throws IOException {
        String name = exchange.getPrincipal().getUsername();
        exchange.getRequestBody().readAllBytes();
        byte[] body = ("You are " + name + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
        out.println(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + " for " + name);
        out.flush();
    }
}
