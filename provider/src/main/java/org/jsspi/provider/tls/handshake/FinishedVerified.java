package org.jsspi.provider.tls.handshake;

import java.security.MessageDigest;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.Finished;

/** Proof that the peer's Finished fits the transcript: only the check makes one. */
final class FinishedVerified {
    private FinishedVerified() {}

    /** RFC 8446 4.4.4: a Finished that does not verify is decrypt_error. */
    static FinishedVerified check(Finished message, byte[] expected) throws SspiException {
        message.requireLength(expected.length);
        if (!MessageDigest.isEqual(message.verifyData(), expected)) {
            throw AlertDescription.DECRYPT_ERROR.because("the peer's Finished does not fit the handshake");
        }
        return new FinishedVerified();
    }
}
