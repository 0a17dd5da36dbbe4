package org.jsspi.provider.tls.handshake;

import java.util.ArrayList;
import java.util.List;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.Grease;
import org.jsspi.provider.tls.message.KeyShareEntry;
import org.jsspi.provider.tls.message.KeyShareOffer;
import org.jsspi.provider.tls.message.RawExtension;
import org.jsspi.provider.tls.message.SupportedGroups;
import org.jsspi.provider.tls.message.SupportedVersions;

/**
 * The reserved values that one ClientHello offers, so that servers stay tolerant of what they do not know (RFC 8701 3.1). A server
 * that chooses one of them is refused as for anything that was not offered.
 *
 * @param first the code of the extension in front of the others, which is empty
 * @param last the code of the extension behind them, which is not
 */
record GreaseValues(int suite, int group, int version, int first, int last) {
    private static final int STEP = 0x1010;

    /** {@return values at random, as RFC 8701 3.1 wants them} */
    static GreaseValues random(HandshakeSettings settings) {
        byte[] random = Exchange.randomBytes(settings, 5);
        int first = Grease.value(random[3]);
        int last = Grease.value(random[4]);
        return new GreaseValues(
                Grease.value(random[0]),
                Grease.value(random[1]),
                Grease.value(random[2]),
                first,
                // RFC 8446 4.2: no extension twice.
                last == first ? last ^ STEP : last);
    }

    /** {@return these suites behind the reserved one} */
    Codes suites(Codes suites) {
        return suites.after(suite);
    }

    /** {@return these extensions with reserved values in them, before them and behind them} */
    List<Extension> extensions(List<Extension> extensions) {
        List<Extension> all = new ArrayList<>();
        all.add(new RawExtension(first, new byte[0]));
        for (Extension extension : extensions) {
            if (extension instanceof SupportedGroups groups) {
                all.add(new SupportedGroups(groups.groups().after(group)));
            } else if (extension instanceof SupportedVersions versions) {
                all.add(new SupportedVersions(versions.versions().after(version)));
            } else if (extension instanceof KeyShareOffer offer
                    && !offer.shares().isEmpty()) {
                List<KeyShareEntry> shares = new ArrayList<>();
                shares.add(new KeyShareEntry(group, new byte[1]));
                shares.addAll(offer.shares());
                all.add(new KeyShareOffer(shares));
            } else {
                all.add(extension);
            }
        }
        all.add(new RawExtension(last, new byte[1]));
        return all;
    }
}
