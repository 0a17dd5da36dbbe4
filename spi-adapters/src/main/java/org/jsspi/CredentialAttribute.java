package org.jsspi;

import java.util.List;

/**
 * What {@link CredHandle#queryCredentialsAttributes} can be asked.
 *
 * @param <T> the type of the answer
 */
public final class CredentialAttribute<T> {
    /** SECPKG_CRED_ATTR_NAMES: the name of the principal. */
    public static final CredentialAttribute<String> NAMES = new CredentialAttribute<>(1, "NAMES");
    /** SECPKG_ATTR_SUPPORTED_PROTOCOLS: the SP_PROT_ bits that are enabled in this credential. */
    public static final CredentialAttribute<Integer> SUPPORTED_PROTOCOLS =
            new CredentialAttribute<>(0x58, "SUPPORTED_PROTOCOLS");

    /** Ours: JSSE names of the protocols that contexts can be asked for. */
    public static final CredentialAttribute<List<String>> PROTOCOLS =
            new CredentialAttribute<>(0x4A53_0010, "PROTOCOLS");
    /** Ours: JSSE names of the protocols that contexts use unless told otherwise. */
    public static final CredentialAttribute<List<String>> DEFAULT_PROTOCOLS =
            new CredentialAttribute<>(0x4A53_0011, "DEFAULT_PROTOCOLS");
    /** Ours: standard names of the cipher suites that contexts can be asked for. */
    public static final CredentialAttribute<List<String>> CIPHER_SUITES =
            new CredentialAttribute<>(0x4A53_0012, "CIPHER_SUITES");
    /** Ours: standard names of the cipher suites that contexts use unless told otherwise. */
    public static final CredentialAttribute<List<String>> DEFAULT_CIPHER_SUITES =
            new CredentialAttribute<>(0x4A53_0013, "DEFAULT_CIPHER_SUITES");
    /** Ours: standard names of the groups that contexts use unless told otherwise. */
    public static final CredentialAttribute<List<String>> DEFAULT_NAMED_GROUPS =
            new CredentialAttribute<>(0x4A53_0014, "DEFAULT_NAMED_GROUPS");
    /** Ours: names of the signature schemes that contexts use unless told otherwise. */
    public static final CredentialAttribute<List<String>> DEFAULT_SIGNATURE_SCHEMES =
            new CredentialAttribute<>(0x4A53_0015, "DEFAULT_SIGNATURE_SCHEMES");
    /** Ours: standard names of the groups that contexts can be asked for. */
    public static final CredentialAttribute<List<String>> NAMED_GROUPS =
            new CredentialAttribute<>(0x4A53_0018, "NAMED_GROUPS");
    /** Ours: names of the signature schemes that contexts can be asked for. */
    public static final CredentialAttribute<List<String>> SIGNATURE_SCHEMES =
            new CredentialAttribute<>(0x4A53_0019, "SIGNATURE_SCHEMES");
    /** Ours: the sessions that initiated contexts can resume. */
    public static final CredentialAttribute<SessionCache> INITIATOR_SESSIONS =
            new CredentialAttribute<>(0x4A53_0016, "INITIATOR_SESSIONS");
    /** Ours: the sessions that accepted contexts can resume. */
    public static final CredentialAttribute<SessionCache> ACCEPTOR_SESSIONS =
            new CredentialAttribute<>(0x4A53_0017, "ACCEPTOR_SESSIONS");

    private final int id;
    private final String name;

    /** An attribute with its SECPKG_CRED_ATTR_ or SECPKG_ATTR_ value and its name without the prefix. */
    public CredentialAttribute(int id, String name) {
        this.id = id;
        this.name = name;
    }

    /** {@return the value of the constant} */
    public int id() {
        return id;
    }

    @Override
    public String toString() {
        return name;
    }
}
