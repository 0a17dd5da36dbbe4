package org.jsspi;

import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Objects;
import javax.crypto.SecretKey;

/**
 * One direction of a security context, as a key for {@code Mac} and {@code Signature}.
 *
 * <p>It is a handle and holds no key material: the keys stay in the context and are wiped when that is closed, after which
 * {@link #isDestroyed()} answers true. Encoding and format are null and serialization is refused. Its algorithm is the name
 * of the package. Two keys are equal only if they are the same object.
 *
 * @see ContextAttribute#SIGNING_KEY
 * @see ContextAttribute#VERIFYING_KEY
 */
public abstract sealed class ContextKey implements SecretKey {
    private static final long serialVersionUID = 1L;

    /** Never serialized: writeObject refuses. */
    private final transient DatagramProtection protection;

    private final transient String packageName;

    private ContextKey(String packageName, DatagramProtection protection) {
        this.packageName = Objects.requireNonNull(packageName, "packageName");
        this.protection = Objects.requireNonNull(protection, "protection");
    }

    /** {@return true if the context is a datagram context, whose keys Mac and Signature take} */
    public final boolean isDatagram() {
        return protection.isDatagram();
    }

    /**
     * {@return a computation of signatures with this key, for one thread at a time}
     *
     * @throws SspiException SEC_E_INVALID_HANDLE if the context is closed, SEC_E_UNSUPPORTED_FUNCTION if it is
     *     connection-oriented or does not sign
     */
    public final DatagramMac newMac() throws SspiException {
        if (protection.isClosed()) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_HANDLE, "the context of the key is closed");
        }
        if (!protection.isDatagram()) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                    "the key belongs to a connection-oriented " + packageName
                            + " context, which numbers its messages itself and cannot return to an earlier state");
        }
        return protection.newMac();
    }

    /**
     * {@return the sequence number that a token of this direction carries} Nothing is verified and nothing moves.
     *
     * @param token from position to limit
     * @throws SspiException SEC_E_INVALID_TOKEN if it is no token of this package
     */
    public final int peekSequence(ByteBuffer token) throws SspiException {
        return protection.peekSequence(token);
    }

    /** {@return the name of the package} */
    @Override
    public final String getAlgorithm() {
        return packageName;
    }

    /** {@return null} */
    @Override
    public final String getFormat() {
        return null;
    }

    /** {@return null} */
    @Override
    public final byte[] getEncoded() {
        return null;
    }

    /** {@return true once the context is closed; {@link SecurityContext#close()} destroys the keys} */
    @Override
    public final boolean isDestroyed() {
        return protection.isClosed();
    }

    /** {@return the package and the direction, nothing else} */
    @Override
    public final String toString() {
        return packageName + (this instanceof Signing ? " signing key" : " verifying key");
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException("the key of a security context stays with its context");
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("the key of a security context stays with its context");
    }

    private void readObjectNoData() throws InvalidObjectException {
        throw new InvalidObjectException("the key of a security context stays with its context");
    }

    /** What this side signs with. */
    public static final class Signing extends ContextKey implements PrivateKey {
        private static final long serialVersionUID = 1L;

        /**
         * For packages.
         *
         * @param packageName the name of the package
         * @param protection the direction from this side to the peer; its computations have a {@link SequenceGuard}
         */
        public Signing(String packageName, DatagramProtection protection) {
            super(packageName, protection);
        }
    }

    /** What this side verifies the peer's messages with. */
    public static final class Verifying extends ContextKey implements PublicKey {
        private static final long serialVersionUID = 1L;

        /**
         * For packages.
         *
         * @param packageName the name of the package
         * @param protection the direction from the peer to this side
         */
        public Verifying(String packageName, DatagramProtection protection) {
            super(packageName, protection);
        }
    }
}
