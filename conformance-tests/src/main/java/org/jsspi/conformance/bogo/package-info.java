/**
 * The shim through which BoGo, the TLS test runner of BoringSSL, drives Schannel, and the command that runs it.
 *
 * <p>The runner is a program of its own: it starts one process for every test, gives it flags, and speaks TLS with it over
 * loopback, rightly or wrongly. Its rules for a shim stand in {@code ssl/test/PORTING.md} of BoringSSL. Nothing of it is
 * here; {@code CONTRIBUTING.md} says how to run it.
 *
 * <pre>
 * runner  --exec, once a test-->  launcher (C)  --arguments, over a Unix socket-->  {@link ResidentShim} (this JVM)
 *    ^                                                                                    |
 *    +------------------------------ TLS over loopback -----------------------------------+
 * </pre>
 *
 * <p>A JVM for each test would take ten times as long, hence the launcher. What it hands over becomes {@link Flags}, these
 * become one {@link Configuration} for each connection of the test, and {@link Shim} makes the connections with SSPI calls. A
 * flag without a meaning here ends with exit code 89, which the runner counts as not implemented, and every such flag has
 * its reason in {@link Flags}. Tests that cannot hold, because we decide otherwise than BoringSSL does, are in {@code bogo.json}
 * with theirs.
 */
package org.jsspi.conformance.bogo;
