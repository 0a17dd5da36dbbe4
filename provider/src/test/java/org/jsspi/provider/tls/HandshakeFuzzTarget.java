package org.jsspi.provider.tls;

import java.util.Arrays;
import java.util.List;
import org.jsspi.AscReq;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.EchKey;
import org.jsspi.Identity;
import org.jsspi.IscReq;
import org.jsspi.SchCredentials;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.testing.Trusting;

/**
 * What a peer sends to a context that shakes hands, as records.
 *
 * <pre>
 * | role 1 | records ...        role even: the context is the server, odd: it is the client
 * </pre>
 */
public final class HandshakeFuzzTarget {
    private static final Identity IDENTITY = TestCertificates.selfSigned(KeyKind.P256);
    private static final EchKey ECH_KEY = EchKey.generate(42, "public.example", 0);
    private static final CredHandle INBOUND = acquire(
            CredentialUse.INBOUND,
            SchCredentials.builder()
                    .identities(List.of(IDENTITY))
                    .echKeys(() -> List.of(ECH_KEY))
                    .build());
    private static final CredHandle OUTBOUND =
            acquire(CredentialUse.OUTBOUND, SchCredentials.builder().build());
    private static final ContextOptions TRUSTING =
            ContextOptions.builder().callbacks(new Trusting(IDENTITY)).build();

    private HandshakeFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) throws SspiException {
        if (data.length < 2) {
            return;
        }
        boolean client = (data[0] & 1) != 0;
        byte[] records = Arrays.copyOfRange(data, 1, data.length);
        try (SchannelContext context = (SchannelContext) (client ? OUTBOUND : INBOUND).newContext()) {
            if (client) {
                call(context, true, null);
            }
            byte[] left = records;
            while (left.length > 0) {
                SecBuffer extra = new SecBuffer();
                SecBufferDesc input = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, left), extra);
                SecurityStatus status = call(context, client, input);
                if (status == SecurityStatus.SEC_E_INCOMPLETE_MESSAGE) {
                    return;
                }
                if (status == SecurityStatus.SEC_E_OK) {
                    throw new AssertionError("bytes that know no key have completed a handshake");
                }
                int rest = extra.type() == SecBufferType.EXTRA ? extra.length() : 0;
                if (rest >= left.length) {
                    throw new AssertionError("nothing was consumed, and nothing said");
                }
                left = Arrays.copyOfRange(left, left.length - rest, left.length);
            }
        }
    }

    private static SecurityStatus call(SchannelContext context, boolean client, SecBufferDesc input)
            throws SspiException {
        SecBufferDesc output =
                new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[SchannelPackage.MAXIMUM_TOKEN]));
        try {
            return client
                    ? context.initializeSecurityContext("localhost", IscReq.NONE, TRUSTING, input, output)
                    : context.acceptSecurityContext(AscReq.NONE, TRUSTING, input, output);
        } catch (SspiException refused) {
            // One alert at most, and then the context is over.
            for (int i = 0; i < 2; i++) {
                try {
                    SecurityStatus last = client
                            ? context.initializeSecurityContext("localhost", IscReq.NONE, TRUSTING, null, output)
                            : context.acceptSecurityContext(AscReq.NONE, TRUSTING, null, output);
                    if (last != SecurityStatus.SEC_I_CONTEXT_EXPIRED || i > 0) {
                        throw new AssertionError("a failed context answers " + last);
                    }
                } catch (SspiException over) {
                    if (over.status() != SecurityStatus.SEC_E_CONTEXT_EXPIRED) {
                        throw over;
                    }
                }
            }
            return SecurityStatus.SEC_E_INCOMPLETE_MESSAGE;
        }
    }

    private static CredHandle acquire(CredentialUse use, SchCredentials settings) {
        try {
            return new SchannelPackage().acquireCredentialsHandle(null, use, settings);
        } catch (SspiException e) {
            throw new IllegalStateException(e);
        }
    }
}
