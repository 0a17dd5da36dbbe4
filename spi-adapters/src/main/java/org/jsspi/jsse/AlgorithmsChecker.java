package org.jsspi.jsse;

import java.security.AlgorithmConstraints;
import java.security.CryptoPrimitive;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.Certificate;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/** Holds the certificates of a path, all but the trust anchor, to algorithm constraints. It keeps no state. */
final class AlgorithmsChecker extends PKIXCertPathChecker {
    private static final Set<CryptoPrimitive> SIGNATURE = EnumSet.of(CryptoPrimitive.SIGNATURE);

    private final AlgorithmConstraints constraints;

    AlgorithmsChecker(AlgorithmConstraints constraints) {
        this.constraints = constraints;
    }

    /** {@return what is not permitted about this certificate, or null} */
    static String refusal(AlgorithmConstraints constraints, X509Certificate certificate) {
        if (!constraints.permits(SIGNATURE, certificate.getSigAlgName(), null)) {
            return "a certificate is signed with " + certificate.getSigAlgName() + ", which is not permitted";
        }
        if (!constraints.permits(SIGNATURE, certificate.getPublicKey())) {
            return "a certificate's " + certificate.getPublicKey().getAlgorithm() + " key is not permitted";
        }
        return null;
    }

    @Override
    public void init(boolean forward) {}

    @Override
    public boolean isForwardCheckingSupported() {
        return true;
    }

    @Override
    public Set<String> getSupportedExtensions() {
        return null;
    }

    @Override
    public void check(Certificate certificate, Collection<String> unresolvedCriticalExtensions)
            throws CertPathValidatorException {
        String refusal = refusal(constraints, (X509Certificate) certificate);
        if (refusal != null) {
            throw new CertPathValidatorException(refusal, null, null, -1, BasicReason.ALGORITHM_CONSTRAINED);
        }
    }
}
