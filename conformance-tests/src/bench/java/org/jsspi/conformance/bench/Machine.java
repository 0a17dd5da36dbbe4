package org.jsspi.conformance.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** On what was measured: the line above the tables. */
final class Machine {
    private Machine() {}

    /** Prints the line, and reports it. */
    static void print() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("java", Runtime.version().toString());
        machine.put("vm", System.getProperty("java.vm.name"));
        machine.put("vendor", System.getProperty("java.vendor"));
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        machine.put("cpu", processor());
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("load", load);
        machine.put("patience", Rows.patience());
        Report.add(machine);
        System.out.printf(
                Locale.ROOT,
                "%nJava %s (%s, %s); %s, %s cores, %s; load %.1f before the run, patience %d%n",
                machine.get("java"),
                machine.get("vm"),
                machine.get("vendor"),
                machine.get("cpu"),
                machine.get("cores"),
                machine.get("os"),
                load,
                Rows.patience());
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown processor");
        } catch (IOException e) {
            return "unknown processor";
        }
    }
}
