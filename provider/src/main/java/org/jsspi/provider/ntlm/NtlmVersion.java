package org.jsspi.provider.ntlm;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * VERSION (MS-NLMP 2.2.2.10): of the operating system, for debugging alone, and of NTLM.
 *
 * @param revision NTLMRevisionCurrent
 */
record NtlmVersion(int major, int minor, int build, int revision) {
    /** NTLMSSP_REVISION_W2K3. */
    static final int W2K3 = 0x0F;

    static final int LENGTH = 8;

    /** What we say: a version whose NTLM everybody knows, since there is no operating system of ours to tell of. */
    static final NtlmVersion OURS = new NtlmVersion(10, 0, 0, W2K3);

    static NtlmVersion decode(Reader in) throws SspiException {
        int major = in.u8();
        int minor = in.u8();
        int build = in.u16LittleEndian();
        in.skip(3);
        return new NtlmVersion(major, minor, build, in.u8());
    }

    void encode(Writer out) {
        out.u8(major).u8(minor).u16LittleEndian(build).zeros(3).u8(revision);
    }
}
