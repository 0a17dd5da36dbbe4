/**
 * Released frameworks over Jsspi. The JVM of these tests has JSSPI in first place by the {@code java.security} file that the
 * provider's jar carries, and nothing in the code names it: what is tested is that programs move over without a change.
 */
package org.jsspi.frameworks;
