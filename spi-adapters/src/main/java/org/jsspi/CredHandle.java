package org.jsspi;

import java.time.Instant;

/**
 * CredHandle: credentials that any number of contexts are made with, also at once.
 *
 * <p>Closing it is FreeCredentialsHandle: no further context can be made; contexts that exist go on.
 */
public abstract class CredHandle implements AutoCloseable {
    /** For packages. */
    protected CredHandle() {}

    /**
     * {@return a context that the first initializeSecurityContext (a client) or acceptSecurityContext (a server) begins}
     *
     * @throws SspiException SEC_E_INVALID_HANDLE after {@link #close()}
     */
    public abstract SecurityContext newContext() throws SspiException;

    /** {@return ptsExpiry: when the credential ends; {@link Instant#MAX} if it does not} */
    public Instant expiry() {
        return Instant.MAX;
    }

    /**
     * QueryCredentialsAttributes.
     *
     * @throws SspiException SEC_E_UNSUPPORTED_FUNCTION for an attribute that the package does not know
     */
    public <T> T queryCredentialsAttributes(CredentialAttribute<T> attribute) throws SspiException {
        throw new SspiException(
                SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "no credential attribute " + attribute + " in this package");
    }

    @Override
    public abstract void close();
}
