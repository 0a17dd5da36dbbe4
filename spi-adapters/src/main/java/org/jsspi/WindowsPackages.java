package org.jsspi;

import java.util.List;

/**
 * The packages of Windows 10 and 11 as EnumerateSecurityPackages reports them there, in its order, for comparison. These are
 * constants, not packages: what runs here is what {@link Sspi#enumerateSecurityPackages()} lists.
 *
 * <p>Source: published enumeration dumps of Windows 10 and 11 hosts.
 */
public final class WindowsPackages {
    public static final SecPkgInfo NEGOTIATE =
            new SecPkgInfo(0x00883BB3, 1, 9, 48256, "Negotiate", "Microsoft Package Negotiator");
    public static final SecPkgInfo NEGO_EXTENDER =
            new SecPkgInfo(0x00913913, 1, 30, 12000, "NegoExtender", "NegoExtender Security Package");
    public static final SecPkgInfo KERBEROS =
            new SecPkgInfo(0x028F3BBF, 1, 16, 48000, "Kerberos", "Microsoft Kerberos V1.0");
    public static final SecPkgInfo NTLM = new SecPkgInfo(0x02882B37, 1, 10, 2888, "NTLM", "NTLM Security Package");
    public static final SecPkgInfo TSSSP =
            new SecPkgInfo(0x00810230, 1, 22, 13000, "TSSSP", "TS Service Security Package");
    public static final SecPkgInfo PKU2U = new SecPkgInfo(0x00A11113, 1, 31, 12000, "pku2u", "PKU2U Security Package");
    public static final SecPkgInfo CLOUD_AP =
            new SecPkgInfo(0x00202000, 1, 36, 0, "CloudAP", "Cloud AP Security Package");
    public static final SecPkgInfo WDIGEST =
            new SecPkgInfo(0x00800304, 1, 21, 4096, "WDigest", "Digest Authentication for Windows");
    public static final SecPkgInfo SCHANNEL =
            new SecPkgInfo(0x004107B3, 1, 14, 24576, "Schannel", "Schannel Security Package");
    public static final SecPkgInfo CREDSSP = new SecPkgInfo(
            0x00810733, 1, SecPkgInfo.SECPKG_ID_NONE, 73032, "CREDSSP", "Microsoft CredSSP Security Provider");

    private WindowsPackages() {}

    /** {@return all of them, in the order of enumeration} */
    public static List<SecPkgInfo> all() {
        return List.of(NEGOTIATE, NEGO_EXTENDER, KERBEROS, NTLM, TSSSP, PKU2U, CLOUD_AP, WDIGEST, SCHANNEL, CREDSSP);
    }
}
