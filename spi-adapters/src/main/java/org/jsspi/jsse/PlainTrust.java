package org.jsspi.jsse;

import java.net.Socket;
import java.security.AlgorithmConstraints;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jsspi.EndpointIdentification;
import org.jsspi.PlatformConstraints;

/**
 * A plain X509TrustManager where an extended one is asked. It is not told the connection, so what depends on it is checked
 * here: the name of the peer, and the algorithm constraints of the connection and of the platform over the chain.
 */
final class PlainTrust extends X509ExtendedTrustManager {
    private final X509TrustManager trust;

    private PlainTrust(X509TrustManager trust) {
        this.trust = trust;
    }

    /** Asks {@code trust} first; null: nobody is trusted. */
    static X509ExtendedTrustManager of(X509TrustManager trust) {
        return new PlainTrust(trust);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        required().checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        required().checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
        if (socket instanceof SSLSocket ssl) {
            checkConnection(chain, ssl.getHandshakeSession(), ssl.getSSLParameters(), false);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
        if (socket instanceof SSLSocket ssl) {
            checkConnection(chain, ssl.getHandshakeSession(), ssl.getSSLParameters(), true);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
        if (engine != null) {
            checkConnection(chain, engine.getHandshakeSession(), engine.getSSLParameters(), false);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
        if (engine != null) {
            checkConnection(chain, engine.getHandshakeSession(), engine.getSSLParameters(), true);
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust == null ? new X509Certificate[0] : trust.getAcceptedIssuers();
    }

    private X509TrustManager required() throws CertificateException {
        if (trust == null) {
            throw new CertificateException("no X509TrustManager is available");
        }
        return trust;
    }

    private void checkConnection(
            X509Certificate[] chain, SSLSession session, SSLParameters parameters, boolean peerIsServer)
            throws CertificateException {
        checkIdentity(chain[0], session, parameters, peerIsServer);
        AlgorithmConstraints constraints = parameters.getAlgorithmConstraints();
        if (constraints != null && constraints != PlatformConstraints.CERTIFICATES) {
            checkAlgorithms(chain, constraints);
        }
        checkAlgorithms(chain, PlatformConstraints.CERTIFICATES);
    }

    /** Checks that the peer is who the connection wants, where the parameters ask for that. */
    static void checkIdentity(
            X509Certificate certificate, SSLSession session, SSLParameters parameters, boolean peerIsServer)
            throws CertificateException {
        String algorithm = parameters.getEndpointIdentificationAlgorithm();
        if (algorithm != null && !algorithm.isEmpty()) {
            if (session == null) {
                throw new CertificateException("no handshake session to take the peer's name from");
            }
            EndpointIdentification.check(algorithm, expectedHost(session, peerIsServer), certificate);
        }
    }

    /** The name that the client has asked for stands for the peer's host, as it is what the server has answered to. */
    private static String expectedHost(SSLSession session, boolean peerIsServer) {
        if (peerIsServer && session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return session.getPeerHost();
    }

    /** The signature of a trust anchor is not checked by anyone, so its algorithm does not matter. */
    private void checkAlgorithms(X509Certificate[] chain, AlgorithmConstraints constraints)
            throws CertificateException {
        List<X509Certificate> anchors = List.of(trust.getAcceptedIssuers());
        for (X509Certificate certificate : chain) {
            if (anchors.contains(certificate)) {
                return;
            }
            String refusal = AlgorithmsChecker.refusal(constraints, certificate);
            if (refusal != null) {
                throw new CertificateException(refusal);
            }
        }
    }
}
