/**
 * Jetty's ALPN over the engines of JSSPI. Jetty's own processors take engines of the module {@code java.base} and of two
 * packages that they know; for any other none applies and HTTP/2 over TLS fails. With this jar on the class path or module path
 * {@link java.util.ServiceLoader} finds the two processors here; there is nothing to configure.
 */
package org.jsspi.jetty.alpn;
