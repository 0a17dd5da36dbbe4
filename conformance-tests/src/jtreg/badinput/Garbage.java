/*
 * @test
 * @summary bytes that are no record of any kind are refused with an alert, and not waited for
 */
import org.jsspi.provider.JsspiProvider;

public class Garbage {
    public static void main(String[] args) throws Exception {
        byte[] garbage = new byte[200];
        for (int i = 0; i < garbage.length; i++) {
            garbage[i] = (byte) (0xA7 + 31 * i);
        }
        Loopback loopback = new Loopback(Loopback.context(new JsspiProvider()), Loopback.context(new JsspiProvider()));
        loopback.refusalOf(garbage);
    }
}
