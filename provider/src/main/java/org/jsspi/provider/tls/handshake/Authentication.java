package org.jsspi.provider.tls.handshake;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jsspi.Identity;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.WrongPrincipalException;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.crypto.Signing;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.CertificateVerify;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.SignatureScheme;

/** Certificates and the proof of their keys (RFC 8446 4.4.2 and 4.4.3), the same on both sides. */
final class Authentication {
    private static final byte[] NO_CONTEXT = {};

    /** RFC 8446 4.4.3: 64 spaces, a context string, a zero byte, and the transcript hash are what is signed. */
    private static final byte[] SERVER_CONTEXT = context("TLS 1.3, server CertificateVerify");

    private static final byte[] CLIENT_CONTEXT = context("TLS 1.3, client CertificateVerify");

    private Authentication() {}

    /** {@return the message that presents this identity} */
    static CertificateMessage certificate(Identity identity) throws SspiException {
        List<CertificateMessage.Entry> entries = new ArrayList<>();
        for (X509Certificate certificate : identity.chain()) {
            try {
                entries.add(new CertificateMessage.Entry(certificate.getEncoded(), Extensions.NONE));
            } catch (CertificateException e) {
                throw AlertDescription.INTERNAL_ERROR.because("a certificate of this side has no encoding", e);
            }
        }
        return new CertificateMessage(NO_CONTEXT, entries);
    }

    /** {@return the message that presents nobody} */
    static CertificateMessage nobody() {
        return new CertificateMessage(NO_CONTEXT, List.of());
    }

    /**
     * {@return the chain that the peer presents}
     *
     * @param maximum how many certificates it may have
     */
    static List<X509Certificate> parse(CertificateMessage message, int maximum) throws SspiException {
        if (message.entries().size() > maximum) {
            throw AlertDescription.BAD_CERTIFICATE.because("the peer's chain has "
                    + message.entries().size() + " certificates, more than the " + maximum + " that are accepted");
        }
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (CertificateMessage.Entry entry : message.entries()) {
                ByteArrayInputStream in = new ByteArrayInputStream(entry.certificate());
                chain.add((X509Certificate) factory.generateCertificate(in));
                if (in.available() != 0) {
                    throw AlertDescription.BAD_CERTIFICATE.because("bytes follow the peer's certificate");
                }
            }
        } catch (CertificateException e) {
            throw AlertDescription.BAD_CERTIFICATE.because("the peer's certificate cannot be read", e);
        }
        return chain;
    }

    /** {@return the best scheme with which this identity can prove its key, among those that the peer accepts} */
    static Optional<SignatureAlgorithm> scheme(Identity identity, List<SignatureScheme> ours, Codes peers) {
        PublicKey certified = identity.chain().get(0).getPublicKey();
        return ours.stream()
                .filter(scheme -> scheme.signsHandshake13() && peers.contains(scheme.code()))
                .flatMap(scheme -> SignatureAlgorithm.of(scheme.code()).stream())
                .filter(algorithm -> algorithm.canSign(identity.privateKey(), certified))
                .findFirst();
    }

    /** {@return the key types of certificates that can prove themselves with one of these schemes, best first} */
    static List<String> keyTypes(List<SignatureScheme> ours, Codes peers) {
        return ours.stream()
                .filter(scheme -> scheme.signsHandshake13() && peers.contains(scheme.code()))
                .flatMap(scheme -> SignatureAlgorithm.of(scheme.code()).stream())
                .map(SignatureAlgorithm::keyAlgorithm)
                // Key managers know both Edwards curves under the one name that their keys have.
                .map(name -> name.startsWith("Ed") ? "EdDSA" : name)
                .distinct()
                .toList();
    }

    /** {@return the JCA names of these schemes, as trust managers compare them with those of certificates} */
    static List<String> jcaNames(List<SignatureScheme> schemes) {
        return schemes.stream()
                .flatMap(scheme -> SignatureAlgorithm.of(scheme.code()).stream())
                .map(SignatureAlgorithm::jcaName)
                .distinct()
                .toList();
    }

    /** {@return the JCA names of the schemes of the peer that are known} */
    static List<String> jcaNames(Codes schemes) {
        return jcaNames(schemes.known(SignatureScheme::of).toList());
    }

    static CertificateVerify sign(
            Identity identity, SignatureAlgorithm algorithm, boolean server, byte[] transcriptHash)
            throws SspiException {
        byte[] signature = Signing.sign(
                algorithm, identity.privateKey(), server ? SERVER_CONTEXT : CLIENT_CONTEXT, transcriptHash);
        return new CertificateVerify(algorithm.code(), signature);
    }

    /**
     * Checks that the peer holds the key of its certificate.
     *
     * @param offered the schemes that this side accepts
     */
    static void verify(
            CertificateVerify message,
            X509Certificate certificate,
            List<SignatureScheme> offered,
            boolean server,
            byte[] transcriptHash)
            throws SspiException {
        SignatureAlgorithm algorithm = offered.stream()
                .filter(scheme -> scheme.code() == message.algorithm() && scheme.signsHandshake13())
                .findFirst()
                .flatMap(scheme -> SignatureAlgorithm.of(scheme.code()))
                .orElseThrow(() -> AlertDescription.ILLEGAL_PARAMETER.because(
                        "the peer signs with scheme 0x%04x, which it was not offered".formatted(message.algorithm())));
        if (!algorithm.canVerify(certificate.getPublicKey())) {
            throw AlertDescription.ILLEGAL_PARAMETER.because(
                    "the peer signs with " + algorithm.standardName() + ", for which its certificate has no key");
        }
        if (!Signing.verify(
                algorithm,
                certificate.getPublicKey(),
                message.signature(),
                server ? SERVER_CONTEXT : CLIENT_CONTEXT,
                transcriptHash)) {
            throw AlertDescription.DECRYPT_ERROR.because("the signature of the peer's CertificateVerify is wrong");
        }
    }

    /** {@return the alert for a chain that was judged bad (RFC 8446 6.2), with the judgement as its cause} */
    static SspiException refused(CertificateException judgement) {
        AlertDescription alert = AlertDescription.CERTIFICATE_UNKNOWN;
        SecurityStatus status = null;
        for (Throwable cause = judgement; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                alert = AlertDescription.CERTIFICATE_EXPIRED;
            } else if (cause instanceof CertificateRevokedException) {
                alert = AlertDescription.CERTIFICATE_REVOKED;
            } else if (cause instanceof CertPathValidatorException path) {
                alert = reason(path, alert);
            } else if (cause.getClass().getName().endsWith("CertPathBuilderException")) {
                alert = AlertDescription.UNKNOWN_CA;
            } else if (cause instanceof WrongPrincipalException) {
                status = SecurityStatus.SEC_E_WRONG_PRINCIPAL;
                alert = AlertDescription.BAD_CERTIFICATE;
            }
        }
        return new SspiException(
                status == null ? alert.status() : status,
                SspiException.Kind.PEER_UNVERIFIED,
                alert.code(),
                "the peer's certificate is not accepted: " + judgement.getMessage(),
                judgement);
    }

    private static AlertDescription reason(CertPathValidatorException path, AlertDescription otherwise) {
        if (path.getReason() == CertPathValidatorException.BasicReason.EXPIRED
                || path.getReason() == CertPathValidatorException.BasicReason.NOT_YET_VALID) {
            return AlertDescription.CERTIFICATE_EXPIRED;
        }
        if (path.getReason() == CertPathValidatorException.BasicReason.REVOKED) {
            return AlertDescription.CERTIFICATE_REVOKED;
        }
        return otherwise;
    }

    private static byte[] context(String label) {
        byte[] name = label.getBytes(StandardCharsets.US_ASCII);
        byte[] context = new byte[64 + name.length + 1];
        Arrays.fill(context, 0, 64, (byte) ' ');
        System.arraycopy(name, 0, context, 64, name.length);
        return context;
    }
}
