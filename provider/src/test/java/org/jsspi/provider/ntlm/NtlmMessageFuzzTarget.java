package org.jsspi.provider.ntlm;

import java.util.Arrays;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;

/**
 * NTLM's messages and structures: whatever is read is written so that it reads the same.
 *
 * <pre>
 * | kind 1 | bytes ...      NEGOTIATE, CHALLENGE, AUTHENTICATE, AV pairs, NTLMv2_CLIENT_CHALLENGE
 * </pre>
 */
public final class NtlmMessageFuzzTarget {
    private NtlmMessageFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        int kind = (data[0] & 0xFF) % 5;
        byte[] again;
        try {
            again = encodedAgain(kind, Arrays.copyOfRange(data, 1, data.length));
        } catch (SspiException refused) {
            if (refused.status() != SecurityStatus.SEC_E_INVALID_TOKEN) {
                throw new AssertionError("refused with another status", refused);
            }
            return;
        }
        try {
            if (!Arrays.equals(again, encodedAgain(kind, again))) {
                throw new AssertionError("written otherwise than it was read");
            }
        } catch (SspiException e) {
            throw new AssertionError("what was written cannot be read", e);
        }
    }

    private static byte[] encodedAgain(int kind, byte[] bytes) throws SspiException {
        return switch (kind) {
            case 0 -> NegotiateMessage.decode(bytes).encode();
            case 1 -> ChallengeMessage.decode(bytes).encode();
            case 2 -> AuthenticateMessage.decode(bytes).encode();
            case 3 -> TargetInfo.decode(Reader.of(bytes)).encode();
            default -> Responses.ClientChallenge.decode(bytes).encode();
        };
    }
}
