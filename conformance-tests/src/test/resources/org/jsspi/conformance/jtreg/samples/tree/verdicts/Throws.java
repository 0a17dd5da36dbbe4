/* @test */
public class Throws {
    public static void main(String[] args) throws Exception {
        System.out.println("about to throw");
        throw new Exception("this is\nwhy");
    }
}
