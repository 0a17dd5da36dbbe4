package org.jsspi.conformance.bogo;

import java.util.List;
import org.jsspi.ContextOptions;

/** The policies that BoringSSL has names for, as lists; {@code ssl_compliance_policy_t} in its {@code ssl.h} describes them. */
enum Policy {
    /** TLS 1.2 and 1.3 with AES-GCM, P-256 and P-384. */
    FIPS_202205(
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
            List.of("secp256r1", "secp384r1"),
            List.of(
                    "ecdsa_secp256r1_sha256",
                    "ecdsa_secp384r1_sha384",
                    "rsa_pss_rsae_sha256",
                    "rsa_pss_rsae_sha384",
                    "rsa_pss_rsae_sha512",
                    "rsa_pkcs1_sha256",
                    "rsa_pkcs1_sha384",
                    "rsa_pkcs1_sha512")),

    /** TLS 1.2 and 1.3 with AES-256-GCM and P-384. */
    WPA3_192_202304(
            List.of(
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
            List.of("secp384r1"),
            List.of(
                    "ecdsa_secp384r1_sha384",
                    "rsa_pss_rsae_sha384",
                    "rsa_pss_rsae_sha512",
                    "rsa_pkcs1_sha384",
                    "rsa_pkcs1_sha512")),

    /** AES-256-GCM before AES-128-GCM before ChaCha20-Poly1305 in TLS 1.3. */
    CNSA_202407(
            List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"), null, null);

    private final List<String> suites;
    private final List<String> groups;
    private final List<String> schemes;

    Policy(List<String> suites, List<String> groups, List<String> schemes) {
        this.suites = suites;
        this.groups = groups;
        this.schemes = schemes;
    }

    void apply(ContextOptions.Builder options) {
        options.cipherSuites(suites)
                .namedGroups(groups)
                .signatureSchemes(schemes)
                .preferLocalCipherSuites(true);
    }
}
