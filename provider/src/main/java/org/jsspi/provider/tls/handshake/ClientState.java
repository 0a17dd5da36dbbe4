package org.jsspi.provider.tls.handshake;

/** A client waits for the next message of the server. */
sealed interface ClientState extends Waiting
        permits ClientHandshake.WaitServerHello,
                ClientHandshake.WaitEncryptedExtensions,
                ClientHandshake.WaitCertificateOrRequest,
                ClientHandshake.WaitCertificate,
                ClientHandshake.WaitCertificateVerify,
                ClientHandshake.WaitFinished,
                ClientState12 {}
