/*
 * @test
 * @summary buffer types have the values of sspi.h, and attribute bits do not disturb them
 * @library /lib
 */
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferType;

public class BufferTypes {
    private static final String TABLE = "EMPTY DATA TOKEN PKG_PARAMS MISSING EXTRA STREAM_TRAILER STREAM_HEADER"
            + " NEGOTIATION_INFO PADDING STREAM MECHLIST MECHLIST_SIGNATURE TARGET CHANNEL_BINDINGS"
            + " CHANGE_PASS_RESPONSE TARGET_HOST ALERT APPLICATION_PROTOCOLS SRTP_PROTECTION_PROFILES"
            + " SRTP_MASTER_KEY_IDENTIFIER TOKEN_BINDING PRESHARED_KEY PRESHARED_KEY_IDENTITY DTLS_MTU";

    public static void main(String[] args) {
        String[] names = TABLE.split(" ");
        for (int value = 0; value < names.length; value++) {
            SecBufferType type = SecBufferType.valueOf(names[value]);
            Loopback.expect(type.value() == value, names[value]);
            Loopback.expect(SecBufferType.of(value | SecBuffer.READONLY) == type, names[value] + ", read-only");
            Loopback.expect(
                    SecBufferType.of(value | SecBuffer.READONLY_WITH_CHECKSUM) == type, names[value] + ", signed");
        }
    }
}
