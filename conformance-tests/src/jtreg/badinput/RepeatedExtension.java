/*
 * @test
 * @summary a ClientHello that repeats an extension is illegal_parameter
 */
import java.nio.ByteBuffer;
import org.jsspi.provider.JsspiProvider;

public class RepeatedExtension {
    public static void main(String[] args) throws Exception {
        Loopback loopback = new Loopback(Loopback.context(new JsspiProvider()), Loopback.context(new JsspiProvider()));
        ByteBuffer hello = loopback.clientHello();
        // | record header 5 | message header 4 | version 2 | random 32 | session id | suites | compression | extensions
        int at = 5 + 4 + 2 + 32;
        at += 1 + (hello.get(at) & 0xFF);
        at += 2 + (hello.getShort(at) & 0xFFFF);
        at += 1 + (hello.get(at) & 0xFF);
        // An extension that nobody knows, twice: 0xFACE, empty.
        byte[] twice = {(byte) 0xFA, (byte) 0xCE, 0, 0, (byte) 0xFA, (byte) 0xCE, 0, 0};
        byte[] longer = new byte[hello.limit() + twice.length];
        hello.get(0, longer, 0, at + 2);
        System.arraycopy(twice, 0, longer, at + 2, twice.length);
        hello.get(at + 2, longer, at + 2 + twice.length, hello.limit() - at - 2);
        ByteBuffer edited = ByteBuffer.wrap(longer);
        for (int length : new int[] {3, 7, at}) {
            edited.putShort(length, (short) (edited.getShort(length) + twice.length));
        }
        int alert = loopback.refusalOf(longer);
        // RFC 8446 4.2: no more than one extension of a type in a block.
        Loopback.expect(alert == 47, "illegal_parameter and not " + alert);
    }
}
