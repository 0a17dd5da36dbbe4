package org.jsspi;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The functions of SSPI that stand at the beginning: which packages there are, and a credential for one.
 *
 * <p>Packages are services of type {@value SecurityPackage#SERVICE_TYPE} of the installed Providers, in the order of
 * preference of the Providers; there is no second registry. Names are compared without regard to case.
 */
public final class Sspi {
    private static final String ALIAS_PREFIX = "Alg.Alias." + SecurityPackage.SERVICE_TYPE + ".";

    private Sspi() {}

    /**
     * EnumerateSecurityPackages.
     *
     * @return what is installed, aliases as entries of their own; from the attributes of the services alone
     */
    public static List<SecPkgInfo> enumerateSecurityPackages() {
        List<SecPkgInfo> packages = new ArrayList<>();
        for (Provider provider : Security.getProviders()) {
            for (Provider.Service service : provider.getServices()) {
                if (!service.getType().equals(SecurityPackage.SERVICE_TYPE)) {
                    continue;
                }
                addUnlessNamed(packages, service, service.getAlgorithm());
                for (Map.Entry<Object, Object> property : provider.entrySet()) {
                    String key = property.getKey().toString();
                    if (key.startsWith(ALIAS_PREFIX)
                            && service.getAlgorithm()
                                    .equalsIgnoreCase(property.getValue().toString())) {
                        addUnlessNamed(packages, service, key.substring(ALIAS_PREFIX.length()));
                    }
                }
            }
        }
        return List.copyOf(packages);
    }

    /**
     * QuerySecurityPackageInfo.
     *
     * @param packageName the name or an alias
     * @throws SspiException SEC_E_SECPKG_NOT_FOUND
     */
    public static SecPkgInfo querySecurityPackageInfo(String packageName) throws SspiException {
        for (SecPkgInfo info : enumerateSecurityPackages()) {
            if (info.name().equalsIgnoreCase(packageName)) {
                return info;
            }
        }
        throw notFound(packageName);
    }

    /**
     * The package that a server uses with a client that has several: the first of the server's names that is installed and
     * that the client names too. Neither the order of the Providers nor that of the client has a say.
     *
     * @param preferred names of the server's choice, the best first
     * @param offered names that the client has, in any order
     * @throws SspiException SEC_E_SECPKG_NOT_FOUND if there is none
     */
    public static SecPkgInfo selectSecurityPackage(List<String> preferred, Collection<String> offered)
            throws SspiException {
        List<SecPkgInfo> installed = enumerateSecurityPackages();
        for (String name : preferred) {
            if (offered.stream().noneMatch(name::equalsIgnoreCase)) {
                continue;
            }
            for (SecPkgInfo info : installed) {
                if (info.name().equalsIgnoreCase(name)) {
                    return info;
                }
            }
        }
        throw new SspiException(
                SecurityStatus.SEC_E_SECPKG_NOT_FOUND, "none of the server's security packages is one of the client's");
    }

    /**
     * AcquireCredentialsHandle, of the package of the most preferred Provider that has it.
     *
     * @param packageName the name or an alias
     * @see SecurityPackage#acquireCredentialsHandle
     * @throws SspiException SEC_E_SECPKG_NOT_FOUND, or what the package throws
     */
    public static CredHandle acquireCredentialsHandle(
            String principal, String packageName, CredentialUse use, Object authData) throws SspiException {
        return securityPackage(packageName).acquireCredentialsHandle(principal, use, authData);
    }

    /**
     * {@return the package with this name or alias, of the most preferred Provider that has it}
     *
     * @throws SspiException SEC_E_SECPKG_NOT_FOUND, or SEC_E_INTERNAL_ERROR if it cannot be made
     */
    public static SecurityPackage securityPackage(String packageName) throws SspiException {
        if (packageName != null) {
            for (Provider provider : Security.getProviders()) {
                Provider.Service service = provider.getService(SecurityPackage.SERVICE_TYPE, packageName);
                if (service != null) {
                    return instance(service);
                }
            }
        }
        throw notFound(packageName);
    }

    private static SecurityPackage instance(Provider.Service service) throws SspiException {
        try {
            return (SecurityPackage) service.newInstance(null);
        } catch (GeneralSecurityException | ClassCastException e) {
            throw new SspiException(
                    SecurityStatus.SEC_E_INTERNAL_ERROR,
                    SspiException.Kind.KEY,
                    "package " + service.getAlgorithm() + " of Provider "
                            + service.getProvider().getName() + " cannot be made",
                    e);
        }
    }

    private static void addUnlessNamed(List<SecPkgInfo> packages, Provider.Service service, String name) {
        for (SecPkgInfo known : packages) {
            if (known.name().equalsIgnoreCase(name)) {
                return;
            }
        }
        packages.add(new SecPkgInfo(
                number(service, SecurityPackage.CAPABILITIES, 0),
                number(service, SecurityPackage.VERSION, 1),
                number(service, SecurityPackage.RPC_ID, SecPkgInfo.SECPKG_ID_NONE),
                number(service, SecurityPackage.MAX_TOKEN, 0),
                name,
                Objects.requireNonNullElse(service.getAttribute(SecurityPackage.COMMENT), "")));
    }

    /** A foreign Provider's bad attribute must not break the enumeration for everybody: it counts as absent. */
    private static int number(Provider.Service service, String attribute, int absent) {
        String text = service.getAttribute(attribute);
        try {
            return text == null ? absent : (int) (long) Long.decode(text);
        } catch (NumberFormatException e) {
            return absent;
        }
    }

    private static SspiException notFound(String packageName) {
        return new SspiException(
                SecurityStatus.SEC_E_SECPKG_NOT_FOUND, "no security package named " + packageName + " is installed");
    }
}
