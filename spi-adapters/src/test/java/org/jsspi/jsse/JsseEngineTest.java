package org.jsspi.jsse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.junit.jupiter.api.Test;

class JsseEngineTest {
    @Test
    void finishedIsReportedOnceOnEachSide() throws Exception {
        Toys.Pair pair = new Toys.Pair().connected();
        assertEquals(1, pair.clientFinished);
        assertEquals(1, pair.serverFinished);
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, pair.client.getHandshakeStatus());
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, pair.server.getHandshakeStatus());
    }
}
