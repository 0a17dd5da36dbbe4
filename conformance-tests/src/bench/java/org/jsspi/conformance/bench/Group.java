package org.jsspi.conformance.bench;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;

/**
 * The groups of the key exchange. A JVM has one, by the system property that all contenders read: JDK 17 knows no way to say
 * it for one engine.
 */
enum Group {
    X25519("x25519", 0x001D),
    SECP256R1("secp256r1", 0x0017),
    X25519MLKEM768("X25519MLKEM768", 0x11EC);

    private static final String PROPERTY = "jdk.tls.namedGroups";

    private final String name;
    private final int code;

    Group(String name, int code) {
        this.name = name;
        this.code = code;
    }

    /**
     * {@return the group that this JVM was started with}
     *
     * @throws IllegalStateException if it is none of these
     */
    static Group pinned() {
        String name = System.getProperty(PROPERTY);
        return Arrays.stream(values())
                .filter(group -> group.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the JVM has " + PROPERTY + "=" + name));
    }

    /** Makes a context of a contender that reads the property for each, with one more group in it. */
    static SSLContext withSecondGroup(Group group, Source source) throws GeneralSecurityException {
        String before = System.setProperty(PROPERTY, pinned() + "," + group);
        try {
            return source.context();
        } finally {
            System.setProperty(PROPERTY, before);
        }
    }

    /** Where a context comes from. */
    interface Source {
        SSLContext context() throws GeneralSecurityException;
    }

    /** {@return the option that starts a JVM with this group} */
    String option() {
        return "-D" + PROPERTY + "=" + name;
    }

    /** {@return the number on the wire} */
    int code() {
        return code;
    }

    @Override
    public String toString() {
        return name;
    }
}
