package org.jsspi.provider.tls.message;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** The values of one registry by their number on the wire; numbers that nobody has here are empty, not an error. */
final class CodeTable<E> {
    // Short lists, gone through for every number of every hello: a map would box each of them.
    private final int[] codes;
    private final List<Optional<E>> values;

    CodeTable(E[] values, ToIntFunction<E> code) {
        this.codes = Arrays.stream(values).mapToInt(code).toArray();
        this.values = Stream.of(values).map(Optional::of).toList();
        if (Arrays.stream(codes).distinct().count() != codes.length) {
            throw new IllegalArgumentException("two values have the same number: " + Arrays.toString(codes));
        }
    }

    Optional<E> find(int code) {
        for (int i = 0; i < codes.length; i++) {
            if (codes[i] == code) {
                return values.get(i);
            }
        }
        return Optional.empty();
    }
}
