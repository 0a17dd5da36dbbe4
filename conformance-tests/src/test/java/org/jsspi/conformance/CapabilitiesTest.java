package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsspi.CredHandle;
import org.jsspi.CredentialAttribute;
import org.jsspi.CredentialUse;
import org.jsspi.PreSharedKey;
import org.jsspi.SchCredentials;
import org.jsspi.provider.JsspiProvider;
import org.jsspi.provider.tls.SchannelPackage;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.junit.jupiter.api.Test;

/** The tables of CAPABILITIES.md say what the code has: nothing more, nothing less, in the same order. */
class CapabilitiesTest {
    private static final boolean VERIFIES_ML_DSA = Security.getProviders("Signature.ML-DSA-65") != null;

    @Test
    void theServicesAreThoseOfTheProvider() throws Exception {
        List<String> services = new JsspiProvider()
                .getServices().stream()
                        .map(service -> service.getType() + " " + service.getAlgorithm())
                        .sorted()
                        .toList();

        assertEquals(
                services,
                table("Provider services").stream()
                        .map(row -> row.get(0) + " " + row.get(1))
                        .sorted()
                        .toList());
    }

    @Test
    void theAliasesAreThoseOfTheProvider() throws Exception {
        JsspiProvider provider = new JsspiProvider();

        for (List<String> row : table("Provider services")) {
            String prefix = "Alg.Alias." + row.get(0) + ".";
            TreeSet<String> aliases = new TreeSet<>();
            for (Enumeration<Object> keys = provider.keys(); keys.hasMoreElements(); ) {
                String key = keys.nextElement().toString();
                if (key.startsWith(prefix) && row.get(1).equals(provider.getProperty(key))) {
                    aliases.add(key.substring(prefix.length()));
                }
            }
            assertEquals(aliases, new TreeSet<>(list(row.get(2))), row.get(0) + " " + row.get(1));
        }
    }

    @Test
    void theProtocolsAreThoseOfTheCredential() throws Exception {
        compare("Protocols", 0, CredentialAttribute.PROTOCOLS);
        compareDefaults("Protocols", 3, CredentialAttribute.DEFAULT_PROTOCOLS);
    }

    @Test
    void theCipherSuitesAreThoseOfTheCredential() throws Exception {
        compare("Cipher suites", 0, CredentialAttribute.CIPHER_SUITES);
        compareDefaults("Cipher suites", 3, CredentialAttribute.DEFAULT_CIPHER_SUITES);
        compareCodes(
                "Cipher suites", name -> CipherSuite.named(name).orElseThrow().code());
        for (List<String> row : table("Cipher suites")) {
            assertEquals(
                    CipherSuite.named(row.get(0)).orElseThrow().version().standardName(), row.get(2), row.toString());
        }
    }

    @Test
    void theSuitesOfPreSharedKeysAreThoseThatTheCredentialHasMore() throws Exception {
        PreSharedKey key = PreSharedKey.of(PreSharedKey.Use.TLS12, new byte[1], new byte[32]);
        SchCredentials keyed = SchCredentials.builder().preSharedKey(key).build();
        List<String> more = new ArrayList<>();
        try (CredHandle credential = new SchannelPackage().acquireCredentialsHandle(null, CredentialUse.BOTH, keyed)) {
            more.addAll(credential.queryCredentialsAttributes(CredentialAttribute.CIPHER_SUITES));
            assertEquals(more, credential.queryCredentialsAttributes(CredentialAttribute.DEFAULT_CIPHER_SUITES));
        }
        more.removeAll(ask(CredentialAttribute.CIPHER_SUITES));

        assertEquals(
                more,
                table("Cipher suites of pre-shared keys").stream()
                        .map(row -> row.get(0))
                        .toList());
        compareCodes(
                "Cipher suites of pre-shared keys",
                name -> CipherSuite.named(name).orElseThrow().code());
    }

    @Test
    void theGroupsAreThoseOfTheCredential() throws Exception {
        compare("Groups", 0, CredentialAttribute.NAMED_GROUPS);
        compareDefaults("Groups", 2, CredentialAttribute.DEFAULT_NAMED_GROUPS);
        compareCodes("Groups", name -> NamedGroup.named(name).orElseThrow().code());
    }

    @Test
    void theSignatureSchemesAreThoseOfTheCredential() throws Exception {
        compare("Signature schemes", 0, CredentialAttribute.SIGNATURE_SCHEMES);
        compareDefaults("Signature schemes", 4, CredentialAttribute.DEFAULT_SIGNATURE_SCHEMES);
        compareCodes(
                "Signature schemes",
                name -> SignatureScheme.named(name).orElseThrow().code());
        for (List<String> row : table("Signature schemes")) {
            boolean signs = SignatureScheme.named(row.get(0)).orElseThrow().signsHandshake13();
            assertEquals(signs ? "yes" : "no", row.get(2), row.toString());
            boolean signs12 = SignatureScheme.named(row.get(0)).orElseThrow().signsHandshake12();
            assertEquals(signs12 ? "yes" : "no", row.get(3), row.toString());
        }
    }

    private static void compare(String section, int column, CredentialAttribute<List<String>> attribute)
            throws Exception {
        assertEquals(
                ask(attribute),
                table(section).stream().map(row -> row.get(column)).toList());
    }

    private static void compareDefaults(String section, int column, CredentialAttribute<List<String>> attribute)
            throws Exception {
        assertEquals(
                ask(attribute),
                table(section).stream()
                        .filter(row -> row.get(column).equals("yes")
                                || row.get(column).equals("where the platform verifies it") && VERIFIES_ML_DSA)
                        .map(row -> row.get(0))
                        .toList());
    }

    private static void compareCodes(String section, Function<String, Integer> code) throws Exception {
        for (List<String> row : table(section)) {
            assertEquals("0x%04X".formatted(code.apply(row.get(0))), row.get(1), row.toString());
        }
    }

    private static List<String> ask(CredentialAttribute<List<String>> attribute) throws Exception {
        try (CredHandle credential = new SchannelPackage()
                .acquireCredentialsHandle(
                        null, CredentialUse.BOTH, SchCredentials.builder().build())) {
            return credential.queryCredentialsAttributes(attribute);
        }
    }

    /** {@return the rows of the first table below this heading, without its head} */
    private static List<List<String>> table(String heading) throws Exception {
        Path file = Reactor.providerClasses().resolve("../../CAPABILITIES.md").normalize();
        List<List<String>> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("#")) {
                inside = line.equals("## " + heading);
            } else if (inside && line.startsWith("|")) {
                rows.add(Stream.of(line.substring(1).split("\\|", -1))
                        .map(String::strip)
                        .toList());
            } else if (inside && !rows.isEmpty()) {
                break;
            }
        }
        assertFalse(rows.size() < 3, "no table below " + heading);
        return rows.subList(2, rows.size());
    }

    private static List<String> list(String cell) {
        return Arrays.stream(cell.split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .collect(Collectors.toList());
    }
}
