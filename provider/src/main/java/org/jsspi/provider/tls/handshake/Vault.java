package org.jsspi.provider.tls.handshake;

import java.util.ArrayList;
import java.util.List;

/** Everything that one handshake has to forget, whichever state it ends in. */
final class Vault {
    private final List<AutoCloseable> contents = new ArrayList<>();

    /** {@return what was given, which is closed together with the rest unless it was before} */
    <T extends AutoCloseable> T keep(T secret) {
        contents.add(secret);
        return secret;
    }

    /** {@return this, without what outlives the handshake} */
    Vault release(AutoCloseable survivor) {
        for (int i = contents.size() - 1; i >= 0; i--) {
            if (contents.get(i) == survivor) {
                contents.remove(i);
            }
        }
        return this;
    }

    void destroy() {
        for (AutoCloseable secret : contents) {
            try {
                secret.close();
            } catch (Exception e) {
                throw new IllegalStateException("a secret that cannot be wiped", e);
            }
        }
        contents.clear();
    }
}
