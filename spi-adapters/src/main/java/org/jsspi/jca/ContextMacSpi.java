package org.jsspi.jca;

import java.nio.ByteBuffer;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.MacSpi;
import org.jsspi.ContextKey;
import org.jsspi.DatagramMac;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.spec.SequenceParameterSpec;

/**
 * The {@code Mac} of a security package: init with a {@link ContextKey} and a {@link SequenceParameterSpec}, and doFinal gives
 * the token of the message.
 *
 * <ul>
 *   <li>InvalidKeyException: the key is none of a context, is of another package, of a connection-oriented context, or of one
 *       that is closed; init without a sequence number.
 *   <li>InvalidAlgorithmParameterException: no {@link SequenceParameterSpec}, or the number is used up.
 *   <li>IllegalStateException: doFinal has used the number up, here or on another thread, and no other number was given by
 *       init since; or the context was closed meanwhile.
 * </ul>
 *
 * With a {@link ContextKey.Verifying} the token is the one that the peer sends with this number: compare with
 * {@link java.security.MessageDigest#isEqual}. That uses no number up, and after doFinal the Mac begins the same message
 * again, as every Mac does; with {@link SequenceParameterSpec#repeating} a signing key does so too.
 */
public final class ContextMacSpi extends MacSpi {
    private static final String SPENT = "the sequence number has signed its message: init with the next number";

    private final ContextKeys keys;
    private final byte[] single = new byte[1];
    private DatagramMac mac;
    private SequenceParameterSpec sequence;
    /** Whether doFinal begins the same message again: known beforehand, to spare each message the exception of a failing begin. */
    private boolean restartable;
    /** Why there is no message under way, null while there is one. */
    private String refusal = "Mac is not initialised";

    /**
     * The Mac of a package.
     *
     * @param packageName the name of the package
     */
    public ContextMacSpi(String packageName) {
        this.keys = new ContextKeys(packageName);
    }

    /** {@return the length of a token in bytes, 0 before the first init} */
    @Override
    protected int engineGetMacLength() {
        return mac == null ? 0 : mac.length();
    }

    @Override
    protected void engineInit(Key key, AlgorithmParameterSpec parameters)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        refusal = "Mac is not initialised";
        DatagramMac newMac = keys.mac(key, ContextKey.class);
        SequenceParameterSpec newSequence = keys.sequence(parameters);
        try {
            newMac.begin(newSequence.messageSeqNo(), newSequence.isRepeating());
        } catch (SspiException e) {
            if (e.status() == SecurityStatus.SEC_E_OUT_OF_SEQUENCE) {
                throw new InvalidAlgorithmParameterException(e.getMessage(), e);
            }
            throw new InvalidKeyException(e.getMessage(), e);
        }
        mac = newMac;
        sequence = newSequence;
        restartable = newSequence.isRepeating() || key instanceof ContextKey.Verifying;
        refusal = null;
    }

    @Override
    protected void engineUpdate(byte input) {
        single[0] = input;
        engineUpdate(single, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        requireUnderWay();
        try {
            mac.update(input, offset, length);
        } catch (SspiException e) {
            throw refused(e);
        }
    }

    @Override
    protected void engineUpdate(ByteBuffer input) {
        requireUnderWay();
        try {
            mac.update(input);
        } catch (SspiException e) {
            throw refused(e);
        }
    }

    @Override
    protected byte[] engineDoFinal() {
        requireUnderWay();
        byte[] token = new byte[mac.length()];
        try {
            mac.sign(token, 0);
        } catch (SspiException e) {
            throw refused(e);
        }
        if (restartable) {
            engineReset();
        } else {
            refusal = SPENT;
        }
        return token;
    }

    /** Begins the message again, unless its number is used up. */
    @Override
    protected void engineReset() {
        if (refusal == null) {
            try {
                mac.begin(sequence.messageSeqNo(), sequence.isRepeating());
            } catch (SspiException e) {
                // The caller who only cleans up is not disturbed; whoever goes on learns it.
                refusal = e.getMessage();
            }
        }
    }

    private void requireUnderWay() {
        if (refusal != null) {
            throw new IllegalStateException(refusal);
        }
    }

    private IllegalStateException refused(SspiException cause) {
        refusal = cause.getMessage();
        return new IllegalStateException(refusal, cause);
    }
}
