package org.jsspi.provider.tls.handshake;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsspi.PreSharedKey;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.SspiException.Kind;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.PreSharedKeyOffer.PskIdentity;
import org.jsspi.provider.tls.message.ProtocolVersion;

/**
 * One of the keys that a ClientHello offers (RFC 8446 4.2.11).
 *
 * @param identity what the server knows it by
 * @param early its stage of the key schedule
 * @param session the session that is resumed with it, or null if it comes from outside
 * @param name what the application knows it by, or null if it is a session's
 */
record OfferedKey(byte[] identity, EarlySecrets early, ResumableSession session, PreSharedKey.Name name) {
    /** How many bytes of identities a client offers, so that a ClientHello fits what servers read of one. */
    private static final int MOST_IDENTITY_BYTES = 1 << 14;

    /** How many keys from outside: a server tries only so many. */
    private static final int MOST_KEYS = 8;

    HashAlgorithm hash() {
        return early.hash();
    }

    /** {@return the identity with its age of now} */
    PskIdentity aged() {
        // RFC 8446 4.2.11: of keys from outside the age is 0.
        // RFC 8446 4.2.11.1: the age in milliseconds plus ticket_age_add, modulo 2^32.
        long age =
                session == null ? 0 : System.currentTimeMillis() - session.issuedAt() + session.ageAdd() & 0xFFFF_FFFFL;
        return new PskIdentity(identity, age);
    }

    /** {@return the keys of this hello: the session's first, if there is one} */
    static List<OfferedKey> of(Exchange exchange, ResumableSession session, List<PreSharedKey> external)
            throws SspiException {
        if (session == null && external.isEmpty()) {
            return List.of();
        }
        List<OfferedKey> keys = new ArrayList<>();
        if (session != null) {
            HashAlgorithm hash = Negotiation.hash(session.suite());
            EarlySecrets early = exchange.vault().keep(new EarlySecrets(hash, session.preSharedKey()));
            keys.add(new OfferedKey(session.ticket(), early, session, null));
        }
        if (external.size() > MOST_KEYS) {
            throw unusable("more than " + MOST_KEYS + " pre-shared keys to offer");
        }
        int bytes = 0;
        for (PreSharedKey key : external) {
            for (HashAlgorithm hash : hashes(exchange.settings())) {
                Optional<byte[]> identity = ExternalKey.identity(key, hash);
                if (identity.isPresent()) {
                    EarlySecrets early = exchange.vault().keep(ExternalKey.secrets(key, hash));
                    keys.add(new OfferedKey(identity.get(), early, null, key.name()));
                    bytes += identity.get().length;
                }
            }
        }
        if (bytes > MOST_IDENTITY_BYTES) {
            throw unusable("the names of the pre-shared keys take " + bytes + " bytes, more than the "
                    + MOST_IDENTITY_BYTES + " that a ClientHello has room for");
        }
        return List.copyOf(keys);
    }

    /** {@return the hashes of the suites of TLS 1.3 that are offered: a key is offered for each (RFC 9258 5.1)} */
    private static Set<HashAlgorithm> hashes(HandshakeSettings settings) {
        Set<HashAlgorithm> hashes = new LinkedHashSet<>();
        for (CipherSuite suite : settings.suites()) {
            if (suite.version() == ProtocolVersion.TLS13) {
                hashes.add(Negotiation.hash(suite));
            }
        }
        return hashes;
    }

    /** {@return the error for keys of our own that cannot be offered} */
    static SspiException unusable(String why) {
        return new SspiException(
                SecurityStatus.SEC_E_NO_CREDENTIALS, Kind.KEY, AlertDescription.INTERNAL_ERROR.code(), why, null);
    }
}
