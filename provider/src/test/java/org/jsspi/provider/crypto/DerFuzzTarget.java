package org.jsspi.provider.crypto;

import java.util.Arrays;
import java.util.Optional;

/** Ecdsa-Sig-Value in DER, for the curve that the first byte names: one value has one encoding. */
public final class DerFuzzTarget {
    private DerFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        NistCurve[] curves = NistCurve.values();
        byte[] der = Arrays.copyOfRange(data, 1, data.length);
        Optional<EcdsaSignatureValue> value = EcdsaSignatureValue.decode(der, curves[(data[0] & 0xFF) % curves.length]);
        if (value.isPresent()) {
            if (value.get().r().signum() <= 0 || value.get().s().signum() <= 0) {
                throw new AssertionError("not positive: " + value);
            }
            if (!Arrays.equals(der, value.get().encode())) {
                throw new AssertionError("written otherwise than it was read: " + value);
            }
        }
    }
}
