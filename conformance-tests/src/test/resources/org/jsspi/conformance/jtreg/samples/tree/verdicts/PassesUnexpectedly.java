/*
 * @test
 * @run main/fail PassesUnexpectedly
 */
public class PassesUnexpectedly {
    public static void main(String[] args) {}
}
