package org.jsspi.conformance.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jsspi.AuthIdentity;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.Sspi;
import org.jsspi.SspiException;
import org.jsspi.conformance.demo.ConnectionReport;
import org.jsspi.conformance.demo.SspiHttpClient;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntlm-get}: a page from a server that wants NTLM. */
@Command(
        name = "ntlm-get",
        description = "Ask for a page over HTTP, authenticate with NTLM if the server wants it, and print the page.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the server has sent the page",
            "1:the server could not be reached, or answered with another status than 200",
            "2:the command line makes no sense",
            "3:NTLM failed: the line names the SEC_E status"
        })
final class NtlmGet implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Jsspi tool;

    @Parameters(paramLabel = "URL", description = "http://... or https://...")
    private URI url;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private NtlmAccount account;

    @Override
    public Integer call() throws IOException, InterruptedException, SspiException {
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new ParameterException(spec.commandLine(), "'" + url + "' is not the URL of a page");
        }
        Jsspi.register();
        try (AuthIdentity identity = account.identity();
                CredHandle credential = Sspi.acquireCredentialsHandle(null, "NTLM", CredentialUse.OUTBOUND, identity)) {
            SspiHttpClient client =
                    new SspiHttpClient(HttpClient.newBuilder().connectTimeout(PATIENCE), "NTLM", credential);
            HttpResponse<byte[]> response = client.send(
                    HttpRequest.newBuilder(url).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException(ConnectionReport.printable("the server answers " + response.statusCode()));
            }
            tool.out().write(response.body());
            tool.out().flush();
            return 0;
        }
    }
}
