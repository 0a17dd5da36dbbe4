package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jsspi.conformance.fixture.EngineEnd;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Failures;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A handshake in which one byte has changed on the way fails, with one clear error, or waits for more; it never completes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MutatedHandshakeTest {
    private final SSLContext client = Jsse.OURS.client();
    private final SSLContext server = Jsse.OURS.server(KeyKind.EC_P256);
    private final Random random = new Random(4);

    private String protocol;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void noChangeOfTheClientsFirstFlightGoesUnnoticed(String version) throws Exception {
        protocol = version;
        int length = flight(false).length;
        for (int at = 0; at < length; at += 3) {
            mutate(at, false);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void noChangeOfTheServersFlightGoesUnnoticed(String version) throws Exception {
        protocol = version;
        int length = flight(true).length;
        for (int at = 0; at < length; at += 5) {
            mutate(at, true);
        }
    }

    private byte[] flight(boolean ofServer) throws Exception {
        EnginePair pair = begun(ofServer);
        return (ofServer ? pair.client() : pair.server()).takeInbox();
    }

    /** Both ends up to where this flight has arrived and nobody has looked at it. */
    private EnginePair begun(boolean ofServer) throws Exception {
        EnginePair pair = new EnginePair(client, server);
        pair.client().engine().setEnabledProtocols(new String[] {protocol});
        pair.client().engine().beginHandshake();
        pair.server().engine().beginHandshake();
        while (pair.client().step(pair.server())) {
            // the ClientHello
        }
        while (ofServer && pair.server().step(pair.client())) {
            // the server's flight
        }
        return pair;
    }

    private void mutate(int at, boolean ofServer) throws Exception {
        EnginePair pair = begun(ofServer);
        EngineEnd reader = ofServer ? pair.client() : pair.server();
        byte[] flight = reader.takeInbox();
        if (at >= flight.length) {
            return;
        }
        flight[at] ^= (byte) (1 << random.nextInt(8));
        reader.arrive(flight);
        try {
            pair.settle();
        } catch (SSLException failure) {
            assertNotNull(Failures.sspi(failure), "byte " + at + ": " + failure);
            assertNotNull(failure.getMessage());
            EngineEnd failed =
                    pair.client().engine().getHandshakeStatus().name().equals("NEED_WRAP")
                            ? pair.client()
                            : pair.server();
            assertEquals(Status.CLOSED, failed.wrap(new byte[0], null).getStatus(), "byte " + at);
            return;
        }
        // legacy_record_version is ignored, and so are the bytes of change_cipher_spec's version.
        boolean ignored = isVersion(flight, at);
        boolean complete = pair.client().established() && pair.server().established();
        assertTrue(ignored || !complete, "byte " + at + " of " + flight.length + " was changed and nobody noticed");
    }

    private static boolean isVersion(byte[] flight, int at) {
        int record = 0;
        while (record + 5 <= at) {
            int next = record + 5 + ((flight[record + 3] & 0xFF) << 8 | flight[record + 4] & 0xFF);
            if (next > at) {
                break;
            }
            record = next;
        }
        return at - record == 1 || at - record == 2;
    }
}
