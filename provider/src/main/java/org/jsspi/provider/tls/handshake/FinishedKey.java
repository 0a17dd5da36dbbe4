package org.jsspi.provider.tls.handshake;

import java.security.MessageDigest;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Hkdf;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.Finished;

/** The key of one side's Finished (RFC 8446 4.4.4), and what makes proofs that it verified. */
final class FinishedKey implements AutoCloseable {
    /** The proof that the peer's Finished verified: it holds the keys, and saw the same handshake. */
    static final class FinishedVerified {
        private FinishedVerified() {}
    }

    private final Hkdf hkdf;
    private final Secret key;

    FinishedKey(Hkdf hkdf, Secret trafficSecret) {
        this.hkdf = hkdf;
        this.key = hkdf.finishedKey(trafficSecret);
    }

    /** {@return the Finished over the messages of this hash} */
    Finished finished(byte[] transcriptHash) {
        return new Finished(hkdf.hash().hmac(key, transcriptHash));
    }

    /** {@return the proof that the peer's Finished is the one over the messages of this hash} */
    FinishedVerified verify(Finished received, byte[] transcriptHash) throws SspiException {
        received.requireLength(hkdf.hash().length());
        if (!MessageDigest.isEqual(finished(transcriptHash).verifyData(), received.verifyData())) {
            // RFC 8446 4.4.4: terminate the connection with decrypt_error.
            throw AlertDescription.DECRYPT_ERROR.because("a Finished that does not verify");
        }
        return new FinishedVerified();
    }

    @Override
    public void close() {
        key.destroy();
    }
}
