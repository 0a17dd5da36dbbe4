package org.jsspi.conformance.jtreg;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsspi.conformance.jtreg.testjvm.JUnitWrapper;
import org.jsspi.conformance.jtreg.testjvm.MainWrapper;

/** The actions of one test, carried out in order until one does not pass. */
final class Script {
    private static final int DEFAULT_SECONDS = 120;
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");

    /** Options of java that take the next word. */
    private static final Set<String> WITH_ARGUMENT = Set.of(
            "-cp",
            "-classpath",
            "--class-path",
            "-p",
            "--module-path",
            "--upgrade-module-path",
            "--add-modules",
            "--limit-modules",
            "--add-exports",
            "--add-opens",
            "--add-reads",
            "--patch-module");

    private static final Set<String> CLASS_PATH = Set.of("-cp", "-classpath", "--class-path");

    private final Harness harness;
    private final TestSuite suite;
    private final TestDescription test;
    private final Path scratch;
    private final StringBuilder log = new StringBuilder();

    /** Where sources are and where their classes go: the test's directory first, then the libraries. */
    private final List<Place> places = new ArrayList<>();

    private final List<Path> jars = new ArrayList<>();
    private final Map<String, String> properties = new LinkedHashMap<>();
    private Path classes;
    private String declaredPackage;

    private record Place(Path sources, Path classes) {}

    Script(Harness harness, TestSuite suite, TestDescription test, Path scratch) {
        this.harness = harness;
        this.suite = suite;
        this.test = test;
        this.scratch = scratch;
    }

    String log() {
        return log.toString();
    }

    Verdict run() throws InterruptedException {
        try {
            prepare();
            List<Directive> directives = test.directives().isEmpty()
                    ? List.of(new Directive("main", Map.of(), List.of(ownClass())))
                    : test.directives();
            Verdict verdict = null;
            for (Directive directive : directives) {
                log.append("ACTION: ").append(directive).append('\n');
                verdict = perform(directive);
                log.append("RESULT: ").append(verdict).append("\n\n");
                if (verdict.outcome() != Outcome.PASSED) {
                    return verdict;
                }
            }
            return verdict;
        } catch (IllegalArgumentException e) {
            String reason = e.getMessage();
            return Verdict.error(reason.startsWith("Can't find") ? reason : "Parse Exception: " + reason);
        } catch (IOException e) {
            return Verdict.error("The harness could not: " + e);
        }
    }

    private void prepare() throws IOException {
        Harness.empty(scratch);
        classes = harness.work().resolve("classes").resolve(test.place() + ".d");
        Harness.empty(classes);
        places.add(new Place(test.directory(), classes));
        declaredPackage = DescriptionReader.packageOf(text(test.file()));
        if (!declaredPackage.isEmpty()) {
            Path tail = Path.of(declaredPackage.replace('.', '/'));
            if (test.directory().endsWith(tail)) {
                // The file stands where its package says: its root is a source path of its own.
                Path root = test.directory();
                for (int i = 0; i < tail.getNameCount(); i++) {
                    root = root.getParent();
                }
                places.add(new Place(root, classes));
            }
        }
        int number = 0;
        for (Path library : suite.libraries(test)) {
            if (Files.isDirectory(library)) {
                Path target = harness.work().resolve("lib").resolve(test.place() + ".d" + number++);
                Files.createDirectories(target);
                places.add(new Place(library, target));
            } else {
                jars.add(library);
            }
        }
        describe();
    }

    /** The test.* properties: what a test may ask its JVM for, and what its actions may refer to. */
    private void describe() {
        properties.put("test.src", test.directory().toString());
        properties.put("test.src.path", joined(sourcePath()));
        properties.put("test.classes", classes.toString());
        properties.put("test.class.path", joined(runtimeClassPath()));
        properties.put("test.root", suite.root().toString());
        properties.put("test.file", test.file().toString());
        properties.put("test.name", test.name());
        properties.put("test.jdk", harness.platform().javaHome().toString());
        properties.put("compile.jdk", harness.platform().javaHome().toString());
        properties.put("test.modules", String.join(" ", suite.modules(test)));
        properties.put("test.vm.opts", String.join(" ", harness.allVmOptions()));
        properties.put(
                "test.tool.vm.opts",
                harness.allVmOptions().stream().map(option -> "-J" + option).collect(Collectors.joining(" ")));
        properties.put("test.java.opts", "");
        properties.put("test.compiler.opts", "");
        properties.put("test.timeout.factor", String.valueOf(harness.timeoutFactor()));
        properties.put("test.enable.preview", String.valueOf(suite.enablePreview(test)));
        harness.overlays()
                .forEach((place, file) ->
                        properties.put("jsspi.overlay." + place.name().toLowerCase(Locale.ROOT), file.toString()));
        properties.put("jsspi.path", joined(harness.product()));
    }

    private Verdict perform(Directive directive) throws IOException, InterruptedException {
        return switch (directive.action()) {
            case "build" -> build(only(directive));
            case "clean" -> clean(only(directive));
            case "compile" -> compile(only(directive, "fail", "ref", "timeout"));
            case "main" -> main(only(directive, "fail", "othervm", "timeout"));
            case "driver" -> main(only(directive, "fail", "timeout"));
            case "junit" -> main(only(directive, "othervm", "timeout"));
            case "testng" -> main(only(directive, "othervm", "timeout"));
            case "shell", "applet" -> Verdict.error(directive.action() + " actions are not supported");
            default -> Verdict.error("Parse Exception: Bad action for script: " + directive.action());
        };
    }

    private static Directive only(Directive directive, String... options) {
        Set<String> known = Set.of(options);
        for (String option : directive.options().keySet()) {
            if (!known.contains(option)) {
                throw new IllegalArgumentException("Unsupported option for `" + directive.action() + "': " + option);
            }
        }
        return directive;
    }

    // @build, @clean, @compile

    private Verdict build(Directive directive) throws IOException, InterruptedException {
        if (directive.words().isEmpty()) {
            throw new IllegalArgumentException("No class name provided for `build'");
        }
        return build(expanded(directive.words()));
    }

    /** Compiles what is not compiled yet, libraries first. */
    private Verdict build(List<String> names) throws IOException, InterruptedException {
        Map<Path, Set<Path>> sources = new LinkedHashMap<>();
        for (String name : names) {
            if (name.contains("/")) {
                throw new IllegalArgumentException("classes in modules are not supported: " + name);
            }
            for (Map.Entry<Path, Path> found : locate(name).entrySet()) {
                sources.computeIfAbsent(found.getValue(), key -> new LinkedHashSet<>())
                        .add(found.getKey());
            }
        }
        List<Path> targets = new ArrayList<>(sources.keySet());
        targets.remove(classes);
        if (sources.containsKey(classes)) {
            targets.add(classes);
        }
        for (Path target : targets) {
            List<String> files =
                    sources.get(target).stream().map(Path::toString).toList();
            TestCompiler.Result result = javac(target, List.of(), files, limit(Map.of()));
            if (result.exitCode() != 0) {
                return Verdict.failed("Compilation failed: Compilation failed");
            }
        }
        return Verdict.passed("Build successful");
    }

    /** {@return the source files of a class, or of a package with {@code *}, that have to be compiled, and where to} */
    private Map<Path, Path> locate(String name) throws IOException {
        Map<Path, Path> found = new LinkedHashMap<>();
        if (name.equals("*") || name.endsWith(".*")) {
            String directory = name.substring(0, name.length() - 1).replace('.', '/');
            for (Place place : places) {
                Path sources = place.sources().resolve(directory);
                if (Files.isDirectory(sources)) {
                    try (Stream<Path> files = Files.list(sources)) {
                        files.filter(file -> file.toString().endsWith(".java"))
                                .sorted()
                                .forEach(file -> found.put(file, place.classes()));
                    }
                    return found;
                }
            }
            throw new IllegalArgumentException("Can't find package: " + name);
        }
        String relative = name.replace('.', '/');
        for (Place place : places) {
            if (Files.exists(place.classes().resolve(relative + ".class"))) {
                return found;
            }
        }
        for (Place place : places) {
            Path source = place.sources().resolve(relative + ".java");
            if (Files.isRegularFile(source)) {
                found.put(source, place.classes());
                return found;
            }
        }
        // A test may declare a package and stand anywhere.
        int dot = name.lastIndexOf('.');
        Path beside = test.directory().resolve(name.substring(dot + 1) + ".java");
        if (dot > 0
                && Files.isRegularFile(beside)
                && DescriptionReader.packageOf(text(beside)).equals(name.substring(0, dot))) {
            found.put(beside, classes);
            return found;
        }
        throw new IllegalArgumentException("Can't find source file: " + relative + ".java in directory-list: "
                + sourcePath().stream().map(Path::toString).collect(Collectors.joining(", ")));
    }

    private Verdict clean(Directive directive) throws IOException {
        for (String name : expanded(directive.words())) {
            boolean all = name.equals("*") || name.endsWith(".*");
            Path file = classes.resolve(
                    (all ? name.substring(0, name.length() - 1) : name).replace('.', '/') + (all ? "" : ".class"));
            if (all && Files.isDirectory(file)) {
                List<Path> files;
                try (Stream<Path> list = Files.list(file)) {
                    files = list.filter(path -> path.toString().endsWith(".class"))
                            .toList();
                }
                for (Path each : files) {
                    Files.delete(each);
                }
            } else {
                Files.deleteIfExists(file);
            }
        }
        return Verdict.passed("Clean successful");
    }

    private Verdict compile(Directive directive) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>();
        List<String> files = new ArrayList<>();
        for (String word : expanded(directive.words())) {
            if (word.endsWith(".jasm") || word.endsWith(".jcod")) {
                throw new IllegalArgumentException("only Java files can be compiled: " + word);
            }
            if (word.endsWith(".java")) {
                files.add(test.directory().resolve(word).normalize().toString());
            } else {
                options.add(word);
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("No files to compile");
        }
        TestCompiler.Result result = javac(classes, options, files, limit(directive.options()));
        if (result.exitCode() > 1) {
            return Verdict.error("Compilation failed: javac ended with exit code " + result.exitCode());
        }
        boolean compiled = result.exitCode() == 0;
        if (compiled == directive.has("fail")) {
            return Verdict.failed(
                    compiled ? "Compilation passed unexpectedly" : "Compilation failed: Compilation failed");
        }
        String reference = directive.options().get("ref");
        if (reference != null
                && !text(test.directory().resolve(expanded(reference)))
                        .lines()
                        .toList()
                        .equals(result.output().lines().toList())) {
            return Verdict.failed("Output does not match reference file: " + reference);
        }
        return Verdict.passed(compiled ? "Compilation successful" : "Compilation failed as expected");
    }

    private TestCompiler.Result javac(Path target, List<String> options, List<String> files, Duration limit)
            throws IOException, InterruptedException {
        Files.createDirectories(target);
        List<String> words = new ArrayList<>(options);
        List<Path> path = new ArrayList<>(classPath());
        path.addAll(harness.product());
        String classPath = withOwnClassPath(words, joined(path));
        List<String> arguments = new ArrayList<>(List.of("-d", target.toString(), "-sourcepath", joined(sourcePath())));
        arguments.addAll(List.of("-classpath", classPath));
        for (String option : moduleOptions()) {
            if (!option.startsWith("--add-opens")) {
                arguments.add(option);
            }
        }
        if (suite.enablePreview(test)) {
            arguments.addAll(List.of(
                    "--enable-preview", "--source", harness.platform().names().get("jdk.version.major")));
        }
        arguments.addAll(words);
        arguments.addAll(files);
        log.append("javac ").append(String.join(" ", arguments)).append('\n');
        TestCompiler.Result result = TestCompiler.compile(harness.platform(), arguments, scratch, limit);
        log.append(result.output());
        return result;
    }

    // @run main, driver, junit, testng

    private Verdict main(Directive directive) throws IOException, InterruptedException {
        List<String> words = expanded(directive.words());
        List<String> vmOptions = new ArrayList<>();
        int at = 0;
        while (at < words.size() && words.get(at).startsWith("-")) {
            boolean more = WITH_ARGUMENT.contains(words.get(at));
            vmOptions.add(words.get(at++));
            if (more && at < words.size()) {
                vmOptions.add(words.get(at++));
            }
        }
        if (at == words.size()) {
            throw new IllegalArgumentException("No class name provided for `" + directive.action() + "'");
        }
        if (!vmOptions.isEmpty() && !directive.has("othervm")) {
            throw new IllegalArgumentException("vm option(s) found, need to specify /othervm");
        }
        String name = words.get(at);
        Verdict built = build(List.of(name));
        if (built.outcome() != Outcome.PASSED) {
            return built;
        }
        List<String> program = new ArrayList<>();
        switch (directive.action()) {
            case "junit" -> program.addAll(List.of(MainWrapper.class.getName(), JUnitWrapper.class.getName()));
            // TestNG ends the JVM itself and its exit code says it all.
            case "testng" ->
                program.addAll(List.of("org.testng.TestNG", "-usedefaultlisteners", "false", "-testclass"));
            default -> program.add(MainWrapper.class.getName());
        }
        program.addAll(words.subList(at, words.size()));
        List<String> command = command(directive, vmOptions, program);
        log.append(String.join(" ", command)).append('\n');
        Duration limit = limit(directive.options());
        Path jstack = harness.platform().javaHome().resolve("bin").resolve("jstack");
        Fork.Result result = Fork.run(command, scratch, limit, jstack);
        log.append(result.outputs());
        if (result.timedOut()) {
            return Verdict.error("Program `java' timed out (timeout set to " + limit.toMillis() + "ms)");
        }
        return inverted(directive, verdict(directive, result));
    }

    private List<String> command(Directive directive, List<String> vmOptions, List<String> program) {
        List<String> path = new ArrayList<>();
        path.add(joined(runtimeClassPath()));
        path.add(harness.wrapper().toString());
        List<String> command = new ArrayList<>();
        command.add(harness.platform().javaHome().resolve("bin").resolve("java").toString());
        boolean driver = directive.action().equals("driver");
        command.addAll(driver ? List.of() : harness.allVmOptions());
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(moduleOptions());
        if (suite.enablePreview(test)) {
            command.add("--enable-preview");
        }
        String classPath = withOwnClassPath(vmOptions, String.join(File.pathSeparator, path));
        command.addAll(List.of("--class-path", classPath));
        command.addAll(vmOptions);
        command.addAll(program);
        return command;
    }

    private static Verdict verdict(Directive directive, Fork.Result result) {
        if (directive.action().equals("testng")) {
            return result.exitCode() == 0
                    ? Verdict.passed("Execution successful")
                    : Verdict.failed("Execution failed: TestNG ended with exit code " + result.exitCode());
        }
        String status = result.err()
                .lines()
                .filter(line -> line.startsWith(MainWrapper.STATUS))
                .reduce((first, last) -> last)
                .orElse("");
        if (status.startsWith(MainWrapper.STATUS + "Passed. ") && result.exitCode() == 95) {
            return Verdict.passed(status.substring((MainWrapper.STATUS + "Passed. ").length()));
        }
        if (status.startsWith(MainWrapper.STATUS + "Failed. ") && result.exitCode() == 97) {
            return Verdict.failed(status.substring((MainWrapper.STATUS + "Failed. ").length()));
        }
        return Verdict.failed("Unexpected exit from test [exit code: " + result.exitCode() + "]");
    }

    private static Verdict inverted(Directive directive, Verdict verdict) {
        if (!directive.has("fail") || verdict.isSkipped()) {
            return verdict;
        }
        return verdict.outcome() == Outcome.PASSED
                ? Verdict.failed("Execution passed unexpectedly")
                : Verdict.passed("Execution failed as expected: " + verdict.reason());
    }

    // What all of them need

    private String ownClass() {
        String simple = test.file().getFileName().toString().replaceFirst("\\.java$", "");
        return declaredPackage.isEmpty() ? simple : declaredPackage + "." + simple;
    }

    private List<Path> sourcePath() {
        return places.stream().map(Place::sources).distinct().toList();
    }

    /** The test's classes and its libraries'. */
    private List<Path> classPath() {
        List<Path> path =
                new ArrayList<>(places.stream().map(Place::classes).distinct().toList());
        path.addAll(jars);
        Set<String> actions = test.directives().stream().map(Directive::action).collect(Collectors.toSet());
        path.addAll(actions.contains("junit") ? harness.junit() : List.of());
        path.addAll(actions.contains("testng") ? harness.testng() : List.of());
        return path;
    }

    private List<Path> runtimeClassPath() {
        List<Path> path = new ArrayList<>(classPath());
        path.addAll(harness.isModulePath() ? List.of() : harness.product());
        return path;
    }

    /** Takes a class path out of the options of a test and puts it before ours. */
    private static String withOwnClassPath(List<String> options, String ours) {
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            if (CLASS_PATH.contains(option) && i + 1 < options.size()) {
                options.remove(i);
                return options.remove(i) + File.pathSeparator + ours;
            }
            if (option.startsWith("--class-path=")) {
                return options.remove(i).substring("--class-path=".length()) + File.pathSeparator + ours;
            }
        }
        return ours;
    }

    /** {@code @modules java.logging java.base/sun.security.util:+open} as options. */
    private List<String> moduleOptions() {
        List<String> options = new ArrayList<>();
        for (String entry : suite.modules(test)) {
            Matcher matcher = Pattern.compile("([\\w.]+)(?:/([\\w.]+)(:open|:\\+open|:private)?)?")
                    .matcher(entry);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("Invalid item in @modules: " + entry);
            }
            options.add("--add-modules=" + matcher.group(1));
            String target = matcher.group(1) + "/" + matcher.group(2) + "=ALL-UNNAMED";
            String how = matcher.group(3);
            if (matcher.group(2) != null && (how == null || how.equals(":+open"))) {
                options.add("--add-exports=" + target);
            }
            if (how != null) {
                options.add("--add-opens=" + target);
            }
        }
        return options;
    }

    private Duration limit(Map<String, String> options) {
        String value = options.getOrDefault("timeout", String.valueOf(DEFAULT_SECONDS));
        if (!value.matches("\\d{1,6}")) {
            throw new IllegalArgumentException("Bad integer specification: timeout=" + value);
        }
        // 0 means no limit; a day is none, and an end.
        long seconds = Long.parseLong(value) == 0 ? Duration.ofDays(1).toSeconds() : Long.parseLong(value);
        return Duration.ofMillis((long) (seconds * 1000 * harness.timeoutFactor()));
    }

    private List<String> expanded(List<String> words) {
        List<String> expanded = new ArrayList<>();
        words.forEach(word -> expanded.add(expanded(word)));
        return expanded;
    }

    private String expanded(String word) {
        return VARIABLE.matcher(word).replaceAll(found -> {
            String name = found.group(1);
            String value =
                    switch (name) {
                        case "/", "file.separator" -> File.separator;
                        case ":", "path.separator" -> File.pathSeparator;
                        default -> properties.get(name);
                    };
            if (value == null) {
                throw new IllegalArgumentException("unset property " + name);
            }
            return Matcher.quoteReplacement(value);
        });
    }

    static String joined(List<Path> entries) {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
