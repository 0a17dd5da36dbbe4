/*
 * @test
 * @summary a name that no provider has is SEC_E_SECPKG_NOT_FOUND
 * @library /lib
 */
import org.jsspi.CredentialUse;
import org.jsspi.SecurityStatus;
import org.jsspi.Sspi;
import org.jsspi.SspiException;

public class UnknownPackage {
    public static void main(String[] args) {
        SspiException query = Loopback.expect(SspiException.class, () -> Sspi.querySecurityPackageInfo("Nobody"));
        Loopback.expect(query.status() == SecurityStatus.SEC_E_SECPKG_NOT_FOUND, "SEC_E_SECPKG_NOT_FOUND");
        SspiException acquire = Loopback.expect(
                SspiException.class,
                () -> Sspi.acquireCredentialsHandle(null, "Nobody", CredentialUse.BOTH, null));
        Loopback.expect(acquire.status() == SecurityStatus.SEC_E_SECPKG_NOT_FOUND, "SEC_E_SECPKG_NOT_FOUND");
    }
}
