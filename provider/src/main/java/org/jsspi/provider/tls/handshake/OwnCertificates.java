package org.jsspi.provider.tls.handshake;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.provider.crypto.HashAlgorithm;

/**
 * The certificates that this side shows, as bytes: a certificate is encoded, and hashed, once and not in every handshake. What is
 * known of one goes when nobody has the certificate any more.
 */
public final class OwnCertificates {
    private record Encoded(byte[] der, byte[] hash) {}

    private static final Map<X509Certificate, Encoded> KNOWN = new WeakHashMap<>();
    private static final ReentrantLock LOCK = new ReentrantLock();

    private OwnCertificates() {}

    /** {@return the certificates in DER; nobody writes to them} */
    public static List<byte[]> encodings(List<X509Certificate> chain) throws CertificateEncodingException {
        List<byte[]> encodings = new ArrayList<>(chain.size());
        for (int i = 0; i < chain.size(); i++) {
            encodings.add(encoded(chain.get(i)).der());
        }
        return encodings;
    }

    /** {@return the SHA-256 of the certificate; nobody writes to it} */
    static byte[] hash(X509Certificate certificate) throws CertificateEncodingException {
        return encoded(certificate).hash();
    }

    private static Encoded encoded(X509Certificate certificate) throws CertificateEncodingException {
        LOCK.lock();
        try {
            Encoded known = KNOWN.get(certificate);
            if (known == null) {
                byte[] der = certificate.getEncoded();
                known = new Encoded(der, HashAlgorithm.SHA256.hash(der));
                KNOWN.put(certificate, known);
            }
            return known;
        } finally {
            LOCK.unlock();
        }
    }
}
