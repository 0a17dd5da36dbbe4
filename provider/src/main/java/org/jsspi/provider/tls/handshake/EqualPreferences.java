package org.jsspi.provider.tls.handshake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.NamedGroup;

/**
 * What is worth the same to a server: among values of one set that stand next to each other in its own order, the client's decides.
 *
 * @param suites sets of cipher suites, which have none in common
 * @param groups sets of groups, which have none in common
 */
public record EqualPreferences(List<Set<CipherSuite>> suites, List<Set<NamedGroup>> groups) {
    /** Nothing is worth the same as anything else. */
    public static final EqualPreferences NONE = new EqualPreferences(List.of(), List.of());

    /** {@return the suites and groups of these names; others are ignored} */
    public static EqualPreferences of(List<List<String>> names) {
        return names.isEmpty()
                ? NONE
                : new EqualPreferences(sets(names, CipherSuite::named), sets(names, NamedGroup::named));
    }

    private static <T> List<Set<T>> sets(List<List<String>> names, Function<String, Optional<T>> lookup) {
        List<Set<T>> sets = new ArrayList<>();
        for (List<String> equal : names) {
            Set<T> set = new LinkedHashSet<>();
            equal.forEach(name -> lookup.apply(name).ifPresent(set::add));
            if (set.size() > 1) {
                sets.add(set);
            }
        }
        return sets;
    }

    /** {@return these suites of both sides, which are in the server's order, in the order that counts} */
    List<CipherSuite> suites(List<CipherSuite> common, Codes offered) {
        return suites.isEmpty() ? common : ordered(common, suites, suite -> offered.indexOf(suite.code()));
    }

    /** {@return these groups of both sides, which are in the server's order, in the order that counts} */
    List<NamedGroup> groups(List<NamedGroup> common, Codes offered) {
        return groups.isEmpty() ? common : ordered(common, groups, group -> offered.indexOf(group.code()));
    }

    private static <T> List<T> ordered(List<T> common, List<Set<T>> sets, ToIntFunction<T> clientsPlace) {
        List<T> ordered = new ArrayList<>(common);
        int end;
        for (int start = 0; start < ordered.size(); start = end) {
            Set<T> set = of(ordered.get(start), sets);
            end = start + 1;
            while (end < ordered.size() && set.contains(ordered.get(end))) {
                end++;
            }
            ordered.subList(start, end).sort(Comparator.comparingInt(clientsPlace));
        }
        return ordered;
    }

    private static <T> Set<T> of(T value, List<Set<T>> sets) {
        for (Set<T> set : sets) {
            if (set.contains(value)) {
                return set;
            }
        }
        return Set.of();
    }
}
