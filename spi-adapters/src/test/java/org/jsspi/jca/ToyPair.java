package org.jsspi.jca;

import java.nio.ByteBuffer;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextKey;
import org.jsspi.IscReq;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/** A client and a server of the toy package, and the calls that tests make of them. */
final class ToyPair {
    final ToyDatagramContext client;
    final ToyDatagramContext server;
    private final IscReq clientReq;
    private final AscReq serverReq;

    private ToyPair(IscReq clientReq, AscReq serverReq) {
        ToyDatagramContext[] strangers = ToyDatagramContext.strangers();
        this.client = strangers[0];
        this.server = strangers[1];
        this.clientReq = clientReq;
        this.serverReq = serverReq;
    }

    /** {@return a pair of which the client has made its first call} */
    static ToyPair begun(IscReq clientReq, AscReq serverReq) throws SspiException {
        ToyPair pair = new ToyPair(clientReq, serverReq);
        pair.initialize(null);
        return pair;
    }

    static ToyPair datagram() throws SspiException {
        ToyPair pair = begun(IscReq.DATAGRAM, AscReq.DATAGRAM);
        pair.establish();
        return pair;
    }

    static ToyPair detectingReplays() throws SspiException {
        ToyPair pair = begun(IscReq.DATAGRAM.or(IscReq.REPLAY_DETECT), AscReq.DATAGRAM.or(AscReq.REPLAY_DETECT));
        pair.establish();
        return pair;
    }

    static ToyPair connection() throws SspiException {
        ToyPair pair = begun(IscReq.CONNECTION, AscReq.CONNECTION);
        pair.establish();
        return pair;
    }

    /** The exchange, for the first time or again. */
    void establish() throws SspiException {
        byte[] challenge = accept(null);
        accept(initialize(challenge));
    }

    byte[] initialize(byte[] input) throws SspiException {
        SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[8]));
        client.initializeSecurityContext("toy", clientReq, null, token(input), output);
        return output.get(0).toByteArray();
    }

    byte[] accept(byte[] input) throws SspiException {
        SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[8]));
        SecurityStatus status = server.acceptSecurityContext(serverReq, null, token(input), output);
        return status == SecurityStatus.SEC_E_OK ? null : output.get(0).toByteArray();
    }

    private static SecBufferDesc token(byte[] bytes) {
        return bytes == null ? null : new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, bytes));
    }

    ContextKey.Signing signing() throws SspiException {
        return client.queryContextAttributes(ContextAttribute.SIGNING_KEY);
    }

    ContextKey.Verifying verifying() throws SspiException {
        return server.queryContextAttributes(ContextAttribute.VERIFYING_KEY);
    }

    byte[] makeSignature(byte[] message, int number) throws SspiException {
        SecBufferDesc list = list(message, new byte[ToyDatagramContext.TOKEN]);
        client.makeSignature(0, list, number);
        return list.get(1).toByteArray();
    }

    void verifySignature(byte[] message, byte[] token) throws SspiException {
        int number = server.peekSequence(ByteBuffer.wrap(token));
        server.verifySignature(list(message, token), number);
    }

    static SecBufferDesc list(byte[] message, byte[] token) {
        return new SecBufferDesc(new SecBuffer(SecBufferType.DATA, message), new SecBuffer(SecBufferType.TOKEN, token));
    }
}
