package org.jsspi.provider.tls.handshake;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SNIServerName;
import org.jsspi.Session;
import org.jsspi.provider.crypto.Randomness;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;

/** One session: filled while the handshake runs, read by every thread, each field on its own. */
public final class TlsSession implements Session {
    /** As long as a TLS 1.2 session id may be; TLS 1.3 has none, so it is ours alone. */
    private static final int ID_LENGTH = 32;

    private final byte[] id = Randomness.bytes(ID_LENGTH);
    private final AtomicBoolean valid;
    private final String peerHost;
    private final int peerPort;
    private volatile long creationTime = System.currentTimeMillis();
    private volatile long lastAccessedTime = creationTime;
    private volatile CipherSuite cipherSuite;
    private volatile NamedGroup namedGroup;
    private volatile boolean resumed;
    private volatile List<X509Certificate> peerCertificates = List.of();
    private volatile List<X509Certificate> localCertificates = List.of();
    private volatile List<SNIServerName> requestedServerNames = List.of();
    private volatile List<String> localSignatureAlgorithms = List.of();
    private volatile List<String> peerSignatureAlgorithms = List.of();
    private volatile ConcurrentMap<String, Object> boundValues = new ConcurrentHashMap<>();

    /**
     * A session about which nothing is known but its peer.
     *
     * @param peerHost as the caller gave it, or null
     * @param peerPort the port, or -1
     */
    public TlsSession(String peerHost, int peerPort) {
        this(peerHost, peerPort, new AtomicBoolean(true));
    }

    private TlsSession(String peerHost, int peerPort, AtomicBoolean valid) {
        this.peerHost = peerHost;
        this.peerPort = peerPort;
        this.valid = valid;
    }

    /** {@return the same under an id of its own: each ticket is kept by itself, but they are invalidated together} */
    TlsSession forFurtherTicket() {
        TlsSession same = new TlsSession(peerHost, peerPort, valid);
        same.resumes(this);
        same.resumed = resumed;
        same.agreed(cipherSuite, namedGroup);
        same.requestedServerNames = requestedServerNames;
        same.localSignatureAlgorithms = localSignatureAlgorithms;
        same.peerSignatureAlgorithms = peerSignatureAlgorithms;
        return same;
    }

    void agreed(CipherSuite suite, NamedGroup group) {
        this.cipherSuite = suite;
        this.namedGroup = group;
    }

    void peerCertificates(List<X509Certificate> chain) {
        this.peerCertificates = List.copyOf(chain);
    }

    void localCertificates(List<X509Certificate> chain) {
        this.localCertificates = List.copyOf(chain);
    }

    void requestedServerNames(List<SNIServerName> names) {
        this.requestedServerNames = List.copyOf(names);
    }

    void localSignatureAlgorithms(List<String> names) {
        this.localSignatureAlgorithms = List.copyOf(names);
    }

    void peerSignatureAlgorithms(List<String> names) {
        this.peerSignatureAlgorithms = List.copyOf(names);
    }

    /** This session goes on where that one was: who the peer is stays what it was, and what is bound is bound to both. */
    void resumes(TlsSession earlier) {
        resumed = true;
        creationTime = earlier.creationTime;
        peerCertificates = earlier.peerCertificates;
        localCertificates = earlier.localCertificates;
        boundValues = earlier.boundValues;
        lastAccessedTime = System.currentTimeMillis();
    }

    @Override
    public byte[] id() {
        return id.clone();
    }

    @Override
    public long creationTime() {
        return creationTime;
    }

    @Override
    public long lastAccessedTime() {
        return lastAccessedTime;
    }

    @Override
    public String protocol() {
        return cipherSuite == null ? null : ProtocolVersion.TLS13.standardName();
    }

    @Override
    public String cipherSuite() {
        CipherSuite agreed = cipherSuite;
        return agreed == null ? null : agreed.standardName();
    }

    @Override
    public String namedGroup() {
        NamedGroup agreed = namedGroup;
        return agreed == null ? null : agreed.standardName();
    }

    @Override
    public boolean resumed() {
        return resumed;
    }

    @Override
    public String peerHost() {
        return peerHost;
    }

    @Override
    public int peerPort() {
        return peerPort;
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return peerCertificates;
    }

    @Override
    public List<X509Certificate> localCertificates() {
        return localCertificates;
    }

    @Override
    public List<SNIServerName> requestedServerNames() {
        return requestedServerNames;
    }

    /** {@return none: certificate status is not asked for} */
    @Override
    public List<byte[]> statusResponses() {
        return List.of();
    }

    @Override
    public List<String> localSupportedSignatureAlgorithms() {
        return localSignatureAlgorithms;
    }

    @Override
    public List<String> peerSupportedSignatureAlgorithms() {
        return peerSignatureAlgorithms;
    }

    @Override
    public ConcurrentMap<String, Object> boundValues() {
        return boundValues;
    }

    @Override
    public boolean isValid() {
        return valid.get();
    }

    @Override
    public void invalidate() {
        valid.set(false);
    }

    @Override
    public String toString() {
        return "TlsSession[" + protocol() + ", " + cipherSuite() + ", " + namedGroup() + (resumed ? ", resumed]" : "]");
    }
}
