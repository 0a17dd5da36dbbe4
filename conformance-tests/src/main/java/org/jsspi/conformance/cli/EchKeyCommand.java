package org.jsspi.conformance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.jsspi.EchConfig;
import org.jsspi.EchKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ech-key}: a new key for Encrypted Client Hello, and what goes into the DNS for it. */
@Command(
        name = "ech-key",
        description = {
            "Make a key with which a server opens Encrypted Client Hellos (RFC 9849).",
            "The file is for the server (serve --ech-key), the list for clients (connect --ech) and the DNS: it is the "
                    + "parameter ech of the record of type HTTPS of every name that is to be hidden."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class EchKeyCommand implements Callable<Integer> {
    private static final int LARGEST_BYTE = 255;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PUBLIC-NAME",
            description = "The name that clients send in the clear; the server needs a certificate for it.")
    private String publicName;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "Where key and configuration go (RFC 9934, PEM); it must not be there yet.")
    private Path file;

    @Option(
            names = "--id",
            paramLabel = "N",
            description = "0 to 255, another one than that of each key that the server has. [random]")
    private Integer configId;

    @Option(
            names = "--longest-name",
            paramLabel = "N",
            defaultValue = "0",
            description = "The length of the longest name that is to be hidden, 0 to 255; 0 if it is not known. [0]")
    private int longestName;

    @Override
    public Integer call() throws IOException {
        EchKey key = generate();
        try {
            OwnersFile.create(file);
            Files.writeString(file, key.toPem());
        } finally {
            key.destroy();
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Base64.getEncoder().encodeToString(EchConfig.encodeList(List.of(key.config()))));
        out.flush();
        return 0;
    }

    private EchKey generate() {
        try {
            if (longestName < 0 || longestName > LARGEST_BYTE) {
                throw new IllegalArgumentException("--longest-name is 0 to 255, not " + longestName);
            }
            int id = configId == null ? new SecureRandom().nextInt(LARGEST_BYTE + 1) : configId;
            return EchKey.generate(id, publicName, longestName);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
