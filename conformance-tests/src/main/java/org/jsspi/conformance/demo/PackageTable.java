package org.jsspi.conformance.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jsspi.PackageCapability;
import org.jsspi.SecPkgInfo;

/** The security packages as a table for people, and below it what their capabilities mean. */
public final class PackageTable {
    private static final List<String> TITLES =
            List.of("Package", "Capabilities", "Version", "RPC id", "Max token", "Comment");
    private static final int FIRST_NUMBER = 2;
    private static final int LAST_NUMBER = 4;
    private static final int WIDTH = 100;

    private PackageTable() {}

    /** {@return the lines of the table of these packages, in their order} */
    public static List<String> of(List<SecPkgInfo> packages) {
        if (packages.isEmpty()) {
            return List.of("No security package is installed.");
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(TITLES);
        Map<Integer, String> meanings = new LinkedHashMap<>();
        for (SecPkgInfo info : packages) {
            rows.add(List.of(
                    info.name(),
                    hex(info.capabilities()),
                    String.valueOf(info.version()),
                    info.rpcId() == SecPkgInfo.SECPKG_ID_NONE ? "none" : String.valueOf(info.rpcId()),
                    String.valueOf(info.maxToken()),
                    info.comment()));
            meanings.computeIfAbsent(
                    info.capabilities(),
                    bits -> info.capabilitySet().stream()
                            .map(PackageCapability::name)
                            .collect(Collectors.joining(" ")));
        }
        List<String> lines = new ArrayList<>(aligned(rows));
        lines.add("");
        meanings.forEach((bits, names) -> lines.addAll(wrapped(hex(bits) + " = ", names)));
        return lines;
    }

    private static List<String> aligned(List<List<String>> rows) {
        int[] widths = new int[TITLES.size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                boolean number = column >= FIRST_NUMBER && column <= LAST_NUMBER;
                String format = "%" + (number ? "" : "-") + widths[column] + "s  ";
                line.append(format.formatted(row.get(column)));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static List<String> wrapped(String label, String words) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(label);
        for (String word : words.split(" ")) {
            if (line.length() + word.length() > WIDTH) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(" ".repeat(label.length()));
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }

    private static String hex(int bits) {
        return "0x%08X".formatted(bits);
    }
}
