package org.jsspi;

/**
 * The accounts that an NTLM server knows: what an inbound credential of the package NTLM verifies clients with.
 *
 * <p>Called once for each AUTHENTICATE_MESSAGE that is well-formed, by any thread, with names that a stranger has made up.
 *
 * @see NtlmAccountTable
 * @see NtlmAccountFile
 */
@FunctionalInterface
public interface NtlmAccounts {
    /**
     * {@return the account, with its password or NT hash; {@link AuthIdentity#anonymous()} to let the client in as a guest,
     * unverified and without session security; null to refuse it} The package closes what it gets: return a copy.
     *
     * @param user the name that the client gave: an account name, or a user principal name where the domain is empty. Not
     *     empty, and of any case
     * @param domain the domain or computer that the client gave; may be empty
     * @throws SspiException if the look-up fails: it ends the exchange with that status
     */
    AuthIdentity find(String user, String domain) throws SspiException;
}
