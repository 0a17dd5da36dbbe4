package org.jsspi.conformance.bogo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jsspi.ContextOptions.Renegotiation;
import org.jsspi.PreSharedKey;
import org.jsspi.RefusalException;
import org.jsspi.TrustAnchorId;

/**
 * The flags of a shim: what each does to a {@link Configuration}, or the reason why it is not implemented.
 *
 * <p>The prefixes {@code -on-initial}, {@code -on-resume} and {@code -on-retry} limit a flag to one connection of the test;
 * {@code -on-shim} changes nothing and {@code -on-handshaker} is for a program that is not here.
 */
final class Flags {
    /** What a flag does. */
    private interface Effect {
        void on(Configuration configuration, String value) throws NotImplemented;
    }

    private record Flag(boolean hasValue, Effect effect) {}

    private static final Map<String, Flag> FLAGS = new HashMap<>();
    private static final Map<String, String> REFUSED = new TreeMap<>();

    private Flags() {}

    /**
     * The connections of one test.
     *
     * @param initial the first
     * @param resumed those that follow, as many as {@link Configuration#resumeCount}
     * @param retried what becomes of one of them once the server has rejected its early data
     */
    record Connections(Configuration initial, Configuration resumed, Configuration retried) {}

    /**
     * {@return the connections that these arguments describe}
     *
     * @param arguments each character is one byte
     * @throws NotImplemented for a flag that has no meaning here
     */
    static Connections parse(List<String> arguments) throws NotImplemented {
        Connections connections = new Connections(new Configuration(), new Configuration(), new Configuration());
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            boolean handshaker = argument.startsWith("-on-handshaker-");
            String name = argument.replaceFirst("^-on-(shim|handshaker)-", "-");
            List<Configuration> targets = handshaker ? List.of() : targets(name, connections);
            name = name.replaceFirst("^-on-(initial|resume|retry)-", "-");
            Flag flag = FLAGS.get(name);
            if (flag == null) {
                throw new NotImplemented(REFUSED.getOrDefault(name, "unknown flag " + name));
            }
            if (flag.hasValue() && !rest.hasNext()) {
                throw new NotImplemented("no value after " + name);
            }
            String value = flag.hasValue() ? rest.next() : null;
            for (Configuration target : targets) {
                flag.effect().on(target, value);
            }
        }
        return connections;
    }

    /** {@return the flags that are not implemented, each with its reason} */
    static Map<String, String> refused() {
        return Map.copyOf(REFUSED);
    }

    private static List<Configuration> targets(String name, Connections all) {
        if (name.startsWith("-on-initial-")) {
            return List.of(all.initial());
        } else if (name.startsWith("-on-resume-")) {
            return List.of(all.resumed());
        }
        return name.startsWith("-on-retry-")
                ? List.of(all.retried())
                : List.of(all.initial(), all.resumed(), all.retried());
    }

    static {
        // Where the runner is
        number("-port", (c, v) -> c.port = v);
        flag("-ipv6", c -> c.ipv6 = true);
        value("-shim-id", (c, v) -> c.shimId = Long.parseUnsignedLong(v));

        // The course of the test
        flag("-server", c -> c.server = true);
        number("-resume-count", (c, v) -> c.resumeCount = v);
        number("-resumption-delay", (c, v) -> c.resumptionDelay = v);
        flag("-async", c -> c.async = true);
        flag("-implicit-handshake", c -> c.implicitHandshake = true);
        flag("-shim-writes-first", c -> c.shimWritesFirst = true);
        flag("-read-with-unfinished-write", c -> c.readWithUnfinishedWrite = true);
        flag("-write-different-record-sizes", c -> c.writeDifferentRecordSizes = true);
        number("-read-size", (c, v) -> c.readSize = v);
        flag("-shim-shuts-down", c -> c.shimShutsDown = true);
        flag("-check-close-notify", c -> c.checkCloseNotify = true);
        flag("-send-alert", c -> c.sendAlert = true);
        flag("-key-update", c -> c.keyUpdate = true);
        flag("-key-update-before-read", c -> c.keyUpdateBeforeRead = true);
        flag("-handshake-never-done", c -> c.handshakeNeverDone = true);
        number("-early-write-after-message", (c, v) -> c.earlyWriteAfterMessage = v);
        flag("-no-op-extra-handshake", c -> c.extraHandshake = true);
        flag("-handshake-twice", c -> c.handshakeTwice = true);
        flag("-peek-then-read", c -> c.peekThenRead = true);

        // BoringSSL's, which forbids renegotiation unless it is told otherwise
        flag("-renegotiate-ignore", c -> c.renegotiation = Renegotiation.IGNORE);
        flag("-renegotiate-once", c -> c.renegotiation = Renegotiation.ACCEPT_ONCE);
        flag("-renegotiate-freely", c -> c.renegotiation = Renegotiation.ACCEPT);
        // With SSPI it always is: SEC_I_RENEGOTIATE leaves it to the caller to go on.
        flag("-renegotiate-explicit", c -> c.renegotiation = Renegotiation.ACCEPT);
        // What is allowed until the handshake is complete is not allowed at all.
        nothing("-forbid-renegotiation-after-handshake");
        number("-expect-total-renegotiations", (c, v) -> c.expectRenegotiations = v);

        // What is offered
        number("-min-version", (c, v) -> c.minVersion = v);
        number("-max-version", (c, v) -> c.maxVersion = v);
        flag("-no-tls13", c -> c.forbiddenVersions.add(Registry.TLS13));
        flag("-no-tls12", c -> c.forbiddenVersions.add(Registry.TLS12));
        nothing("-no-tls11", "-no-tls1");
        value("-cipher", (c, v) -> c.ciphers = v);
        flag("-server-preference", c -> c.serverPreference = true);
        number("-curves", (c, v) -> c.curves.add(v));
        number("-curves-flags", (c, v) -> c.curvesFlags.add(v));
        // For a fault of JDK 11.0.1 and older, which is not worked around: what a test sees of that is disabled.
        nothing("-jdk11-workaround");
        flag("-enable-grease", c -> c.grease = true);
        flag("-permute-extensions", c -> c.permuteExtensions = true);
        flag("-fallback-scsv", c -> c.fallback = true);
        number("-max-cert-list", (c, v) -> c.maximumChainSize = v);
        number("-key-shares", (c, v) -> c.keyShares().add(v));
        flag("-no-key-shares", c -> c.keyShares());
        number("-server-supported-groups-hint", (c, v) -> c.groupsHint.add(v));
        number("-verify-prefs", (c, v) -> c.verifyPreferences.add(v));
        value("-host-name", (c, v) -> c.hostName = v);
        value("-advertise-alpn", (c, v) -> c.advertiseAlpn = bytes(v));
        flag("-fips-202205", c -> c.policy = Policy.FIPS_202205);
        flag("-wpa-202304", c -> c.policy = Policy.WPA3_192_202304);
        flag("-cnsa-202407", c -> c.policy = Policy.CNSA_202407);
        number("-max-send-fragment", (c, v) -> c.maxSendFragment = v);
        flag("-no-ticket", c -> c.noTicket = true);
        flag("-enable-ocsp-stapling", c -> c.requestStatus = true);
        flag("-use-ticket-callback", c -> c.ticketCallback = true);
        flag("-use-ticket-aead-callback", c -> c.ticketCallback = true);
        flag("-skip-ticket", c -> c.skipTicket = true);
        flag("-renew-ticket", c -> c.renewTicket = true);
        // For DTLS alone: over TLS nothing of it is offered or answered.
        value("-srtp-profiles", (c, v) -> {});
        flag("-enable-early-data", c -> c.earlyData = true);
        flag("-false-start", c -> c.falseStart = true);
        flag("-allow-false-start-without-alpn", c -> c.falseStartWithoutAlpn = true);
        flag("-install-cert-compression-algs", c -> c.compressions = true);
        number("-install-one-cert-compression-alg", (c, v) -> c.compression = v);
        flag("-enable-signed-cert-timestamps", c -> c.requestTimestamps = true);
        value("-ech-config-list", (c, v) -> c.echConfigList = base64(v));
        flag("-enable-ech-grease", c -> c.echGrease = true);

        // Who we are: a certificate is always chosen by a callback, so that how it is asked for makes no difference
        flag("-new-x509-credential", c -> c.credentials.add(new Configuration.Credential(c.credentials.size())));
        flag("-new-delegated-credential", c -> c.credentials.add(new Configuration.Credential(c.credentials.size())));
        value("-delegated-credential", (c, v) -> credential(c).delegated = base64(v));
        value("-cert-file", (c, v) -> credential(c).certificateFile = v);
        value("-key-file", (c, v) -> credential(c).keyFile = v);
        number("-signing-prefs", (c, v) -> credential(c).signingPreferences.add(v));
        value("-ocsp-response", (c, v) -> credential(c).ocspResponse = base64(v));
        value("-signed-cert-timestamps", (c, v) -> credential(c).timestamps = timestamps(base64(v)));
        flag("-decline-ocsp-callback", c -> c.declineOcsp = true);
        flag("-fail-ocsp-callback", c -> c.failOcsp = true);
        nothing("-use-ocsp-callback", "-set-ocsp-in-callback");
        flag("-must-match-issuer", c -> credential(c).mustMatchIssuer = true);
        value("-trust-anchor-id", (c, v) -> credential(c).trustAnchor = TrustAnchorId.of(base64(v)));
        flag("-fail-cert-callback", c -> c.failCertCallback = true);
        value("-psk", (c, v) -> c.preSharedKey = bytes(v));
        value("-psk-identity", (c, v) -> c.preSharedKeyIdentity = bytes(v));
        flag("-new-psk-credential", c -> c.credentials.add(new Configuration.Credential(c.credentials.size())));
        value("-psk-importer-key", (c, v) -> credential(c).importedKey = base64(v));
        value("-psk-importer-identity", (c, v) -> credential(c).importedIdentity = base64(v));
        value("-psk-importer-context", (c, v) -> credential(c).importedContext = base64(v));
        flag("-psk-importer-sha256", c -> credential(c).importedHash = PreSharedKey.Hash.SHA256);
        flag("-psk-importer-sha384", c -> credential(c).importedHash = PreSharedKey.Hash.SHA384);
        nothing("-use-early-callback", "-use-old-client-cert-callback");
        nothing("-install-ddos-callback");
        flag("-fail-ddos-callback", c -> c.refuseClient = RefusalException.INTERNAL_ERROR);
        flag("-fail-early-callback", c -> c.refuseClient = RefusalException.HANDSHAKE_FAILURE);
        value("-ech-server-config", (c, v) -> c.echServerConfigs.add(base64(v)));
        value("-ech-server-key", (c, v) -> c.echServerKeys.add(base64(v)));
        number("-ech-is-retry-config", (c, v) -> c.echIsRetry.add(v != 0));
        flag("-fail-early-callback-ech-rewind", c -> c.declineEch = true);
        value("-requested-trust-anchors", (c, v) -> c.trustAnchors = trustAnchors(base64(v)));
        value("-use-client-ca-list", (c, v) -> c.clientAuthorities = v.startsWith("<") ? List.of() : hex(v));

        // What is decided about the peer: always by a callback
        flag("-verify-peer", c -> c.verifyPeer = true);
        flag("-require-any-client-certificate", c -> c.requireClientCertificate = true);
        // Which BoringSSL does in TLS 1.2 only.
        nothing("-ignore-rsa-key-usage");
        flag("-resumption-across-names-enabled", c -> c.acrossNames = true);
        flag("-retain-only-sha256-client-cert", c -> c.retainCertificateHash = true);
        flag("-verify-fail", c -> c.verifyFail = true);
        flag("-reverify-on-resume", c -> c.reverifyOnResume = true);
        value("-trust-cert", (c, v) -> {});
        flag("-use-custom-verify-callback", c -> c.customVerifyCallback = true);
        flag("-no-server-name-ack", c -> c.silentAboutName = true);
        value("-select-alpn", (c, v) -> c.selectAlpn = v);
        flag("-decline-alpn", c -> c.declineAlpn = true);
        flag("-reject-alpn", c -> c.rejectAlpn = true);

        // What is exported
        number("-export-keying-material", (c, v) -> c.exportLength = v);
        value("-export-label", (c, v) -> c.exportLabel = v);
        value("-export-context", (c, v) -> c.exportContext = bytes(v));
        flag("-use-export-context", c -> c.useExportContext = true);
        flag("-use-exporter-between-reads", c -> c.exporterBetweenReads = true);
        flag("-tls-unique", c -> c.tlsUnique = true);
        flag("-export-traffic-secrets", c -> c.exportTrafficSecrets = true);

        // What is expected
        number("-expect-version", (c, v) -> c.expectVersion = v);
        number("-expect-cipher", (c, v) -> c.expectCipher = v);
        number("-expect-cipher-aes", (c, v) -> c.expectCipher = v);
        number("-expect-cipher-no-aes", (c, v) -> {});
        number("-expect-peer-signature-algorithm", (c, v) -> c.expectPeerSignature = v);
        number("-expect-peer-verify-pref", (c, v) -> c.expectPeerSchemes.add(v));
        flag("-expect-extended-master-secret", c -> c.expectExtendedMasterSecret = true);
        flag("-expect-secure-renegotiation", c -> c.expectSecureRenegotiation = true);
        flag("-expect-no-secure-renegotiation", c -> c.expectSecureRenegotiation = false);
        value("-expect-certificate-types", (c, v) -> c.expectCertificateTypes = base64(v));
        flag("-expect-session-id", c -> c.expectSessionId = true);
        flag("-expect-no-session-id", c -> c.expectSessionId = false);
        value("-expect-ocsp-response", (c, v) -> c.expectOcspResponse = base64(v));
        value("-expect-signed-cert-timestamps", (c, v) -> c.expectTimestamps = timestamps(base64(v)));
        number("-expect-curve-id", (c, v) -> c.expectCurve = v);
        flag("-expect-hrr", c -> c.expectRetry = true);
        flag("-expect-no-hrr", c -> c.expectRetry = false);
        value("-expect-server-name", (c, v) -> c.expectServerName = v);
        flag("-expect-no-server-name", c -> c.expectNoServerName = true);
        value("-expect-alpn", (c, v) -> c.expectAlpn = v.isEmpty() ? null : v);
        value("-expect-advertised-alpn", (c, v) -> c.expectAdvertisedAlpn = bytes(v));
        value("-expect-msg-callback", (c, v) -> c.expectMessages = v);
        flag("-expect-session-miss", c -> c.expectSessionMiss = true);
        flag("-expect-no-session", c -> c.expectNoSession = true);
        number("-expect-ticket-age-skew", (c, v) -> c.expectTicketAgeSkew = v);
        flag("-expect-ticket-renewal", c -> c.expectTicketRenewal = true);
        number("-expect-selected-credential", (c, v) -> c.expectCredential = v);
        value("-expect-peer-cert-file", (c, v) -> c.expectPeerCertificate = v);
        flag("-expect-no-peer-cert", c -> c.expectNoPeerCertificate = true);
        value(
                "-expect-peer-available-trust-anchors",
                (c, v) -> c.expectAvailableTrustAnchors = trustAnchors(base64(v)));
        flag("-expect-peer-match-trust-anchor", c -> c.expectTrustAnchorMatched = true);
        flag("-expect-no-peer-match-trust-anchor", c -> c.expectTrustAnchorMatched = false);
        value("-expect-client-ca-list", (c, v) -> c.expectAuthorities = v.equals("<EMPTY>") ? List.of() : hex(v));
        nothing("-expect-verify-result");
        flag("-expect-resumable-across-names", c -> c.expectAcrossNames = true);
        flag("-expect-not-resumable-across-names", c -> c.expectAcrossNames = false);
        flag("-expect-sha256-client-cert", c -> c.expectCertificateHash = true);
        flag("-expect-accept-early-data", c -> c.expectEarlyDataAccepted = true);
        flag("-expect-reject-early-data", c -> c.expectEarlyDataRejected = true);
        flag("-expect-no-offer-early-data", c -> c.expectNoEarlyDataOffer = true);
        flag("-expect-ticket-supports-early-data", c -> c.expectTicketForEarlyData = true);
        value("-expect-early-data-reason", (c, v) -> c.expectEarlyDataReason = v);
        flag("-expect-ech-accept", c -> c.expectEchAccept = true);
        value("-expect-ech-name-override", (c, v) -> c.expectEchNameOverride = v);
        flag("-expect-no-ech-name-override", c -> c.expectNoEchNameOverride = true);
        value("-expect-ech-retry-configs", (c, v) -> c.expectEchRetryConfigs = base64(v));
        flag("-expect-no-ech-retry-configs", c -> c.expectEchRetryConfigs = new byte[0]);

        refuse("no DTLS", "-dtls", "-mtu", "-initial-timeout-duration-ms");
        refuse(
                "no QUIC",
                "-quic",
                "-quic-transport-params",
                "-expect-quic-transport-params",
                "-quic-use-legacy-codepoint",
                "-quic-early-data-context");
        refuse(
                "no NPN, which ALPN has replaced",
                "-advertise-npn",
                "-advertise-empty-npn",
                "-select-next-proto",
                "-select-empty-next-proto",
                "-expect-next-proto",
                "-expect-no-next-proto");
        refuse(
                "no ALPS",
                "-application-settings",
                "-expect-peer-application-settings",
                "-alps-use-new-codepoint",
                "-defer-alps");
        refuse("no Channel ID", "-enable-channel-id", "-send-channel-id", "-expect-channel-id");
        refuse(
                "no PAKE",
                "-new-spake2plusv1-credential",
                "-pake-context",
                "-pake-client-id",
                "-pake-server-id",
                "-pake-password",
                "-wrong-pake-role");
        refuse(
                "no raw public keys",
                "-new-rpk-credential",
                "-accepted-peer-cert-types",
                "-available-client-cert-types",
                "-expect-peer-certificate-type",
                "-expect-peer-rpk-sha256");
        refuse(
                "no split handshake",
                "-handoff",
                "-handshake-hints",
                "-allow-hint-mismatch",
                "-handshaker-path",
                "-handshaker-resume");
        refuse("no such policy", "-cnsa1-202603", "-cnsa2-202603");
        refuse("no record splitting, which was for TLS 1.0", "-cbc-record-splitting");
        refuse("a message is protected whole or not at all", "-partial-write");
        refuse("what is in a ticket is not what BoringSSL writes", "-ticket-key");
        refuse("an empty choice of ALPN declines it", "-select-empty-alpn");
        refuse("a protocol that was not offered is refused (RFC 7301 3.1)", "-allow-unknown-alpn-protos");
        refuse("a key that may not sign is refused in TLS 1.2 too", "-expect-key-usage-invalid");
        refuse("no message callback", "-expect-msg-callback");
        refuse("a key answers at once", "-private-key-delay-ms");
        refuse("a debugger is attached to the JVM", "-wait-for-debugger");
        refuse("no settings are written", "-write-settings");
        refuse("encryption cannot be switched off", "-fuzzer-mode");
    }

    private interface Switch {
        void on(Configuration configuration);
    }

    private interface NumberEffect {
        void on(Configuration configuration, int value);
    }

    private static void flag(String name, Switch effect) {
        FLAGS.put(name, new Flag(false, (c, v) -> effect.on(c)));
    }

    private static void value(String name, Effect effect) {
        FLAGS.put(name, new Flag(true, effect));
    }

    private static void number(String name, NumberEffect effect) {
        FLAGS.put(name, new Flag(true, (c, v) -> effect.on(c, Integer.parseInt(v))));
    }

    /** What is so in any case. */
    private static void nothing(String... names) {
        Arrays.stream(names).forEach(name -> flag(name, c -> {}));
    }

    private static void refuse(String reason, String... names) {
        Arrays.stream(names).forEach(name -> REFUSED.put(name, reason));
    }

    private static Configuration.Credential credential(Configuration configuration) {
        List<Configuration.Credential> added = configuration.credentials;
        return added.isEmpty() ? configuration.credential : added.get(added.size() - 1);
    }

    private static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] base64(String value) {
        return Base64.getDecoder().decode(value);
    }

    /** {@return the timestamps in a SignedCertificateTimestampList (RFC 6962 3.3)} */
    private static List<byte[]> timestamps(byte[] list) {
        ByteBuffer in = ByteBuffer.wrap(list);
        if (in.getShort() != in.remaining()) {
            throw new IllegalArgumentException("a list of timestamps of another length than it says");
        }
        List<byte[]> timestamps = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] timestamp = new byte[in.getShort() & 0xFFFF];
            in.get(timestamp);
            timestamps.add(timestamp);
        }
        return timestamps;
    }

    /** {@return the identifiers in this list, each behind its length} */
    private static List<TrustAnchorId> trustAnchors(byte[] list) {
        ByteBuffer in = ByteBuffer.wrap(list);
        List<TrustAnchorId> ids = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] id = new byte[in.get() & 0xFF];
            in.get(id);
            ids.add(TrustAnchorId.of(id));
        }
        return ids;
    }

    private static List<byte[]> hex(String list) {
        List<byte[]> values = new ArrayList<>();
        for (String value : list.split(",")) {
            values.add(HexFormat.of().parseHex(value));
        }
        return values;
    }
}
