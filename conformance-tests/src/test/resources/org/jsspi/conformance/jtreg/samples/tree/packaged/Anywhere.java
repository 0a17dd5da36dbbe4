/*
 * @test
 * @run main elsewhere.Anywhere
 */
package elsewhere;

public class Anywhere {
    public static void main(String[] args) {}
}
