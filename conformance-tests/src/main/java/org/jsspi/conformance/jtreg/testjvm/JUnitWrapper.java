package org.jsspi.conformance.jtreg.testjvm;

import java.io.PrintWriter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The {@code main} of {@code @run junit}: runs one class of JUnit tests, which {@link MainWrapper} then judges. */
public final class JUnitWrapper {
    private JUnitWrapper() {}

    /**
     * Runs the tests of a class.
     *
     * @param args the name of the class
     * @throws IllegalStateException if a test failed, or if there was none
     */
    public static void main(String[] args) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(args[0]))
                .build();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        PrintWriter out = new PrintWriter(System.out, true);
        summary.printTo(out);
        summary.printFailuresTo(out);
        if (summary.getTotalFailureCount() > 0) {
            throw new IllegalStateException(
                    "JUnit test failure: " + summary.getTotalFailureCount() + " of " + summary.getTestsFoundCount());
        }
        if (summary.getTestsFoundCount() == 0) {
            throw new IllegalStateException("no JUnit test in " + args[0]);
        }
    }
}
