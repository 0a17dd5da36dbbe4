package org.jsspi.jsse;

import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import org.jsspi.Session;
import org.jsspi.SessionCache;
import org.jsspi.TicketKeys;

/** The sessions of one credential that can be resumed, as {@code javax.net.ssl} sees them. Safe for all threads. */
public final class JsseSessionContext implements SSLSessionContext {
    private final SessionCache cache;

    /** A view of {@code cache}. */
    JsseSessionContext(SessionCache cache) {
        this.cache = cache;
    }

    @Override
    public SSLSession getSession(byte[] sessionId) {
        Session session = cache.get(Objects.requireNonNull(sessionId, "sessionId"));
        return session == null ? null : new JsseSession(session, this, null);
    }

    @Override
    public Enumeration<byte[]> getIds() {
        List<byte[]> ids = cache.ids();
        return Collections.enumeration(ids);
    }

    @Override
    public void setSessionTimeout(int seconds) {
        cache.setTimeout(Duration.ofSeconds(seconds));
    }

    @Override
    public int getSessionTimeout() {
        return (int) Math.min(Integer.MAX_VALUE, cache.timeout().toSeconds());
    }

    @Override
    public void setSessionCacheSize(int size) {
        cache.setMaximumSize(size);
    }

    @Override
    public int getSessionCacheSize() {
        return cache.maximumSize();
    }

    /**
     * Replaces the keys that a server seals its session tickets with, for the connections from now on. Servers that share them
     * resume each other's sessions.
     *
     * @param keys those of a cluster; {@link TicketKeys#NONE} to keep sessions in memory; null for rotating keys of its own
     * @throws UnsupportedOperationException for the sessions of clients
     */
    public void setTicketKeys(TicketKeys keys) {
        cache.setTicketKeys(keys);
    }
}
