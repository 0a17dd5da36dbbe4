package org.jsspi.conformance.jtreg;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * An expression of {@code @requires}: {@code os.family != "windows" & jdk.version.major >= 17}.
 *
 * <p>From the weakest to the strongest: {@code |}, {@code &}, comparison ({@code == != < <= > >=}, {@code =~ !~} for regular
 * expressions), {@code + -}, {@code * / %}, {@code !}, parentheses. Every value is text; {@code true} and {@code false} are
 * truth values, and comparison by size takes numbers, with {@code k}, {@code m} or {@code g} behind them if need be.
 */
final class Requirement {
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:(\"[^\"]*\")|([\\w.]+)|(==|!=|<=|>=|=~|!~|&&|\\|\\||[<>&|!()+\\-*/%]))");

    private final String text;
    private final Map<String, String> names;
    private final Matcher matcher;
    private String token;
    private int at;

    private Requirement(String text, Map<String, String> names) {
        this.text = text;
        this.names = names;
        this.matcher = TOKEN.matcher(text);
        next();
    }

    /**
     * {@return whether the expression holds}
     *
     * @param names what the names in it mean
     * @throws IllegalArgumentException if it cannot be read or has a name that is not known, with a phrase that says which
     */
    static boolean holds(String text, Map<String, String> names) {
        Requirement requirement = new Requirement(text, names);
        boolean value = requirement.truth(requirement.or());
        if (requirement.token != null) {
            throw requirement.wrong("cannot be read from " + requirement.token + " on");
        }
        return value;
    }

    private String or() {
        String left = and();
        while (take("|") || take("||")) {
            boolean value = truth(left);
            boolean right = truth(and());
            left = String.valueOf(value || right);
        }
        return left;
    }

    private String and() {
        String left = comparison();
        while (take("&") || take("&&")) {
            boolean value = truth(left);
            boolean right = truth(comparison());
            left = String.valueOf(value && right);
        }
        return left;
    }

    private String comparison() {
        String left = sum();
        for (String operator : new String[] {"==", "!=", "<=", ">=", "<", ">", "=~", "!~"}) {
            if (take(operator)) {
                String right = sum();
                return String.valueOf(
                        switch (operator) {
                            case "==" -> left.equals(right);
                            case "!=" -> !left.equals(right);
                            case "<" -> number(left) < number(right);
                            case "<=" -> number(left) <= number(right);
                            case ">" -> number(left) > number(right);
                            case ">=" -> number(left) >= number(right);
                            case "=~" -> matches(left, right);
                            default -> !matches(left, right);
                        });
            }
        }
        return left;
    }

    private String sum() {
        String left = product();
        while (true) {
            if (take("+")) {
                String right = product();
                left = isNumber(left) && isNumber(right) ? String.valueOf(number(left) + number(right)) : left + right;
            } else if (take("-")) {
                left = String.valueOf(number(left) - number(product()));
            } else {
                return left;
            }
        }
    }

    private String product() {
        String left = unary();
        while (true) {
            if (take("*")) {
                left = String.valueOf(number(left) * number(unary()));
            } else if (take("/")) {
                left = String.valueOf(number(left) / divisor(unary()));
            } else if (take("%")) {
                left = String.valueOf(number(left) % divisor(unary()));
            } else {
                return left;
            }
        }
    }

    private String unary() {
        if (take("!")) {
            return String.valueOf(!truth(unary()));
        }
        if (take("(")) {
            String value = or();
            if (!take(")")) {
                throw wrong("has no closing parenthesis");
            }
            return value;
        }
        if (token == null) {
            throw wrong("ends too early");
        }
        String value = token;
        next();
        if (value.startsWith("\"")) {
            return value.substring(1, value.length() - 1);
        }
        if (isNumber(value) || value.equals("true") || value.equals("false")) {
            return value;
        }
        String meaning = names.get(value);
        if (meaning == null) {
            throw wrong("has " + value + ", which is not known here");
        }
        return meaning;
    }

    private boolean matches(String value, String regex) {
        try {
            return value.matches(regex);
        } catch (PatternSyntaxException e) {
            throw wrong("has " + regex + ", which is no regular expression");
        }
    }

    private boolean truth(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong("has " + value + " where true or false must be");
        };
    }

    private static boolean isNumber(String value) {
        return value.matches("\\d{1,15}[kKmMgG]?");
    }

    private long number(String value) {
        if (!isNumber(value)) {
            throw wrong("has " + value + " where a number must be");
        }
        int last = value.length() - 1;
        return switch (Character.toLowerCase(value.charAt(last))) {
            case 'k' -> Long.parseLong(value.substring(0, last)) << 10;
            case 'm' -> Long.parseLong(value.substring(0, last)) << 20;
            case 'g' -> Long.parseLong(value.substring(0, last)) << 30;
            default -> Long.parseLong(value);
        };
    }

    private long divisor(String value) {
        long number = number(value);
        if (number == 0) {
            throw wrong("divides by zero");
        }
        return number;
    }

    private boolean take(String expected) {
        if (!expected.equals(token)) {
            return false;
        }
        next();
        return true;
    }

    private void next() {
        if (text.substring(at).isBlank()) {
            token = null;
            return;
        }
        matcher.region(at, text.length());
        if (!matcher.lookingAt()) {
            throw wrong("cannot be read from " + text.substring(at).strip() + " on");
        }
        token = matcher.group().strip();
        at = matcher.end();
    }

    private IllegalArgumentException wrong(String how) {
        return new IllegalArgumentException("@requires " + text + " " + how);
    }
}
