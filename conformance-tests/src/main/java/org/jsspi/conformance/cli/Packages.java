package org.jsspi.conformance.cli;

import java.io.PrintWriter;
import java.security.Provider;
import java.security.Security;
import org.jsspi.provider.JsspiProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code packages}: the security packages of every provider, as a table. */
@Command(name = "packages", description = "List the security packages.", mixinStandardHelpOptions = true)
final class Packages implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Security.addProvider(new JsspiProvider());
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-16s %-12s %s%n", "Package", "Provider", "Comment");
        for (Provider provider : Security.getProviders()) {
            for (Provider.Service service : provider.getServices()) {
                if (service.getType().equals("SecurityPackage")) {
                    out.printf(
                            "%-16s %-12s %s%n",
                            service.getAlgorithm(), provider.getName(), service.getAttribute("Comment"));
                }
            }
        }
        out.flush();
    }
}
