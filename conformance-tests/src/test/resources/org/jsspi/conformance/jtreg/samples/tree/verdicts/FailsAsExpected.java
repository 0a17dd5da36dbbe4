/*
 * @test
 * @run main/fail FailsAsExpected
 */
public class FailsAsExpected {
    public static void main(String[] args) {
        throw new IllegalStateException("expected");
    }
}
