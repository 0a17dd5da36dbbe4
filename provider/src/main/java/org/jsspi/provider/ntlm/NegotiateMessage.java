package org.jsspi.provider.ntlm;

import java.nio.charset.StandardCharsets;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;

/**
 * NEGOTIATE_MESSAGE (MS-NLMP 2.2.1.1).
 *
 * <pre>
 * "NTLMSSP\0" | u32 1 | u32 NegotiateFlags | DomainName 8 | Workstation 8 | Version 8 | payload
 * </pre>
 *
 * Old clients end it after the flags (16 bytes) or after the fields (32 bytes).
 *
 * @param domain empty if it is not supplied
 * @param workstation empty if it is not supplied
 * @param version null if there is none
 */
record NegotiateMessage(NegotiateFlags flags, String domain, String workstation, NtlmVersion version) {
    static final int TYPE = 1;

    private static final int SHORT = 16;
    private static final int WITH_FIELDS = 32;
    private static final int WITH_VERSION = 40;

    static NegotiateMessage decode(byte[] message) throws SspiException {
        Reader in = Payload.open(message, TYPE, SHORT);
        NegotiateFlags flags = new NegotiateFlags((int) in.u32LittleEndian());
        if (!in.hasRemaining()) {
            return new NegotiateMessage(flags, "", "", null);
        }
        Payload.In payload = new Payload.In(message, WITH_FIELDS);
        // MS-NLMP 2.2.1.1: without the flag the fields mean nothing. Names are in OEM characters, always.
        String domain = optional(payload, in, flags.has(NegotiateFlags.OEM_DOMAIN_SUPPLIED));
        String workstation = optional(payload, in, flags.has(NegotiateFlags.OEM_WORKSTATION_SUPPLIED));
        NtlmVersion version =
                flags.has(NegotiateFlags.VERSION) && message.length >= WITH_VERSION && payload.start() >= WITH_VERSION
                        ? NtlmVersion.decode(in)
                        : null;
        return new NegotiateMessage(flags, domain, workstation, version);
    }

    private static String optional(Payload.In payload, Reader in, boolean supplied) throws SspiException {
        if (supplied) {
            return payload.text(in, StandardCharsets.ISO_8859_1);
        }
        in.skip(8);
        return "";
    }

    /** {@return the message, with Version or, where that is null, zeros in its place} */
    byte[] encode() {
        Payload.Out out = new Payload.Out(TYPE, WITH_VERSION);
        out.header().u32LittleEndian(flags.bits() & 0xFFFF_FFFFL);
        out.field(domain.getBytes(StandardCharsets.ISO_8859_1))
                .field(workstation.getBytes(StandardCharsets.ISO_8859_1));
        if (version == null) {
            out.header().zeros(NtlmVersion.LENGTH);
        } else {
            version.encode(out.header());
        }
        return out.finish();
    }
}
