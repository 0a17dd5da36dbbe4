/*
 * @test
 * @summary org.jsspi.grease=true puts reserved values into a client's hello, its suites for one
 * @run main/othervm ReservedValues none
 * @run main/othervm -Dorg.jsspi.grease=true ReservedValues offered
 */
import org.jsspi.provider.JsspiProvider;

public class ReservedValues {
    /** | record header 5 | message header 4 | version 2 | random 32 | session id 1 + n | length of the suites 2 | first suite 2 | */
    private static final int SESSION_ID = 5 + 4 + 2 + 32;

    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        Loopback loopback = new Loopback(Loopback.context(provider), Loopback.context(provider));
        loopback.client.engine.beginHandshake();
        loopback.client.engine.wrap(Loopback.NOTHING, loopback.server.in);
        int first = SESSION_ID + 1 + loopback.server.in.get(SESSION_ID) + 2;
        int suite = loopback.server.in.getShort(first) & 0xFFFF;
        boolean reserved = (suite & 0x0F0F) == 0x0A0A && suite >> 8 == (suite & 0xFF);
        Loopback.expect(reserved == args[0].equals("offered"), "the first suite is 0x" + Integer.toHexString(suite));
        loopback.settle();
        loopback.server.send(loopback.client, "either way the two connect");
    }
}
