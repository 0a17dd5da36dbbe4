/*
 * @test
 * @ignore 1234567 does not work yet
 */
public class Ignored {
    public static void main(String[] args) { throw new Error(); }
}
