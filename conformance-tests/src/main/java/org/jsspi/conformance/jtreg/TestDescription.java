package org.jsspi.conformance.jtreg;

import java.nio.file.Path;
import java.util.List;

/**
 * One test: what one {@code @test} comment says.
 *
 * @param name the path of the file from the root of the suite, with slashes, and {@code #id} where the comment has an id
 *     or the file has several tests
 * @param file the file
 * @param summary {@code @summary}, on one line, or an empty string
 * @param bugs {@code @bug}
 * @param keys {@code @key}
 * @param requires {@code @requires}, one expression each; all of them have to hold
 * @param modules {@code @modules}; null where the tag is missing and the suite's default counts
 * @param libraries {@code @library}, as written
 * @param directives the actions, in order
 * @param ignored the reason of {@code @ignore}; null without one
 * @param enablePreview {@code @enablePreview}
 * @param error what is wrong with the comment; null if nothing is
 */
public record TestDescription(
        String name,
        Path file,
        String summary,
        List<String> bugs,
        List<String> keys,
        List<String> requires,
        List<String> modules,
        List<String> libraries,
        List<Directive> directives,
        String ignored,
        boolean enablePreview,
        String error) {
    /** {@return the directory of the file: test.src} */
    Path directory() {
        return file.getParent();
    }

    /** {@return the name as a path for what the harness writes: {@code a/Foo}, {@code a/Foo_id}} */
    String place() {
        return name.replace(".java#", "_").replaceFirst("\\.java$", "");
    }
}
