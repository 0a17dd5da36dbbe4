package org.jsspi.provider.ntlm;

import static org.jsspi.provider.ntlm.NegotiateFlags.DATAGRAM;
import static org.jsspi.provider.ntlm.NegotiateFlags.EXTENDED_SESSIONSECURITY;
import static org.jsspi.provider.ntlm.NegotiateFlags.KEY_128;
import static org.jsspi.provider.ntlm.NegotiateFlags.KEY_56;
import static org.jsspi.provider.ntlm.NegotiateFlags.LM_KEY;
import static org.jsspi.provider.ntlm.NegotiateFlags.REQUEST_NON_NT_SESSION_KEY;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jsspi.provider.crypto.Legacy;

/** Keys of a session (MS-NLMP 3.4.5), by the names of the specification. Arrays in and out are the caller's. */
final class SessionKeys {
    /** Whose messages a key protects. */
    enum Direction {
        CLIENT_TO_SERVER,
        SERVER_TO_CLIENT
    }

    private static final byte[] CLIENT_SIGNING = magic("session key to client-to-server signing key magic constant");
    private static final byte[] SERVER_SIGNING = magic("session key to server-to-client signing key magic constant");
    private static final byte[] CLIENT_SEALING = magic("session key to client-to-server sealing key magic constant");
    private static final byte[] SERVER_SEALING = magic("session key to server-to-client sealing key magic constant");

    private SessionKeys() {}

    /**
     * KXKEY (MS-NLMP 3.4.5.1) of NTLMv1; with NTLMv2 it is the session base key itself.
     *
     * @param lmHash LMOWFv1, null where it is not known, which is an error only where the flags ask for it
     */
    static byte[] kxkeyV1(
            NegotiateFlags flags, byte[] sessionBaseKey, byte[] lmResponse, byte[] serverChallenge, byte[] lmHash) {
        if (flags.has(EXTENDED_SESSIONSECURITY)) {
            return Legacy.hmacMd5(sessionBaseKey, serverChallenge, Arrays.copyOf(lmResponse, 8));
        }
        if (flags.has(LM_KEY)) {
            byte[] response = Arrays.copyOf(lmResponse, 8);
            byte[] first = Arrays.copyOf(lmHash, 7);
            byte[] second = {lmHash[7], (byte) 0xBD, (byte) 0xBD, (byte) 0xBD, (byte) 0xBD, (byte) 0xBD, (byte) 0xBD};
            return Responses.concat(Legacy.des(first, response), Legacy.des(second, response));
        }
        if (flags.has(REQUEST_NON_NT_SESSION_KEY)) {
            return Arrays.copyOf(Arrays.copyOf(lmHash, 8), Responses.HASH_LENGTH);
        }
        return sessionBaseKey.clone();
    }

    /** {@return SIGNKEY (MS-NLMP 3.4.5.2), null without extended session security: there signatures are not keyed} */
    static byte[] signKey(NegotiateFlags flags, byte[] exportedSessionKey, Direction direction) {
        if (!flags.has(EXTENDED_SESSIONSECURITY)) {
            return null;
        }
        return Legacy.md5(
                exportedSessionKey, direction == Direction.CLIENT_TO_SERVER ? CLIENT_SIGNING : SERVER_SIGNING);
    }

    /**
     * {@return SEALKEY (MS-NLMP 3.4.5.3)}
     *
     * @param revision NTLMRevisionCurrent of the other side
     */
    static byte[] sealKey(NegotiateFlags flags, int revision, byte[] exportedSessionKey, Direction direction) {
        if (flags.has(EXTENDED_SESSIONSECURITY)) {
            int length = flags.has(KEY_128) ? 16 : flags.has(KEY_56) ? 7 : 5;
            byte[] truncated = Arrays.copyOf(exportedSessionKey, length);
            try {
                return Legacy.md5(truncated, direction == Direction.CLIENT_TO_SERVER ? CLIENT_SEALING : SERVER_SEALING);
            } finally {
                Arrays.fill(truncated, (byte) 0);
            }
        }
        if (flags.has(LM_KEY) || flags.has(DATAGRAM) && revision >= NtlmVersion.W2K3) {
            byte[] weak = Arrays.copyOf(exportedSessionKey, 8);
            if (flags.has(KEY_56)) {
                weak[7] = (byte) 0xA0;
            } else {
                weak[5] = (byte) 0xE5;
                weak[6] = (byte) 0x38;
                weak[7] = (byte) 0xB0;
            }
            return weak;
        }
        return exportedSessionKey.clone();
    }

    /** {@return the MIC over the three messages (MS-NLMP 3.1.5.1.2); {@code negotiate} is empty in datagram mode} */
    static byte[] mic(byte[] exportedSessionKey, byte[] negotiate, byte[] challenge, byte[] authenticateWithoutMic) {
        return Legacy.hmacMd5(exportedSessionKey, negotiate, challenge, authenticateWithoutMic);
    }

    private static byte[] magic(String text) {
        return (text + '\0').getBytes(StandardCharsets.US_ASCII);
    }
}
