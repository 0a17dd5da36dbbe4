package org.jsspi.provider.tls.handshake;

/** A server waits for the next message of the client. */
sealed interface ServerState extends State
        permits ServerHandshake.WaitClientHello,
                ServerHandshake.WaitSecondClientHello,
                ServerHandshake.WaitCertificate,
                ServerHandshake.WaitCertificateVerify,
                ServerHandshake.WaitFinished {
    /** {@return what all states of the handshake share} */
    Exchange exchange();

    @Override
    default void destroy() {
        exchange().vault().destroy();
    }
}
