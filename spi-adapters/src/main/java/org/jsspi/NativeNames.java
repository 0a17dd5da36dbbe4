package org.jsspi;

/**
 * SecPkgContext_NativeNames: both parties in the package's own spelling.
 *
 * @param clientName the client, or null if it is not known
 * @param serverName the server, or null if it is not known
 */
public record NativeNames(String clientName, String serverName) {}
