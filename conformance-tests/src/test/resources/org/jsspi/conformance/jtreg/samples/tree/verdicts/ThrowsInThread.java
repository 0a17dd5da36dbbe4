/* @test */
public class ThrowsInThread {
    public static void main(String[] args) throws Exception {
        Thread thread = new Thread(() -> { throw new IllegalStateException("in a thread"); });
        thread.start();
        thread.join();
    }
}
