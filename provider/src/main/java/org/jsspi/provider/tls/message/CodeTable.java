package org.jsspi.provider.tls.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The values of one registry by their number on the wire; numbers that nobody has here are empty, not an error. */
final class CodeTable<E extends Coded> {
    // Short lists, gone through for every number of every hello: a map would box each of them.
    private final int[] codes;
    private final List<Optional<E>> values;

    CodeTable(E[] values) {
        this.codes = new int[values.length];
        this.values = new ArrayList<>(values.length);
        for (int i = 0; i < codes.length; i++) {
            codes[i] = values[i].code();
            if (find(codes[i]).isPresent()) {
                throw new IllegalArgumentException("two values have the same number: " + codes[i]);
            }
            this.values.add(Optional.of(values[i]));
        }
    }

    Optional<E> find(int code) {
        for (int i = 0; i < values.size(); i++) {
            if (codes[i] == code) {
                return values.get(i);
            }
        }
        return Optional.empty();
    }
}
