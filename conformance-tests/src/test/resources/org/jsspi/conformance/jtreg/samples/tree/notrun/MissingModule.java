/*
 * @test
 * @modules java.base/sun.security.util java.nowhere
 */
public class MissingModule {
    public static void main(String[] args) { throw new Error(); }
}
