/** What runs inside a test's JVM, beside the test. Its classes are copied out one by one and use the JDK alone. */
package org.jsspi.conformance.jtreg.testjvm;
