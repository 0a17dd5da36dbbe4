package org.jsspi.jca;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.AlgorithmParametersSpi;
import java.security.Provider;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidParameterSpecException;
import org.jsspi.spec.SequenceParameterSpec;

/**
 * The {@code AlgorithmParameters} of a security package: the sequence number of one datagram.
 *
 * <p>The encoding is a DER INTEGER from 0 to 2<sup>32</sup>-1. Whether the number may repeat is the sender's affair and not
 * part of it.
 */
public final class SequenceParameters extends AlgorithmParametersSpi {
    private static final int INTEGER = 0x02;
    /** Tag, length and five bytes: a sign and 32 bits. */
    private static final int LONGEST_CONTENT = 5;

    private SequenceParameterSpec sequence;

    /** Parameters that are not initialised. */
    public SequenceParameters() {}

    static AlgorithmParameters of(SequenceParameterSpec sequence, Provider provider, String packageName) {
        SequenceParameters parameters = new SequenceParameters();
        parameters.sequence = sequence;
        return new Initialised(parameters, provider, packageName);
    }

    @Override
    protected void engineInit(AlgorithmParameterSpec spec) throws InvalidParameterSpecException {
        if (!(spec instanceof SequenceParameterSpec given)) {
            throw new InvalidParameterSpecException("takes a SequenceParameterSpec and not "
                    + (spec == null ? "null" : spec.getClass().getName()));
        }
        sequence = given;
    }

    @Override
    protected void engineInit(byte[] encoded) throws IOException {
        if (encoded == null
                || encoded.length < 3
                || encoded[0] != INTEGER
                || encoded[1] != encoded.length - 2
                || encoded[1] > LONGEST_CONTENT) {
            throw new IOException("not a DER INTEGER of 32 bits");
        }
        long number = encoded[2];
        for (int i = 3; i < encoded.length; i++) {
            number = number << Byte.SIZE | encoded[i] & 0xFF;
        }
        // X.690 8.3.2: the first nine bits are not all alike.
        boolean padded = encoded.length > 3 && encoded[2] == 0 && encoded[3] >= 0;
        if (padded || number < 0 || number > 0xFFFF_FFFFL) {
            throw new IOException("not a DER INTEGER from 0 to 4294967295");
        }
        sequence = new SequenceParameterSpec((int) number);
    }

    @Override
    protected void engineInit(byte[] encoded, String format) throws IOException {
        requireAsn1(format);
        engineInit(encoded);
    }

    @Override
    protected <T extends AlgorithmParameterSpec> T engineGetParameterSpec(Class<T> type)
            throws InvalidParameterSpecException {
        if (type == null || !type.isAssignableFrom(SequenceParameterSpec.class)) {
            throw new InvalidParameterSpecException("gives a SequenceParameterSpec and not " + type);
        }
        return type.cast(sequence);
    }

    @Override
    protected byte[] engineGetEncoded() {
        long number = Integer.toUnsignedLong(sequence.messageSeqNo());
        // One bit more than the number has: the sign.
        int content = (Long.SIZE - Long.numberOfLeadingZeros(number)) / Byte.SIZE + 1;
        byte[] encoded = new byte[2 + content];
        encoded[0] = INTEGER;
        encoded[1] = (byte) content;
        for (int i = 0; i < content; i++) {
            encoded[encoded.length - 1 - i] = (byte) (number >>> i * Byte.SIZE);
        }
        return encoded;
    }

    @Override
    protected byte[] engineGetEncoded(String format) throws IOException {
        requireAsn1(format);
        return engineGetEncoded();
    }

    @Override
    protected String engineToString() {
        return "MessageSeqNo " + Integer.toUnsignedString(sequence.messageSeqNo());
    }

    private static void requireAsn1(String format) throws IOException {
        if (format != null && !format.equalsIgnoreCase("ASN.1") && !format.equalsIgnoreCase("DER")) {
            throw new IOException("no encoding " + format + ", only ASN.1");
        }
    }

    /** What getParameters answers: made with its Provider at hand, so that none has to be looked up. */
    private static final class Initialised extends AlgorithmParameters {
        Initialised(SequenceParameters parameters, Provider provider, String packageName) {
            super(parameters, provider, packageName);
            try {
                // AlgorithmParameters keeps to itself whether it is initialised.
                init(parameters.sequence);
            } catch (InvalidParameterSpecException e) {
                throw new AssertionError(e);
            }
        }
    }
}
