/* @test */
package in.place;

public class Placed {
    public static void main(String[] args) {
        Neighbour.greet();
    }
}
