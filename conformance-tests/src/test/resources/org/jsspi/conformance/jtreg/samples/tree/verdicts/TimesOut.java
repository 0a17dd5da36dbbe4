/*
 * @test
 * @run main/othervm/timeout=2 TimesOut
 */
public class TimesOut {
    public static void main(String[] args) throws Exception {
        System.out.println("sleeping");
        System.out.flush();
        Thread.sleep(600_000);
    }
}
