/*
 * @test
 * @summary org.jsspi.permuteExtensions=true draws an order for the extensions of each hello
 * @run main/othervm PermutedExtensions 1
 * @run main/othervm -Dorg.jsspi.permuteExtensions=true PermutedExtensions 12
 */
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jsspi.provider.JsspiProvider;

public class PermutedExtensions {
    /** | record header 5 | message header 4 | version 2 | random 32 | session id 1 + n | suites 2 + n | compression 1 + n | extensions 2 + n | */
    private static final int SESSION_ID = 5 + 4 + 2 + 32;

    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        Set<List<Integer>> orders = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            Loopback loopback = new Loopback(Loopback.context(provider), Loopback.context(provider));
            loopback.client.engine.beginHandshake();
            loopback.client.engine.wrap(Loopback.NOTHING, loopback.server.in);
            ByteBuffer hello = loopback.server.in.duplicate();
            hello.flip().position(SESSION_ID);
            skip(hello, hello.get());
            skip(hello, hello.getShort());
            skip(hello, hello.get());
            hello.getShort();
            List<Integer> types = new ArrayList<>();
            while (hello.hasRemaining()) {
                types.add((int) hello.getShort());
                skip(hello, hello.getShort());
            }
            orders.add(types);
            loopback.settle();
            loopback.server.send(loopback.client, "in any order the two connect");
        }
        Loopback.expect(orders.size() == Integer.parseInt(args[0]), "the orders are " + orders);
    }

    private static void skip(ByteBuffer bytes, int length) {
        bytes.position(bytes.position() + length);
    }
}
