package org.jsspi.provider.tls;

import java.nio.ByteBuffer;
import java.security.AlgorithmConstraints;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jsspi.ContextOptions;
import org.jsspi.Session;
import org.jsspi.SessionCache;
import org.jsspi.provider.tls.handshake.ResumableSession;

/**
 * The sessions that a client can resume, by what they were made under. A ticket is used once (RFC 8446 C.4), so that
 * observers cannot link connections.
 */
final class ClientSessions implements SessionCache {
    /** Tickets of one server that are kept for later connections. */
    private static final int TICKETS_PER_KEY = 8;

    /** How many sessions are looked at for one of another name: each may cost a look into its certificate. */
    private static final int MOST_LOOKED_AT = 64;

    /**
     * What a session was made under. One that was made under other settings is never offered, so that a chain that was checked
     * less strictly does not stand in for a check.
     *
     * @param targetName what the server's certificate was checked against
     * @param trust whose judgement of the peer and choice of identity it was
     */
    record Key(
            String targetName,
            String host,
            int port,
            String endpointIdentificationAlgorithm,
            Object trust,
            List<String> applicationProtocols,
            List<String> serverNames,
            List<String> protocols,
            List<String> cipherSuites,
            List<String> signatureSchemes,
            AlgorithmConstraints constraints,
            Boolean requestStatus,
            Boolean requestCertificateTimestamps,
            Boolean acceptDelegatedCredentials) {
        /** {@return what all servers with the same settings have in common} */
        Key ofAnyName() {
            return new Key(
                    null,
                    null,
                    port,
                    endpointIdentificationAlgorithm,
                    trust,
                    applicationProtocols,
                    List.of(),
                    protocols,
                    cipherSuites,
                    signatureSchemes,
                    constraints,
                    requestStatus,
                    requestCertificateTimestamps,
                    acceptDelegatedCredentials);
        }

        // As a record has them by itself, where they are linked out of method handles: a first handshake would wait for
        // that.

        @Override
        public boolean equals(Object other) {
            return other instanceof Key that
                    && port == that.port
                    && Objects.equals(targetName, that.targetName)
                    && Objects.equals(host, that.host)
                    && Objects.equals(endpointIdentificationAlgorithm, that.endpointIdentificationAlgorithm)
                    && Objects.equals(trust, that.trust)
                    && Objects.equals(applicationProtocols, that.applicationProtocols)
                    && Objects.equals(serverNames, that.serverNames)
                    && Objects.equals(protocols, that.protocols)
                    && Objects.equals(cipherSuites, that.cipherSuites)
                    && Objects.equals(signatureSchemes, that.signatureSchemes)
                    && Objects.equals(constraints, that.constraints)
                    && Objects.equals(requestStatus, that.requestStatus)
                    && Objects.equals(requestCertificateTimestamps, that.requestCertificateTimestamps)
                    && Objects.equals(acceptDelegatedCredentials, that.acceptDelegatedCredentials);
        }

        /** Of what tells servers apart, and those who talk to them. */
        @Override
        public int hashCode() {
            int hash = 31 * Objects.hashCode(targetName) + Objects.hashCode(host);
            hash = 31 * hash + port;
            hash = 31 * hash + Objects.hashCode(trust);
            return 31 * hash + Objects.hashCode(applicationProtocols);
        }
    }

    private final SessionStore<Key, ResumableSession> store;

    ClientSessions(int maximumSize, Duration timeout) {
        this.store = new SessionStore<>(maximumSize, timeout, TICKETS_PER_KEY, new SessionStore.Resumable());
    }

    /** {@return the key of a context with these options, or null if it does not name its peer} */
    static Key key(String targetName, ContextOptions options, ProtocolChoices choices, Object trust) {
        if (choices.peerHost() == null) {
            return null;
        }
        return new Key(
                targetName,
                choices.peerHost(),
                options.peerPort(),
                options.endpointIdentificationAlgorithm(),
                trust,
                choices.applicationProtocols(),
                texts(choices.serverNames()),
                options.protocols(),
                names(choices.cipherSuites()),
                names(choices.signatureSchemes()),
                options.algorithmConstraints(),
                options.requestStatus(),
                options.requestCertificateTimestamps(),
                options.acceptDelegatedCredentials());
    }

    private static List<String> texts(List<?> values) {
        String[] texts = new String[values.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = values.get(i).toString();
        }
        return List.of(texts);
    }

    private static List<String> names(List<? extends Enum<?>> values) {
        String[] names = new String[values.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = values.get(i).name();
        }
        return List.of(names);
    }

    void put(Key key, ResumableSession resumable) {
        store.put(key, resumable);
    }

    /**
     * {@return the newest session that was made under this key; or for another name, where its server and its certificate say that it
     * serves for this one; it leaves the store and is the caller's; or null}
     *
     * @param names for which a session of another name does, none if it does not
     */
    ResumableSession take(Key key, List<SNIServerName> names) {
        ResumableSession own = take(key);
        if (own != null || names.size() != 1 || !(names.get(0) instanceof SNIHostName host)) {
            return own;
        }
        Key alike = key.ofAnyName();
        long now = System.currentTimeMillis();
        return store.takeNewest(
                MOST_LOOKED_AT,
                (other, session) -> session.isUsableAt(now)
                        && other.ofAnyName().equals(alike)
                        && session.coversName(host.getAsciiName()));
    }

    private ResumableSession take(Key key) {
        ResumableSession found = store.take(key);
        while (found != null && !found.isUsableAt(System.currentTimeMillis())) {
            found.destroy();
            found = store.take(key);
        }
        return found;
    }

    void clear() {
        store.clear();
    }

    // SessionCache

    @Override
    public Session get(byte[] id) {
        return sessions()
                .filter(session -> Arrays.equals(session.id(), id))
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<byte[]> ids() {
        // One session may have several tickets.
        return sessions()
                .map(session -> ByteBuffer.wrap(session.id()))
                .distinct()
                .map(ByteBuffer::array)
                .toList();
    }

    private Stream<Session> sessions() {
        return store.values()
                .map(ResumableSession::session)
                .map(Session.class::cast)
                .filter(Session::isValid);
    }

    @Override
    public int maximumSize() {
        return store.maximumSize();
    }

    @Override
    public void setMaximumSize(int size) {
        store.setMaximumSize(size);
    }

    @Override
    public Duration timeout() {
        return store.timeout();
    }

    @Override
    public void setTimeout(Duration age) {
        store.setTimeout(age);
    }
}
