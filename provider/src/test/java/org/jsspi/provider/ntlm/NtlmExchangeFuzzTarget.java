package org.jsspi.provider.ntlm;

import java.util.Arrays;
import org.jsspi.AscReq;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/**
 * What a peer sends to an NTLM context.
 *
 * <pre>
 * | 0 | challenge ...                                     to a client that has sent its NEGOTIATE
 * | 1 | length of the first 1 | negotiate | authenticate   to a server
 * | 2 | bytes ...                                         to a client of a datagram context
 * </pre>
 */
public final class NtlmExchangeFuzzTarget {
    private NtlmExchangeFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) throws SspiException {
        if (data.length < 2) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(data, 1, data.length);
        switch (data[0] % 3) {
            case 0 -> {
                try (SecurityContext client = Exchanges.client()) {
                    Exchanges.initialize(client, Exchanges.SEALED, null);
                    Exchanges.statusOf(() -> Exchanges.initialize(client, Exchanges.SEALED, bytes));
                }
            }
            case 2 -> {
                try (SecurityContext client = Exchanges.client()) {
                    Exchanges.initialize(client, Exchanges.DATAGRAM, null);
                    Exchanges.statusOf(() -> Exchanges.initialize(client, Exchanges.DATAGRAM, bytes));
                }
            }
            default -> {
                int first = Math.min(bytes.length - 1, bytes[0] & 0xFF);
                byte[] negotiate = Arrays.copyOfRange(bytes, 1, 1 + first);
                byte[] authenticate = Arrays.copyOfRange(bytes, 1 + first, bytes.length);
                try (SecurityContext server = Exchanges.server()) {
                    Exchanges.statusOf(() -> Exchanges.accept(server, AscReq.NONE, negotiate));
                    SecurityStatus status =
                            Exchanges.statusOf(() -> Exchanges.accept(server, AscReq.NONE, authenticate));
                    if (status == SecurityStatus.SEC_E_OK && authenticate.length > 0 && authenticate[8] == 3) {
                        throw new AssertionError("somebody without the password was let in");
                    }
                }
            }
        }
    }
}
