/*
 * @test
 * @library shared /common
 * @build shared.Shared
 * @run main Uses
 */
public class Uses {
    public static void main(String[] args) {
        if (!shared.Shared.NAME.equals("shared") || !common.Common.NAME.equals("common")) {
            throw new IllegalStateException();
        }
    }
}
