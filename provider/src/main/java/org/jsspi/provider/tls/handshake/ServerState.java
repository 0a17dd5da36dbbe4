package org.jsspi.provider.tls.handshake;

/** A state of the server, see {@link ServerHandshake}. */
sealed interface ServerState extends State
        permits ServerHandshake.WaitClientHello,
                ServerHandshake.WaitSecondClientHello,
                ServerHandshake.WaitCertificate,
                ServerHandshake.WaitCertificateVerify,
                ServerHandshake.WaitFinished {}
