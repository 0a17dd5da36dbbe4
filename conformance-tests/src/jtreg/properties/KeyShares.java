/*
 * @test
 * @summary org.jsspi.keyShares names the groups that a client sends shares for, which is what its hello is long by
 * @run main/othervm KeyShares usual
 * @run main/othervm -Dorg.jsspi.keyShares=x25519 KeyShares x25519
 */
import org.jsspi.provider.JsspiProvider;

public class KeyShares {
    /** Of ML-KEM-768 with x25519. */
    private static final int HYBRID_SHARE = 1184 + 32;

    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        Loopback loopback = new Loopback(Loopback.context(provider), Loopback.context(provider));
        loopback.client.engine.beginHandshake();
        loopback.client.engine.wrap(Loopback.NOTHING, loopback.server.in);
        int hello = loopback.server.in.position();
        Loopback.expect(hello > HYBRID_SHARE == args[0].equals("usual"), "a hello of " + hello + " bytes");
        loopback.settle();
        loopback.server.send(loopback.client, "either way the two connect");
    }
}
