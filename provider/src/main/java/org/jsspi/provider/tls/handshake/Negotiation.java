package org.jsspi.provider.tls.handshake;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsspi.Identity;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.KeyExchangeGroup;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.SignatureScheme;

/** How the numbers of messages stand for primitives, and which of them both sides have. */
final class Negotiation {
    private Negotiation() {}

    static Aead aead(CipherSuite suite) {
        return switch (suite) {
            case TLS_AES_128_GCM_SHA256 -> Aead.AES_128_GCM;
            case TLS_AES_256_GCM_SHA384 -> Aead.AES_256_GCM;
            case TLS_CHACHA20_POLY1305_SHA256 -> Aead.CHACHA20_POLY1305;
        };
    }

    static HashAlgorithm hash(CipherSuite suite) {
        return switch (suite) {
            case TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256 -> HashAlgorithm.SHA256;
            case TLS_AES_256_GCM_SHA384 -> HashAlgorithm.SHA384;
        };
    }

    static KeyExchangeGroup keyExchange(NamedGroup group) {
        return KeyExchangeGroup.of(group.code()).orElseThrow();
    }

    static boolean implemented(NamedGroup group) {
        return KeyExchangeGroup.of(group.code()).isPresent();
    }

    static boolean implemented(SignatureScheme scheme) {
        return SignatureAlgorithm.of(scheme.code()).isPresent();
    }

    static Codes suiteCodes(List<CipherSuite> suites) {
        return Codes.of(suites.stream().mapToInt(CipherSuite::code).toArray());
    }

    static Codes groupCodes(List<NamedGroup> groups) {
        return Codes.of(groups.stream().mapToInt(NamedGroup::code).toArray());
    }

    static Codes schemeCodes(List<SignatureScheme> schemes) {
        return Codes.of(schemes.stream().mapToInt(SignatureScheme::code).toArray());
    }

    /** {@return the schemes that the peer offers and that we have, in the peer's order} */
    static List<SignatureScheme> common(Codes offered, List<SignatureScheme> ours) {
        return offered.known(SignatureScheme::of)
                .filter(ours::contains)
                .distinct()
                .toList();
    }

    /** {@return the first of these schemes that may sign a handshake with the key of this identity} */
    static Optional<SignatureAlgorithm> signing(List<SignatureScheme> schemes, Identity identity) {
        return schemes.stream()
                // RFC 8446 4.2.3: PKCS #1 and SHA-1 never sign a handshake.
                .filter(SignatureScheme::signsHandshake13)
                .flatMap(scheme -> SignatureAlgorithm.of(scheme.code()).stream())
                .filter(algorithm -> algorithm.canSign(
                        identity.privateKey(), identity.chain().get(0).getPublicKey()))
                .findFirst();
    }

    /** {@return the JCA types of keys that may sign a handshake by these schemes, best first} */
    static List<String> keyTypes(List<SignatureScheme> schemes) {
        Set<String> types = new LinkedHashSet<>();
        for (SignatureScheme scheme : schemes) {
            if (scheme.signsHandshake13()) {
                SignatureAlgorithm.of(scheme.code()).ifPresent(algorithm -> types.add(keyType(algorithm)));
            }
        }
        return List.copyOf(types);
    }

    /** {@return the JCA names of the signatures, as trust and key managers know them} */
    static List<String> algorithmNames(List<SignatureScheme> schemes) {
        Set<String> names = new LinkedHashSet<>();
        for (SignatureScheme scheme : schemes) {
            SignatureAlgorithm.of(scheme.code()).ifPresent(algorithm -> {
                names.add(algorithm.jcaName());
                if (isEdwards(algorithm)) {
                    names.add("EdDSA");
                }
            });
        }
        return new ArrayList<>(names);
    }

    private static String keyType(SignatureAlgorithm algorithm) {
        // The JDK's key managers go by the algorithm of the public key, and that is EdDSA for both curves.
        return isEdwards(algorithm) ? "EdDSA" : algorithm.keyAlgorithm();
    }

    private static boolean isEdwards(SignatureAlgorithm algorithm) {
        return algorithm == SignatureAlgorithm.ED25519 || algorithm == SignatureAlgorithm.ED448;
    }
}
