/*
 * @test
 * @requires vm.wings
 */
public class UnknownProperty {
    public static void main(String[] args) { throw new Error(); }
}
