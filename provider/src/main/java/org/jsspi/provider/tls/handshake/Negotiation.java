package org.jsspi.provider.tls.handshake;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
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
        return codes(suites, CipherSuite::code);
    }

    static Codes groupCodes(List<NamedGroup> groups) {
        return codes(groups, NamedGroup::code);
    }

    static Codes schemeCodes(List<SignatureScheme> schemes) {
        return codes(schemes, SignatureScheme::code);
    }

    // Loops and no streams, here and below: each of these runs for every connection, some of them several times.
    private static <T> Codes codes(List<T> values, ToIntFunction<T> code) {
        int[] codes = new int[values.size()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = code.applyAsInt(values.get(i));
        }
        return Codes.of(codes);
    }

    /** {@return the schemes that the peer offers and that we have, in the peer's order} */
    static List<SignatureScheme> common(Codes offered, List<SignatureScheme> ours) {
        List<SignatureScheme> common = new ArrayList<>();
        for (int i = 0; i < offered.size(); i++) {
            SignatureScheme scheme = SignatureScheme.of(offered.get(i)).orElse(null);
            if (scheme != null && ours.contains(scheme) && !common.contains(scheme)) {
                common.add(scheme);
            }
        }
        return List.copyOf(common);
    }

    /** {@return the first of these schemes that may sign a handshake with the key of this identity} */
    static Optional<SignatureAlgorithm> signing(List<SignatureScheme> schemes, Identity identity) {
        PrivateKey key = identity.privateKey();
        PublicKey certificateKey = identity.chain().get(0).getPublicKey();
        for (SignatureScheme scheme : schemes) {
            // RFC 8446 4.2.3: PKCS #1 and SHA-1 never sign a handshake.
            if (scheme.signsHandshake13()) {
                Optional<SignatureAlgorithm> algorithm = SignatureAlgorithm.of(scheme.code());
                if (algorithm.isPresent() && algorithm.get().canSign(key, certificateKey)) {
                    return algorithm;
                }
            }
        }
        return Optional.empty();
    }

    /** {@return the JCA types of keys that may sign a handshake by these schemes, best first} */
    static List<String> keyTypes(List<SignatureScheme> schemes) {
        Set<String> types = new LinkedHashSet<>();
        for (SignatureScheme scheme : schemes) {
            if (scheme.signsHandshake13()) {
                SignatureAlgorithm.of(scheme.code()).ifPresent(algorithm -> {
                    types.add(keyType(algorithm));
                    if (isMlDsa(algorithm)) {
                        // The JDK's keys are called ML-DSA whatever their size, bcprov's by their size.
                        types.add(algorithm.jcaName());
                    }
                });
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

    private static boolean isMlDsa(SignatureAlgorithm algorithm) {
        return algorithm == SignatureAlgorithm.MLDSA44
                || algorithm == SignatureAlgorithm.MLDSA65
                || algorithm == SignatureAlgorithm.MLDSA87;
    }

    private static boolean isEdwards(SignatureAlgorithm algorithm) {
        return algorithm == SignatureAlgorithm.ED25519 || algorithm == SignatureAlgorithm.ED448;
    }
}
