/*
 * @test
 * @summary a ClientHello with a byte after its last extension is decode_error
 */
import java.nio.ByteBuffer;
import org.jsspi.provider.JsspiProvider;

public class TrailingBytesInHello {
    public static void main(String[] args) throws Exception {
        Loopback loopback = new Loopback(Loopback.context(new JsspiProvider()), Loopback.context(new JsspiProvider()));
        ByteBuffer hello = loopback.clientHello();
        byte[] longer = new byte[hello.limit() + 1];
        hello.get(0, longer, 0, hello.limit());
        // | type 1 | version 2 | length 2 | msg_type 1 | length 3 | ... : both lengths count the byte.
        ByteBuffer edited = ByteBuffer.wrap(longer);
        edited.putShort(3, (short) (edited.getShort(3) + 1));
        edited.putShort(7, (short) (edited.getShort(7) + 1));
        int alert = loopback.refusalOf(longer);
        // RFC 8446 4.1.2 and 6.2: the extensions must end the message.
        Loopback.expect(alert == 50, "decode_error and not " + alert);
    }
}
