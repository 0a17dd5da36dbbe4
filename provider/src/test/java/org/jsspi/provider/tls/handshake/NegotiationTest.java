package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jsspi.provider.tls.message.CipherSuite;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NegotiationTest {
    @ParameterizedTest
    @EnumSource
    void aSuiteIsNamedForTheAlgorithmsItStandsFor(CipherSuite suite) {
        assertTrue(suite.name().contains("_" + Negotiation.aead(suite).name() + "_"), suite.name());
        assertEquals(suite.hashName(), Negotiation.hash(suite).jcaName());
    }
}
