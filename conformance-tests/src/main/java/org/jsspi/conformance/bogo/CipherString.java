package org.jsspi.conformance.bogo;

import java.util.ArrayList;
import java.util.List;

/** The lists of cipher suites in OpenSSL's language, as far as tests use them: names with colons between them. */
final class CipherString {
    private static final List<String> TLS13 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private CipherString() {}

    /** {@return the standard names; those of TLS 1.3, of which such a list does not speak, come first} */
    static List<String> suites(String list) throws NotImplemented {
        List<String> suites = new ArrayList<>(TLS13);
        for (String name : list.split(":")) {
            if (!name.startsWith("TLS_")) {
                throw new NotImplemented("no language for cipher suites, as OpenSSL has it");
            }
            suites.add(name);
        }
        return suites;
    }
}
