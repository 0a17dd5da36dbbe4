package org.jsspi.conformance.jtreg;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The trees of tests that the harness is tried on. */
final class Samples {
    private Samples() {}

    static Path tree() {
        try {
            return Path.of(Samples.class.getResource("samples/tree").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
