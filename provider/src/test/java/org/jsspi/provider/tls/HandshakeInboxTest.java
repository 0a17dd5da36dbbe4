package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeInboxTest {
    private static final int RECORD = 1 << 14;

    private static byte[] message(int type, int length) {
        byte[] message = new byte[4 + length];
        Arrays.fill(message, 4, message.length, (byte) 7);
        message[0] = (byte) type;
        message[1] = (byte) (length >> 16);
        message[2] = (byte) (length >> 8);
        message[3] = (byte) length;
        return message;
    }

    private static byte[] deliver(HandshakeInbox inbox, byte[] bytes) throws SspiException {
        for (int at = 0; at < bytes.length; at += RECORD) {
            inbox.append(bytes, at, Math.min(RECORD, bytes.length - at));
        }
        return inbox.next();
    }

    @ParameterizedTest
    @CsvSource({
        // type, length, bound of all, bound of certificates, whether it is accepted
        "11, 80000, 65536, 80000, true",
        "25, 80000, 65536, 80000, true",
        "11, 80001, 65536, 80000, false",
        "25, 80001, 65536, 80000, false",
        "11, 1001, 65536, 1000, false",
        "4, 1001, 65536, 1000, true",
        "4, 65536, 65536, 80000, true",
        "4, 65537, 65536, 80000, false",
        "13, 80000, 65536, 80000, false"
    })
    void certificatesHaveABoundOfTheirOwn(int type, int length, int all, int certificates, boolean accepted)
            throws SspiException {
        HandshakeInbox inbox = new HandshakeInbox(all);
        inbox.boundCertificates(certificates);
        byte[] message = message(type, length);
        if (accepted) {
            assertArrayEquals(message, deliver(inbox, message));
        } else {
            // By its header: nothing of the body is needed.
            SspiException refused = assertThrows(SspiException.class, () -> deliver(inbox, Arrays.copyOf(message, 4)));
            assertEquals(
                    AlertDescription.ILLEGAL_PARAMETER.code(), refused.alert().getAsInt());
        }
    }

    @Test
    void unlessTheyAreToldTheBoundOfAllIsTheirs() throws SspiException {
        HandshakeInbox inbox = new HandshakeInbox(1000);
        assertArrayEquals(message(11, 1000), deliver(inbox, message(11, 1000)));
        assertThrows(SspiException.class, () -> deliver(inbox, message(11, 1001)));
    }

    @Test
    void theBoundIsThatOfTheMessageThatComesNext() throws SspiException {
        HandshakeInbox inbox = new HandshakeInbox(10);
        inbox.boundCertificates(100);
        byte[] both = Arrays.copyOf(message(11, 100), 104 + 15);
        System.arraycopy(message(4, 11), 0, both, 104, 15);
        assertArrayEquals(message(11, 100), deliver(inbox, both));
        assertThrows(SspiException.class, inbox::next);
    }
}
