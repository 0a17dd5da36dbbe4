/*
 * @test id=good
 * @run main Ids good
 */

/*
 * @test id=bad
 * @run main Ids bad
 */

/*
 * @test
 * @run main/fail Ids bad
 */

/* @test id=good */
public class Ids {
    private static final String TEXT = "/* @test id=none */";

    public static void main(String[] args) {
        if (!args[0].equals("good")) {
            throw new IllegalArgumentException(args[0] + TEXT);
        }
    }
}
