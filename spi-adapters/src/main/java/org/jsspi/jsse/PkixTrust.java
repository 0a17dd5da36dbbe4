package org.jsspi.jsse;

import java.net.Socket;
import java.security.AlgorithmConstraints;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPath;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.PKIXReason;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jsspi.PlatformConstraints;

/**
 * Trust by PKIX, for a JVM without the platform's trust managers. The path is the CertPathValidator's and the CertPathBuilder's
 * to judge (RFC 5280 6), which obey {@code jdk.certpath.disabledAlgorithms}; what TLS adds is judged here: the use of the
 * peer's own certificate, the algorithms that {@code jdk.tls.disabledAlgorithms} and the connection forbid, and the peer's name.
 */
final class PkixTrust extends X509ExtendedTrustManager {
    private static final String ANY_USE = "2.5.29.37.0";
    private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_USE = "1.3.6.1.5.5.7.3.2";

    // RFC 5280 4.2.1.3: bits of keyUsage.
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_ENCIPHERMENT = 2;
    private static final int KEY_AGREEMENT = 4;

    /** A peer may send what it likes, in any order: so many certificates and no more are searched for a path. */
    private static final int LONGEST_CHAIN = Integer.getInteger("jdk.tls.maxCertificateChainLength", 10);

    private final Set<X509Certificate> trusted;
    private final PKIXBuilderParameters given;

    /**
     * Trusts these certificates.
     *
     * @param given the application's own parameters, or null
     */
    PkixTrust(Set<X509Certificate> trusted, PKIXBuilderParameters given) {
        this.trusted = Set.copyOf(trusted);
        this.given = given == null ? null : (PKIXBuilderParameters) given.clone();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, authType, false, null, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, authType, true, null, null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, authType, false, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, authType, true, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, authType, false, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, authType, true, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trusted.toArray(X509Certificate[]::new);
    }

    private void check(X509Certificate[] chain, String authType, boolean server, Socket socket)
            throws CertificateException {
        if (socket instanceof SSLSocket ssl) {
            check(chain, authType, server, required(ssl.getHandshakeSession()), ssl.getSSLParameters());
        } else {
            check(chain, authType, server, null, null);
        }
    }

    private void check(X509Certificate[] chain, String authType, boolean server, SSLEngine engine)
            throws CertificateException {
        if (engine != null) {
            check(chain, authType, server, required(engine.getHandshakeSession()), engine.getSSLParameters());
        } else {
            check(chain, authType, server, null, null);
        }
    }

    private static SSLSession required(SSLSession session) throws CertificateException {
        if (session == null) {
            throw new CertificateException("no handshake is going on whose peer could be checked");
        }
        return session;
    }

    private void check(
            X509Certificate[] chain, String authType, boolean server, SSLSession session, SSLParameters parameters)
            throws CertificateException {
        if (chain == null || chain.length == 0 || authType == null || authType.isEmpty()) {
            throw new IllegalArgumentException("a chain and the kind of authentication are needed");
        }
        // A certificate that is trusted itself needs nobody to vouch for it.
        if (!trusted.contains(chain[0])) {
            validate(chain, session, parameters == null ? null : parameters.getAlgorithmConstraints());
        }
        checkUse(chain[0], authType, server);
        if (parameters != null) {
            PlainTrust.checkIdentity(chain[0], session, parameters, server);
        }
    }

    /** The chain as it was sent, up to the first certificate that is trusted; or else whatever path its parts give. */
    private void validate(X509Certificate[] chain, SSLSession session, AlgorithmConstraints constraints)
            throws CertificateException {
        if (trusted.isEmpty()) {
            throw new CertificateException("there are no trusted certificates");
        }
        if (chain.length > LONGEST_CHAIN) {
            throw new CertificateException("a chain of more than " + LONGEST_CHAIN + " certificates");
        }
        List<X509Certificate> sent = Arrays.asList(chain).stream()
                .takeWhile(certificate -> !trusted.contains(certificate))
                .toList();
        try {
            CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(sent);
            CertPathValidator.getInstance("PKIX").validate(path, parameters(chain, session, constraints));
        } catch (CertPathValidatorException e) {
            boolean links = e.getReason() != PKIXReason.NO_TRUST_ANCHOR && e.getReason() != PKIXReason.NAME_CHAINING;
            if (links || !builds(chain, session, constraints)) {
                throw new CertificateException(e.getMessage(), e);
            }
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e.getMessage(), e);
        }
    }

    private boolean builds(X509Certificate[] chain, SSLSession session, AlgorithmConstraints constraints) {
        try {
            PKIXBuilderParameters parameters = parameters(chain, session, constraints);
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(Arrays.asList(chain))));
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return true;
        } catch (GeneralSecurityException e) {
            // What the validator has said of the chain as it was sent tells more.
            return false;
        }
    }

    private PKIXBuilderParameters parameters(
            X509Certificate[] chain, SSLSession session, AlgorithmConstraints constraints)
            throws GeneralSecurityException {
        PKIXBuilderParameters parameters = given == null ? ofAnchors() : (PKIXBuilderParameters) given.clone();
        X509CertSelector own = new X509CertSelector();
        own.setCertificate(chain[0]);
        parameters.setTargetCertConstraints(own);
        parameters.addCertPathChecker(new AlgorithmsChecker(PlatformConstraints.CERTIFICATES));
        if (constraints != null) {
            parameters.addCertPathChecker(new AlgorithmsChecker(constraints));
        }
        if (parameters.isRevocationEnabled() && session instanceof ExtendedSSLSession extended) {
            addStapled(parameters, chain, extended.getStatusResponses());
        }
        return parameters;
    }

    private PKIXBuilderParameters ofAnchors() throws InvalidAlgorithmParameterException {
        Set<TrustAnchor> anchors = new HashSet<>();
        trusted.forEach(certificate -> anchors.add(new TrustAnchor(certificate, null)));
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, null);
        // As the platform: revocation is checked where a property asks for it.
        parameters.setRevocationEnabled(Boolean.getBoolean("com.sun.net.ssl.checkRevocation"));
        return parameters;
    }

    /** RFC 6066 8, RFC 8446 4.4.2.1: what the peer has stapled goes to the one checker of revocation. */
    private static void addStapled(PKIXBuilderParameters parameters, X509Certificate[] chain, List<byte[]> responses)
            throws GeneralSecurityException {
        if (responses.isEmpty()) {
            return;
        }
        List<PKIXCertPathChecker> checkers = parameters.getCertPathCheckers();
        PKIXRevocationChecker revocation = null;
        for (PKIXCertPathChecker checker : checkers) {
            if (checker instanceof PKIXRevocationChecker asked) {
                revocation = asked;
            }
        }
        if (revocation == null) {
            revocation = (PKIXRevocationChecker)
                    CertPathValidator.getInstance("PKIX").getRevocationChecker();
            checkers.add(revocation);
        }
        Map<X509Certificate, byte[]> known = new HashMap<>(revocation.getOcspResponses());
        for (int i = 0; i < Math.min(responses.size(), chain.length); i++) {
            if (responses.get(i) != null && responses.get(i).length > 0) {
                known.putIfAbsent(chain[i], responses.get(i));
            }
        }
        revocation.setOcspResponses(known);
        parameters.setCertPathCheckers(checkers);
    }

    private static void checkUse(X509Certificate certificate, String authType, boolean server)
            throws CertificateException {
        List<String> uses = certificate.getExtendedKeyUsage();
        String needed = server ? SERVER_USE : CLIENT_USE;
        if (uses != null && !uses.contains(needed) && !uses.contains(ANY_USE)) {
            throw new CertificateException(
                    "the certificate's extended key usage does not allow a TLS " + (server ? "server" : "client"));
        }
        boolean[] bits = certificate.getKeyUsage();
        int bit = server ? usage(authType) : DIGITAL_SIGNATURE;
        if (bits != null && !(bit < bits.length && bits[bit])) {
            throw new CertificateException("the certificate's key usage does not allow " + authType);
        }
    }

    /** What the server's key did: it signed, except in the two oldest ways of TLS 1.2. */
    private static int usage(String authType) {
        if (authType.startsWith("RSA")) {
            return KEY_ENCIPHERMENT;
        }
        return authType.startsWith("DH_") || authType.startsWith("ECDH_") ? KEY_AGREEMENT : DIGITAL_SIGNATURE;
    }
}
