package org.jsspi.provider.tls.handshake;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jsspi.PreSharedKey;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.PreSharedKeyOffer;
import org.jsspi.provider.tls.message.PreSharedKeyOffer.PskIdentity;
import org.jsspi.provider.tls.message.ProtocolVersion;

/**
 * A key from outside that a client offers and the server has. That the client has it too, its binder has to prove.
 *
 * @param identity under which the client offers it
 * @param suite that goes with it
 */
record CommonKey(PreSharedKey key, byte[] identity, CipherSuite suite) {
    /** How many of a client's identities are looked at: each costs two look-ups. Our own clients offer 17 at most. */
    private static final int MOST_IDENTITIES = 20;

    /** {@return the server's choice: the best of the keys that it prefers, or else the first of the client's that it finds} */
    static Optional<CommonKey> of(Exchange exchange, ClientHello hello, PreSharedKeyOffer offer) throws SspiException {
        List<byte[]> identities = offer.identities().stream()
                .limit(MOST_IDENTITIES)
                .map(PskIdentity::identity)
                .toList();
        // RFC 8446 4.2.11: the server must select a compatible pre-shared key and cipher suite.
        List<CipherSuite> suites = ServerChoice.commonSuites(hello, exchange.settings(), ProtocolVersion.TLS13);
        for (PreSharedKey key : exchange.preSharedKeys()) {
            for (byte[] identity : identities) {
                Optional<CommonKey> common = of(key, identity, suites);
                if (common.isPresent()) {
                    return common;
                }
            }
        }
        for (byte[] identity : identities) {
            Optional<CommonKey> common = find(exchange, identity, suites);
            if (common.isPresent()) {
                return common;
            }
        }
        return Optional.empty();
    }

    private static Optional<CommonKey> find(Exchange exchange, byte[] identity, List<CipherSuite> suites)
            throws SspiException {
        for (Optional<PreSharedKey.Name> name :
                List.of(ExternalKey.importedName(identity), ExternalKey.plainName(identity))) {
            PreSharedKey key = name.isPresent() ? exchange.findPreSharedKey(name.get()) : null;
            Optional<CommonKey> common = key == null ? Optional.empty() : of(key, identity, suites);
            if (common.isPresent()) {
                return common;
            }
        }
        return Optional.empty();
    }

    /** {@return the key with the best suite under which it travels by this identity} */
    private static Optional<CommonKey> of(PreSharedKey key, byte[] identity, List<CipherSuite> suites) {
        return suites.stream()
                .filter(suite -> ExternalKey.identity(key, Negotiation.hash(suite))
                        .filter(own -> Arrays.equals(own, identity))
                        .isPresent())
                .findFirst()
                .map(suite -> new CommonKey(key, identity, suite));
    }

    /** {@return the place of the key in this offer; -1 if it is not there} */
    int indexIn(PreSharedKeyOffer offer) {
        List<PskIdentity> identities = offer.identities();
        for (int i = 0; i < Math.min(identities.size(), MOST_IDENTITIES); i++) {
            if (Arrays.equals(identities.get(i).identity(), identity)) {
                return i;
            }
        }
        return -1;
    }
}
