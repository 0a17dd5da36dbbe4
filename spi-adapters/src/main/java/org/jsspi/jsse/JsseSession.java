package org.jsspi.jsse;

import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSessionBindingEvent;
import javax.net.ssl.SSLSessionBindingListener;
import javax.net.ssl.SSLSessionContext;
import org.jsspi.EchStatus;
import org.jsspi.KeyingMaterialInfo;
import org.jsspi.PreSharedKey;
import org.jsspi.Session;
import org.jsspi.SspiException;

/**
 * A {@link Session} as {@code javax.net.ssl} sees it. Two objects over sessions with the same id are equal. Safe for all
 * threads; nothing here blocks but the two exporters.
 */
public final class JsseSession extends ExtendedSSLSession {
    /**
     * The size of the largest packet in bytes. A constant: frameworks size their buffers before the handshake, and a peer may
     * pad beyond what one expects of it.
     */
    static final int PACKET_BUFFER_SIZE = 16_709;
    /** The size in bytes of the largest plaintext of one packet. */
    static final int APPLICATION_BUFFER_SIZE = 16_704;

    private static final String NO_SUITE = "SSL_NULL_WITH_NULL_NULL";
    private static final String NO_PROTOCOL = "NONE";

    private final Session session;
    private final SSLSessionContext context;
    /** Where keying material comes from. */
    private final JsseEngine connection;

    /**
     * A view of {@code session}.
     *
     * @param context where it may be cached, or null
     * @param connection the one that the session is used on, or null
     */
    JsseSession(Session session, SSLSessionContext context, JsseEngine connection) {
        this.session = session;
        this.context = context;
        this.connection = connection;
    }

    /** {@return the session of a connection that has agreed on nothing} */
    static JsseSession none() {
        return new JsseSession(new NullSession(), null, null);
    }

    /** {@return what this is a view of: it tells what {@code javax.net.ssl} has no words for, such as the group of the key exchange} */
    public Session session() {
        return session;
    }

    @Override
    public byte[] getId() {
        return session.id();
    }

    @Override
    public SSLSessionContext getSessionContext() {
        return isValid() ? context : null;
    }

    @Override
    public long getCreationTime() {
        return session.creationTime();
    }

    @Override
    public long getLastAccessedTime() {
        return session.lastAccessedTime();
    }

    @Override
    public void invalidate() {
        session.invalidate();
    }

    @Override
    public boolean isValid() {
        return session.isValid();
    }

    @Override
    public void putValue(String name, Object value) {
        requireName(name);
        if (value == null) {
            throw new IllegalArgumentException("a bound value is not null");
        }
        Object previous = session.boundValues().put(name, value);
        if (previous instanceof SSLSessionBindingListener listener) {
            listener.valueUnbound(new SSLSessionBindingEvent(this, name));
        }
        if (value instanceof SSLSessionBindingListener listener) {
            listener.valueBound(new SSLSessionBindingEvent(this, name));
        }
    }

    @Override
    public Object getValue(String name) {
        return session.boundValues().get(requireName(name));
    }

    @Override
    public void removeValue(String name) {
        if (session.boundValues().remove(requireName(name)) instanceof SSLSessionBindingListener listener) {
            listener.valueUnbound(new SSLSessionBindingEvent(this, name));
        }
    }

    @Override
    public String[] getValueNames() {
        return session.boundValues().keySet().toArray(String[]::new);
    }

    private static String requireName(String name) {
        if (name == null) {
            throw new IllegalArgumentException("the name of a bound value is not null");
        }
        return name;
    }

    @Override
    public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
        return peerChain().toArray(X509Certificate[]::new);
    }

    /** {@return the subject of the peer's certificate; where both sides have a pre-shared key instead, its name} */
    @Override
    public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
        PreSharedKey.Name name = session.preSharedKeyName();
        if (name != null) {
            return name;
        }
        return peerChain().get(0).getSubjectX500Principal();
    }

    private List<X509Certificate> peerChain() throws SSLPeerUnverifiedException {
        List<X509Certificate> chain = session.peerCertificates();
        if (chain.isEmpty()) {
            throw new SSLPeerUnverifiedException("peer not authenticated");
        }
        return chain;
    }

    @Override
    public Certificate[] getLocalCertificates() {
        List<X509Certificate> chain = session.localCertificates();
        return chain.isEmpty() ? null : chain.toArray(X509Certificate[]::new);
    }

    @Override
    public Principal getLocalPrincipal() {
        List<X509Certificate> chain = session.localCertificates();
        return chain.isEmpty() ? null : chain.get(0).getSubjectX500Principal();
    }

    @Override
    public String getCipherSuite() {
        return Objects.requireNonNullElse(session.cipherSuite(), NO_SUITE);
    }

    @Override
    public String getProtocol() {
        return Objects.requireNonNullElse(session.protocol(), NO_PROTOCOL);
    }

    @Override
    public String getPeerHost() {
        return session.peerHost();
    }

    @Override
    public int getPeerPort() {
        return session.peerPort();
    }

    @Override
    public int getPacketBufferSize() {
        return PACKET_BUFFER_SIZE;
    }

    @Override
    public int getApplicationBufferSize() {
        return APPLICATION_BUFFER_SIZE;
    }

    @Override
    public String[] getLocalSupportedSignatureAlgorithms() {
        return session.localSupportedSignatureAlgorithms().toArray(new String[0]);
    }

    @Override
    public String[] getPeerSupportedSignatureAlgorithms() {
        return session.peerSupportedSignatureAlgorithms().toArray(new String[0]);
    }

    @Override
    public List<SNIServerName> getRequestedServerNames() {
        return session.requestedServerNames();
    }

    /** {@return what became of an Encrypted Client Hello on the connection (RFC 9849)} */
    public EchStatus getEchStatus() {
        return session.echStatus();
    }

    @Override
    public List<byte[]> getStatusResponses() {
        return session.statusResponses();
    }

    /**
     * Exports keying material of the connection as a key (RFC 5705, RFC 8446 7.5). It overrides the method of the same
     * signature where the platform has it (25 and later).
     *
     * @param keyAlg the JCA algorithm of the key
     * @param label the label, ASCII
     * @param context the context value, or null for none
     * @param length how many bytes
     * @return the key
     * @throws SSLKeyException if nothing can be exported: no handshake is complete, or the connection is closed
     */
    public SecretKey exportKeyingMaterialKey(String keyAlg, String label, byte[] context, int length)
            throws SSLKeyException {
        Objects.requireNonNull(keyAlg, "keyAlg");
        if (keyAlg.isEmpty()) {
            throw new IllegalArgumentException("the key algorithm is empty");
        }
        byte[] material = exportKeyingMaterialData(label, context, length);
        try {
            return new SecretKeySpec(material, keyAlg);
        } finally {
            Arrays.fill(material, (byte) 0);
        }
    }

    /**
     * Exports keying material of the connection as bytes. It overrides the method of the same signature where the platform
     * has it (25 and later).
     *
     * @param label the label, ASCII
     * @param context the context value, or null for none
     * @param length how many bytes
     * @return the bytes; the caller wipes them
     * @throws SSLKeyException if nothing can be exported: no handshake is complete, or the connection is closed
     */
    public byte[] exportKeyingMaterialData(String label, byte[] context, int length) throws SSLKeyException {
        KeyingMaterialInfo info = new KeyingMaterialInfo(label, context, length);
        if (connection == null) {
            throw new SSLKeyException("only the session of an established connection exports keying material");
        }
        try {
            return connection.exportKeyingMaterial(info);
        } catch (SspiException e) {
            SSLKeyException failure = new SSLKeyException(e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof JsseSession that)) {
            return false;
        }
        byte[] id = session.id();
        return session == that.session || id.length > 0 && Arrays.equals(id, that.session.id());
    }

    @Override
    public int hashCode() {
        byte[] id = session.id();
        return id.length > 0 ? Arrays.hashCode(id) : System.identityHashCode(session);
    }

    /** {@return what was agreed on, in one line; no secret} */
    @Override
    public String toString() {
        if (session.protocol() == null) {
            return "Session[NONE]";
        }
        StringBuilder text = new StringBuilder("Session[")
                .append(session.protocol())
                .append(", ")
                .append(getCipherSuite());
        if (session.namedGroup() != null) {
            text.append(", ").append(session.namedGroup());
        }
        if (session.resumed()) {
            text.append(", resumed");
        }
        if (session.peerHost() != null) {
            text.append(", peer ").append(session.peerHost()).append(':').append(session.peerPort());
        }
        List<X509Certificate> chain = session.peerCertificates();
        if (!chain.isEmpty()) {
            text.append(", ").append(chain.get(0).getSubjectX500Principal().getName());
        }
        if (session.preSharedKeyName() != null) {
            text.append(", ").append(session.preSharedKeyName());
        }
        return text.append(", created ")
                .append(Instant.ofEpochMilli(getCreationTime()))
                .append(isValid() ? "]" : ", invalid]")
                .toString();
    }
}
