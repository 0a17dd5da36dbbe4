package org.jsspi.jca;

import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Objects;
import org.jsspi.ContextKey;
import org.jsspi.DatagramMac;
import org.jsspi.SspiException;
import org.jsspi.spec.SequenceParameterSpec;

/**
 * The {@code Signature} of a security package: initSign with a {@link ContextKey.Signing} or initVerify with a
 * {@link ContextKey.Verifying}, setParameter with a {@link SequenceParameterSpec}, before or after the init.
 *
 * <ul>
 *   <li>InvalidKeyException: the key is none of a context or of the other direction, is of another package, of a
 *       connection-oriented context, or of one that is closed.
 *   <li>InvalidAlgorithmParameterException: the parameter is no {@link SequenceParameterSpec}, or bytes of a message have
 *       been given already.
 *   <li>SignatureException: no sequence number was set, it is used up, or the context was closed meanwhile. Verifying: the
 *       token is malformed, or its number is not the one that was set; with the latter, as with a message that a context
 *       with replay detection has seen before, the cause is an {@link SspiException} of SEC_E_OUT_OF_SEQUENCE.
 *   <li>verify answers false if and only if message or token were altered. The comparison takes constant time.
 * </ul>
 *
 * The number comes first because it is signed in front of the message; so nothing is buffered. A receiver reads it from the
 * token with {@link ContextKey#peekSequence}. {@code update(ByteBuffer)} cannot throw a SignatureException: what it meets
 * is thrown by the call that follows.
 */
public final class ContextSignatureSpi extends SignatureSpi {
    private final ContextKeys keys;
    private final Provider provider;
    private final String packageName;
    private final byte[] single = new byte[1];
    private DatagramMac mac;
    private SequenceParameterSpec sequence;
    private boolean underWay;
    /** What update(ByteBuffer) met, and could not throw. */
    private SignatureException deferred;

    /**
     * The Signature of a package.
     *
     * @param provider the Provider of the parameters that getParameters answers
     * @param packageName the name of the package
     */
    public ContextSignatureSpi(Provider provider, String packageName) {
        this.provider = Objects.requireNonNull(provider, "provider");
        this.packageName = packageName;
        this.keys = new ContextKeys(packageName);
    }

    @Override
    protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
        init(keys.mac(key, ContextKey.Signing.class));
    }

    @Override
    protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
        init(keys.mac(key, ContextKey.Verifying.class));
    }

    private void init(DatagramMac newMac) {
        mac = newMac;
        underWay = false;
        deferred = null;
    }

    @Override
    protected void engineSetParameter(AlgorithmParameterSpec parameters) throws InvalidAlgorithmParameterException {
        SequenceParameterSpec newSequence = keys.sequence(parameters);
        if (underWay || deferred != null) {
            throw new InvalidAlgorithmParameterException("a message is under way: its number comes before its bytes");
        }
        sequence = newSequence;
    }

    /** {@return the number that was set, or null} */
    @Override
    protected AlgorithmParameters engineGetParameters() {
        return sequence == null ? null : SequenceParameters.of(sequence, provider, packageName);
    }

    @Override
    protected void engineUpdate(byte input) throws SignatureException {
        single[0] = input;
        engineUpdate(single, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) throws SignatureException {
        begin();
        try {
            mac.update(input, offset, length);
        } catch (SspiException e) {
            throw refused(e);
        }
    }

    @Override
    protected void engineUpdate(ByteBuffer input) {
        if (deferred != null) {
            return;
        }
        try {
            begin();
            mac.update(input);
        } catch (SspiException e) {
            deferred = refused(e);
        } catch (SignatureException e) {
            deferred = e;
        }
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
        byte[] token = new byte[mac.length()];
        engineSign(token, 0, token.length);
        return token;
    }

    @Override
    protected int engineSign(byte[] token, int offset, int length) throws SignatureException {
        if (length < mac.length()) {
            throw new SignatureException("no room for a token of " + mac.length() + " bytes");
        }
        begin();
        underWay = false;
        try {
            mac.sign(token, offset);
        } catch (SspiException e) {
            throw refused(e);
        }
        return mac.length();
    }

    @Override
    protected boolean engineVerify(byte[] token) throws SignatureException {
        return engineVerify(token, 0, token.length);
    }

    @Override
    protected boolean engineVerify(byte[] token, int offset, int length) throws SignatureException {
        begin();
        underWay = false;
        try {
            return mac.verify(ByteBuffer.wrap(token, offset, length));
        } catch (SspiException e) {
            throw refused(e);
        }
    }

    /** There are no parameters by name. */
    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
        throw new InvalidParameterException("the parameter is a SequenceParameterSpec");
    }

    /** There are no parameters by name. */
    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
        throw new InvalidParameterException("the parameter is a SequenceParameterSpec");
    }

    private void begin() throws SignatureException {
        if (deferred != null) {
            SignatureException failure = deferred;
            deferred = null;
            underWay = false;
            throw failure;
        }
        if (underWay) {
            return;
        }
        if (sequence == null) {
            throw new SignatureException("no sequence number: setParameter(new SequenceParameterSpec(n)) comes first");
        }
        try {
            mac.begin(sequence.messageSeqNo(), sequence.isRepeating());
        } catch (SspiException e) {
            throw refused(e);
        }
        underWay = true;
    }

    /** The message is over; the next one begins anew. */
    private SignatureException refused(SspiException cause) {
        underWay = false;
        return new SignatureException(cause.getMessage(), cause);
    }
}
