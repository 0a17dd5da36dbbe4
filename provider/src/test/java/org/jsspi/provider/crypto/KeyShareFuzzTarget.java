package org.jsspi.provider.crypto;

import java.util.Arrays;
import org.jsspi.SspiException;

/** The key shares of a peer, for the group that the first byte names: points, u-coordinates, encapsulation keys. */
public final class KeyShareFuzzTarget {
    private KeyShareFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        KeyExchangeGroup[] groups = KeyExchangeGroup.values();
        KeyExchangeGroup group = groups[(data[0] & 0xFF) % groups.length];
        byte[] share = Arrays.copyOfRange(data, 1, data.length);
        try {
            KeyExchange.respond(group, share).sharedSecret().destroy();
        } catch (SspiException refused) {
            refused.alert().orElseThrow(() -> new AssertionError("no alert", refused));
        }
        try (KeyExchange own = KeyExchange.generate(group)) {
            own.agree(share).destroy();
        } catch (SspiException refused) {
            refused.alert().orElseThrow(() -> new AssertionError("no alert", refused));
        }
    }
}
