package org.jsspi.conformance.bogo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateFactorySpi;
import java.util.Collection;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * A Provider with one service, a CertificateFactory for X.509 that asks the JDK's first and Bouncy Castle's where that refuses.
 *
 * <p>The runner's leaf certificates have an empty subject and a subjectAltName that is not critical. RFC 5280 4.2.1.6 wants it
 * critical there, and the JDK's parser refuses the certificate. Schannel takes certificates from the CertificateFactory that
 * the JVM has, whichever that is, so it is the JVM of the shim that gets another one, and nothing of the package changes.
 */
final class EmptySubjects extends Provider {
    private static final long serialVersionUID = 1L;

    EmptySubjects() {
        super(
                "EmptySubjects",
                "1.0",
                "X.509 certificates with an empty subject and a subjectAltName that is not critical");
        put("CertificateFactory.X.509", Factory.class.getName());
    }

    /** Puts it before the JDK's; once. */
    static void register() {
        Security.insertProviderAt(new EmptySubjects(), 1);
    }

    /** Takes it away again. */
    static void unregister() {
        Security.removeProvider("EmptySubjects");
    }

    /** The service. */
    public static final class Factory extends CertificateFactorySpi {
        private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

        private final CertificateFactory strict;
        private final CertificateFactory lenient;

        /** Made by the Provider. */
        public Factory() throws CertificateException, NoSuchProviderException {
            strict = CertificateFactory.getInstance("X.509", "SUN");
            lenient = CertificateFactory.getInstance("X.509", BOUNCY_CASTLE);
        }

        @Override
        public Certificate engineGenerateCertificate(InputStream in) throws CertificateException {
            byte[] encoded = read(in);
            try {
                return strict.generateCertificate(new ByteArrayInputStream(encoded));
            } catch (CertificateException refused) {
                Certificate certificate = lenient.generateCertificate(new ByteArrayInputStream(encoded));
                if (certificate == null || certificate.getPublicKey() == null) {
                    throw refused;
                }
                return certificate;
            }
        }

        @Override
        public Collection<? extends Certificate> engineGenerateCertificates(InputStream in)
                throws CertificateException {
            byte[] encoded = read(in);
            try {
                return strict.generateCertificates(new ByteArrayInputStream(encoded));
            } catch (CertificateException refused) {
                return lenient.generateCertificates(new ByteArrayInputStream(encoded));
            }
        }

        @Override
        public CRL engineGenerateCRL(InputStream in) throws CRLException {
            return strict.generateCRL(in);
        }

        @Override
        public Collection<? extends CRL> engineGenerateCRLs(InputStream in) throws CRLException {
            return strict.generateCRLs(in);
        }

        private static byte[] read(InputStream in) throws CertificateException {
            try {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new CertificateException("certificates cannot be read", e);
            }
        }
    }
}
