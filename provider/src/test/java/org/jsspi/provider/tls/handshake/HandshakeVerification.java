package org.jsspi.provider.tls.handshake;

import org.jsspi.SspiException;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.testing.TimingMeasurement.Subject;
import org.jsspi.provider.tls.message.Finished;

/** What the handshake accepts from nobody but its peer, for the measurement of times. */
public final class HandshakeVerification {
    private static final HashAlgorithm HASH = HashAlgorithm.SHA256;

    private HandshakeVerification() {}

    /** {@return the check of a Finished} */
    public static Subject finished() {
        FinishedKey key = new FinishedKey(HASH.hkdf(), Secret.owning(new byte[HASH.length()]));
        byte[] transcript = new byte[HASH.length()];
        return new Subject(
                claimed -> {
                    try {
                        key.verify(new Finished(claimed), transcript);
                        return true;
                    } catch (SspiException refused) {
                        return false;
                    }
                },
                key.finished(transcript).verifyData());
    }

    /** {@return the check of a binder, as the server makes it} */
    public static Subject binder() {
        EarlySecrets early = new EarlySecrets(HASH, Secret.owning(new byte[HASH.length()]));
        byte[] transcript = new byte[HASH.length()];
        return new Subject(
                claimed -> java.security.MessageDigest.isEqual(early.binder(transcript), claimed),
                early.binder(transcript));
    }
}
