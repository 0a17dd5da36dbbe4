package org.jsspi;

import java.security.GeneralSecurityException;

/**
 * The server has not taken the Encrypted Client Hello, and has proven to have the public name (RFC 9849 6.1.6): the cause of the
 * {@link SspiException} with the alert ech_required that ends such a handshake, and of the {@code SSLHandshakeException} on an
 * engine or socket. No data was sent.
 *
 * <p>The next connection may use {@link #retryConfigs()} in place of the configurations that this one had. If that is rejected too,
 * with configurations again, the servers do not agree, and one gives up. If there are none the server has switched Encrypted Client
 * Hello off, in a way that nobody else can, and the next connection may do without.
 */
public final class EchRejectedException extends GeneralSecurityException {
    private static final long serialVersionUID = 1L;

    private final String publicName;
    private final byte[] retryConfigs;

    /**
     * The rejection.
     *
     * @param publicName the name for which the server has shown a certificate
     * @param retryConfigs an ECHConfigList, or empty
     */
    public EchRejectedException(String publicName, byte[] retryConfigs) {
        super("the server has not taken the Encrypted Client Hello"
                + (retryConfigs.length == 0 ? " and has no configuration" : " and has other configurations"));
        this.publicName = publicName;
        this.retryConfigs = retryConfigs.clone();
    }

    /** {@return the name for which the server has shown a certificate} */
    public String publicName() {
        return publicName;
    }

    /** {@return the ECHConfigList that the server wants to be used instead, a copy; empty if it has none of a known version} */
    public byte[] retryConfigs() {
        return retryConfigs.clone();
    }
}
