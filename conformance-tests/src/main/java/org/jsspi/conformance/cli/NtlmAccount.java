package org.jsspi.conformance.cli;

import java.util.Arrays;
import org.jsspi.AuthIdentity;
import org.jsspi.SspiException;
import picocli.CommandLine.Option;

/** The options that name an account of NTLM. */
final class NtlmAccount {
    @Option(
            names = "--user",
            paramLabel = "DOMAIN\\USER",
            required = true,
            description = "The account: DOMAIN\\USER, USER@REALM or USER.")
    private String user;

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            required = true,
            interactive = true,
            arity = "0..1",
            description = "Its password; asked for where the option has no value.")
    private char[] password;

    /** {@return the account} The password is wiped: this can be asked once. */
    AuthIdentity identity() throws SspiException {
        try {
            return AuthIdentity.of(user, password);
        } finally {
            Arrays.fill(password, '\0');
        }
    }
}
