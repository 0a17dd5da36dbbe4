package org.jsspi.provider.tls.handshake;

/** A client waits for the next message of the server. */
sealed interface ClientState extends State
        permits ClientHandshake.WaitServerHello,
                ClientHandshake.WaitEncryptedExtensions,
                ClientHandshake.WaitCertificateOrRequest,
                ClientHandshake.WaitCertificate,
                ClientHandshake.WaitCertificateVerify,
                ClientHandshake.WaitFinished {
    /** {@return what all states of the handshake share} */
    Exchange exchange();

    @Override
    default void destroy() {
        exchange().vault().destroy();
    }
}
