/**
 * The SASL mechanism NTLM: {@code SaslClientFactory} and {@code SaslServerFactory} over any {@code SecurityPackage} that speaks
 * NTLM. Properties, callbacks and tokens are those of the JDK's mechanism of this name.
 *
 * <p>No document defines a security layer for this mechanism, and the JDK has none: {@code auth-int} and {@code auth-conf} are
 * between two ends of Jsspi. A protected message is {@code | signature 16 | data |}, which the application protocol frames by
 * length; the quality is what the NTLM messages themselves negotiate, so the MIC covers it, and an end that finds a quality
 * outside its own list refuses. The client's first choice is asked for: a client that lists {@code auth-conf} first is served
 * by a server that lists it too.
 *
 * <p>LDAP is the exception that is in use: domain controllers of Active Directory encrypt whatever a client asks to be signed,
 * so for the protocol {@code ldap} the client asks for both, and both sides encrypt under {@code auth-int} as well.
 *
 * <p>NTLMv2 only; {@code com.sun.security.sasl.ntlm.random} and, on a client, {@code com.sun.security.sasl.ntlm.hostname} have no
 * effect.
 */
package org.jsspi.provider.sasl;
