package org.jsspi.jca;

import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.spec.AlgorithmParameterSpec;
import org.jsspi.ContextKey;
import org.jsspi.DatagramMac;
import org.jsspi.SspiException;
import org.jsspi.spec.SequenceParameterSpec;

/** Which keys and parameters the services of one package take. */
final class ContextKeys {
    private final String packageName;
    private ContextKey lastKey;
    private DatagramMac lastMac;

    ContextKeys(String packageName) {
        this.packageName = packageName;
    }

    /**
     * {@return the computation of a key of a datagram context of the package, if it is such a key and has this direction} The
     * one of the last key is given again: init for each message costs nothing.
     */
    DatagramMac mac(Key key, Class<? extends ContextKey> direction) throws InvalidKeyException {
        if (!direction.isInstance(key)) {
            throw new InvalidKeyException("takes the key of a datagram context of package " + packageName + ", "
                    + (direction == ContextKey.class ? "ContextKey" : "ContextKey." + direction.getSimpleName())
                    + ", and not " + (key == null ? "null" : key.getClass().getName()));
        }
        ContextKey contextKey = (ContextKey) key;
        if (!contextKey.getAlgorithm().equalsIgnoreCase(packageName)) {
            throw new InvalidKeyException(
                    "takes keys of package " + packageName + " and not of package " + contextKey.getAlgorithm());
        }
        try {
            if (contextKey != lastKey || contextKey.isDestroyed()) {
                lastMac = contextKey.newMac();
                lastKey = contextKey;
            }
            return lastMac;
        } catch (SspiException e) {
            // Closed, or connection-oriented: the message of the cause says which.
            throw new InvalidKeyException(e.getMessage(), e);
        }
    }

    SequenceParameterSpec sequence(AlgorithmParameterSpec parameters) throws InvalidAlgorithmParameterException {
        if (parameters instanceof SequenceParameterSpec sequence) {
            return sequence;
        }
        throw new InvalidAlgorithmParameterException("a datagram of package " + packageName
                + " needs its sequence number, a SequenceParameterSpec"
                + (parameters == null
                        ? ""
                        : ", and not " + parameters.getClass().getName()));
    }
}
