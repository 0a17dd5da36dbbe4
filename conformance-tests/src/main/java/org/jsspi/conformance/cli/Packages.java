package org.jsspi.conformance.cli;

import java.io.PrintWriter;
import org.jsspi.Sspi;
import org.jsspi.conformance.demo.PackageTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code packages}: EnumerateSecurityPackages as a table. */
@Command(
        name = "packages",
        description = "List the security packages, as EnumerateSecurityPackages reports them.",
        mixinStandardHelpOptions = true)
final class Packages implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Jsspi.register();
        PrintWriter out = spec.commandLine().getOut();
        PackageTable.of(Sspi.enumerateSecurityPackages()).forEach(out::println);
        out.flush();
    }
}
