package org.jsspi.jsse;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jsspi.CredHandle;
import org.jsspi.CredentialAttribute;
import org.jsspi.CredentialUse;
import org.jsspi.SecurityPackage;
import org.jsspi.Session;
import org.jsspi.SessionCache;

/** A stream package without any security: the smallest protocol that has all that an engine must get right. */
final class ToyPackage extends SecurityPackage {
    /** Whether servers send a ticket as the last record of the handshake. */
    volatile boolean tickets = true;
    /** Whether contexts have the calls from one buffer to another, without a list. */
    volatile boolean oneBuffer;
    /** Contexts in the order in which they were made. */
    final List<ToyContext> contexts = new java.util.concurrent.CopyOnWriteArrayList<>();

    @Override
    public CredHandle acquireCredentialsHandle(String principal, CredentialUse use, Object authData) {
        Map<CredentialAttribute<?>, Object> attributes = Map.of(
                CredentialAttribute.PROTOCOLS, List.of("TOYv1", "TOYv2"),
                CredentialAttribute.DEFAULT_PROTOCOLS, List.of("TOYv1"),
                CredentialAttribute.CIPHER_SUITES, List.of("TOY_XOR", "TOY_NOT"),
                CredentialAttribute.DEFAULT_CIPHER_SUITES, List.of("TOY_XOR"),
                CredentialAttribute.INITIATOR_SESSIONS, new Cache(),
                CredentialAttribute.ACCEPTOR_SESSIONS, new Cache());
        return new CredHandle() {
            @Override
            public ToyContext newContext() {
                ToyContext context = new ToyContext(tickets, oneBuffer);
                contexts.add(context);
                return context;
            }

            @Override
            @SuppressWarnings("unchecked")
            public <T> T queryCredentialsAttributes(CredentialAttribute<T> attribute) {
                return (T) attributes.get(attribute);
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
    }

    static final class Cache implements SessionCache {
        final Map<java.nio.ByteBuffer, Session> sessions = new ConcurrentHashMap<>();
        private int size = 20_480;
        private Duration timeout = Duration.ofHours(24);

        @Override
        public Session get(byte[] id) {
            return sessions.get(java.nio.ByteBuffer.wrap(id));
        }

        @Override
        public List<byte[]> ids() {
            return sessions.keySet().stream().map(java.nio.ByteBuffer::array).toList();
        }

        @Override
        public int maximumSize() {
            return size;
        }

        @Override
        public void setMaximumSize(int sessions) {
            if (sessions < 0) {
                throw new IllegalArgumentException();
            }
            size = sessions;
        }

        @Override
        public Duration timeout() {
            return timeout;
        }

        @Override
        public void setTimeout(Duration bound) {
            if (bound.isNegative()) {
                throw new IllegalArgumentException();
            }
            timeout = bound;
        }
    }
}
