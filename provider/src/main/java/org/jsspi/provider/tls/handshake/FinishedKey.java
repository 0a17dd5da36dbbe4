package org.jsspi.provider.tls.handshake;

import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Hkdf;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.tls.message.Finished;

/** The key of one side's Finished (RFC 8446 4.4.4). */
final class FinishedKey implements AutoCloseable {
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
        return FinishedVerified.check(received, finished(transcriptHash).verifyData());
    }

    @Override
    public void close() {
        key.destroy();
    }
}
