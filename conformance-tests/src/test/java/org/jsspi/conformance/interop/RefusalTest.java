package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jsspi.RefusalException;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an application refuses with an alert of its choice, as the peer hears it. */
class RefusalTest {
    /** Knows everybody's certificate and lets nobody in. */
    private static final class Doorman implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new RefusalException(RefusalException.ACCESS_DENIED, "a member of no group");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            throw new AssertionError("this is a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @ParameterizedTest
    @CsvSource({"OURS, TLSv1.3", "OURS, TLSv1.2", "SUN, TLSv1.3", "SUN, TLSv1.2"})
    void aTrustManagerSaysWhichAlertTheClientHears(Jsse clients, String protocol) throws Exception {
        SSLContext server =
                Jsse.OURS.context(TestPki.server(KeyKind.EC_P256).keyManagers(), new TrustManager[] {new Doorman()});
        EnginePair pair = new EnginePair(clients.context(TestPki.client(KeyKind.EC_P256)), server);
        pair.server().engine().setNeedClientAuth(true);
        pair.server().engine().setEnabledProtocols(new String[] {protocol});

        SSLException own = assertThrows(SSLHandshakeException.class, pair::handshake);
        assertTrue(own.getMessage().startsWith("refused: a member of no group"), own.getMessage());
        SSLException heard = assertThrows(SSLException.class, pair::settle);
        assertTrue(heard.getMessage().contains("access_denied"), heard.getMessage());
    }
}
