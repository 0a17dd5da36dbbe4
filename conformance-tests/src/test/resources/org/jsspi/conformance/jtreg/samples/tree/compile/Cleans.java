/*
 * @test
 * @compile Cleans.java
 * @clean Cleans$Part
 * @run main Cleans
 */
public class Cleans {
    static class Part {}

    public static void main(String[] args) {
        try {
            Class.forName("Cleans$Part");
        } catch (ClassNotFoundException e) {
            return;
        }
        throw new IllegalStateException("the class is still there");
    }
}
