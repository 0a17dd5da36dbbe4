package org.jsspi.provider.ntlm;

import java.nio.charset.Charset;
import java.util.Arrays;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;

/**
 * AUTHENTICATE_MESSAGE (MS-NLMP 2.2.1.3).
 *
 * <pre>
 * "NTLMSSP\0" | u32 3 | LmChallengeResponse 8 | NtChallengeResponse 8 | DomainName 8 | UserName 8 | Workstation 8
 *      | EncryptedRandomSessionKey 8 | u32 NegotiateFlags 64 | Version 72 | MIC 88 | payload
 * </pre>
 *
 * Version and MIC are there if the payload leaves room for them: no field says so.
 *
 * @param encryptedSessionKey empty if there is none
 * @param version null if there is none
 * @param mic 16 bytes, null if there is no room for it
 */
record AuthenticateMessage(
        NegotiateFlags flags,
        byte[] lmResponse,
        byte[] ntResponse,
        String domain,
        String user,
        String workstation,
        byte[] encryptedSessionKey,
        NtlmVersion version,
        byte[] mic) {
    static final int TYPE = 3;
    static final int MIC_LENGTH = 16;
    static final int MIC_OFFSET = 72;

    private static final int SHORT = 64;
    private static final int WITH_VERSION = 72;
    private static final int WITH_MIC = 88;

    static AuthenticateMessage decode(byte[] message) throws SspiException {
        Reader in = Payload.open(message, TYPE, SHORT);
        Payload.In payload = new Payload.In(message, SHORT);
        byte[] lm = payload.field(in);
        byte[] nt = payload.field(in);
        Reader names = in.slice(24);
        byte[] key = payload.field(in);
        NegotiateFlags flags = new NegotiateFlags((int) in.u32LittleEndian());
        Charset charset = Payload.charset(flags);
        String domain = payload.text(names, charset);
        String user = payload.text(names, charset);
        String workstation = payload.text(names, charset);
        int headerLength = payload.start();
        NtlmVersion version = headerLength >= WITH_VERSION ? NtlmVersion.decode(in) : null;
        byte[] mic = headerLength >= WITH_MIC ? in.bytes(MIC_LENGTH) : null;
        return new AuthenticateMessage(flags, lm, nt, domain, user, workstation, key, version, mic);
    }

    /** {@return the message; with a MIC it has a Version, of zeros where that is null} */
    byte[] encode() {
        int headerLength = mic != null ? WITH_MIC : version != null ? WITH_VERSION : SHORT;
        Charset charset = Payload.charset(flags);
        Payload.Out out = new Payload.Out(TYPE, headerLength);
        // The order of the payload is that of MS-NLMP 4.2.2.3: names first, then responses.
        byte[][] fields = {
            domain.getBytes(charset),
            user.getBytes(charset),
            workstation.getBytes(charset),
            lmResponse,
            ntResponse,
            encryptedSessionKey
        };
        int[] offsets = new int[fields.length];
        for (int i = 0; i < fields.length; i++) {
            offsets[i] = out.append(fields[i]);
        }
        for (int i : new int[] {3, 4, 0, 1, 2, 5}) {
            out.fieldAt(offsets[i], fields[i].length);
        }
        out.header().u32LittleEndian(flags.bits() & 0xFFFF_FFFFL);
        if (headerLength >= WITH_VERSION) {
            if (version == null) {
                out.header().zeros(NtlmVersion.LENGTH);
            } else {
                version.encode(out.header());
            }
        }
        if (mic != null) {
            out.header().bytes(mic);
        }
        return out.finish();
    }

    /** {@return the same bytes with zeros where the MIC is: what the MIC is computed over (MS-NLMP 3.2.5.1.2)} */
    static byte[] withoutMic(byte[] message) {
        byte[] copy = message.clone();
        Arrays.fill(copy, MIC_OFFSET, MIC_OFFSET + MIC_LENGTH, (byte) 0);
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AuthenticateMessage that && Arrays.equals(encode(), that.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }

    @Override
    public String toString() {
        return "AuthenticateMessage[" + flags + ", " + domain + "\\" + user + "]";
    }
}
