package org.jsspi.provider.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Security;

/**
 * Whether the primitives of {@link Legacy} may be used. Where the policy of a system forbids them, the security property
 * {@value #PROPERTY} with the value {@code off} switches off whatever is built on them; where the platform has no MD5, that is so by
 * itself.
 *
 * <p>Apart from {@link Legacy}, because the Provider asks when it is made, and bcprov is not to be loaded for that.
 */
public final class LegacyPolicy {
    /** The security property that switches NTLM, and with it every use of these primitives, off: {@code org.jsspi.ntlm=off}. */
    public static final String PROPERTY = "org.jsspi.ntlm";

    private LegacyPolicy() {}

    /** {@return false if the policy switches these primitives off, or the platform has no MD5} */
    public static boolean isAllowed() {
        if ("off".equalsIgnoreCase(Security.getProperty(PROPERTY))) {
            return false;
        }
        try {
            MessageDigest.getInstance("MD5");
            return true;
        } catch (NoSuchAlgorithmException e) {
            return false;
        }
    }
}
