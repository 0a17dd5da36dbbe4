/**
 * A harness for tests in the form of OpenJDK's jtreg: plain Java files whose first comment says what they are and how
 * to run them.
 *
 * <p>{@link org.jsspi.conformance.jtreg.TestSuite} reads directories, {@link org.jsspi.conformance.jtreg.Harness} runs what
 * it found, each test in a JVM of its own, and {@link org.jsspi.conformance.jtreg.JtregTestEngine} offers both to the
 * JUnit Platform. Words, properties, directories and the order of things are those of jtreg's specification, so that a
 * test of the JDK behaves here as it does there; what is not supported is an {@code Error} that says so, never a pass.
 *
 * <p>Beyond jtreg, every test JVM has Jsspi on its class path or module path, and a {@code java.security} overlay can put
 * JSSPI first, alone or last: a test that knows nothing of Jsspi then shows what transparent use is worth.
 */
package org.jsspi.conformance.jtreg;
