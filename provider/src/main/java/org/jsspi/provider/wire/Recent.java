package org.jsspi.provider.wire;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Values that were seen of late, so that thousands of connections which agree on the same hold one of them and not one each. Whoever
 * meets another value in its place just keeps its own.
 *
 * @param <T> immutable, with equality by content
 */
public final class Recent<T> {
    private static final int SIZE = 16;

    private final AtomicReferenceArray<T> values = new AtomicReferenceArray<>(SIZE);

    /** {@return an equal value, from now on the one that others get} */
    public T share(T value) {
        int hash = value.hashCode() * 0x9E3779B9;
        int place = hash >>> 16 & SIZE - 1;
        T known = values.get(place);
        if (value.equals(known)) {
            return known;
        }
        values.set(place, value);
        return value;
    }
}
