package org.jsspi.conformance.ntlm;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import org.jsspi.IscReq;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SspiException;

/**
 * A client of one DCE/RPC interface over TCP, whose calls an SSPI context protects (C706 12.6, MS-RPCE 2.2.2.11): bind,
 * bind_ack and auth3 establish the context, every request and response is then
 *
 * <pre>
 * | header 24 | stub, padded | sec_trailer 8 | signature 16 |
 * </pre>
 *
 * of which all is signed and, with privacy, the stub encrypted. Fragments of requests and responses are not needed here.
 */
final class DceRpcClient implements AutoCloseable {
    /** RPC_C_AUTHN_LEVEL_PKT_INTEGRITY. */
    static final int INTEGRITY = 5;
    /** RPC_C_AUTHN_LEVEL_PKT_PRIVACY. */
    static final int PRIVACY = 6;

    private static final int RPC_C_AUTHN_WINNT = 10;
    private static final int HEADER = 16;
    private static final int REQUEST_HEADER = 24;
    private static final int TRAILER = 8;
    private static final int SIGNATURE = 16;
    private static final int CONTEXT_ID = 79231;
    private static final int LONGEST = 5840;

    private static final int REQUEST = 0;
    private static final int RESPONSE = 2;
    private static final int FAULT = 3;
    private static final int BIND = 11;
    private static final int BIND_ACK = 12;
    private static final int AUTH3 = 16;

    private static final UUID NDR = UUID.fromString("8a885d04-1ceb-11c9-9fe8-08002b104860");

    private final Socket socket;
    private final SecurityContext context;
    private final int level;
    private int calls;

    /** Connects and binds. */
    DceRpcClient(InetSocketAddress server, SecurityContext context, int level, UUID service)
            throws IOException, SspiException {
        this.context = context;
        this.level = level;
        this.socket = new Socket();
        socket.connect(server, 10_000);
        socket.setSoTimeout(20_000);
        try {
            bind(service);
        } catch (IOException | SspiException e) {
            socket.close();
            throw e;
        }
    }

    /** The server has refused the call, or who makes it. */
    static final class Fault extends IOException {
        private static final long serialVersionUID = 1L;

        Fault(int status) {
            super("fault 0x%08x".formatted(status));
        }
    }

    private void bind(UUID service) throws IOException, SspiException {
        ByteBuffer body =
                room().putShort((short) LONGEST).putShort((short) LONGEST).putInt(0);
        body.put((byte) 1).put(new byte[3]).putShort((short) 0).put((byte) 1).put((byte) 0);
        put(body, service).putInt(1);
        put(body, NDR).putInt(2);
        send(BIND, body, step(null));
        ByteBuffer answer = receive(BIND_ACK);
        int secondAddress = answer.getShort(HEADER + 8);
        int results = HEADER + 10 + secondAddress + 3 & ~3;
        if (answer.get(results) != 1 || answer.getShort(results + 4) != 0) {
            throw new IOException("the interface is refused");
        }
        send(AUTH3, room().putInt(0), step(token(answer)));
    }

    private byte[] step(byte[] token) throws SspiException {
        SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[2888]));
        IscReq wishes =
                IscReq.USE_DCE_STYLE.or(IscReq.INTEGRITY).or(level == PRIVACY ? IscReq.CONFIDENTIALITY : IscReq.NONE);
        context.initializeSecurityContext(
                "host/dc1",
                wishes,
                null,
                token == null ? null : new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token)),
                output);
        return output.get(0).toByteArray();
    }

    /** {@return the stub of the response to one call} */
    byte[] call(int operation, byte[] stub) throws IOException, SspiException {
        return unprotected(callProtected(operation, stub));
    }

    /** {@return the response to a call as it came, protected} */
    ByteBuffer callProtected(int operation, byte[] stub) throws IOException, SspiException {
        sendRequest(operation, stub);
        return receive(RESPONSE);
    }

    private void sendRequest(int operation, byte[] stub) throws IOException, SspiException {
        int padding = -stub.length & 15;
        int trailer = REQUEST_HEADER + stub.length + padding;
        ByteBuffer pdu = ByteBuffer.allocate(trailer + TRAILER + SIGNATURE).order(ByteOrder.LITTLE_ENDIAN);
        header(pdu, REQUEST, SIGNATURE).putInt(stub.length).putShort((short) 0).putShort((short) operation);
        pdu.put(stub).position(trailer);
        trailer(pdu, padding);
        SecBufferDesc message = message(pdu, trailer);
        if (level == PRIVACY) {
            context.encryptMessage(0, message, 0);
        } else {
            context.makeSignature(0, message, 0);
        }
        socket.getOutputStream().write(pdu.array());
    }

    /** {@return the stub of a response} */
    byte[] unprotected(ByteBuffer pdu) throws SspiException {
        int trailer = pdu.limit() - SIGNATURE - TRAILER;
        SecBufferDesc message = message(pdu, trailer);
        if (level == PRIVACY) {
            context.decryptMessage(message, 0);
        } else {
            context.verifySignature(message, 0);
        }
        byte[] stub = new byte[trailer - REQUEST_HEADER - pdu.get(trailer + 2)];
        pdu.get(REQUEST_HEADER, stub);
        return stub;
    }

    /** MS-RPCE 2.2.2.11.2 and 3.3.1.5.2.2: what is not encrypted is signed all the same. */
    private static SecBufferDesc message(ByteBuffer pdu, int trailer) {
        SecBufferDesc message = new SecBufferDesc();
        message.add(SecBufferType.DATA, pdu, 0, REQUEST_HEADER).setAttributes(SecBuffer.READONLY_WITH_CHECKSUM);
        message.add(SecBufferType.DATA, pdu, REQUEST_HEADER, trailer - REQUEST_HEADER);
        message.add(SecBufferType.DATA, pdu, trailer, TRAILER).setAttributes(SecBuffer.READONLY_WITH_CHECKSUM);
        message.add(SecBufferType.TOKEN, pdu, trailer + TRAILER, SIGNATURE);
        return message;
    }

    private static ByteBuffer room() {
        return ByteBuffer.allocate(LONGEST).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** C706 A.2: the first three fields of a UUID are numbers, and little-endian. */
    private static ByteBuffer put(ByteBuffer out, UUID uuid) {
        long high = uuid.getMostSignificantBits();
        out.putInt((int) (high >>> 32)).putShort((short) (high >>> 16)).putShort((short) high);
        return out.put(ByteBuffer.allocate(8).putLong(0, uuid.getLeastSignificantBits()));
    }

    /** The common header; the length of the PDU is that of the buffer. */
    private ByteBuffer header(ByteBuffer pdu, int type, int tokenLength) {
        // Version 5.0, first and last fragment, little-endian.
        pdu.put((byte) 5).put((byte) 0).put((byte) type).put((byte) 3).putInt(0x10);
        return pdu.putShort((short) pdu.limit())
                .putShort((short) tokenLength)
                .putInt(type == REQUEST ? ++calls : calls);
    }

    private void trailer(ByteBuffer pdu, int padding) {
        pdu.put((byte) RPC_C_AUTHN_WINNT)
                .put((byte) level)
                .put((byte) padding)
                .put((byte) 0)
                .putInt(CONTEXT_ID);
    }

    private void send(int type, ByteBuffer body, byte[] token) throws IOException {
        body.flip();
        ByteBuffer pdu = ByteBuffer.allocate(HEADER + body.remaining() + TRAILER + token.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        header(pdu, type, token.length).put(body);
        trailer(pdu, 0);
        socket.getOutputStream().write(pdu.put(token).array());
    }

    private ByteBuffer receive(int type) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] header = new byte[HEADER];
        in.readFully(header);
        ByteBuffer pdu = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        byte[] whole = new byte[pdu.getShort(8) & 0xFFFF];
        System.arraycopy(header, 0, whole, 0, HEADER);
        in.readFully(whole, HEADER, whole.length - HEADER);
        pdu = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        int found = pdu.get(2);
        if (found == FAULT) {
            throw new Fault(pdu.getInt(REQUEST_HEADER));
        }
        if (found != type || pdu.get(3) != 3) {
            throw new IOException("PDU " + found + " where one whole " + type + " is due");
        }
        return pdu;
    }

    private static byte[] token(ByteBuffer pdu) {
        byte[] token = new byte[pdu.getShort(10) & 0xFFFF];
        pdu.get(pdu.limit() - token.length, token);
        return token;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
