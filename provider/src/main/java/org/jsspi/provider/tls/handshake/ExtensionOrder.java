package org.jsspi.provider.tls.handshake;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.RawExtension;

/**
 * The order in which one client sends its extensions: drawn once, so that a second ClientHello has that of the first (RFC 8446 4.1.2).
 *
 * @param types all that there are, each at its rank
 */
record ExtensionOrder(List<ExtensionType> types) {
    /** {@return an order at random} */
    static ExtensionOrder random(HandshakeSettings settings) {
        List<ExtensionType> types = new ArrayList<>(List.of(ExtensionType.values()));
        Collections.shuffle(types, settings.random());
        return new ExtensionOrder(List.copyOf(types));
    }

    /** {@return the same extensions in this order} */
    Extensions of(Extensions extensions) {
        List<Extension> ordered = new ArrayList<>(extensions.list());
        ordered.sort(Comparator.comparingInt(this::rank));
        return Extensions.of(ordered);
    }

    private int rank(Extension extension) {
        Optional<ExtensionType> type = ExtensionType.of(extension.code());
        if (type.isEmpty()) {
            // A reserved value: the one without content stays in front of all, the other behind.
            return ((RawExtension) extension).body().length == 0 ? -1 : types.size();
        }
        // RFC 8446 4.2.11: pre_shared_key must be the last extension.
        return type.get() == ExtensionType.PRE_SHARED_KEY ? Integer.MAX_VALUE : types.indexOf(type.get());
    }
}
