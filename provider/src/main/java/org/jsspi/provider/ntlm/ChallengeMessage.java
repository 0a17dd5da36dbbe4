package org.jsspi.provider.ntlm;

import java.util.Arrays;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;

/**
 * CHALLENGE_MESSAGE (MS-NLMP 2.2.1.2).
 *
 * <pre>
 * "NTLMSSP\0" | u32 2 | TargetName 8 | u32 NegotiateFlags | ServerChallenge 8 | Reserved 8 | TargetInfo 8 | Version 8 | payload
 * </pre>
 *
 * Old servers end the fixed fields after the challenge (32 bytes) or after TargetInfo (48 bytes).
 *
 * @param targetInfo null if there is none
 * @param version null if there is none
 */
record ChallengeMessage(
        NegotiateFlags flags, byte[] serverChallenge, String targetName, TargetInfo targetInfo, NtlmVersion version) {
    static final int TYPE = 2;
    static final int CHALLENGE_LENGTH = 8;

    private static final int SHORT = 32;
    private static final int WITH_TARGET_INFO = 48;
    private static final int WITH_VERSION = 56;

    static ChallengeMessage decode(byte[] message) throws SspiException {
        Reader in = Payload.open(message, TYPE, SHORT);
        Payload.In payload = new Payload.In(message, SHORT);
        Reader targetNameField = in.slice(8);
        NegotiateFlags flags = new NegotiateFlags((int) in.u32LittleEndian());
        byte[] challenge = in.bytes(CHALLENGE_LENGTH);
        String targetName = payload.text(targetNameField, Payload.charset(flags));
        TargetInfo targetInfo = null;
        NtlmVersion version = null;
        if (message.length >= WITH_TARGET_INFO && payload.start() >= WITH_TARGET_INFO) {
            in.skip(8);
            byte[] pairs = payload.field(in);
            if (payload.start() < WITH_TARGET_INFO) {
                throw Reader.malformed("a field that points to another field");
            }
            // MS-NLMP 2.2.1.2: without the flag the field means nothing.
            if (flags.has(NegotiateFlags.TARGET_INFO) && pairs.length != 0) {
                targetInfo = TargetInfo.decode(Reader.of(pairs));
            }
            if (flags.has(NegotiateFlags.VERSION)
                    && message.length >= WITH_VERSION
                    && payload.start() >= WITH_VERSION) {
                version = NtlmVersion.decode(in);
            }
        }
        return new ChallengeMessage(flags, challenge, targetName, targetInfo, version);
    }

    /** {@return the message, with Version or, where that is null, zeros in its place} */
    byte[] encode() {
        Payload.Out out = new Payload.Out(TYPE, WITH_VERSION);
        out.field(targetName.getBytes(Payload.charset(flags)));
        out.header()
                .u32LittleEndian(flags.bits() & 0xFFFF_FFFFL)
                .bytes(serverChallenge)
                .zeros(8);
        if (targetInfo == null) {
            // MS-NLMP 4.2.2.3 shows an empty field with offset zero.
            out.header().zeros(8);
        } else {
            out.field(targetInfo.encode());
        }
        if (version == null) {
            out.header().zeros(NtlmVersion.LENGTH);
        } else {
            version.encode(out.header());
        }
        return out.finish();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChallengeMessage that && Arrays.equals(encode(), that.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }

    @Override
    public String toString() {
        return "ChallengeMessage[" + flags + ", " + targetName + "]";
    }
}
