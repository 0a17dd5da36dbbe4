package org.jsspi.provider.tls.handshake;

import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.HelloRequest;

/** A client waits for the next message of a server that chose TLS 1.2. */
sealed interface ClientState12 extends ClientState
        permits ClientHandshake12.WaitCertificate,
                ClientHandshake12.WaitServerKeyExchange,
                ClientHandshake12.WaitRequestOrDone,
                ClientHandshake12.WaitServerHelloDone,
                ClientHandshake12.WaitKeyedServerKeyExchange,
                ClientHandshake12.WaitKeyedServerHelloDone,
                ClientHandshake12.WaitTicket,
                ClientHandshake12.WaitChangeCipherSpec,
                ClientHandshake12.WaitFinished {
    /** Takes the next message that is no HelloRequest, as {@link State#on} does. */
    State onMessage(Inbound message, Effects out) throws SspiException;

    @Override
    default State on(Inbound message, Effects out) throws SspiException {
        if (message.message() instanceof HelloRequest) {
            // RFC 5246 7.4.1.1: ignored while a handshake runs, and in no transcript.
            exchange().countHelloRequest();
            return this;
        }
        return onMessage(message, out);
    }
}
