/*
 * @test
 * @summary another vendor's package is enumerated from its attributes alone, and made when it is asked for
 */
import java.security.Provider;
import java.security.Security;
import java.util.Map;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.SecPkgInfo;
import org.jsspi.SecurityPackage;
import org.jsspi.Sspi;
import org.jsspi.SspiException;

public class ForeignProvider {
    static int made;

    public static final class Foreign extends SecurityPackage {
        public Foreign() {
            made++;
        }

        @Override
        public CredHandle acquireCredentialsHandle(String principal, CredentialUse use, Object authData) {
            return new CredHandle() {
                @Override
                public org.jsspi.SecurityContext newContext() throws SspiException {
                    throw new SspiException(org.jsspi.SecurityStatus.SEC_E_INVALID_HANDLE, "no contexts here");
                }

                @Override
                public void close() {}
            };
        }
    }

    static final class Vendor extends Provider {
        private static final long serialVersionUID = 1L;

        Vendor() {
            super("VENDOR", "1", "a provider with one security package");
            Map<String, String> attributes = Map.of(
                    SecurityPackage.CAPABILITIES, "0x413",
                    SecurityPackage.VERSION, "1",
                    SecurityPackage.RPC_ID, "65535",
                    SecurityPackage.MAX_TOKEN, "4711",
                    SecurityPackage.COMMENT, "A foreign package");
            putService(new Service(
                    this, SecurityPackage.SERVICE_TYPE, "Foreign", Foreign.class.getName(), null, attributes));
        }
    }

    public static void main(String[] args) throws Exception {
        Security.addProvider(new Vendor());
        SecPkgInfo info = Sspi.querySecurityPackageInfo("foreign");
        SecPkgInfo expected = new SecPkgInfo(0x413, 1, SecPkgInfo.SECPKG_ID_NONE, 4711, "Foreign", "A foreign package");
        if (!info.equals(expected) || !Sspi.enumerateSecurityPackages().contains(expected)) {
            throw new IllegalStateException(info.toString());
        }
        if (made != 0) {
            throw new IllegalStateException("enumeration has made an instance");
        }
        Sspi.acquireCredentialsHandle(null, "FOREIGN", CredentialUse.OUTBOUND, null).close();
        if (made != 1) {
            throw new IllegalStateException("made " + made + " times");
        }
    }
}
