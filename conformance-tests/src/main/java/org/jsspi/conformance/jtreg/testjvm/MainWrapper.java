package org.jsspi.conformance.jtreg.testjvm;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs the {@code main} of a test and says on standard error how it ended.
 *
 * <p>The last line is {@code STATUS:Passed.} or {@code STATUS:Failed.} with a reason. A JVM that ends without that line was
 * ended by the test. An exception that leaves any thread of the test fails it; threads that still run when {@code main} has
 * returned end with the JVM.
 */
public final class MainWrapper {
    /** What the last line of standard error begins with. */
    public static final String STATUS = "STATUS:";

    private static final String SKIPPED = "jtreg.SkippedException";

    private MainWrapper() {}

    /**
     * Runs a test and ends the JVM.
     *
     * @param args the name of the class, then the arguments of its {@code main}
     */
    public static void main(String[] args) throws InterruptedException {
        // The test may replace both streams.
        PrintStream out = System.out;
        PrintStream err = System.err;
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        ThreadGroup group = new ThreadGroup("MainThreadGroup") {
            @Override
            public void uncaughtException(Thread thread, Throwable cause) {
                cause.printStackTrace(err);
                thrown.compareAndSet(null, cause);
            }
        };
        Thread thread = new Thread(group, () -> run(args, thrown, err), "MainThread");
        thread.start();
        thread.join();
        String verdict = verdict(thrown.get());
        out.flush();
        err.println();
        err.println(STATUS + verdict);
        err.flush();
        Runtime.getRuntime().exit(verdict.startsWith("Passed") ? 95 : 97);
    }

    private static void run(String[] args, AtomicReference<Throwable> thrown, PrintStream err) {
        try {
            Method main = Class.forName(args[0], true, ClassLoader.getSystemClassLoader())
                    .getMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            report(e.getCause(), thrown, err);
        } catch (ReflectiveOperationException | LinkageError e) {
            report(e, thrown, err);
        }
    }

    private static void report(Throwable cause, AtomicReference<Throwable> thrown, PrintStream err) {
        cause.printStackTrace(err);
        thrown.compareAndSet(null, cause);
    }

    private static String verdict(Throwable cause) {
        if (cause == null) {
            return "Passed. Execution successful";
        }
        for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals(SKIPPED)) {
                return "Passed. Skipped: " + oneLine(String.valueOf(cause.getMessage()));
            }
        }
        return "Failed. Execution failed: `main' threw exception: " + oneLine(cause.toString());
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
