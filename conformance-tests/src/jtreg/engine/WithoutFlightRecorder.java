/*
 * @test
 * @summary a runtime without jdk.jfr shakes hands as well
 * @run main/othervm --limit-modules java.base,java.logging,java.security.sasl,java.naming,jdk.crypto.ec
 *      WithoutFlightRecorder
 */
import org.jsspi.provider.JsspiProvider;

public class WithoutFlightRecorder {
    public static void main(String[] args) throws Exception {
        Loopback.expect(ModuleLayer.boot().findModule("jdk.jfr").isEmpty(), "a runtime without the flight recorder");
        Loopback.established(new JsspiProvider());
    }
}
