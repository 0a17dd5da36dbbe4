package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jsspi.ApplicationProtocols;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.EarlyDataInfo;
import org.jsspi.IscReq;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;

/** One side of a connection through the calls of SSPI, which is handed bytes and gives bytes. */
final class End {
    final SecurityContext context;
    final boolean client;
    final ContextOptions options;
    private final List<String> protocols;
    private final String targetName;
    /** What a client asks for. */
    IscReq request = IscReq.STREAM;

    SecurityStatus status;
    /** What arrived and was not used. */
    byte[] rest = {};

    final List<String> early = new ArrayList<>();
    final List<String> late = new ArrayList<>();

    End(CredHandle credential, boolean client, ContextOptions options) throws SspiException {
        this(credential, client, options, List.of());
    }

    /** @param protocols for ALPN */
    End(CredHandle credential, boolean client, ContextOptions options, List<String> protocols) throws SspiException {
        this(credential, client, options, protocols, "server.example");
    }

    /**
     * @param protocols for ALPN
     * @param targetName of a client
     */
    End(CredHandle credential, boolean client, ContextOptions options, List<String> protocols, String targetName)
            throws SspiException {
        this.context = credential.newContext();
        this.client = client;
        this.options = options;
        this.protocols = protocols;
        this.targetName = targetName;
    }

    /** {@return what an establishing call with these bytes wants to be sent} */
    byte[] establish(byte[] input) throws SspiException {
        SecBufferDesc in =
                input == null ? null : new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, input), new SecBuffer());
        if (status == null && !protocols.isEmpty()) {
            in = in == null ? new SecBufferDesc() : in;
            SecBuffer offer = ApplicationProtocols.offer(protocols);
            in.add(offer.type(), offer.source(), offer.sourceOffset(), offer.length());
        }
        SecBufferDesc out = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[100_000]));
        status = call(in, out);
        if (status == SecurityStatus.SEC_E_INCOMPLETE_MESSAGE) {
            return new byte[0];
        }
        byte[] sent = out.get(0).toByteArray();
        while (status == SecurityStatus.SEC_I_ASYNC_CALL_PENDING) {
            context.pendingWork().run();
            byte[] more = establishWithoutInput();
            sent = concat(sent, more);
        }
        SecBuffer extra = in == null ? null : in.find(SecBufferType.EXTRA);
        rest = extra == null ? new byte[0] : extra.toByteArray();
        return sent;
    }

    private byte[] establishWithoutInput() throws SspiException {
        SecBufferDesc out = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[100_000]));
        status = call(null, out);
        return out.get(0).toByteArray();
    }

    private SecurityStatus call(SecBufferDesc in, SecBufferDesc out) throws SspiException {
        return client
                ? context.initializeSecurityContext(targetName, request, options, in, out)
                : context.acceptSecurityContext(AscReq.STREAM, options, in, out);
    }

    byte[] encrypt(int qop, byte[] data) throws SspiException {
        SecBufferDesc message = new SecBufferDesc(new SecBuffer(SecBufferType.DATA, data.clone()));
        assertSame(SecurityStatus.SEC_E_OK, context.encryptMessage(qop, message, 0));
        return message.get(0).toByteArray();
    }

    /** Opens records until there are no more; {@return what is to be sent in answer to messages among them} */
    byte[] decrypt(byte[] records) throws SspiException {
        byte[] sent = {};
        byte[] left = records;
        while (left.length > 0) {
            SecBufferDesc message = new SecBufferDesc(
                    new SecBuffer(SecBufferType.DATA, left),
                    new SecBuffer(),
                    new SecBuffer(),
                    new SecBuffer(),
                    new SecBuffer());
            SecurityStatus answer = context.decryptMessage(message, 0);
            int used = message.get(0).length()
                    + message.get(1).length()
                    + message.get(2).length();
            byte[] following = Arrays.copyOfRange(left, used, left.length);
            if (answer == SecurityStatus.SEC_I_RENEGOTIATE) {
                byte[] shown = message.find(SecBufferType.EXTRA).toByteArray();
                sent = concat(sent, establish(shown));
                rest = following;
                if (status != SecurityStatus.SEC_E_OK) {
                    return sent;
                }
            } else {
                assertSame(SecurityStatus.SEC_E_OK, answer);
                byte[] data = message.find(SecBufferType.DATA).toByteArray();
                if (data.length > 0) {
                    (message.qop() == StreamContext.QOP_EARLY_DATA ? early : late)
                            .add(new String(data, StandardCharsets.US_ASCII));
                }
            }
            left = following;
        }
        return sent;
    }

    EarlyDataInfo earlyData() throws SspiException {
        return context.queryContextAttributes(ContextAttribute.EARLY_DATA);
    }

    /** Goes on after the client has sent these bytes, until both sides are complete and silent. */
    static void complete(End client, End server, byte[] fromClient) throws SspiException {
        byte[] toServer = fromClient;
        byte[] toClient = {};
        while (toServer.length > 0 || toClient.length > 0) {
            toClient = concat(toClient, deliver(server, toServer));
            toServer = deliver(client, toClient);
            toClient = new byte[0];
        }
    }

    /** Hands over everything, to whichever call it is for. {@return what that wants to be sent} */
    static byte[] deliver(End end, byte[] bytes) throws SspiException {
        byte[] sent = {};
        byte[] left = bytes;
        while (left.length > 0) {
            boolean message = end.status == SecurityStatus.SEC_E_OK
                    || !end.client && end.status == SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK;
            end.rest = new byte[0];
            sent = concat(sent, message ? end.decrypt(left) : end.establish(left));
            assertTrue(end.rest.length < left.length, "progress");
            left = end.rest;
        }
        return sent;
    }

    static byte[] concat(byte[] a, byte[] b) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(a);
        out.writeBytes(b);
        return out.toByteArray();
    }
}
