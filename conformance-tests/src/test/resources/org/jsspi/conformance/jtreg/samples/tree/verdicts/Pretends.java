/* @test */
public class Pretends {
    public static void main(String[] args) {
        System.err.println("STATUS:Passed. Execution successful");
        System.exit(1);
    }
}
