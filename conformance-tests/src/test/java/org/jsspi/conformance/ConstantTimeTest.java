package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * No comparison that ends at the first difference sees a secret, a MAC, a Finished or a binder. Every place in the compiled
 * code that compares bytes in that way is in a table, with what it compares; a place that is not in it fails the build.
 */
class ConstantTimeTest {
    /** Methods that compare bytes and stop at the first that differs, as javap prints a call of them. */
    private static final Pattern EARLY_EXIT =
            Pattern.compile("java/util/Arrays\\.(?:equals|compare|compareUnsigned|mismatch"
                    + "|deepEquals):\\((?:\\[B|\\[Ljava/lang/Object;).*"
                    + "|java/nio/ByteBuffer\\.(?:equals|compareTo|mismatch):.*"
                    + "|org/bouncycastle/util/Arrays\\.(?:areEqual|compareUnsigned).*");

    /** Who may, and what it is that anybody may know. A new line needs the same answer. */
    private static final Map<String, String> PUBLIC = new TreeMap<>(Map.ofEntries(
            Map.entry("org.jsspi.DelegatedCredential", "credentials, which travel to everybody"),
            Map.entry("org.jsspi.EchConfig", "configurations, which are published"),
            Map.entry("org.jsspi.EndpointIdentification", "addresses"),
            Map.entry("org.jsspi.PreSharedKey", "names of keys, which travel in the clear"),
            Map.entry("org.jsspi.SessionInfo", "session ids, which travel in the clear"),
            Map.entry("org.jsspi.TicketKey", "names of keys, which every ticket begins with"),
            Map.entry("org.jsspi.TrustAnchorId", "names of trust anchors, which travel in the clear"),
            Map.entry("org.jsspi.jsse.JsseSession", "session ids"),
            Map.entry("org.jsspi.provider.crypto.JcaEphemeral", "the header of an encoded public key"),
            Map.entry("org.jsspi.provider.crypto.JdkMlKem", "the header of an encoded public key"),
            Map.entry("org.jsspi.provider.crypto.Ocsp", "hashes of an issuer's name and public key"),
            Map.entry("org.jsspi.provider.crypto.SignatureAlgorithm", "an encoded public key"),
            Map.entry("org.jsspi.provider.crypto.VerifyingKeys", "the header of an encoded public key"),
            Map.entry("org.jsspi.provider.tls.ClientSessions", "session ids"),
            Map.entry("org.jsspi.provider.tls.InboundRecords", "what the caller itself was shown and hands back"),
            Map.entry("org.jsspi.provider.tls.handshake.ClientHandshake", "the session id that is echoed"),
            Map.entry("org.jsspi.provider.tls.handshake.ClientHandshake12", "the session id that is echoed"),
            Map.entry("org.jsspi.provider.tls.handshake.CommonKey", "identities of a ClientHello"),
            Map.entry("org.jsspi.provider.tls.handshake.Exchange", "hashes of certificates"),
            Map.entry("org.jsspi.provider.tls.handshake.SessionStates", "who made a ticket, once its seal is verified"),
            Map.entry("org.jsspi.provider.tls.handshake.ServerChoice", "fields of a ClientHello"),
            Map.entry(
                    "org.jsspi.provider.tls.message.TrustAnchors", "names of trust anchors, which travel in the clear"),
            Map.entry("org.jsspi.provider.ntlm.AuthenticateMessage", "whole messages, as they travel"),
            Map.entry("org.jsspi.provider.ntlm.ChallengeMessage", "whole messages, as they travel"),
            Map.entry("org.jsspi.provider.ntlm.Payload", "the signature NTLMSSP"),
            Map.entry("org.jsspi.provider.ntlm.TargetInfo", "AV pairs, as they travel")));

    /** Methods that decide over a secret: each compares by MessageDigest.isEqual, itself. */
    private static final List<String> DECIDES = List.of(
            "org.jsspi.provider.crypto.Secret matches",
            "org.jsspi.provider.crypto.Hmac verifies",
            "org.jsspi.provider.tls.handshake.EchOffer isConfirmed",
            "org.jsspi.provider.tls.handshake.EchOffer isConfirmedBy",
            "org.jsspi.provider.tls.handshake.FinishedVerified check",
            "org.jsspi.provider.tls.handshake.ServerHandshake$Answer requireBinder",
            "org.jsspi.provider.ntlm.Protection judge",
            "org.jsspi.provider.ntlm.ServerExchange requireBindings",
            "org.jsspi.provider.ntlm.ServerExchange requireMic",
            "org.jsspi.provider.ntlm.ServerExchange verifyV1",
            "org.jsspi.provider.ntlm.ServerExchange verifyV2");

    private static final Pattern CLASS = Pattern.compile("(?:[\\w ]*?)(?:class|interface|enum|record) ([\\w.$]+).*\\{");
    private static final Pattern METHOD = Pattern.compile("  \\S.*?([\\w$<>]+)\\(.*\\).*;");
    private static final Pattern CALL = Pattern.compile("\\s+\\d+: invoke\\w+\\s.*// (?:Interface)?Method (\\S+)");
    private static final String IS_EQUAL = "java/security/MessageDigest.isEqual:([B[B)Z";

    private static String disassembled;

    /** One call: from which method of which class, and of what. */
    private record Call(String from, String method, String of) {}

    @Test
    void bytesAreComparedWithAnEarlyExitOnlyWhereTheyArePublic() {
        Set<String> found = calls().stream()
                .filter(call -> EARLY_EXIT.matcher(call.of()).matches())
                .map(call -> call.from().replaceFirst("\\$.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> unknown = new TreeSet<>(found);
        unknown.removeAll(PUBLIC.keySet());
        assertEquals(
                Set.of(),
                unknown,
                "compares bytes by a method that stops at the first difference: MessageDigest.isEqual for secrets, MACs and"
                        + " verify_data; a line in the table of ConstantTimeTest for what everybody may know");
        Set<String> gone = new TreeSet<>(PUBLIC.keySet());
        gone.removeAll(found);
        assertEquals(Set.of(), gone, "compare nothing any more: lines to delete from the table");
    }

    @Test
    void whatDecidesOverASecretComparesInConstantTime() {
        Set<String> constantTime = calls().stream()
                .filter(call -> call.of().equals(IS_EQUAL))
                .map(call -> call.from() + " " + call.method())
                .collect(Collectors.toSet());
        for (String decides : DECIDES) {
            assertTrue(
                    constantTime.contains(decides),
                    () -> decides + " does not call MessageDigest.isEqual; those that do: " + constantTime);
        }
    }

    /** Where nothing is decrypted by RSA, no error of PKCS #1 padding can be told (RFC 5246 7.4.7.1). */
    @Test
    void nothingIsDecryptedByRsa() {
        List<String> ciphers = new ArrayList<>();
        for (String line : disassembled.lines().toList()) {
            if (line.contains("// String RSA/") || line.contains("org/bouncycastle/crypto/engines/RSA")) {
                ciphers.add(line.strip());
            }
        }
        assertEquals(List.of(), ciphers);
    }

    private static List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        String from = "";
        String method = "";
        Set<String> classes = new HashSet<>();
        for (String line : disassembled.lines().toList()) {
            Matcher call = CALL.matcher(line);
            if (call.matches()) {
                calls.add(new Call(from, method, call.group(1)));
                continue;
            }
            Matcher type = CLASS.matcher(line);
            Matcher header = METHOD.matcher(line);
            if (type.matches()) {
                from = type.group(1);
                classes.add(from);
            } else if (header.matches()) {
                method = header.group(1);
            }
        }
        assertTrue(
                classes.size() > 200 && calls.size() > 5_000, classes.size() + " classes, " + calls.size() + " calls");
        return calls;
    }

    @BeforeAll
    static void disassemble() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-c", "-p"));
        for (Path classes : List.of(Reactor.spiClasses(), Reactor.providerClasses())) {
            try (Stream<Path> files = Files.walk(classes)) {
                files.map(Path::toString)
                        .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
                        .forEach(arguments::add);
            }
        }
        StringWriter text = new StringWriter();
        StringWriter errors = new StringWriter();
        int code = ToolProvider.findFirst("javap")
                .orElseThrow()
                .run(new PrintWriter(text, true), new PrintWriter(errors, true), arguments.toArray(String[]::new));
        assertEquals(0, code, errors::toString);
        disassembled = text.toString();
    }
}
