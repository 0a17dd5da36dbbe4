package org.jsspi.conformance.jtreg;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the tests of a Java file: every block comment whose first tag is {@code @test}.
 *
 * <p>Nothing is compiled and nothing outside the file is looked at. A comment that makes no sense is still a test: one that
 * ends in an Error.
 */
final class DescriptionReader {
    /** A tag begins a line, behind the stars that may frame the comment. */
    private static final Pattern TAG = Pattern.compile("(?m)^[ \\t]*\\**[ \\t]*@(\\w+(?:/[^\\s]+)?)");

    private static final Pattern PACKAGE = Pattern.compile("(?m)^[ \\t]*package\\s+([\\w.]+)\\s*;");
    private static final Set<String> ACTIONS = Set.of("build", "clean", "compile");

    private DescriptionReader() {}

    private record Tag(String name, String value) {}

    /**
     * {@return the tests of this file, in order}
     *
     * @param root the root of the suite, above the file
     */
    static List<TestDescription> read(Path root, Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        if (!text.contains("@test")) {
            return List.of();
        }
        List<List<Tag>> comments = new ArrayList<>();
        for (String comment : comments(text)) {
            List<Tag> tags = tags(comment);
            if (!tags.isEmpty() && tags.get(0).name().equals("test")) {
                comments.add(tags);
            }
        }
        String path =
                root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
        List<TestDescription> tests = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < comments.size(); i++) {
            String id = id(comments.get(i).get(0).value());
            if (id == null && comments.size() > 1) {
                id = "id" + i;
            }
            String name = id == null ? path : path + "#" + id;
            TestDescription test = describe(name, file, comments.get(i));
            // Two tests of one name would share their directories, and one result would hide the other.
            if (names.add(name)) {
                tests.add(test);
            } else {
                tests.add(broken(name + "-" + i, file, "Duplicate id: " + id));
            }
        }
        return tests;
    }

    /** {@return the package that the text declares, an empty string for none} */
    static String packageOf(String text) {
        Matcher matcher = PACKAGE.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static TestDescription describe(String name, Path file, List<Tag> tags) {
        String summary = "";
        List<String> bugs = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        List<String> requires = new ArrayList<>();
        List<String> modules = null;
        List<String> libraries = new ArrayList<>();
        List<Directive> directives = new ArrayList<>();
        String ignored = null;
        boolean enablePreview = false;
        try {
            for (Tag tag : tags) {
                String value = tag.value();
                int slash = tag.name().indexOf('/');
                String kind = slash < 0 ? tag.name() : tag.name().substring(0, slash);
                if (ACTIONS.contains(kind)) {
                    directives.add(Directive.parse(tag.name() + " " + value));
                    continue;
                }
                switch (tag.name()) {
                    case "test", "author", "comment" -> {}
                    case "summary" -> summary = oneLine(value);
                    case "bug" -> bugs.addAll(Directive.words(value));
                    case "key" -> keys.addAll(Directive.words(value));
                    case "requires" -> requires.add(oneLine(value));
                    case "library" -> libraries.addAll(Directive.words(value));
                    case "modules" -> {
                        modules = modules == null ? new ArrayList<>() : modules;
                        modules.addAll(Directive.words(value));
                    }
                    case "ignore" -> ignored = oneLine(value);
                    case "enablePreview" ->
                        enablePreview = value.isBlank() || value.strip().equals("true");
                    case "run" -> {
                        Directive directive = Directive.parse(value);
                        if (directive.action().equals("ignore")) {
                            ignored = String.join(" ", directive.words());
                        } else {
                            directives.add(directive);
                        }
                    }
                    default -> throw new IllegalArgumentException("Invalid tag: " + tag.name());
                }
            }
        } catch (IllegalArgumentException e) {
            return broken(name, file, e.getMessage());
        }
        return new TestDescription(
                name,
                file,
                summary,
                List.copyOf(bugs),
                List.copyOf(keys),
                List.copyOf(requires),
                modules == null ? null : List.copyOf(modules),
                List.copyOf(libraries),
                List.copyOf(directives),
                ignored,
                enablePreview,
                null);
    }

    private static TestDescription broken(String name, Path file, String error) {
        List<String> none = List.of();
        return new TestDescription(name, file, "", none, none, none, null, none, List.of(), null, false, error);
    }

    private static String id(String value) {
        for (String word : Directive.words(value)) {
            if (word.startsWith("id=")) {
                return word.substring(3);
            }
        }
        return null;
    }

    private static List<Tag> tags(String comment) {
        List<Tag> tags = new ArrayList<>();
        Matcher matcher = TAG.matcher(comment);
        String name = null;
        int from = 0;
        while (matcher.find()) {
            if (name != null) {
                tags.add(new Tag(name, value(comment.substring(from, matcher.start()))));
            }
            name = matcher.group(1);
            from = matcher.end();
        }
        if (name != null) {
            tags.add(new Tag(name, value(comment.substring(from))));
        }
        return tags;
    }

    /** Takes the stars away that begin the further lines of a comment. */
    private static String value(String text) {
        return text.replaceAll("(?m)^[ \\t]*\\*+(?=\\s|$)", "").strip();
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    /** {@return the block comments, without their delimiters; what looks like one inside a literal is none} */
    private static List<String> comments(String text) {
        List<String> comments = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                end = end < 0 ? text.length() : end;
                comments.add(text.substring(at + 2, end));
                at = end + 2;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("\"\"\"", at)) {
                at = afterLiteral(text, at + 3, "\"\"\"", true);
            } else if (text.charAt(at) == '"' || text.charAt(at) == '\'') {
                at = afterLiteral(text, at + 1, text.substring(at, at + 1), false);
            } else {
                at++;
            }
        }
        return comments;
    }

    private static int afterLiteral(String text, int from, String quote, boolean manyLines) {
        int at = from;
        while (at < text.length() && !text.startsWith(quote, at)) {
            if (text.charAt(at) == '\n' && !manyLines) {
                return at;
            }
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + quote.length();
    }
}
