package org.jsspi.jsse;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.net.ssl.SNIServerName;
import org.jsspi.Session;

/** The session of a toy connection: it grows while the handshake runs. */
final class ToySession implements Session {
    volatile byte[] id = new byte[0];
    volatile String protocol;
    volatile String peerHost;
    volatile int peerPort = -1;
    volatile List<X509Certificate> peer = List.of();
    volatile List<X509Certificate> local = List.of();
    volatile List<SNIServerName> names = List.of();
    volatile boolean valid = true;
    private final ConcurrentMap<String, Object> values = new ConcurrentHashMap<>();
    private final long created = System.currentTimeMillis();

    @Override
    public byte[] id() {
        return id.clone();
    }

    @Override
    public long creationTime() {
        return created;
    }

    @Override
    public long lastAccessedTime() {
        return created;
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public String cipherSuite() {
        return protocol == null ? null : "TOY_XOR";
    }

    @Override
    public String namedGroup() {
        return null;
    }

    @Override
    public boolean extendedMasterSecret() {
        return false;
    }

    @Override
    public boolean resumed() {
        return false;
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
        return peer;
    }

    @Override
    public String peerSignatureScheme() {
        return null;
    }

    @Override
    public List<X509Certificate> localCertificates() {
        return local;
    }

    @Override
    public List<SNIServerName> requestedServerNames() {
        return names;
    }

    @Override
    public List<byte[]> signedCertificateTimestamps() {
        return List.of();
    }

    @Override
    public List<byte[]> statusResponses() {
        return List.of();
    }

    @Override
    public List<String> localSupportedSignatureAlgorithms() {
        return List.of("SHA256withECDSA");
    }

    @Override
    public List<String> peerSupportedSignatureSchemes() {
        return List.of();
    }

    @Override
    public List<String> peerSupportedSignatureAlgorithms() {
        return List.of("SHA256withECDSA");
    }

    @Override
    public ConcurrentMap<String, Object> boundValues() {
        return values;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public void invalidate() {
        valid = false;
    }
}
