package org.jsspi.provider.ntlm;

import java.security.Security;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/**
 * What this system puts up with, from security properties by the names of Windows:
 *
 * <ul>
 * <li>{@code org.jsspi.ntlm.lmCompatibilityLevel} [5]: 0 to 5. A client sends LM and NTLMv1 responses below 3 (and asks for
 *     extended session security from 1 on), NTLMv2 from 3 on; a server refuses NTLMv1 at 5.
 * <li>{@code org.jsspi.ntlm.minClientSec}, {@code org.jsspi.ntlm.minServerSec} [0x20080000]: the flags that a session with
 *     signatures or encryption must have; the default is extended session security and keys of 128 bits.
 * <li>{@code org.jsspi.ntlm.failuresPerMinute} [30]: how often a server looks an account up that fails; 0 for no bound.
 * </ul>
 *
 * @param supported what is negotiated at all
 */
record NtlmPolicy(
        int lmCompatibilityLevel,
        NegotiateFlags minClientSec,
        NegotiateFlags minServerSec,
        NegotiateFlags supported,
        int failuresPerMinute) {
    /** The lowest level of a client that answers with NTLMv2. */
    static final int V2_RESPONSES = 3;
    /** The level of a server that refuses NTLMv1. */
    static final int V2_ONLY = 5;

    private static final String PREFIX = "org.jsspi.ntlm.";
    private static final NegotiateFlags MINIMUM =
            NegotiateFlags.of(NegotiateFlags.EXTENDED_SESSIONSECURITY, NegotiateFlags.KEY_128);

    static final NegotiateFlags EVERYTHING = NegotiateFlags.of(
            NegotiateFlags.UNICODE,
            NegotiateFlags.OEM,
            NegotiateFlags.REQUEST_TARGET,
            NegotiateFlags.SIGN,
            NegotiateFlags.SEAL,
            NegotiateFlags.DATAGRAM,
            NegotiateFlags.LM_KEY,
            NegotiateFlags.NTLM,
            NegotiateFlags.ANONYMOUS,
            NegotiateFlags.ALWAYS_SIGN,
            NegotiateFlags.EXTENDED_SESSIONSECURITY,
            NegotiateFlags.IDENTIFY,
            NegotiateFlags.TARGET_INFO,
            NegotiateFlags.VERSION,
            NegotiateFlags.KEY_128,
            NegotiateFlags.KEY_EXCH,
            NegotiateFlags.KEY_56);

    static final NtlmPolicy DEFAULT = new NtlmPolicy(V2_ONLY, MINIMUM, MINIMUM, EVERYTHING, 30);

    /** {@return the policy of this system} */
    static NtlmPolicy ofSystem() throws SspiException {
        return new NtlmPolicy(
                number("lmCompatibilityLevel", DEFAULT.lmCompatibilityLevel),
                new NegotiateFlags(number("minClientSec", DEFAULT.minClientSec.bits())),
                new NegotiateFlags(number("minServerSec", DEFAULT.minServerSec.bits())),
                EVERYTHING,
                number("failuresPerMinute", DEFAULT.failuresPerMinute));
    }

    NtlmPolicy withLevel(int level) {
        return new NtlmPolicy(level, minClientSec, minServerSec, supported, failuresPerMinute);
    }

    NtlmPolicy withMinimum(NegotiateFlags minimum) {
        return new NtlmPolicy(lmCompatibilityLevel, minimum, minimum, supported, failuresPerMinute);
    }

    NtlmPolicy withSupported(NegotiateFlags flags) {
        return new NtlmPolicy(lmCompatibilityLevel, minClientSec, minServerSec, flags, failuresPerMinute);
    }

    NtlmPolicy withFailuresPerMinute(int failures) {
        return new NtlmPolicy(lmCompatibilityLevel, minClientSec, minServerSec, supported, failures);
    }

    boolean sendsV2() {
        return lmCompatibilityLevel >= V2_RESPONSES;
    }

    boolean acceptsV1() {
        return lmCompatibilityLevel < V2_ONLY;
    }

    /**
     * Holds what was negotiated to a minimum.
     *
     * @throws SspiException SEC_E_UNSUPPORTED_FUNCTION (MS-NLMP 3.1.5.1.2) if messages would be protected with less
     */
    static void require(NegotiateFlags minimum, NegotiateFlags negotiated) throws SspiException {
        if (negotiated.hasAny(NegotiateFlags.SIGN | NegotiateFlags.SEAL) && !negotiated.has(minimum.bits())) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                    SspiException.Kind.HANDSHAKE,
                    "the flags " + negotiated + " that were negotiated lack some of the required " + minimum,
                    null);
        }
    }

    /** An unreadable property must not loosen anything: it is an error. */
    private static int number(String name, int absent) throws SspiException {
        String text = Security.getProperty(PREFIX + name);
        try {
            return text == null || text.isBlank() ? absent : (int) (long) Long.decode(text.strip());
        } catch (NumberFormatException e) {
            throw new SspiException(
                    SecurityStatus.SEC_E_INTERNAL_ERROR,
                    SspiException.Kind.KEY,
                    "security property " + PREFIX + name + " is not a number",
                    e);
        }
    }
}
