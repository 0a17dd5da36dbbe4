/*
 * @test
 * @key local stress
 */
public class Inherits {
    public static void main(String[] args) {
        // Both would not compile without the modules of TEST.properties.
        java.util.logging.Logger.getGlobal();
        new sun.security.util.DerValue((byte) 2, new byte[1]);
    }
}
