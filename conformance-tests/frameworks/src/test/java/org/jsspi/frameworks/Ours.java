package org.jsspi.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** Whose engines are at work. */
final class Ours {
    private static final String ENGINE = "org.jsspi.jsse.JsseEngine";
    private static final List<String> FOREIGN = List.of(
            "sun.security.ssl.SSLEngineImpl",
            "sun.security.ssl.SSLSocketImpl",
            "sun.security.ssl.SSLSocketInputRecord");

    private Ours() {}

    /** What a framework hands out is ours. */
    static void assertOurs(Object engineOrSocketOrSession) {
        assertEquals(
                "org.jsspi.jsse",
                engineOrSocketOrSession.getClass().getPackageName(),
                engineOrSocketOrSession.toString());
    }

    /** In the whole JVM at least so many engines of ours live, and none of the JDK's: for frameworks that hand out none. */
    static void assertEngines(int least) {
        String histogram = histogram();
        for (String foreign : FOREIGN) {
            assertEquals(0, instances(histogram, foreign), foreign);
        }
        long ours = instances(histogram, ENGINE);
        assertTrue(ours >= least, () -> ours + " engines of ours");
    }

    /** In the whole JVM live so many engines of ours, and none of the JDK's. */
    static void assertEnginesBetween(int least, int most) {
        assertEngines(least);
        long ours = instances(histogram(), ENGINE);
        assertTrue(ours <= most, () -> ours + " engines of ours, of which no more than " + most + " are in use");
    }

    private static long instances(String histogram, String className) {
        Matcher line = Pattern.compile("\\s+\\d+:\\s+(\\d+)\\s+\\d+\\s+" + Pattern.quote(className) + "(\\s|$)")
                .matcher(histogram);
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }

    /** The live objects of the JVM by class, as {@code jcmd GC.class_histogram} prints them. */
    private static String histogram() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
