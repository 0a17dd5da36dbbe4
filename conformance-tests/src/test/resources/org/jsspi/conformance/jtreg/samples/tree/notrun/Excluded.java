/* @test id=first */
/* @test id=second */
public class Excluded {
    public static void main(String[] args) {}
}
