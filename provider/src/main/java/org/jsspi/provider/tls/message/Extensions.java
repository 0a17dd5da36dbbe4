package org.jsspi.provider.tls.message;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * The extensions of one message, in their order, each at most once.
 *
 * <p>{@code extensions.find(Shape.KEY_SHARE_OFFER)} finds one by its shape, {@code extensions.has(COOKIE)} asks for one
 * by its type.
 */
public final class Extensions implements Writer.Body {
    /** A block without extensions. */
    public static final Extensions NONE = new Extensions(List.of(), false);

    /** No block at all, which only a ClientHello and a ServerHello of TLS 1.2 may do (RFC 5246 7.4.1.2). */
    public static final Extensions ABSENT = new Extensions(List.of(), true);

    private final List<Extension> list;
    private final boolean absent;

    private Extensions(List<Extension> list, boolean absent) {
        this.list = List.copyOf(list);
        this.absent = absent;
    }

    /** The types of a block that is being put together: known ones as bits, and only others as numbers. */
    private static final class Seen {
        private final EnumSet<ExtensionType> known = EnumSet.noneOf(ExtensionType.class);
        private Set<Integer> unknown = Set.of();

        /** {@return whether it was not there before} */
        boolean add(int code, Optional<ExtensionType> type) {
            if (type.isPresent()) {
                return known.add(type.get());
            }
            if (unknown.isEmpty()) {
                unknown = new HashSet<>();
            }
            return unknown.add(code);
        }
    }

    /**
     * {@return these extensions, in this order}
     *
     * @throws IllegalArgumentException if one of them is there twice
     */
    public static Extensions of(Extension... extensions) {
        return of(List.of(extensions));
    }

    /**
     * {@return these extensions, in this order}
     *
     * @throws IllegalArgumentException if one of them is there twice
     */
    public static Extensions of(List<Extension> extensions) {
        Seen seen = new Seen();
        for (int i = 0; i < extensions.size(); i++) {
            Extension extension = extensions.get(i);
            if (!seen.add(extension.code(), ExtensionType.of(extension.code()))) {
                throw new IllegalArgumentException("two extensions of type " + extension.code());
            }
        }
        return new Extensions(extensions, false);
    }

    /**
     * {@return the extension of this shape, or empty}
     *
     * <p>{@link Indication} and {@link RawExtension} are the shape of several: those are found by their type.
     */
    public <T extends Extension> Optional<T> find(Shape<T> shape) {
        for (int i = 0; i < list.size(); i++) {
            T found = shape.of(list.get(i));
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /** {@return the extension of this type in whatever shape, or empty} */
    public Optional<Extension> find(ExtensionType type) {
        return find(type.code());
    }

    /** {@return the extension with this number, or empty} */
    public Optional<Extension> find(int code) {
        int index = indexOf(code);
        return index < 0 ? Optional.empty() : Optional.of(list.get(index));
    }

    private int indexOf(int code) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).code() == code) {
                return i;
            }
        }
        return -1;
    }

    /** {@return whether there is an extension of this type} */
    public boolean has(ExtensionType type) {
        return indexOf(type.code()) >= 0;
    }

    /** {@return the numbers of all that are present, unknown and GREASE ones included, in their order} */
    public Codes codes() {
        return Codes.of(list.stream().mapToInt(Extension::code).toArray());
    }

    /**
     * Requires that a message answers only what was offered, as ServerHello, HelloRetryRequest, EncryptedExtensions and
     * the entries of a Certificate must.
     *
     * @param offered the extensions of the message that this one answers
     * @throws SspiException unsupported_extension if one of these extensions is not in {@code offered}
     */
    public void requireOfferedIn(Extensions offered) throws SspiException {
        for (Extension extension : list) {
            // RFC 8446 4.2: an extension response that was not requested; the cookie of a HelloRetryRequest is none.
            // RFC 8701 4: a reserved value that was offered must not be answered.
            boolean unknown = offered.indexOf(extension.code()) < 0 || Grease.isGrease(extension.code());
            if (unknown && extension.shape() != Shape.COOKIE) {
                throw AlertDescription.UNSUPPORTED_EXTENSION.because(
                        "extension " + nameOf(extension.code()) + " that was not offered");
            }
        }
    }

    /** {@return the extensions in their order} */
    public List<Extension> list() {
        return list;
    }

    /** {@return how many extensions there are} */
    public int size() {
        return list.size();
    }

    /** {@return whether the message had no extension block at all, not even an empty one} */
    public boolean isAbsent() {
        return absent;
    }

    /** {@return these extensions with {@code extension} in place of the one of its type, or added at the end} */
    public Extensions with(Extension extension) {
        List<Extension> changed = new ArrayList<>(list.size() + 1);
        changed.addAll(list);
        int index = indexOf(extension.code());
        if (index < 0) {
            changed.add(extension);
        } else {
            changed.set(index, extension);
        }
        return new Extensions(changed, false);
    }

    /** {@return these extensions without the one of this type} */
    public Extensions without(ExtensionType type) {
        return new Extensions(
                list.stream()
                        .filter(extension -> extension.code() != type.code())
                        .toList(),
                absent);
    }

    /** {@return these extensions without those of these types} */
    public Extensions without(Set<ExtensionType> types) {
        if (types.isEmpty()) {
            return this;
        }
        Extensions left = this;
        for (ExtensionType type : types) {
            left = left.without(type);
        }
        return left;
    }

    /**
     * Reads a block with its length, and no more.
     *
     * <pre>
     * struct {
     *     ExtensionType extension_type;
     *     opaque extension_data&lt;0..2^16-1&gt;;
     * } Extension;
     * </pre>
     */
    static Extensions decode(Reader in, HandshakeType message, int min, int max) throws SspiException {
        return decodeBlock(in.vector16(min, max), message, false);
    }

    /** Reads the block of a ClientHello or of a ServerHello, which is the rest of the message and may be missing. */
    static Extensions decodeHello(Reader in, HandshakeType message) throws SspiException {
        if (!in.hasRemaining()) {
            return ABSENT;
        }
        Reader block = in.vector16(0, 0xFFFF);
        boolean tls12 = message == HandshakeType.SERVER_HELLO && !selectsVersion(block.fork());
        return decodeBlock(block, message, tls12);
    }

    /** RFC 8446 4.2.1: only a ServerHello with supported_versions is one of TLS 1.3. */
    private static boolean selectsVersion(Reader block) throws SspiException {
        while (block.hasRemaining()) {
            int code = block.u16();
            block.vector16(0, 0xFFFF);
            if (code == ExtensionType.SUPPORTED_VERSIONS.code()) {
                return true;
            }
        }
        return false;
    }

    private static Extensions decodeBlock(Reader block, HandshakeType message, boolean tls12) throws SspiException {
        List<Extension> list = new ArrayList<>();
        Seen seen = new Seen();
        while (block.hasRemaining()) {
            int code = block.u16();
            Reader body = block.vector16(0, 0xFFFF);
            Optional<ExtensionType> known = ExtensionType.of(code);
            if (!seen.add(code, known)) {
                // RFC 8446 4.2: there must not be more than one extension of the same type in a block.
                throw AlertDescription.ILLEGAL_PARAMETER.because("extension " + nameOf(code) + " twice in " + message);
            }
            ExtensionType type = known.orElse(null);
            if (type != null && !(tls12 ? type.allowedInServerHello12() : type.allowedIn(message))) {
                // RFC 8446 4.2: an extension that is recognised and not specified for this message.
                throw AlertDescription.ILLEGAL_PARAMETER.because("extension " + type + " in " + message);
            }
            list.add(Extension.decode(code, message, body));
        }
        return list.isEmpty() ? NONE : new Extensions(list, false);
    }

    /** Writes the block with its length, or nothing when there is no block. */
    void encode(Writer out) {
        if (!absent) {
            out.vector16(this);
        }
    }

    /** Writes the extensions, which are the body of their block. */
    @Override
    public void writeTo(Writer block) {
        for (int i = 0; i < list.size(); i++) {
            Extension extension = list.get(i);
            block.u16(extension.code()).vector16(extension);
        }
    }

    private static String nameOf(int code) {
        return ExtensionType.of(code).map(ExtensionType::toString).orElseGet(() -> Integer.toString(code));
    }

    @Override
    public String toString() {
        return absent ? "absent" : list.toString();
    }
}
