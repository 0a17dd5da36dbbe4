package org.jsspi.provider.tls.message;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** The values of one registry by their number on the wire; numbers that nobody has here are empty, not an error. */
final class CodeTable<E> {
    private final Map<Integer, Optional<E>> byCode = new HashMap<>();

    CodeTable(E[] values, ToIntFunction<E> code) {
        for (E value : values) {
            if (byCode.put(code.applyAsInt(value), Optional.of(value)) != null) {
                throw new IllegalArgumentException(value + " has the number of another");
            }
        }
    }

    Optional<E> find(int code) {
        return byCode.getOrDefault(code, Optional.empty());
    }
}
