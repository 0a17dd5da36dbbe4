/*
 * @test
 * @summary Schannel is listed under the three names that Windows has for it, as a stream package
 * @library /lib
 */
import java.security.Security;
import org.jsspi.PackageCapability;
import org.jsspi.SecPkgInfo;
import org.jsspi.Sspi;
import org.jsspi.provider.JsspiProvider;

public class SchannelNames {
    public static void main(String[] args) throws Exception {
        Security.addProvider(new JsspiProvider());
        for (String name : new String[] {
            "Schannel", "Microsoft Unified Security Protocol Provider", "Default TLS SSP", "sChAnNeL"
        }) {
            SecPkgInfo info = Sspi.querySecurityPackageInfo(name);
            Loopback.expect(info.name().equalsIgnoreCase(name), name);
            Loopback.expect(info.rpcId() == 14, "RPC_C_AUTHN_GSS_SCHANNEL");
            Loopback.expect(info.has(PackageCapability.STREAM), "a stream package");
            Loopback.expect(!info.has(PackageCapability.DATAGRAM), "no datagram package");
        }
    }
}
