package org.jsspi.conformance.ntlm;

import com.hierynomus.asn1.types.primitive.ASN1ObjectIdentifier;
import com.hierynomus.protocol.commons.buffer.Buffer;
import com.hierynomus.protocol.commons.buffer.Endian;
import com.hierynomus.spnego.NegTokenInit;
import com.hierynomus.spnego.NegTokenInit2;
import com.hierynomus.spnego.NegTokenTarg;
import com.hierynomus.spnego.SpnegoException;
import com.hierynomus.spnego.SpnegoToken;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.NtlmAccounts;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.ntlm.NtlmPackage;

/**
 * As much of an SMB 2.1 server (MS-SMB2) as shows who signs in: sessions, trees, and signatures under the session key of our
 * acceptor. SPNEGO around NTLM, with mechListMIC for clients that send one, is that of smbj.
 */
final class SmbAcceptor implements AutoCloseable {
    private static final int HEADER = 64;
    private static final int SIGNATURE = 48;
    private static final int SIGNED = 8;
    private static final int FROM_SERVER = 1;
    private static final int DIALECT_2_1 = 0x0210;

    private static final int NEGOTIATE = 0;
    private static final int SESSION_SETUP = 1;
    private static final int LOGOFF = 2;
    private static final int TREE_CONNECT = 3;
    private static final int TREE_DISCONNECT = 4;

    private static final int MORE_PROCESSING_REQUIRED = 0xC000_0016;
    private static final int LOGON_FAILURE = 0xC000_006D;
    private static final int INVALID_PARAMETER = 0xC000_000D;
    private static final int NOT_SUPPORTED = 0xC000_00BB;
    private static final int ACCESS_DENIED = 0xC000_0022;

    private static final BigInteger ACCEPT_COMPLETED = BigInteger.ZERO;
    private static final BigInteger ACCEPT_INCOMPLETE = BigInteger.ONE;

    private final CredHandle credential;
    private final ServerSocket listener;
    private final List<String> names = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    SmbAcceptor(NtlmAccounts accounts) throws IOException, SspiException {
        credential = new NtlmPackage().acquireCredentialsHandle("SSPIWG\\JSSPI", CredentialUse.INBOUND, accounts);
        listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "SMB acceptor");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** {@return who has connected a tree with a signature that is right} */
    List<String> names() {
        return names;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept();
                    Client client = new Client(socket)) {
                client.serve();
            } catch (EOFException e) {
                // The client has gone.
            } catch (IOException | GeneralSecurityException | SpnegoException e) {
                if (!listener.isClosed()) {
                    failures.add(e);
                }
            }
        }
    }

    /** The token of a NegTokenInit, which smbj writes and does not show. */
    private static final class Offer extends NegTokenInit {
        byte[] token() {
            return mechToken;
        }
    }

    /** One connection, with one session at a time. */
    private final class Client implements AutoCloseable {
        private final DataInputStream in;
        private final DataOutputStream out;
        private SecurityContext context;
        private byte[] sessionKey;
        private long session = 0x1000;

        Client(Socket socket) throws IOException {
            socket.setSoTimeout(20_000);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        void serve() throws IOException, GeneralSecurityException, SpnegoException {
            while (true) {
                // MS-SMB2 2.1: a zero and a length of three bytes before each message.
                byte[] message = new byte[in.readInt()];
                in.readFully(message);
                ByteBuffer request = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
                switch (request.getShort(12)) {
                    case NEGOTIATE -> negotiate(request);
                    case SESSION_SETUP -> setUp(request);
                    case TREE_CONNECT -> connect(request);
                    case LOGOFF, TREE_DISCONNECT -> answer(request, 0, empty(4).putShort((short) 4));
                    default -> answer(request, NOT_SUPPORTED, empty(9).putShort((short) 9));
                }
            }
        }

        private void negotiate(ByteBuffer request) throws IOException, GeneralSecurityException, SpnegoException {
            NegTokenInit2 hint = new NegTokenInit2();
            hint.addSupportedMech(new ASN1ObjectIdentifier(SmbjAuthenticator.NTLMSSP));
            byte[] token = bytes(hint);
            // MS-SMB2 2.2.4: signing is required.
            ByteBuffer body = empty(64 + token.length)
                    .putShort((short) 65)
                    .putShort((short) 3)
                    .putShort((short) DIALECT_2_1)
                    .putShort((short) 0)
                    .putLong(1)
                    .putLong(2)
                    .putInt(0)
                    .putInt(1 << 16)
                    .putInt(1 << 16)
                    .putInt(1 << 16)
                    .putLong(0)
                    .putLong(0)
                    .putShort((short) (HEADER + 64))
                    .putShort((short) token.length)
                    .putInt(0)
                    .put(token);
            answer(request, 0, body);
        }

        private void setUp(ByteBuffer request) throws IOException, GeneralSecurityException, SpnegoException {
            byte[] token = new byte[request.getShort(HEADER + 14)];
            request.get(request.getShort(HEADER + 12), token);
            NegTokenTarg answer = new NegTokenTarg();
            int status;
            if (request.getLong(40) == 0) {
                close();
            }
            try {
                status = step(token, answer);
            } catch (SspiException e) {
                // A server that does not look at the password fails elsewhere: the client has another key.
                status = e.status() == SecurityStatus.SEC_E_LOGON_DENIED ? LOGON_FAILURE : INVALID_PARAMETER;
                close();
            }
            byte[] reply = context == null ? new byte[0] : bytes(answer);
            ByteBuffer body = empty(8 + reply.length)
                    .putShort((short) 9)
                    .putShort((short) 0)
                    .putShort((short) (HEADER + 8))
                    .putShort((short) reply.length)
                    .put(reply);
            answer(request, status, body);
        }

        private int step(byte[] token, NegTokenTarg answer) throws IOException, SspiException, SpnegoException {
            SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[2888]));
            if (context == null) {
                session++;
                context = credential.newContext();
                Offer offer = new Offer();
                offer.read(token);
                context.acceptSecurityContext(AscReq.INTEGRITY, null, input(offer.token()), output);
                answer.setNegotiationResult(ACCEPT_INCOMPLETE);
                answer.setSupportedMech(new ASN1ObjectIdentifier(SmbjAuthenticator.NTLMSSP));
                answer.setResponseToken(output.get(0).toByteArray());
                return MORE_PROCESSING_REQUIRED;
            }
            NegTokenTarg answered = new NegTokenTarg().read(token);
            SecurityStatus status =
                    context.acceptSecurityContext(AscReq.INTEGRITY, null, input(answered.getResponseToken()), output);
            if (status != SecurityStatus.SEC_E_OK) {
                throw new IOException("status " + status);
            }
            sessionKey = context.queryContextAttributes(ContextAttribute.SESSION_KEY);
            answer.setNegotiationResult(ACCEPT_COMPLETED);
            if (answered.getMechListMic() != null) {
                context.verifySignature(SmbjAuthenticator.mechList(answered.getMechListMic()), 0);
                SecBufferDesc mine = SmbjAuthenticator.mechList(new byte[16]);
                context.makeSignature(0, mine, 0);
                answer.setMechListMic(mine.get(1).toByteArray());
            }
            return 0;
        }

        private SecBufferDesc input(byte[] token) {
            return new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token));
        }

        /** The client's signature is under its session key, and checked with ours. */
        private void connect(ByteBuffer request) throws IOException, GeneralSecurityException {
            byte[] signature = new byte[16];
            request.get(SIGNATURE, signature);
            boolean right = sessionKey != null
                    && (request.getInt(16) & SIGNED) != 0
                    && MessageDigest.isEqual(signature, signature(request.array()));
            if (right) {
                names.add(context.queryContextAttributes(ContextAttribute.NAMES));
            }
            ByteBuffer body = empty(16)
                    .putShort((short) 16)
                    .putShort((short) 2)
                    .putInt(0)
                    .putInt(0)
                    .putInt(0x1F01FF);
            answer(request, right ? 0 : ACCESS_DENIED, body);
        }

        /** MS-SMB2 3.1.4.1: HMAC-SHA256 over the message with zeros in place of the signature. */
        private byte[] signature(byte[] message) throws GeneralSecurityException {
            byte[] unsigned = message.clone();
            Arrays.fill(unsigned, SIGNATURE, HEADER, (byte) 0);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(sessionKey, "HmacSHA256"));
            return Arrays.copyOf(mac.doFinal(unsigned), 16);
        }

        private void answer(ByteBuffer request, int status, ByteBuffer body)
                throws IOException, GeneralSecurityException {
            int command = request.getShort(12);
            boolean sign = sessionKey != null && status != MORE_PROCESSING_REQUIRED;
            ByteBuffer reply = empty(HEADER + body.capacity());
            reply.putInt(0x424D53FE)
                    .putShort((short) 64)
                    .putShort((short) 1)
                    .putInt(status)
                    .putShort((short) command)
                    .putShort((short) 32)
                    .putInt(FROM_SERVER | (sign ? SIGNED : 0))
                    .putInt(0)
                    .putLong(request.getLong(24))
                    .putInt(request.getInt(32))
                    .putInt(command == TREE_CONNECT ? 7 : request.getInt(36))
                    .putLong(command == NEGOTIATE ? 0 : session)
                    .position(HEADER);
            reply.put(body.array());
            if (sign) {
                reply.put(SIGNATURE, signature(reply.array()));
            }
            out.writeInt(reply.capacity());
            out.write(reply.array());
            out.flush();
        }

        private ByteBuffer empty(int size) {
            return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        }

        private byte[] bytes(SpnegoToken token) throws SpnegoException {
            Buffer.PlainBuffer buffer = new Buffer.PlainBuffer(Endian.LE);
            token.write(buffer);
            return buffer.getCompactData();
        }

        @Override
        public void close() {
            sessionKey = null;
            if (context != null) {
                context.close();
                context = null;
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        credential.close();
        if (!failures.isEmpty()) {
            throw new AssertionError("the acceptor has failed", failures.get(0));
        }
    }
}
