/*
 * @test
 * @run ignore not today
 */
public class IgnoredByRun {
    public static void main(String[] args) { throw new Error(); }
}
