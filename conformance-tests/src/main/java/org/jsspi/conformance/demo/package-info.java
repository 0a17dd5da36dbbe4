/**
 * SSPI shown at work: a connection over a socket and one in memory, made with the calls of {@link org.jsspi} alone, and an
 * HTTPS exchange in which code of the JDK runs on the same engine without a change.
 *
 * <p>{@link org.jsspi.conformance.demo.SchannelStream} is written to be read first.
 */
package org.jsspi.conformance.demo;
