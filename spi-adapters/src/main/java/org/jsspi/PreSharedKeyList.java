package org.jsspi;

import java.util.List;

/**
 * The same keys for every peer.
 *
 * @param keys of the application, which may destroy them at any time
 */
record PreSharedKeyList(List<PreSharedKey> keys) implements PreSharedKeys {
    /** Keys with another rule than their own. */
    record Ruled(PreSharedKeys keys, Certificates certificates) implements PreSharedKeys {
        @Override
        public PreSharedKey find(HandshakeInfo info, PreSharedKey.Name name) {
            return keys.find(info, name);
        }

        @Override
        public List<PreSharedKey> keys(HandshakeInfo info) {
            return keys.keys(info);
        }

        @Override
        public byte[] identityHint(HandshakeInfo info) {
            return keys.identityHint(info);
        }
    }

    @Override
    public PreSharedKey find(HandshakeInfo info, PreSharedKey.Name name) {
        for (PreSharedKey key : keys) {
            if (key.name().equals(name) && !key.isDestroyed()) {
                return key.copy();
            }
        }
        return null;
    }

    @Override
    public List<PreSharedKey> keys(HandshakeInfo info) {
        return keys.stream()
                .filter(key -> !key.isDestroyed())
                .map(PreSharedKey::copy)
                .toList();
    }
}
