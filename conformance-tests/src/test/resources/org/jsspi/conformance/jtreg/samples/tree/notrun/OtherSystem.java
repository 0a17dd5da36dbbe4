/*
 * @test
 * @requires os.family == "beos" | jdk.version.major < 9
 */
public class OtherSystem {
    public static void main(String[] args) { throw new Error(); }
}
