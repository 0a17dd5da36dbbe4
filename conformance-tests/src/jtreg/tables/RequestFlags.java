/*
 * @test
 * @summary the flags of the two sides agree below 0x40 and diverge from there
 * @library /lib
 */
import org.jsspi.AscReq;
import org.jsspi.IscReq;

public class RequestFlags {
    public static void main(String[] args) {
        same(IscReq.DELEGATE.bits(), AscReq.DELEGATE.bits(), 0x1);
        same(IscReq.MUTUAL_AUTH.bits(), AscReq.MUTUAL_AUTH.bits(), 0x2);
        same(IscReq.REPLAY_DETECT.bits(), AscReq.REPLAY_DETECT.bits(), 0x4);
        same(IscReq.SEQUENCE_DETECT.bits(), AscReq.SEQUENCE_DETECT.bits(), 0x8);
        same(IscReq.CONFIDENTIALITY.bits(), AscReq.CONFIDENTIALITY.bits(), 0x10);
        same(IscReq.ALLOCATE_MEMORY.bits(), AscReq.ALLOCATE_MEMORY.bits(), 0x100);
        differ(IscReq.EXTENDED_ERROR.bits(), 0x4000, AscReq.EXTENDED_ERROR.bits(), 0x8000);
        differ(IscReq.STREAM.bits(), 0x8000, AscReq.STREAM.bits(), 0x10000);
        differ(IscReq.INTEGRITY.bits(), 0x10000, AscReq.INTEGRITY.bits(), 0x20000);
        differ(IscReq.IDENTIFY.bits(), 0x20000, AscReq.IDENTIFY.bits(), 0x80000);
    }

    private static void same(long client, long server, long value) {
        differ(client, value, server, value);
    }

    private static void differ(long client, long clientValue, long server, long serverValue) {
        Loopback.expect(client == clientValue, "ISC_REQ_ 0x" + Long.toHexString(clientValue));
        Loopback.expect(server == serverValue, "ASC_REQ_ 0x" + Long.toHexString(serverValue));
    }
}
