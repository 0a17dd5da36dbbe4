package org.jsspi.provider.tls.handshake;

/** A server waits for the next message of the client. */
sealed interface ServerState extends Waiting
        permits ServerHandshake.WaitClientHello,
                ServerHandshake.WaitSecondClientHello,
                ServerHandshake.WaitEndOfEarlyData,
                ServerHandshake.WaitCertificate,
                ServerHandshake.WaitCertificateVerify,
                ServerHandshake.WaitFinished,
                ServerHandshake12.WaitCertificate,
                ServerHandshake12.WaitClientKeyExchange,
                ServerHandshake12.WaitKeyedClientKeyExchange,
                ServerHandshake12.WaitCertificateVerify,
                ServerHandshake12.WaitChangeCipherSpec,
                ServerHandshake12.WaitFinished {}
