package org.jsspi.jsse;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.net.ssl.SNIServerName;
import org.jsspi.Session;

/** What a connection has before anything is agreed. */
final class NullSession implements Session {
    private final ConcurrentMap<String, Object> boundValues = new ConcurrentHashMap<>();
    private final long creationTime = System.currentTimeMillis();

    @Override
    public byte[] id() {
        return new byte[0];
    }

    @Override
    public long creationTime() {
        return creationTime;
    }

    @Override
    public long lastAccessedTime() {
        return creationTime;
    }

    @Override
    public String protocol() {
        return null;
    }

    @Override
    public String cipherSuite() {
        return null;
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
        return null;
    }

    @Override
    public int peerPort() {
        return -1;
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return List.of();
    }

    @Override
    public String peerSignatureScheme() {
        return null;
    }

    @Override
    public List<X509Certificate> localCertificates() {
        return List.of();
    }

    @Override
    public List<SNIServerName> requestedServerNames() {
        return List.of();
    }

    @Override
    public List<byte[]> statusResponses() {
        return List.of();
    }

    @Override
    public List<byte[]> signedCertificateTimestamps() {
        return List.of();
    }

    @Override
    public List<String> localSupportedSignatureAlgorithms() {
        return List.of();
    }

    @Override
    public List<String> peerSupportedSignatureSchemes() {
        return List.of();
    }

    @Override
    public List<String> peerSupportedSignatureAlgorithms() {
        return List.of();
    }

    @Override
    public ConcurrentMap<String, Object> boundValues() {
        return boundValues;
    }

    @Override
    public boolean isValid() {
        return false;
    }

    @Override
    public void invalidate() {
        // there is nothing that could be resumed
    }
}
