package org.jsspi.provider.tls.handshake;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.wire.RecentlyUsed;

/**
 * Certificates of peers, parsed; the most recently used are kept, found by all of their bytes.
 *
 * <p>A certificate that is found here is not trusted for that: each chain is judged whenever it is shown. {@value #CAPACITY} are
 * kept, of {@value #LONGEST} bytes at most, so a peer with many can displace others and no more. They do not change, and
 * connections share them as those of the platform's factory, which keeps its own.
 */
final class PeerCertificates {
    private static final int CAPACITY = 128;
    private static final int LONGEST = 4096;

    /** RFC 5280 4.2.1.3: the first bit of keyUsage. */
    private static final int DIGITAL_SIGNATURE = 0;

    /**
     * A certificate of a peer.
     *
     * @param signs whether its key may sign, as far as its key usage says
     */
    record Parsed(X509Certificate certificate, boolean signs) {}

    /** All bytes of a certificate, by value. */
    private static final class Encoding {
        private final byte[] der;
        private final int hash;

        Encoding(byte[] der) {
            this.der = der;
            this.hash = Arrays.hashCode(der);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Encoding that && MessageDigest.isEqual(der, that.der);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private static final RecentlyUsed<Encoding, Parsed> KNOWN = new RecentlyUsed<>(CAPACITY);

    private PeerCertificates() {}

    /**
     * {@return the certificate}
     *
     * @param der nobody writes to it any more
     * @throws SspiException bad_certificate if it is not one X.509 certificate in DER
     */
    static Parsed parse(byte[] der) throws SspiException {
        Encoding encoding = new Encoding(der);
        Parsed known = KNOWN.get(encoding);
        if (known != null) {
            return known;
        }
        X509Certificate certificate = read(der);
        boolean[] usage = certificate.getKeyUsage();
        Parsed parsed = new Parsed(certificate, usage == null || usage[DIGITAL_SIGNATURE]);
        if (der.length <= LONGEST) {
            KNOWN.put(encoding, parsed);
        }
        return parsed;
    }

    private static X509Certificate read(byte[] der) throws SspiException {
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            // Factories take PEM too, and pass over what follows the certificate.
            if (certificate != null && MessageDigest.isEqual(certificate.getEncoded(), der)) {
                return certificate;
            }
        } catch (CertificateException | RuntimeException e) {
            throw AlertDescription.BAD_CERTIFICATE.because("a certificate that cannot be read", e);
        }
        throw AlertDescription.BAD_CERTIFICATE.because("a certificate that is not one X.509 certificate in DER");
    }

    /** {@return how many are kept} */
    static int size() {
        return KNOWN.size();
    }
}
