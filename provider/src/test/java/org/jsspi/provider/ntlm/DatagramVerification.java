package org.jsspi.provider.ntlm;

import org.jsspi.AscReq;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TimingMeasurement.Subject;

/** What a datagram context accepts from nobody but its peer, for the measurement of times. */
public final class DatagramVerification {
    private DatagramVerification() {}

    /** {@return the check of a signature; version and number stand in the clear, the checksum between them does not} */
    public static Subject signature() throws SspiException {
        SecurityContext client = Exchanges.client();
        SecurityContext server = Exchanges.server();
        Exchanges.connectDatagram(client, server, Exchanges.DATAGRAM, AscReq.DATAGRAM);
        byte[] message = new byte[64];
        byte[] right = Exchanges.sign(client, message, 7);
        return new Subject(
                claimed -> {
                    try {
                        server.verifySignature(
                                new SecBufferDesc(
                                        new SecBuffer(SecBufferType.DATA, message),
                                        new SecBuffer(SecBufferType.TOKEN, claimed.clone())),
                                7);
                        return true;
                    } catch (SspiException refused) {
                        return false;
                    }
                },
                right,
                4,
                12);
    }
}
