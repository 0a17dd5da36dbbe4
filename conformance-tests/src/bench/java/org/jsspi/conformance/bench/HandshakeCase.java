package org.jsspi.conformance.bench;

import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jsspi.conformance.bench.HandshakeWork.Kind;

/** A row of the tables of handshakes, with the group of the JVM. */
record HandshakeCase(String label, Protocol protocol, Identity identity, Kind kind) {
    /** {@return the full handshake, which every group has} */
    static HandshakeCase full() throws GeneralSecurityException {
        return new HandshakeCase("full, P-256 certificate", Protocol.TLS13, Identity.p256(), Kind.FULL);
    }

    /** {@return both sides with certificates} */
    static HandshakeCase mutual() throws GeneralSecurityException {
        return new HandshakeCase("mutual, P-256 certificates", Protocol.TLS13, Identity.p256(), Kind.MUTUAL);
    }

    /** {@return those that are of interest with this group} */
    static List<HandshakeCase> of(Group group) throws GeneralSecurityException {
        Identity p256 = Identity.p256();
        return switch (group) {
            case X25519 ->
                List.of(
                        full(),
                        mutual(),
                        new HandshakeCase("full, RSA-2048 certificate", Protocol.TLS13, Identity.rsa2048(), Kind.FULL),
                        new HandshakeCase("resumed", Protocol.TLS13, p256, Kind.RESUMED));
            case SECP256R1 ->
                // With the group of the certificate, which a client of TLS 1.2 has to name for it (RFC 8422 5.1).
                List.of(
                        full(),
                        new HandshakeCase("full, P-256 certificate, TLS 1.2", Protocol.TLS12, p256, Kind.FULL),
                        new HandshakeCase("resumed by ticket, TLS 1.2", Protocol.TLS12, p256, Kind.RESUMED));
            case X25519MLKEM768 -> List.of(full());
        };
    }

    /** {@return the handshakes of a contender} */
    HandshakeWork work(Contender contender) throws GeneralSecurityException, SSLException {
        return new HandshakeWork(contender, protocol, identity, kind);
    }

    /** {@return whether there are operations of public keys: a resumption of TLS 1.2 has none} */
    boolean hasPublicKeys() {
        return protocol == Protocol.TLS13 || kind != Kind.RESUMED;
    }

    /** {@return its operations of public keys alone} */
    Primitives primitives(Primitives.Source source) throws GeneralSecurityException {
        if (!hasPublicKeys()) {
            throw new IllegalArgumentException("there are none");
        }
        int signatures =
                switch (kind) {
                    case FULL -> 1;
                    case MUTUAL -> 2;
                    case RESUMED -> 0;
                };
        return new Primitives(source, Group.pinned(), identity, signatures);
    }
}
