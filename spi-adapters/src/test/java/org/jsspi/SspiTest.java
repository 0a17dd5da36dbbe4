package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SspiTest {
    /** A package of another vendor. */
    public static final class ForeignPackage extends SecurityPackage {
        static int instances;

        public ForeignPackage() {
            instances++;
        }

        @Override
        public CredHandle acquireCredentialsHandle(String principal, CredentialUse use, Object authData)
                throws SspiException {
            throw new SspiException(SecurityStatus.SEC_E_NO_CREDENTIALS, "the foreign package has none");
        }
    }

    private static final class ForeignProvider extends Provider {
        private static final long serialVersionUID = 1L;

        ForeignProvider() {
            super("Foreign", "1", "a Provider of another vendor");
            putService(new Service(
                    this,
                    SecurityPackage.SERVICE_TYPE,
                    "Foreign",
                    ForeignPackage.class.getName(),
                    List.of("Foreign Security Protocol"),
                    Map.of(
                            SecurityPackage.CAPABILITIES, "0x00000403",
                            SecurityPackage.VERSION, "1",
                            SecurityPackage.RPC_ID, "77",
                            SecurityPackage.MAX_TOKEN, "1234",
                            SecurityPackage.COMMENT, "A foreign package")));
            putService(new Service(
                    this,
                    SecurityPackage.SERVICE_TYPE,
                    "Careless",
                    ForeignPackage.class.getName(),
                    null,
                    Map.of(SecurityPackage.CAPABILITIES, "many", SecurityPackage.MAX_TOKEN, "")));
        }
    }

    @BeforeEach
    void register() {
        ForeignPackage.instances = 0;
        Security.addProvider(new ForeignProvider());
    }

    @AfterEach
    void remove() {
        Security.removeProvider("Foreign");
    }

    @Test
    void enumerationListsPackagesOfEveryProviderFromTheirAttributesAlone() {
        List<SecPkgInfo> packages = Sspi.enumerateSecurityPackages();
        assertTrue(
                packages.contains(new SecPkgInfo(0x403, 1, 77, 1234, "Foreign", "A foreign package")),
                () -> "" + packages);
        assertEquals(0, ForeignPackage.instances, "no instance is made");
    }

    @Test
    void aliasesAreEntriesOfTheirOwnWithTheSameInformation() throws SspiException {
        SecPkgInfo alias = Sspi.querySecurityPackageInfo("foreign security protocol");
        assertTrue(alias.name().equalsIgnoreCase("Foreign Security Protocol"));
        assertEquals(0x403, alias.capabilities());
        assertEquals(77, alias.rpcId());
    }

    @Test
    void namesAreComparedWithoutRegardToCase() throws SspiException {
        assertEquals("Foreign", Sspi.querySecurityPackageInfo("FOREIGN").name());
        assertEquals(ForeignPackage.class, Sspi.securityPackage("fOREIGN").getClass());
    }

    @Test
    void attributesThatAreNoNumbersCountAsAbsent() throws SspiException {
        SecPkgInfo careless = Sspi.querySecurityPackageInfo("Careless");
        assertEquals(0, careless.capabilities());
        assertEquals(0, careless.maxToken());
        assertEquals(SecPkgInfo.SECPKG_ID_NONE, careless.rpcId());
        assertEquals("", careless.comment());
    }

    @Test
    void unknownNamesAreNotFound() {
        for (String name : new String[] {"NoSuchPackage", "", null}) {
            assertNotFound(() -> Sspi.querySecurityPackageInfo(name));
            assertNotFound(() -> Sspi.acquireCredentialsHandle(null, name, CredentialUse.BOTH, null));
        }
    }

    @Test
    void acquiringCredentialsReachesThePackage() {
        SspiException e = assertThrows(
                SspiException.class,
                () -> Sspi.acquireCredentialsHandle(null, "Foreign", CredentialUse.OUTBOUND, null));
        assertSame(SecurityStatus.SEC_E_NO_CREDENTIALS, e.status());
    }

    @Test
    void aServersOrderedListOfNamesDecidesAmongThoseOfTheClient() throws SspiException {
        List<String> offered = List.of("CARELESS", "Missing", "Foreign");
        assertEquals(
                "Foreign",
                Sspi.selectSecurityPackage(List.of("Missing", "foreign", "Careless"), offered)
                        .name());
        assertEquals(
                "Careless",
                Sspi.selectSecurityPackage(List.of("Careless", "Foreign"), offered)
                        .name());
        // Installed, and the client has it, but the server's caller does not name it.
        assertNotFound(() -> Sspi.selectSecurityPackage(List.of("Missing"), offered));
        assertNotFound(() -> Sspi.selectSecurityPackage(List.of("Foreign"), List.of("Careless")));
        assertNotFound(() -> Sspi.selectSecurityPackage(List.of(), offered));
    }

    @Test
    void windowsValuesAreKeptAsConstants() {
        assertEquals(24_576, WindowsPackages.SCHANNEL.maxToken());
        assertTrue(WindowsPackages.SCHANNEL.has(PackageCapability.STREAM));
        assertTrue(WindowsPackages.KERBEROS.has(PackageCapability.DATAGRAM));
        assertFalse(WindowsPackages.NTLM.has(PackageCapability.DATAGRAM));
        assertEquals(10, WindowsPackages.all().size());
        for (SecPkgInfo info : WindowsPackages.all()) {
            assertEquals(
                    info.capabilities(),
                    PackageCapability.bits(info.capabilitySet().toArray(PackageCapability[]::new)),
                    info.name());
        }
    }

    private static void assertNotFound(org.junit.jupiter.api.function.Executable call) {
        SspiException e = assertThrows(SspiException.class, call);
        assertSame(SecurityStatus.SEC_E_SECPKG_NOT_FOUND, e.status());
    }
}
