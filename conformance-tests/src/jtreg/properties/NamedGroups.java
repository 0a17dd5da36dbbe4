/*
 * @test
 * @summary jdk.tls.namedGroups says what is offered, best first; unknown names are passed over
 * @run main/othervm -Djdk.tls.namedGroups=nobody-knows-it,secp384r1,secp256r1 NamedGroups
 */
import java.nio.ByteBuffer;
import org.jsspi.provider.JsspiProvider;

public class NamedGroups {
    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        ByteBuffer hello = new Loopback(Loopback.context(provider), Loopback.context(provider)).clientHello();
        // supported_groups (RFC 8446 4.2.7): | 000A | length 0006 | list 0004 | secp384r1 0018 | secp256r1 0017 |
        byte[] expected = {0, 10, 0, 6, 0, 4, 0, 0x18, 0, 0x17};
        byte[] bytes = new byte[hello.remaining()];
        hello.get(bytes);
        boolean found = false;
        for (int i = 0; i + expected.length <= bytes.length; i++) {
            found |= java.util.Arrays.equals(bytes, i, i + expected.length, expected, 0, expected.length);
        }
        Loopback.expect(found, "the two groups in their order");
        Loopback.established(provider);
    }
}
