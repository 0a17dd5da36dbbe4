package org.jsspi;

import java.security.cert.CertificateException;

/** The certificate is not one for the peer that was asked for: what packages report as SEC_E_WRONG_PRINCIPAL. */
public final class WrongPrincipalException extends CertificateException {
    private static final long serialVersionUID = 1L;

    /** @param message which name was asked for and is not in the certificate */
    public WrongPrincipalException(String message) {
        super(message);
    }
}
