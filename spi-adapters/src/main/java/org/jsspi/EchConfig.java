package org.jsspi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An ECHConfig (RFC 9849 4): the public key to which a client encrypts the name of the server that it wants, and the public
 * name that it sends in the clear instead. Immutable.
 *
 * <p>A client finds a list of them in the record of type HTTPS of the server's name (RFC 9848), as the parameter {@code ech};
 * a server publishes those of its {@link EchKey}s there.
 */
public final class EchConfig {
    /** The version that RFC 9849 describes; what others contain is not known here. */
    public static final int VERSION = 0xFE0D;

    // RFC 9849 6.1.7, RFC 5890 2.3.1: labels of letters, digits and hyphens, 63 octets at most, with dots between them;
    // no label
    // begins or ends with a hyphen.
    private static final String LDH_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

    private static final Pattern LDH_NAME = Pattern.compile(LDH_LABEL + "(\\." + LDH_LABEL + ")*");

    // RFC 9849 6.1.7: a last label that somebody could take for the end of an IPv4 address.
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");

    /**
     * How what a client encrypts is protected (RFC 9180 7.2, 7.3).
     *
     * @param kdfId the key derivation function's number, 1 for HKDF-SHA256
     * @param aeadId the cipher's number, 1 for AES-128-GCM
     */
    public record CipherSuite(int kdfId, int aeadId) {
        /** Checks the numbers. */
        public CipherSuite {
            Objects.checkIndex(kdfId, 0x10000);
            Objects.checkIndex(aeadId, 0x10000);
        }
    }

    private final byte[] encoded;
    private final int version;
    private int configId;
    private int kemId;
    private byte[] publicKey = {};
    private List<CipherSuite> cipherSuites = List.of();
    private int maximumNameLength;
    private String publicName = "";
    private boolean mandatoryExtension;

    private EchConfig(byte[] encoded, int version) {
        this.encoded = encoded;
        this.version = version;
    }

    /**
     * {@return a configuration of the version {@link #VERSION} without extensions}
     *
     * @param configId 0 to 255: by it a server finds the key
     * @param kemId the number of the KEM (RFC 9180 7.1), 0x20 for X25519
     * @param publicKey in the form of that KEM, 1 to 65,535 bytes
     * @param cipherSuites what clients may choose from, best first
     * @param maximumNameLength 0 to 255: the length of the longest name behind the public name, 0 if it is not known
     * @param publicName a host name in ASCII
     * @throws IllegalArgumentException if a value is outside its bounds, or the public name is none that clients take
     */
    public static EchConfig of(
            int configId,
            int kemId,
            byte[] publicKey,
            List<CipherSuite> cipherSuites,
            int maximumNameLength,
            String publicName) {
        byte[] name = publicName.getBytes(StandardCharsets.US_ASCII);
        int contents = 1 + 2 + 2 + publicKey.length + 2 + 4 * cipherSuites.size() + 1 + 1 + name.length + 2;
        if (configId >>> 8 != 0 || kemId >>> 16 != 0 || maximumNameLength >>> 8 != 0) {
            throw new IllegalArgumentException("a number that does not fit its field");
        }
        if (publicKey.length == 0 || cipherSuites.isEmpty() || contents > 0xFFFF - 4) {
            throw new IllegalArgumentException("no public key, no cipher suites, or too much of them");
        }
        if (!isPublicName(publicName)) {
            throw new IllegalArgumentException("not a public name: " + publicName);
        }
        ByteBuffer out = ByteBuffer.allocate(4 + contents);
        out.putShort((short) VERSION)
                .putShort((short) contents)
                .put((byte) configId)
                .putShort((short) kemId);
        out.putShort((short) publicKey.length).put(publicKey).putShort((short) (4 * cipherSuites.size()));
        for (CipherSuite suite : cipherSuites) {
            out.putShort((short) suite.kdfId).putShort((short) suite.aeadId);
        }
        out.put((byte) maximumNameLength).put((byte) name.length).put(name).putShort((short) 0);
        try {
            return decodeOne(out.flip());
        } catch (SspiException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * {@return the configurations of an ECHConfigList, best first, those of versions that are not known here among them}
     *
     * @param echConfigList all of it, with its length in front
     * @throws SspiException SEC_E_INVALID_TOKEN if it is no ECHConfigList, or one of this version in it is no ECHConfig
     */
    // ECHConfig ECHConfigList<4..2^16-1>;
    public static List<EchConfig> decodeList(byte[] echConfigList) throws SspiException {
        ByteBuffer in = ByteBuffer.wrap(echConfigList);
        ByteBuffer list = vector(in, number(in, 2), 4);
        end(in);
        List<EchConfig> configs = new ArrayList<>();
        while (list.hasRemaining()) {
            configs.add(decodeOne(list));
        }
        return List.copyOf(configs);
    }

    /**
     * {@return the ECHConfigList of these configurations, with its length in front: what goes into the DNS}
     *
     * @throws IllegalArgumentException if there are none, or more than 65,535 bytes of them
     */
    public static byte[] encodeList(List<EchConfig> configs) {
        int length = configs.stream().mapToInt(config -> config.encoded.length).sum();
        if (configs.isEmpty() || length > 0xFFFF) {
            throw new IllegalArgumentException(
                    "an ECHConfigList of " + configs.size() + " configurations with " + length + " bytes");
        }
        ByteBuffer out = ByteBuffer.allocate(2 + length).putShort((short) length);
        configs.forEach(config -> out.put(config.encoded));
        return out.array();
    }

    // struct {
    //     uint16 version;
    //     uint16 length;
    //     select (ECHConfig.version) { case 0xfe0d: ECHConfigContents contents; }
    // } ECHConfig;
    private static EchConfig decodeOne(ByteBuffer in) throws SspiException {
        int start = in.position();
        int version = number(in, 2);
        ByteBuffer contents = vector(in, number(in, 2), 0);
        byte[] encoded = new byte[in.position() - start];
        in.get(start, encoded);
        EchConfig config = new EchConfig(encoded, version);
        if (version == VERSION) {
            config.decodeContents(contents);
        }
        return config;
    }

    // struct {
    //     uint8 config_id;
    //     HpkeKemId kem_id;
    //     opaque public_key<1..2^16-1>;
    //     HpkeSymmetricCipherSuite cipher_suites<4..2^16-4>;
    //     uint8 maximum_name_length;
    //     opaque public_name<1..255>;
    //     ECHConfigExtension extensions<0..2^16-1>;
    // } ECHConfigContents;
    private void decodeContents(ByteBuffer in) throws SspiException {
        configId = number(in, 1);
        kemId = number(in, 2);
        publicKey = bytes(vector(in, number(in, 2), 1));
        ByteBuffer suites = vector(in, number(in, 2), 4);
        List<CipherSuite> known = new ArrayList<>();
        while (suites.hasRemaining()) {
            known.add(new CipherSuite(number(suites, 2), number(suites, 2)));
        }
        cipherSuites = List.copyOf(known);
        maximumNameLength = number(in, 1);
        publicName = new String(bytes(vector(in, number(in, 1), 1)), StandardCharsets.ISO_8859_1);
        decodeExtensions(vector(in, number(in, 2), 0));
        end(in);
    }

    private void decodeExtensions(ByteBuffer in) throws SspiException {
        Set<Integer> seen = new HashSet<>();
        while (in.hasRemaining()) {
            int type = number(in, 2);
            vector(in, number(in, 2), 0);
            if (!seen.add(type)) {
                // RFC 9849 4.2: not more than one extension of the same type.
                throw malformed("two extensions of the type " + type);
            }
            // RFC 9849 4.2: the high order bit says that who does not know the extension does not use the
            // configuration.
            mandatoryExtension |= type >>> 15 == 1;
        }
    }

    /** {@return whether it is of the version {@link #VERSION}; otherwise only {@link #encoded()} says anything} */
    public boolean isKnown() {
        return version == VERSION;
    }

    /**
     * {@return whether a client may use it, if it has the KEM and a cipher suite}
     *
     * <p>The version is known, no extension is mandatory, since none is known here (RFC 9849 4.2), and the public name is a
     * host name and nothing that could be an address (RFC 9849 6.1.7).
     */
    public boolean isUsable() {
        return isKnown() && !mandatoryExtension && isPublicName(publicName);
    }

    private static boolean isPublicName(String name) {
        return name.length() <= 255
                && LDH_NAME.matcher(name).matches()
                && !NUMBER.matcher(name.substring(name.lastIndexOf('.') + 1)).matches();
    }

    /** {@return the version} */
    public int version() {
        return version;
    }

    /** {@return by what the server finds the key, 0 to 255} */
    public int configId() {
        return configId;
    }

    /** {@return the number of the KEM (RFC 9180 7.1)} */
    public int kemId() {
        return kemId;
    }

    /** {@return the public key in the form of the KEM, a copy} */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** {@return the cipher suites, best first} */
    public List<CipherSuite> cipherSuites() {
        return cipherSuites;
    }

    /** {@return the length of the longest name behind the public name, 0 if it is not known} */
    public int maximumNameLength() {
        return maximumNameLength;
    }

    /** {@return the name that a client sends in the clear, one character for each byte} */
    public String publicName() {
        return publicName;
    }

    /** {@return the ECHConfig, a copy} */
    public byte[] encoded() {
        return encoded.clone();
    }

    /** {@return whether the other is the same, byte for byte} */
    @Override
    public boolean equals(Object other) {
        return other instanceof EchConfig config && Arrays.equals(encoded, config.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return isKnown()
                // The name is somebody else's: nothing of it shall look like a line of its own.
                ? "EchConfig[" + configId + ", " + publicName.replaceAll("[^!-~]", "?") + "]"
                : "EchConfig[version 0x" + Integer.toHexString(version) + "]";
    }

    private static int number(ByteBuffer in, int bytes) throws SspiException {
        if (in.remaining() < bytes) {
            throw malformed("it ends early");
        }
        return bytes == 1 ? in.get() & 0xFF : in.getShort() & 0xFFFF;
    }

    private static ByteBuffer vector(ByteBuffer in, int length, int min) throws SspiException {
        if (length < min || length > in.remaining()) {
            throw malformed("a vector of " + length + " bytes, where " + min + " to " + in.remaining() + " fit");
        }
        ByteBuffer body = in.slice(in.position(), length);
        in.position(in.position() + length);
        return body;
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    private static void end(ByteBuffer in) throws SspiException {
        if (in.hasRemaining()) {
            throw malformed(in.remaining() + " bytes after its end");
        }
    }

    private static SspiException malformed(String what) {
        return new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "not an ECHConfigList: " + what);
    }
}
