package org.jsspi.provider.tls.handshake;

import java.security.MessageDigest;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.Finished;

/** The proof that the peer's Finished verified: it holds the keys, and saw the same handshake. */
final class FinishedVerified {
    private FinishedVerified() {}

    /**
     * {@return the proof, of which this is the only maker}
     *
     * @param expected the verify_data that the peer's keys and messages give
     * @throws SspiException decrypt_error if it is another, be it of another length
     */
    static FinishedVerified check(Finished received, byte[] expected) throws SspiException {
        if (!MessageDigest.isEqual(expected, received.verifyData())) {
            // RFC 8446 4.4.4, RFC 5246 7.2.2: terminate the connection with decrypt_error.
            throw AlertDescription.DECRYPT_ERROR.because("a Finished that does not verify");
        }
        return new FinishedVerified();
    }
}
