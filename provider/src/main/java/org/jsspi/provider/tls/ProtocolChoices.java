package org.jsspi.provider.tls;

import java.security.AlgorithmConstraints;
import java.security.CryptoPrimitive;
import java.security.Security;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jsspi.ContextOptions;
import org.jsspi.PlatformConstraints;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.Named;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.SignatureScheme;

/**
 * What a context may use, best first: the caller's wishes, or our defaults, less what the constraints, the caller's and the platform's, forbid.
 *
 * @param peerHost the peer's host name, lower case, or null
 * @param serverNames what a client sends as server_name
 */
record ProtocolChoices(
        String peerHost,
        List<SNIServerName> serverNames,
        List<String> applicationProtocols,
        List<ProtocolVersion> protocols,
        List<CipherSuite> cipherSuites,
        List<NamedGroup> namedGroups,
        List<SignatureScheme> signatureSchemes) {

    static final List<ProtocolVersion> PROTOCOLS = List.of(ProtocolVersion.TLS13, ProtocolVersion.TLS12);

    static final List<CipherSuite> CIPHER_SUITES = List.of(
            CipherSuite.TLS_AES_128_GCM_SHA256,
            CipherSuite.TLS_AES_256_GCM_SHA384,
            CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256);

    /** Those and the ones of pre-shared keys in TLS 1.2, which stand in front of the others of their version. */
    static final List<CipherSuite> KEYED_CIPHER_SUITES = List.of(
            CipherSuite.TLS_AES_128_GCM_SHA256,
            CipherSuite.TLS_AES_256_GCM_SHA384,
            CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256);

    /**
     * The groups that are used unless somebody says otherwise. Hybrids first: what is recorded today must stay secret when
     * quantum computers can read x25519.
     */
    static final List<NamedGroup> DEFAULT_NAMED_GROUPS = List.of(
            NamedGroup.X25519_MLKEM768,
            NamedGroup.SECP256R1_MLKEM768,
            NamedGroup.X25519,
            NamedGroup.SECP256R1,
            NamedGroup.SECP384R1,
            NamedGroup.SECP521R1);

    /**
     * Those and the ones that have to be asked for: larger and slower than anybody needs to be safe, or ML-KEM without a curve that
     * holds should ML-KEM not.
     */
    static final List<NamedGroup> NAMED_GROUPS = join(
            DEFAULT_NAMED_GROUPS,
            List.of(NamedGroup.SECP384R1_MLKEM1024, NamedGroup.X448, NamedGroup.MLKEM1024, NamedGroup.MLKEM768));

    /** The rsa_pkcs1 schemes speak of certificates, and of the handshake in TLS 1.2 only (RFC 8446 4.2.3). */
    private static final List<SignatureScheme> CLASSICAL_SIGNATURE_SCHEMES = List.of(
            SignatureScheme.ECDSA_SECP256R1_SHA256,
            SignatureScheme.ED25519,
            SignatureScheme.ECDSA_SECP384R1_SHA384,
            SignatureScheme.ECDSA_SECP521R1_SHA512,
            SignatureScheme.RSA_PSS_RSAE_SHA256,
            SignatureScheme.RSA_PSS_RSAE_SHA384,
            SignatureScheme.RSA_PSS_RSAE_SHA512,
            SignatureScheme.RSA_PSS_PSS_SHA256,
            SignatureScheme.RSA_PSS_PSS_SHA384,
            SignatureScheme.RSA_PSS_PSS_SHA512,
            SignatureScheme.ED448,
            SignatureScheme.RSA_PKCS1_SHA256,
            SignatureScheme.RSA_PKCS1_SHA384,
            SignatureScheme.RSA_PKCS1_SHA512);

    /** Those and the ones that have to be asked for. */
    static final List<SignatureScheme> SIGNATURE_SCHEMES = join(
            CLASSICAL_SIGNATURE_SCHEMES,
            List.of(SignatureScheme.MLDSA65, SignatureScheme.MLDSA87, SignatureScheme.MLDSA44));

    /**
     * The schemes that are used unless somebody says otherwise. Who offers ML-DSA may be shown a chain that is signed with it: so
     * only where the platform can verify one (JDK 24, or a provider that has it).
     */
    static final List<SignatureScheme> DEFAULT_SIGNATURE_SCHEMES =
            Security.getProviders("Signature.ML-DSA-65") == null ? CLASSICAL_SIGNATURE_SCHEMES : SIGNATURE_SCHEMES;

    private static final Set<CryptoPrimitive> AGREEMENT = EnumSet.of(CryptoPrimitive.KEY_AGREEMENT);
    private static final Set<CryptoPrimitive> SIGNATURE = EnumSet.of(CryptoPrimitive.SIGNATURE);
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    /**
     * What is left of wishes or defaults: by itself, because it is the same for every connection with the same wishes.
     *
     * @param protocols less those without a suite, which cannot be chosen
     */
    record Permitted(
            List<ProtocolVersion> protocols,
            List<CipherSuite> cipherSuites,
            List<NamedGroup> namedGroups,
            List<SignatureScheme> signatureSchemes) {
        /**
         * @param enabled the versions that the credential allows
         * @param known the suites that there are for it, best first
         */
        static Permitted by(
                ContextOptions options,
                Collection<ProtocolVersion> enabled,
                List<CipherSuite> known,
                PlatformConstraints platform)
                throws SspiException {
            // Loops and no streams: what is a function of its own has to be linked before the first connection.
            List<ProtocolVersion> protocols = new ArrayList<>();
            for (ProtocolVersion version : wished(options.protocols(), PROTOCOLS, PROTOCOLS)) {
                if (enabled.contains(version) && platform.permits(version.standardName())) {
                    protocols.add(version);
                }
            }
            requireAny("protocol", protocols);
            AlgorithmConstraints constraints = options.algorithmConstraints();
            List<CipherSuite> suites = new ArrayList<>();
            List<ProtocolVersion> served = new ArrayList<>();
            for (CipherSuite suite : wished(options.cipherSuites(), known, known)) {
                if (protocols.contains(suite.version())
                        && platform.permits(suite.standardName())
                        && permits(constraints, AGREEMENT, suite.standardName())) {
                    suites.add(suite);
                    served.add(suite.version());
                }
            }
            requireAny("cipher suite", suites);
            protocols.retainAll(served);
            List<NamedGroup> groups = new ArrayList<>();
            for (NamedGroup group : wished(options.namedGroups(), NAMED_GROUPS, DEFAULT_NAMED_GROUPS)) {
                if (platform.permits(group.standardName()) && permits(constraints, AGREEMENT, group.standardName())) {
                    groups.add(group);
                }
            }
            requireAny("group", groups);
            List<SignatureScheme> schemes = new ArrayList<>();
            for (SignatureScheme scheme :
                    wished(options.signatureSchemes(), SIGNATURE_SCHEMES, DEFAULT_SIGNATURE_SCHEMES)) {
                if (ProtocolChoices.permits(platform, scheme)
                        && ProtocolChoices.permits(constraints, SIGNATURE, scheme.standardName())) {
                    schemes.add(scheme);
                }
            }
            requireAny("signature scheme", schemes);
            return new Permitted(
                    List.copyOf(protocols), List.copyOf(suites), List.copyOf(groups), List.copyOf(schemes));
        }
    }

    /** The decisions of {@link Permitted} for the wishes that came last, which are those of nearly every connection. */
    static final class Memory {
        private record Decision(
                List<String> protocols,
                List<String> cipherSuites,
                List<String> namedGroups,
                List<String> signatureSchemes,
                Permitted permitted) {
            boolean isFor(ContextOptions options) {
                return Objects.equals(protocols, options.protocols())
                        && Objects.equals(cipherSuites, options.cipherSuites())
                        && Objects.equals(namedGroups, options.namedGroups())
                        && Objects.equals(signatureSchemes, options.signatureSchemes());
            }
        }

        private final Collection<ProtocolVersion> enabled;
        private final List<CipherSuite> suites;
        private volatile Decision last;

        /**
         * @param enabled the versions that the credential allows
         * @param suites that there are for it, best first
         */
        Memory(Collection<ProtocolVersion> enabled, List<CipherSuite> suites) {
            this.enabled = enabled;
            this.suites = suites;
        }

        Permitted permitted(ContextOptions options) throws SspiException {
            Decision known = last;
            if (options.algorithmConstraints() == null && known != null && known.isFor(options)) {
                return known.permitted();
            }
            Permitted permitted = Permitted.by(options, enabled, suites, PlatformConstraints.HANDSHAKE);
            if (options.algorithmConstraints() == null) {
                // A caller's constraints are code, which may answer otherwise the next time.
                last = new Decision(
                        options.protocols(),
                        options.cipherSuites(),
                        options.namedGroups(),
                        options.signatureSchemes(),
                        permitted);
            }
            return permitted;
        }
    }

    static ProtocolChoices of(
            String targetName, ContextOptions options, List<String> applicationProtocols, Permitted permitted) {
        String host = options.peerHost() != null ? options.peerHost() : targetName;
        return new ProtocolChoices(
                host == null ? null : host.toLowerCase(Locale.ROOT),
                options.serverNames() != null ? options.serverNames() : serverNames(host),
                applicationProtocols,
                permitted.protocols(),
                permitted.cipherSuites(),
                permitted.namedGroups(),
                permitted.signatureSchemes());
    }

    private static <T extends Named> List<T> wished(List<String> wishes, List<T> known, List<T> usual) {
        if (wishes == null) {
            return usual;
        }
        List<T> wished = new ArrayList<>();
        for (String wish : wishes) {
            for (T candidate : known) {
                if (candidate.standardName().equalsIgnoreCase(wish) && !wished.contains(candidate)) {
                    wished.add(candidate);
                }
            }
        }
        return wished;
    }

    private static void requireAny(String what, List<?> left) throws SspiException {
        if (left.isEmpty()) {
            throw nothingLeft(what);
        }
    }

    /** A scheme is also forbidden by the JCA name of its signature and by that of its keys. */
    private static boolean permits(PlatformConstraints platform, SignatureScheme scheme) {
        SignatureAlgorithm algorithm = SignatureAlgorithm.of(scheme.code()).orElse(null);
        return platform.permits(scheme.standardName())
                && (algorithm == null
                        || platform.permits(algorithm.jcaName()) && platform.permits(algorithm.keyAlgorithm()));
    }

    private static <T> List<T> join(List<T> usual, List<T> more) {
        List<T> joined = new ArrayList<>(usual);
        joined.addAll(more);
        return List.copyOf(joined);
    }

    private static boolean permits(AlgorithmConstraints constraints, Set<CryptoPrimitive> primitives, String name) {
        return constraints == null || constraints.permits(primitives, name, null);
    }

    private static SspiException nothingLeft(String what) {
        return new SspiException(
                SecurityStatus.SEC_E_ALGORITHM_MISMATCH,
                SspiException.Kind.HANDSHAKE,
                "no " + what + " is left to use: the settings or constraints of this side allow none that it has",
                null);
    }

    /** RFC 6066 3: a host name, without trailing dot, and never an address literal. */
    private static List<SNIServerName> serverNames(String host) {
        if (host == null
                || host.indexOf('.') < 0
                || host.indexOf(':') >= 0
                || IPV4.matcher(host).matches()) {
            return List.of();
        }
        try {
            return List.of(new SNIHostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host));
        } catch (IllegalArgumentException notAHostName) {
            return List.of();
        }
    }
}
