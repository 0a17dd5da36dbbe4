/*
 * @test
 * @summary a fresh engine has no role, a null session and room for the largest record
 */
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.jsspi.provider.JsspiProvider;

public class Fresh {
    public static void main(String[] args) throws Exception {
        SSLEngine engine = Loopback.context(new JsspiProvider()).createSSLEngine();
        Loopback.expect(IllegalStateException.class, engine::beginHandshake);
        Loopback.expect(engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING, "NOT_HANDSHAKING");
        Loopback.expect(engine.getSession().getCipherSuite().equals("SSL_NULL_WITH_NULL_NULL"), "a null session");
        Loopback.expect(engine.getSession().getProtocol().equals("NONE"), "no protocol");
        Loopback.expect(!engine.getSession().isValid(), "nothing to resume");
        Loopback.expect(engine.getSession().getPacketBufferSize() == 16709, "packet buffer of 16709");
        Loopback.expect(engine.getSession().getApplicationBufferSize() == 16704, "application buffer of 16704");
        Loopback.expect(engine.getHandshakeSession() == null, "no handshake session");
        Loopback.expect(!engine.isInboundDone() && !engine.isOutboundDone(), "both directions open");
    }
}
