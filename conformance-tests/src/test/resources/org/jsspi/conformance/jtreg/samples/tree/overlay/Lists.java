/*
 * @test
 * @summary prints the providers of its JVM
 */
public class Lists {
    public static void main(String[] args) {
        for (java.security.Provider provider : java.security.Security.getProviders()) {
            System.out.println("provider " + provider.getName());
        }
        System.out.println("in " + java.security.Security.getProvider("JSSPI").getClass().getModule());
    }
}
