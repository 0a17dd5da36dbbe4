package org.jsspi.conformance;

import java.security.Security;
import javax.net.ssl.SSLContext;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.jsspi.provider.JsspiProvider;

/** Shakes hands as often as its argument says, and then once more unless there is a second argument; in first place among the providers, so that it verifies certificates too. */
final class ColdStartProbe {
    private ColdStartProbe() {}

    /** Registers the provider and asks for nothing. */
    static final class Registration {
        private Registration() {}

        public static void main(String... arguments) {
            Security.addProvider(new JsspiProvider());
        }
    }

    public static void main(String... arguments) throws Exception {
        Security.insertProviderAt(new JsspiProvider(), 1);
        SSLContext server = Jsse.OURS.server(KeyKind.EC_P256);
        for (int i = Integer.parseInt(arguments[0]); i > 0; i--) {
            // A context of its own: no session is resumed.
            new EnginePair(Jsse.OURS.client(), server).handshake();
        }
        if (arguments.length > 1) {
            return;
        }
        // Whoever loads bcprov for later handshakes is a daemon and would not get to the end.
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("jsspi-bcprov")) {
                thread.join();
            }
        }
        new EnginePair(Jsse.OURS.client(), server).handshake();
    }
}
