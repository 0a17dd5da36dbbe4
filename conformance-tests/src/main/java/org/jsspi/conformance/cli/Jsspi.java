package org.jsspi.conformance.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import org.jsspi.provider.JsspiProvider;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command-line tool. */
@Command(
        name = "jsspi",
        description = "The Security Support Provider Interface in pure Java.",
        mixinStandardHelpOptions = true,
        versionProvider = Jsspi.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Packages.class,
            Demo.class,
            Serve.class,
            Connect.class,
            EchKeyCommand.class,
            Delegate.class,
            NtlmServe.class,
            NtlmGet.class,
            Jtreg.class,
            Bogo.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a file, a host or a port could not be used, or the demo failed",
            "2:the command line makes no sense",
            "3:TLS failed: the handshake was refused, or a record was not what it should be"
        })
public final class Jsspi {
    /** A file, a host or a port could not be used. */
    static final int UNUSABLE = 1;
    /** An SSPI call failed. */
    static final int TLS_FAILED = 3;

    private final InputStream in;
    private final OutputStream out;

    private Jsspi(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /**
     * {@return the tool over these streams}
     *
     * @param in what {@code connect} sends
     * @param out what every command prints, and what {@code connect} receives
     * @param err where failures go, one line each
     */
    static CommandLine commandLine(InputStream in, OutputStream out, OutputStream err) {
        return new CommandLine(new Jsspi(in, out))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Failure::report);
    }

    /** {@return the tool over the streams of this process} */
    public static CommandLine commandLine() {
        return commandLine(System.in, System.out, System.err);
    }

    /** {@return the bytes that the user types or pipes} */
    InputStream in() {
        return in;
    }

    /** {@return where bytes go; text goes to the command line's writer over the same stream} */
    OutputStream out() {
        return out;
    }

    /** Registers the provider behind those that are there: the commands ask for its packages by name. */
    static void register() {
        Security.addProvider(new JsspiProvider());
    }

    /** The version of the provider that the tool runs. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            JsspiProvider provider = new JsspiProvider();
            return new String[] {provider.getName() + " " + provider.getVersionStr()};
        }
    }
}
