package org.jsspi.provider.tls.handshake;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jsspi.CertificateCompression;
import org.jsspi.Identity;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.KeyExchangeGroup;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.Coded;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.CompressCertificate;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.SignatureScheme;

/** How the numbers of messages stand for primitives, and which of them both sides have. */
final class Negotiation {
    private Negotiation() {}

    static Aead aead(CipherSuite suite) {
        return Aead.of(suite.cipherName(), suite.keyBits() / 8);
    }

    static HashAlgorithm hash(CipherSuite suite) {
        return suite.hashLength() == HashAlgorithm.SHA384.length() ? HashAlgorithm.SHA384 : HashAlgorithm.SHA256;
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

    /** {@return whether TLS 1.2 has the group: RFC 8422 knows curves, and ML-KEM is for TLS 1.3 alone} */
    static boolean servesTls12(NamedGroup group) {
        return implemented(group) && !keyExchange(group).hasKem();
    }

    static Codes suiteCodes(List<CipherSuite> suites) {
        return codes(suites);
    }

    static Codes groupCodes(List<NamedGroup> groups) {
        return codes(groups);
    }

    static Codes schemeCodes(List<SignatureScheme> schemes) {
        return codes(schemes);
    }

    static Codes versionCodes(List<ProtocolVersion> versions) {
        return codes(versions);
    }

    static CompressCertificate compressCertificate(List<CertificateCompression> ways) {
        int[] codes = new int[ways.size()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = ways.get(i).algorithm();
        }
        return new CompressCertificate(Codes.of(codes));
    }

    // Loops and no streams, here and below: each of these runs for every connection, some of them several times.
    private static Codes codes(List<? extends Coded> values) {
        int[] codes = new int[values.size()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = values.get(i).code();
        }
        return Codes.of(codes);
    }

    /** {@return those of these values that are wanted, in their order: the list itself if all are, otherwise one that is the caller's} */
    static <T> List<T> those(List<T> values, Predicate<T> wanted) {
        int kept = 0;
        for (int i = 0; i < values.size(); i++) {
            kept += wanted.test(values.get(i)) ? 1 : 0;
        }
        if (kept == values.size()) {
            return values;
        }
        List<T> those = new ArrayList<>(kept);
        for (int i = 0; i < values.size(); i++) {
            if (wanted.test(values.get(i))) {
                those.add(values.get(i));
            }
        }
        return those;
    }

    /** {@return those of these groups that are implemented, in their order: the list itself if all are} */
    static List<NamedGroup> implementedGroups(List<NamedGroup> groups) {
        for (int i = 0; i < groups.size(); i++) {
            if (!implemented(groups.get(i))) {
                return those(groups, Negotiation::implemented);
            }
        }
        return groups;
    }

    /** {@return those of these schemes that are implemented, in their order: the list itself if all are} */
    static List<SignatureScheme> implementedSchemes(List<SignatureScheme> schemes) {
        for (int i = 0; i < schemes.size(); i++) {
            if (!implemented(schemes.get(i))) {
                return those(schemes, Negotiation::implemented);
            }
        }
        return schemes;
    }

    /** {@return the schemes that the peer offers and that we have, in the peer's order} */
    static List<SignatureScheme> common(Codes offered, List<SignatureScheme> ours) {
        List<SignatureScheme> common = new ArrayList<>(ours.size());
        for (int i = 0; i < offered.size(); i++) {
            SignatureScheme scheme = SignatureScheme.of(offered.get(i)).orElse(null);
            if (scheme != null && ours.contains(scheme) && !common.contains(scheme)) {
                common.add(scheme);
            }
        }
        return List.copyOf(common);
    }

    /** {@return the first of these schemes that may sign a handshake of this version with the key of this identity} */
    static Optional<SignatureAlgorithm> signing(
            List<SignatureScheme> schemes, Identity identity, ProtocolVersion version) {
        PrivateKey key = identity.privateKey();
        PublicKey certificateKey = identity.chain().get(0).getPublicKey();
        Optional<SignatureAlgorithm> onAnotherCurve = Optional.empty();
        for (SignatureScheme scheme : schemes) {
            Optional<SignatureAlgorithm> algorithm = SignatureAlgorithm.of(scheme.code());
            if (algorithm.isEmpty() || !signsHandshake(scheme, version)) {
                continue;
            }
            if (algorithm.get().canSign(key, certificateKey)) {
                return algorithm;
            }
            if (version == ProtocolVersion.TLS12
                    && onAnotherCurve.isEmpty()
                    && algorithm.get().canSignTls12(key, certificateKey)) {
                onAnotherCurve = algorithm;
            }
        }
        return onAnotherCurve;
    }

    /** {@return whether the key of this identity is of ECDSA and its curve among these groups, or is of another kind} */
    static boolean isOnCurveOf(Codes groups, Identity identity) {
        PublicKey key = identity.chain().get(0).getPublicKey();
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            // The ECDSA schemes, and no others, name the curve that their keys are on.
            if (algorithm.curveName().isPresent() && algorithm.canVerify(key)) {
                return NamedGroup.named(algorithm.curveName().get())
                        .filter(group -> groups.contains(group.code()))
                        .isPresent();
            }
        }
        return true;
    }

    /** RFC 8446 4.2.3: PKCS #1 never signs a handshake of TLS 1.3, and SHA-1 none at all. */
    private static boolean signsHandshake(SignatureScheme scheme, ProtocolVersion version) {
        return version == ProtocolVersion.TLS12 ? scheme.signsHandshake12() : scheme.signsHandshake13();
    }

    /** {@return the schemes whose keys authenticate by one of these ways, in their order} */
    static List<SignatureScheme> authenticating(
            List<SignatureScheme> schemes, Collection<CipherSuite.Authentication> ways) {
        return those(schemes, scheme -> {
            SignatureAlgorithm algorithm = SignatureAlgorithm.of(scheme.code()).orElse(null);
            CipherSuite.Authentication way = algorithm == null ? null : authentication(algorithm.keyAlgorithm());
            return way != null && ways.contains(way);
        });
    }

    /** {@return how a key of this JCA algorithm authenticates in a suite of TLS 1.2, or null if it does not} */
    static CipherSuite.Authentication authentication(String keyAlgorithm) {
        return switch (keyAlgorithm) {
            case "RSA", "RSASSA-PSS" -> CipherSuite.Authentication.RSA;
            // RFC 8422 5.10: EdDSA goes with the suites of ECDSA.
            case "EC", "EdDSA", "Ed25519", "Ed448" -> CipherSuite.Authentication.ECDSA;
            default -> null;
        };
    }

    /** {@return the JCA types of keys that may sign a handshake of this version by these schemes, best first} */
    static List<String> keyTypes(List<SignatureScheme> schemes, ProtocolVersion version) {
        List<String> types = new ArrayList<>();
        for (SignatureScheme scheme : schemes) {
            if (signsHandshake(scheme, version)) {
                SignatureAlgorithm algorithm =
                        SignatureAlgorithm.of(scheme.code()).orElse(null);
                if (algorithm != null) {
                    addOnce(types, keyType(algorithm));
                    if (isMlDsa(algorithm)) {
                        // The JDK's keys are called ML-DSA whatever their size, bcprov's by their size.
                        addOnce(types, algorithm.jcaName());
                    }
                }
            }
        }
        return List.copyOf(types);
    }

    /** {@return the JCA names of the signatures, as trust and key managers know them} */
    static List<String> algorithmNames(List<SignatureScheme> schemes) {
        List<String> names = new ArrayList<>(schemes.size() + 1);
        for (SignatureScheme scheme : schemes) {
            SignatureAlgorithm algorithm = SignatureAlgorithm.of(scheme.code()).orElse(null);
            if (algorithm != null) {
                addOnce(names, algorithm.jcaName());
                if (isEdwards(algorithm)) {
                    addOnce(names, "EdDSA");
                }
            }
        }
        return names;
    }

    private static void addOnce(List<String> names, String name) {
        if (!names.contains(name)) {
            names.add(name);
        }
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

    /** How many of a peer's offers a message lists: nobody reads more, and the peer decides how many there are. */
    private static final int LISTED = 12;

    /** {@return why no suite can be chosen, for people} */
    static String noSuite(Codes offered, List<CipherSuite> ours) {
        return "no cipher suite in common: the client offers "
                + list(offered, code -> CipherSuite.of(code).map(CipherSuite::standardName)) + ", this server has "
                + names(ours, CipherSuite::standardName);
    }

    /** {@return why no group can be chosen, for people} */
    static String noGroup(Codes offered, List<NamedGroup> ours) {
        return "no group in common: the client offers "
                + list(offered, code -> NamedGroup.of(code).map(NamedGroup::standardName)) + ", this server has "
                + names(ours, NamedGroup::standardName);
    }

    /** {@return why nobody can be presented to the client, for people} */
    static String noCertificate(Codes offered, List<SignatureScheme> ours) {
        return "no certificate for what the client accepts: it takes signatures by "
                + list(offered, code -> SignatureScheme.of(code).map(SignatureScheme::standardName))
                + ", this server may sign by " + names(ours, SignatureScheme::standardName)
                + " and no key of its own fits";
    }

    private static String list(Codes codes, IntFunction<Optional<String>> name) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < Math.min(codes.size(), LISTED); i++) {
            int code = codes.get(i);
            names.add(name.apply(code).orElseGet(() -> "0x%04x".formatted(code)));
        }
        return codes.size() > LISTED ? names + " and " + (codes.size() - LISTED) + " more" : names.toString();
    }

    private static <T> List<String> names(List<T> values, Function<T, String> name) {
        return values.stream().map(name).toList();
    }
}
