package org.jsspi.provider.tls.message;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** key_share of a ClientHello (RFC 8446 4.2.8): a share for each of some groups, most preferred first, or none. */
public record KeyShareOffer(List<KeyShareEntry> shares) implements Extension {
    /** The offer of these shares; the list is copied. */
    public KeyShareOffer {
        shares = List.copyOf(shares);
    }

    /** {@return the offer of these shares} */
    public static KeyShareOffer of(KeyShareEntry... shares) {
        return new KeyShareOffer(List.of(shares));
    }

    /** {@return the share for that group, or empty} */
    public Optional<KeyShareEntry> share(int group) {
        for (KeyShareEntry share : shares) {
            if (share.group() == group) {
                return Optional.of(share);
            }
        }
        return Optional.empty();
    }

    @Override
    public Shape<KeyShareOffer> shape() {
        return Shape.KEY_SHARE_OFFER;
    }

    // struct { KeyShareEntry client_shares<0..2^16-1>; } KeyShareClientHello;
    static KeyShareOffer decode(Reader in) throws SspiException {
        List<KeyShareEntry> shares = new ArrayList<>();
        Set<Integer> groups = new HashSet<>();
        Reader list = in.vector16(0, 0xFFFF);
        while (list.hasRemaining()) {
            KeyShareEntry share = KeyShareEntry.decode(list);
            if (!groups.add(share.group())) {
                // RFC 8446 4.2.8: clients must not offer multiple entries for the same group.
                throw AlertDescription.ILLEGAL_PARAMETER.because("two key shares for one group");
            }
            shares.add(share);
        }
        return new KeyShareOffer(shares);
    }

    @Override
    public void encode(Writer out) {
        out.vector16(shares);
    }
}
