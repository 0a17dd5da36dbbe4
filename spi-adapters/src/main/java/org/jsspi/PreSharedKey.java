package org.jsspi;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import javax.security.auth.Destroyable;

/**
 * A key that two sides have agreed on outside of TLS, and the name that both know it by.
 *
 * <p>Whoever has the key can be either side to the other, so it is for two parties and for nobody else (RFC 9257 4.1), and it is
 * random: a password can be guessed by anybody who has pretended to be the server once (RFC 9257 6). The name travels in the clear.
 * Safe for all threads.
 */
public final class PreSharedKey implements Destroyable, AutoCloseable {
    /** RFC 9257 6: a key is at least 128 bits long. */
    public static final int SHORTEST_KEY = 16;
    /** The longest key in bytes. */
    public static final int LONGEST_KEY = 1024;
    /** The longest name in bytes, identity and context together. */
    public static final int LONGEST_NAME = 4096;

    /**
     * What a key is for. Each use is one protocol's: keys that two protocols derive from in their own ways can give each other
     * away (RFC 8446 E.7).
     */
    public enum Use {
        /**
         * TLS 1.3, for which a key of its own is derived from this one for each hash (RFC 9258). What to take for new
         * deployments: it serves every cipher suite, and the key may serve TLS 1.2 elsewhere.
         */
        IMPORTED,
        /** TLS 1.3, as it is (RFC 8446 4.2.11): with the cipher suites of its {@link Hash} only. What OpenSSL and GnuTLS do. */
        TLS13,
        /**
         * TLS 1.2, with the cipher suites of ECDHE_PSK (RFC 5489), whatever their hash is. The bytes may be those of a key that is
         * {@link #IMPORTED} for TLS 1.3 (RFC 9258 7), and of no other.
         */
        TLS12
    }

    /** The hash that a key goes with. */
    public enum Hash {
        /** SHA-256, which every key goes with of which nothing else is said (RFC 8446 4.2.11, RFC 9258 5.1). */
        SHA256,
        /** SHA-384. */
        SHA384
    }

    /**
     * What a key is found by, on both sides.
     *
     * @param use what the key is for
     * @param identity 1 byte or more, which no other key of this use and context has
     * @param context what else the two sides have to agree on, such as who plays which role (RFC 9258 5.1, appendix A); may be
     *     empty, and is empty unless the key is imported
     */
    public record Name(Use use, byte[] identity, byte[] context) implements Principal {
        /** Copies the arrays. */
        public Name {
            Objects.requireNonNull(use, "use");
            identity = identity.clone();
            context = context.clone();
            if (identity.length == 0 || identity.length + context.length > LONGEST_NAME) {
                throw new IllegalArgumentException(
                        "the name of a pre-shared key has 1 to " + LONGEST_NAME + " bytes, and some of identity");
            }
            if (context.length > 0 && use != Use.IMPORTED) {
                throw new IllegalArgumentException("only keys that are imported have a context");
            }
        }

        /** A name without a context. */
        public Name(Use use, byte[] identity) {
            this(use, identity, new byte[0]);
        }

        /** {@return a copy of the identity} */
        @Override
        public byte[] identity() {
            return identity.clone();
        }

        /** {@return a copy of the context} */
        @Override
        public byte[] context() {
            return context.clone();
        }

        /** {@return the identity for people: as it is if it is printable text in UTF-8, in hexadecimal digits otherwise} */
        @Override
        public String getName() {
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(identity))
                        .toString();
                // Nothing that a peer has chosen shall look like a line of its own.
                if (text.codePoints().noneMatch(Name::isUnprintable)) {
                    return text;
                }
            } catch (CharacterCodingException notText) {
                // then bytes
            }
            return HexFormat.of().formatHex(identity);
        }

        private static boolean isUnprintable(int codePoint) {
            return switch (Character.getType(codePoint)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE,
                        Character.UNASSIGNED -> true;
                default -> false;
            };
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Name that
                    && use == that.use
                    && Arrays.equals(identity, that.identity)
                    && Arrays.equals(context, that.context);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * use.hashCode() + Arrays.hashCode(identity)) + Arrays.hashCode(context);
        }

        @Override
        public String toString() {
            return "PreSharedKey.Name[" + use + ", " + getName()
                    + (context.length == 0 ? "]" : ", context " + HexFormat.of().formatHex(context) + "]");
        }
    }

    private final Name name;
    private final Hash hash;
    private final byte[] key;
    private volatile boolean destroyed;

    private PreSharedKey(Name name, Hash hash, byte[] key) {
        this.name = Objects.requireNonNull(name, "name");
        this.hash = Objects.requireNonNull(hash, "hash");
        this.key = key;
    }

    /**
     * {@return the key with this identity, without a context, that goes with SHA-256}
     *
     * @param key {@value #SHORTEST_KEY} to {@value #LONGEST_KEY} random bytes, copied: the caller wipes its own
     */
    public static PreSharedKey of(Use use, byte[] identity, byte[] key) {
        return of(new Name(use, identity), Hash.SHA256, key);
    }

    /**
     * {@return the key with this name}
     *
     * @param hash what the key goes with; both sides say the same
     * @param key {@value #SHORTEST_KEY} to {@value #LONGEST_KEY} random bytes, copied: the caller wipes its own
     */
    public static PreSharedKey of(Name name, Hash hash, byte[] key) {
        if (key.length < SHORTEST_KEY) {
            throw new IllegalArgumentException("a pre-shared key has at least " + SHORTEST_KEY + " bytes");
        }
        return ofAnyLength(name, hash, key);
    }

    /**
     * {@return the key with this name, which may be shorter than RFC 9257 6 allows}
     *
     * <p>For peers that cannot be given another. Who has pretended once to be the server can try all short keys at leisure, and
     * then knows this one.
     *
     * @param key 1 to {@value #LONGEST_KEY} bytes, copied: the caller wipes its own
     */
    public static PreSharedKey ofAnyLength(Name name, Hash hash, byte[] key) {
        if (key.length == 0 || key.length > LONGEST_KEY) {
            throw new IllegalArgumentException("a pre-shared key has 1 to " + LONGEST_KEY + " bytes");
        }
        return new PreSharedKey(name, hash, key.clone());
    }

    /** {@return what it is found by} */
    public Name name() {
        return name;
    }

    /** {@return the hash that it goes with} */
    public Hash hash() {
        return hash;
    }

    /**
     * {@return a copy of the key, which the caller wipes}
     *
     * @throws IllegalStateException if it was destroyed
     */
    public byte[] key() {
        byte[] copy = key.clone();
        // A copy that was made while the key was wiped is recognised as such: destroy() raises the flag first.
        VarHandle.acquireFence();
        if (destroyed) {
            Arrays.fill(copy, (byte) 0);
            throw new IllegalStateException("the pre-shared key was destroyed");
        }
        return copy;
    }

    /**
     * {@return the same key once more: each of the two is destroyed by itself}
     *
     * @throws IllegalStateException if it was destroyed
     */
    public PreSharedKey copy() {
        return new PreSharedKey(name, hash, key());
    }

    /** Wipes the key. */
    @Override
    public void destroy() {
        destroyed = true;
        VarHandle.fullFence();
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    /** The same as {@link #destroy()}. */
    @Override
    public void close() {
        destroy();
    }

    /** {@return its name, never the key} */
    @Override
    public String toString() {
        return "PreSharedKey[" + name + ", " + hash + "]";
    }
}
