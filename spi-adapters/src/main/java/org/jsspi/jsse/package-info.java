/**
 * Stream contexts as {@code javax.net.ssl}: an {@link javax.net.ssl.SSLEngine}, an {@link javax.net.ssl.SSLSocket} and an
 * {@link javax.net.ssl.SSLContextSpi} over any {@link org.jsspi.SecurityPackage} whose contexts are
 * {@link org.jsspi.StreamContext}s.
 *
 * <p>Nothing here knows a protocol: names of suites and versions, the shape of records and the order of messages come from
 * the package. What a caller can observe beside that follows the platform's own provider.
 *
 * <pre>
 * wrap, unwrap before FINISHED      initializeSecurityContext, acceptSecurityContext
 * wrap, unwrap of data              encryptMessage, decryptMessage over views of the caller's buffers
 * NEED_TASK                         SEC_I_ASYNC_CALL_PENDING
 * BUFFER_UNDERFLOW                  StreamContext.preview
 * BUFFER_OVERFLOW                   pendingTokenSize, STREAM_SIZES, SEC_E_INSUFFICIENT_BUFFERS
 * closeOutbound                     applyControlToken(SCHANNEL_SHUTDOWN)
 * CLOSED                            SEC_I_CONTEXT_EXPIRED
 * </pre>
 */
package org.jsspi.jsse;
