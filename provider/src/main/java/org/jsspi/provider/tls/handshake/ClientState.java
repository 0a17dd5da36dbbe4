package org.jsspi.provider.tls.handshake;

/** A state of the client, see {@link ClientHandshake}. */
sealed interface ClientState extends State
        permits ClientHandshake.WaitServerHello,
                ClientHandshake.WaitEncryptedExtensions,
                ClientHandshake.WaitCertificateRequest,
                ClientHandshake.WaitCertificate,
                ClientHandshake.WaitCertificateVerify,
                ClientHandshake.WaitFinished {}
