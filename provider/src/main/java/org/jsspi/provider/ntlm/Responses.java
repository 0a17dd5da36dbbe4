package org.jsspi.provider.ntlm;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Legacy;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** One-way functions and responses (MS-NLMP 3.3), by the names of the specification. Arrays in and out are the caller's. */
final class Responses {
    static final int HASH_LENGTH = 16;
    /** The length of an LM response, and of the NT response of NTLMv1. */
    static final int V1_LENGTH = 24;

    static final int PROOF_LENGTH = 16;

    private static final int LM_PASSWORD = 14;
    private static final byte[] LM_CONSTANT = "KGS!@#$%".getBytes(StandardCharsets.US_ASCII);

    private Responses() {}

    /** NTOWFv1: MD4 of the password in UTF-16. */
    static byte[] ntowfV1(char[] password) {
        byte[] text = utf16(password);
        try {
            return Legacy.md4(text);
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    /** NTOWFv2, from NTOWFv1: only the user's name is upper-cased. */
    static byte[] ntowfV2(byte[] ntHash, String user, String domain) {
        byte[] name = (upperCase(user) + domain).getBytes(StandardCharsets.UTF_16LE);
        return Legacy.hmacMd5(ntHash, name);
    }

    /** Each character for itself, as Windows does it: a name does not become longer, and the German sharp s stays. */
    static String upperCase(String name) {
        char[] characters = name.toCharArray();
        for (int i = 0; i < characters.length; i++) {
            characters[i] = Character.toUpperCase(characters[i]);
        }
        return new String(characters);
    }

    /** LMOWFv1: two DES encryptions under the halves of the upper-cased password, of which 14 characters count. */
    static byte[] lmowfV1(char[] password) {
        byte[] key = new byte[LM_PASSWORD];
        for (int i = 0; i < Math.min(password.length, LM_PASSWORD); i++) {
            char upper = Character.toUpperCase(password[i]);
            key[i] = (byte) (upper < 0x100 ? upper : '?');
        }
        byte[] first = Arrays.copyOf(key, 7);
        byte[] second = Arrays.copyOfRange(key, 7, LM_PASSWORD);
        try {
            return concat(Legacy.des(first, LM_CONSTANT), Legacy.des(second, LM_CONSTANT));
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(first, (byte) 0);
            Arrays.fill(second, (byte) 0);
        }
    }

    /** DESL(K, D) (MS-NLMP 6): three DES encryptions of the challenge under the hash, filled with zeros to 21 bytes. */
    static byte[] desl(byte[] hash, byte[] challenge) {
        byte[] third = new byte[7];
        third[0] = hash[14];
        third[1] = hash[15];
        byte[] first = Arrays.copyOf(hash, 7);
        byte[] second = Arrays.copyOfRange(hash, 7, 14);
        try {
            return concat(Legacy.des(first, challenge), Legacy.des(second, challenge), Legacy.des(third, challenge));
        } finally {
            Arrays.fill(first, (byte) 0);
            Arrays.fill(second, (byte) 0);
            Arrays.fill(third, (byte) 0);
        }
    }

    /** The NT response of NTLMv1 with extended session security (MS-NLMP 3.3.1): the two challenges, hashed. */
    static byte[] ntlm2SessionResponse(byte[] ntHash, byte[] serverChallenge, byte[] clientChallenge) {
        return desl(ntHash, Arrays.copyOf(Legacy.md5(serverChallenge, clientChallenge), 8));
    }

    /** The LM response that goes with it: the client's challenge. */
    static byte[] ntlm2SessionLm(byte[] clientChallenge) {
        return Arrays.copyOf(clientChallenge, V1_LENGTH);
    }

    /** SessionBaseKey of NTLMv1. */
    static byte[] sessionBaseKeyV1(byte[] ntHash) {
        return Legacy.md4(ntHash);
    }

    /** NTProofStr (MS-NLMP 3.3.2). */
    static byte[] ntProof(byte[] ntowfV2, byte[] serverChallenge, byte[] clientChallengeStructure) {
        return Legacy.hmacMd5(ntowfV2, serverChallenge, clientChallengeStructure);
    }

    /** SessionBaseKey of NTLMv2. */
    static byte[] sessionBaseKeyV2(byte[] ntowfV2, byte[] ntProof) {
        return Legacy.hmacMd5(ntowfV2, ntProof);
    }

    /** The LM response of NTLMv2. */
    static byte[] lmV2(byte[] ntowfV2, byte[] serverChallenge, byte[] clientChallenge) {
        return concat(Legacy.hmacMd5(ntowfV2, serverChallenge, clientChallenge), clientChallenge);
    }

    /**
     * NTLMv2_CLIENT_CHALLENGE (MS-NLMP 2.2.2.7).
     *
     * @param timestamp 100 nanoseconds since 1601
     */
    record ClientChallenge(long timestamp, byte[] clientChallenge, TargetInfo targetInfo) {
        /** The shortest: fixed fields and MsvAvEOL. */
        static final int MINIMUM = 32;

        static ClientChallenge decode(byte[] structure) throws SspiException {
            Reader in = Reader.of(structure);
            if (in.u8() != 1 || in.u8() < 1) {
                throw Reader.malformed("NTLMv2_CLIENT_CHALLENGE of another version");
            }
            in.skip(6);
            long timestamp = in.u64LittleEndian();
            byte[] challenge = in.bytes(8);
            in.skip(4);
            return new ClientChallenge(timestamp, challenge, TargetInfo.decode(in));
        }

        byte[] encode() {
            return new Writer()
                    .u8(1)
                    .u8(1)
                    .zeros(6)
                    .u64LittleEndian(timestamp)
                    .bytes(clientChallenge)
                    .zeros(4)
                    .bytes(targetInfo.encode())
                    .zeros(4)
                    .toByteArray();
        }
    }

    static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /** No String, which could not be wiped. */
    private static byte[] utf16(char[] text) {
        ByteBuffer encoded = StandardCharsets.UTF_16LE.encode(CharBuffer.wrap(text));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        Arrays.fill(encoded.array(), (byte) 0);
        return bytes;
    }
}
