package org.jsspi.conformance.bogo;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jsspi.EarlyDataInfo;

/** Numbers of the IANA registries for TLS and the names that {@link org.jsspi.ContextOptions} takes for them. */
final class Registry {
    static final int TLS12 = 0x0303;
    static final int TLS13 = 0x0304;

    private static final Map<Integer, String> VERSIONS = Map.of(TLS12, "TLSv1.2", TLS13, "TLSv1.3");

    private static final Map<Integer, String> GROUPS = table(
            "0017 secp256r1",
            "0018 secp384r1",
            "0019 secp521r1",
            "001D x25519",
            "001E x448",
            "0201 MLKEM768",
            "0202 MLKEM1024",
            "11EB SecP256r1MLKEM768",
            "11EC X25519MLKEM768",
            "11ED SecP384r1MLKEM1024");

    private static final Map<Integer, String> SCHEMES = table(
            "0201 rsa_pkcs1_sha1",
            "0203 ecdsa_sha1",
            "0401 rsa_pkcs1_sha256",
            "0403 ecdsa_secp256r1_sha256",
            "0501 rsa_pkcs1_sha384",
            "0503 ecdsa_secp384r1_sha384",
            "0601 rsa_pkcs1_sha512",
            "0603 ecdsa_secp521r1_sha512",
            "0804 rsa_pss_rsae_sha256",
            "0805 rsa_pss_rsae_sha384",
            "0806 rsa_pss_rsae_sha512",
            "0807 ed25519",
            "0808 ed448",
            "0809 rsa_pss_pss_sha256",
            "080A rsa_pss_pss_sha384",
            "080B rsa_pss_pss_sha512");

    private static final Map<Integer, String> SUITES = table(
            "1301 TLS_AES_128_GCM_SHA256",
            "1302 TLS_AES_256_GCM_SHA384",
            "1303 TLS_CHACHA20_POLY1305_SHA256",
            "009C TLS_RSA_WITH_AES_128_GCM_SHA256",
            "009D TLS_RSA_WITH_AES_256_GCM_SHA384",
            "002F TLS_RSA_WITH_AES_128_CBC_SHA",
            "0035 TLS_RSA_WITH_AES_256_CBC_SHA",
            "C009 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
            "C00A TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
            "C013 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "C014 TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "C023 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
            "C027 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
            "C02B TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "C02C TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "C02F TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "C030 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "CCA8 TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "CCA9 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final Map<Integer, String> ALERTS = alerts(
            "0 close_notify, 10 unexpected_message, 20 bad_record_mac, 21 decryption_failed, 22 record_overflow",
            "30 decompression_failure, 40 handshake_failure, 41 no_certificate, 42 bad_certificate",
            "43 unsupported_certificate, 44 certificate_revoked, 45 certificate_expired, 46 certificate_unknown",
            "47 illegal_parameter, 48 unknown_ca, 49 access_denied, 50 decode_error, 51 decrypt_error",
            "60 export_restriction, 70 protocol_version, 71 insufficient_security, 80 internal_error",
            "86 inappropriate_fallback, 90 user_canceled, 100 no_renegotiation, 109 missing_extension",
            "110 unsupported_extension, 112 unrecognized_name, 113 bad_certificate_status_response",
            "115 unknown_psk_identity, 116 certificate_required, 120 no_application_protocol, 121 ech_required");

    private Registry() {}

    static String version(int code) {
        return name(VERSIONS, code);
    }

    static String group(int code) {
        return name(GROUPS, code);
    }

    static String scheme(int code) {
        return name(SCHEMES, code);
    }

    static String suite(int code) {
        return name(SUITES, code);
    }

    static String alert(int code) {
        return ALERTS.getOrDefault(code, String.valueOf(code));
    }

    /** {@return the name that BoringSSL has for what became of early data} */
    static String earlyDataReason(EarlyDataInfo info) {
        if (info.reason() == null) {
            return info.status() == EarlyDataInfo.Status.ACCEPTED ? "accept" : "unknown";
        }
        return switch (info.reason()) {
            case DISABLED -> "disabled";
            case PROTOCOL_VERSION -> "protocol_version";
            case NO_SESSION -> "no_session_offered";
            case SESSION_NOT_RESUMED -> "session_not_resumed";
            case UNSUPPORTED_FOR_SESSION -> "unsupported_for_session";
            case APPLICATION_PROTOCOL -> "alpn_mismatch";
            case HELLO_RETRY_REQUEST -> "hello_retry_request";
            case PEER_DECLINED -> "peer_declined";
            case TICKET_AGE -> "ticket_age_skew";
            case CIPHER_SUITE, REPLAY -> "no name of BoringSSL's for " + info.reason();
        };
    }

    static List<String> groups(List<Integer> codes) {
        return codes.stream().map(Registry::group).toList();
    }

    static List<String> schemes(List<Integer> codes) {
        return codes.stream().map(Registry::scheme).toList();
    }

    /** {@return the name, or the number where there is none, which matches no name} */
    private static String name(Map<Integer, String> table, int code) {
        return table.getOrDefault(code, "0x%04X".formatted(code));
    }

    private static Map<Integer, String> table(String... rows) {
        Map<Integer, String> table = new HashMap<>();
        Arrays.stream(rows).map(row -> row.split(" ")).forEach(row -> table.put(Integer.parseInt(row[0], 16), row[1]));
        return Map.copyOf(table);
    }

    private static Map<Integer, String> alerts(String... rows) {
        Map<Integer, String> table = new HashMap<>();
        Arrays.stream(String.join(", ", rows).split(", "))
                .map(row -> row.split(" "))
                .forEach(row -> table.put(Integer.parseInt(row[0]), row[1]));
        return Map.copyOf(table);
    }
}
