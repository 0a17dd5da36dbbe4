package org.jsspi.provider.tls.record;

import java.security.Security;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsspi.provider.crypto.Aead;

/**
 * After how many records a key is due for its successor: the security property {@code jdk.tls.keyLimits}, read once, such as
 * {@code AES/GCM/NoPadding KeyUpdate 2^37}.
 *
 * <p>The property counts bytes of plaintext, this counts records and takes each for a full one: a key never protects more than
 * it may, and connections with small records get new keys earlier.
 */
final class KeyLimits {
    private static final Pattern ENTRY = Pattern.compile("(\\S+)\\s+KEYUPDATE\\s+(2\\^)?(\\d{1,19})");

    private static final long AES_GCM = records(Security.getProperty("jdk.tls.keyLimits"), "AES/GCM/NOPADDING");
    private static final long CHACHA20 = records(Security.getProperty("jdk.tls.keyLimits"), "CHACHA20-POLY1305");

    private KeyLimits() {}

    static long of(Aead aead) {
        return aead == Aead.CHACHA20_POLY1305 ? CHACHA20 : AES_GCM;
    }

    /** {@return what a value of the property means for this cipher: at least 1, and no bound where it names none} */
    static long records(String property, String cipher) {
        for (String entry :
                (property == null ? "" : property).toUpperCase(Locale.ROOT).split(",")) {
            Matcher matcher = ENTRY.matcher(entry.strip());
            if (matcher.matches() && matcher.group(1).equals(cipher)) {
                OptionalLong bytes = bytes(matcher.group(2) != null, matcher.group(3));
                if (bytes.isPresent()) {
                    return Math.max(1, bytes.getAsLong() / RecordFormat.MAX_PLAINTEXT);
                }
            }
        }
        return Long.MAX_VALUE;
    }

    private static OptionalLong bytes(boolean powerOfTwo, String digits) {
        try {
            long number = Long.parseLong(digits);
            if (powerOfTwo) {
                return number <= 62 ? OptionalLong.of(1L << number) : OptionalLong.empty();
            }
            return number > 0 ? OptionalLong.of(number) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
