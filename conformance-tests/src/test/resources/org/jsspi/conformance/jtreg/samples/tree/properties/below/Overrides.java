/*
 * @test
 * @key network local
 */
public class Overrides {
    public static void main(String[] args) throws Exception {
        sun.security.x509.X500Name.class.getDeclaredFields()[0].setAccessible(true);
        shared.Shared.NAME.length();
        if (!System.getProperty("test.modules").equals("java.base/sun.security.x509:+open")) {
            throw new IllegalStateException(System.getProperty("test.modules"));
        }
    }
}
