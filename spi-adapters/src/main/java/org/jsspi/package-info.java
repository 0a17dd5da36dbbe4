/**
 * The Security Support Provider Interface: packages, credentials, contexts, buffers, statuses, flags and attributes.
 *
 * <p>Every SSPI function keeps its name in lowerCamelCase, so that whoever ports SSPI code finds each call. A handle is an
 * object: {@link org.jsspi.CredHandle} and {@link org.jsspi.SecurityContext}; {@code DeleteSecurityContext},
 * {@code FreeCredentialsHandle} and {@code FreeContextBuffer} are {@code close()}. Expected outcomes are
 * {@link org.jsspi.SecurityStatus} values, misbehaviour is an {@link org.jsspi.SspiException} with the same status codes.
 *
 * <p>What a JSSE engine needs and plain SSPI cannot say is part of this package, in the open, so that the engine is an
 * ordinary client of the interface: {@link org.jsspi.StreamContext#preview}, {@link org.jsspi.ContextOptions},
 * {@link org.jsspi.ContextCallbacks} with a live {@link org.jsspi.HandshakeInfo}, work that a call leaves to the caller
 * ({@link org.jsspi.SecurityStatus#SEC_I_ASYNC_CALL_PENDING}), and {@link org.jsspi.Session}.
 *
 * <p>Datagram contexts offer their keys as {@link org.jsspi.ContextKey}, behind which a package puts
 * {@link org.jsspi.DatagramProtection} and {@link org.jsspi.DatagramMac}; {@link org.jsspi.SequenceGuard},
 * {@link org.jsspi.ReplayWindow} and {@link org.jsspi.SealedBlob} are what every such package needs and must not get wrong.
 * The keys are attributes and no type of context, because one package makes both kinds of context and knows which only when
 * the first call brings its flags.
 */
package org.jsspi;
