package org.jsspi.conformance.cli;

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
        subcommands = {Packages.class, Jtreg.class})
public final class Jsspi {
    /** The tool without a command: picocli prints the usage. */
    public Jsspi() {}

    /**
     * Runs one command and ends the JVM with its exit code: 0 for done, 1 for failed, 2 for a command line that makes no
     * sense.
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** {@return the commands, ready to be executed; where their output goes can still be changed} */
    public static CommandLine commandLine() {
        return new CommandLine(new Jsspi()).setCaseInsensitiveEnumValuesAllowed(true);
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
