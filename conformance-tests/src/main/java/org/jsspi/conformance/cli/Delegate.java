package org.jsspi.conformance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.jsspi.CredentialFiles;
import org.jsspi.CredentialUse;
import org.jsspi.DelegatedCredential;
import org.jsspi.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code delegate}: a new key that may stand for that of a certificate, for some days. */
@Command(
        name = "delegate",
        description = {
            "Make a delegated credential (RFC 9345): a new key, signed by that of a certificate, which it stands for in TLS 1.3.",
            "The file is for a server that need not have the certificate's own key (serve --delegated), and for nobody else."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "%nThe certificate needs the extension DelegationUsage, and digitalSignature in its key usage:",
            "openssl req with -addext " + DelegatedCredential.DELEGATION_USAGE
                    + "=ASN1:NULL -addext keyUsage=digitalSignature."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a file could not be used",
            "2:the command line makes no sense",
            "3:the certificate or its key cannot delegate so: the line says why"
        })
final class Delegate implements Callable<Integer> {
    /** The kinds of keys. */
    enum Kind {
        P256("EC", "secp256r1"),
        P384("EC", "secp384r1"),
        ED25519("Ed25519", null);

        private final String algorithm;
        private final String curve;

        Kind(String algorithm, String curve) {
            this.algorithm = algorithm;
            this.curve = curve;
        }

        KeyPair generate() throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (curve != null) {
                generator.initialize(new ECGenParameterSpec(curve));
            }
            return generator.generateKeyPair();
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--cert", paramLabel = "FILE", required = true, description = "The certificate chain, PEM.")
    private Path certificate;

    @Option(names = "--key", paramLabel = "FILE", required = true, description = "Its private key, PEM, PKCS#8.")
    private Path key;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "Where the new key and the credential go, PEM; it must not be there yet.")
    private Path file;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "3",
            description = "How long it is valid, 1 to 7. [${DEFAULT-VALUE}]")
    private int days;

    @Option(
            names = "--key-kind",
            paramLabel = "p256|p384|ed25519",
            defaultValue = "p256",
            description = "The kind of the new key. [${DEFAULT-VALUE}]")
    private Kind kind;

    @Option(names = "--client", description = "For a client; otherwise it is for a server.")
    private boolean client;

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        if (days < 1 || days > DelegatedCredential.LONGEST_VALIDITY.toDays()) {
            throw new ParameterException(spec.commandLine(), "--days is 1 to 7, not " + days);
        }
        Identity owner = CredentialFiles.identity(certificate, key);
        KeyPair keys = kind.generate();
        DelegatedCredential credential = DelegatedCredential.issue(
                owner,
                keys.getPublic(),
                Instant.now().plus(Duration.ofDays(days)),
                client ? CredentialUse.OUTBOUND : CredentialUse.INBOUND);
        OwnersFile.create(file);
        Files.writeString(
                file,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(keys.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n" + credential.toPem());
        PrintWriter out = spec.commandLine().getOut();
        out.println("valid until " + credential.expiry(owner.chain().get(0)).truncatedTo(ChronoUnit.SECONDS));
        out.flush();
        return 0;
    }
}
