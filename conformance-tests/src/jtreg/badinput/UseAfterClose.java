/*
 * @test
 * @summary a closed engine answers CLOSED, a closed credential and a closed context say so
 */
import java.nio.ByteBuffer;
import java.security.Security;
import javax.net.ssl.SSLEngineResult.Status;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.IscReq;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.Sspi;
import org.jsspi.SspiException;
import org.jsspi.provider.JsspiProvider;

public class UseAfterClose {
    public static void main(String[] args) throws Exception {
        Loopback loopback = Loopback.established(new JsspiProvider());
        loopback.client.engine.closeOutbound();
        loopback.client.engine.wrap(Loopback.NOTHING, loopback.server.in);
        loopback.server.receive();
        loopback.server.engine.closeOutbound();
        loopback.server.engine.wrap(Loopback.NOTHING, loopback.client.in);
        loopback.client.receive();
        ByteBuffer room = ByteBuffer.allocate(20_000);
        for (Loopback.Side side : new Loopback.Side[] {loopback.client, loopback.server}) {
            Loopback.expect(
                    side.engine.wrap(ByteBuffer.allocate(1), room).getStatus() == Status.CLOSED, "CLOSED to wrap");
            Loopback.expect(
                    side.engine.unwrap(ByteBuffer.allocate(100), room).getStatus() == Status.CLOSED,
                    "CLOSED to unwrap");
        }

        Security.addProvider(new JsspiProvider());
        CredHandle credential = Sspi.acquireCredentialsHandle(null, "Schannel", CredentialUse.OUTBOUND, null);
        SecurityContext context = credential.newContext();
        SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[80_000]));
        context.initializeSecurityContext("localhost", IscReq.NONE, null, null, output);
        context.close();
        SspiException expired = Loopback.expect(
                SspiException.class,
                () -> context.initializeSecurityContext("localhost", IscReq.NONE, null, null, output));
        Loopback.expect(expired.status() == SecurityStatus.SEC_E_CONTEXT_EXPIRED, "SEC_E_CONTEXT_EXPIRED");
        credential.close();
        SspiException invalid = Loopback.expect(SspiException.class, credential::newContext);
        Loopback.expect(invalid.status() == SecurityStatus.SEC_E_INVALID_HANDLE, "SEC_E_INVALID_HANDLE");
    }
}
