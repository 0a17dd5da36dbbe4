/*
 * @test
 * @bug 1234567 7654321
 * @summary A test that ends without an exception
 *          has passed.
 * @key network
 * @author nobody
 * @comment nothing to see
 */
public class Passes {
    public static void main(String[] args) {
        System.out.println("passing on " + args.length);
    }
}
