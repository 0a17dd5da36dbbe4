package org.jsspi.provider.tls.handshake;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsspi.DelegatedCredential;
import org.jsspi.Identity;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.SspiException.Kind;
import org.jsspi.WrongPrincipalException;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.crypto.Signing;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.CertificateMessage.Entry;
import org.jsspi.provider.tls.message.CertificateMessage12;
import org.jsspi.provider.tls.message.CertificateStatus;
import org.jsspi.provider.tls.message.CertificateVerify;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.jsspi.provider.tls.message.SignedCertificateTimestamps;

/** Certificate and CertificateVerify (RFC 8446 4.4.2, 4.4.3), the same for both sides. */
final class Authentication {
    /** How an X509TrustManager names the authentication of a server: the suites of TLS 1.3 do not name one. */
    static final String SERVER_AUTH_TYPE = "UNKNOWN";

    private static final byte[] NO_CONTEXT = {};
    private static final byte[] NO_RESPONSE = {};

    /** An extension's type 2 and length 2. */
    private static final int EXTENSION_HEADER = 4;

    // What carries a response: the extension's header, status_type 1 and the response's length 3.
    private static final int STATUS_OVERHEAD = EXTENSION_HEADER + 4;
    private static final byte[] SERVER = context("TLS 1.3, server CertificateVerify");
    private static final byte[] CLIENT = context("TLS 1.3, client CertificateVerify");

    // The names that an X509TrustManager knows for the key of a client.
    private static final Set<String> CLIENT_AUTH_TYPES = Set.of("RSA", "DSA", "EC", "RSASSA-PSS");

    private Authentication() {}

    /** {@return the message with this identity's chain, or without one if it is null} */
    static CertificateMessage certificate(Identity identity) throws SspiException {
        return certificate(identity, List.of(), Optional.empty());
    }

    /**
     * {@return the message with this identity's chain, or without one if it is null}
     *
     * @param staples OCSP responses in the order of the chain, empty for a certificate without
     * @param timestamps of the own certificate
     */
    static CertificateMessage certificate(
            Identity identity, List<byte[]> staples, Optional<SignedCertificateTimestamps> timestamps)
            throws SspiException {
        List<Entry> entries = new ArrayList<>();
        for (byte[] certificate : encoded(identity)) {
            byte[] staple = entries.size() < staples.size() ? staples.get(entries.size()) : NO_RESPONSE;
            // RFC 8446 4.4.2.1: what is said of a certificate stands in its own entry.
            Extensions extensions = staple.length == 0 ? Extensions.NONE : Extensions.of(new CertificateStatus(staple));
            if (entries.isEmpty() && timestamps.isPresent()) {
                extensions = extensions.with(timestamps.get());
            }
            if (entries.isEmpty() && identity.delegatedCredential() != null) {
                // RFC 9345 4.1.1, 4.1.2: in the entry of the end-entity certificate.
                extensions = extensions.with(Delegation.shown(identity));
            }
            entries.add(new Entry(certificate, extensions));
        }
        return new CertificateMessage(NO_CONTEXT, entries);
    }

    /** {@return the same as TLS 1.2 has it} */
    static CertificateMessage12 certificate12(Identity identity) throws SspiException {
        return new CertificateMessage12(encoded(identity));
    }

    private static List<byte[]> encoded(Identity identity) throws SspiException {
        try {
            return identity == null ? List.of() : OwnCertificates.encodings(identity.chain());
        } catch (CertificateEncodingException e) {
            throw withoutEncoding(e);
        }
    }

    private static SspiException withoutEncoding(CertificateEncodingException cause) {
        return new SspiException(
                SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS,
                Kind.KEY,
                AlertDescription.INTERNAL_ERROR.code(),
                "a certificate of our own that has no encoding",
                cause);
    }

    /** Requires that the chain of an identity of our own fits what a flight may take. */
    static void requireLength(Identity identity) throws SspiException {
        int length = length(identity);
        if (length > HandshakeSettings.LONGEST_CERTIFICATE_MESSAGE) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS,
                    Kind.KEY,
                    AlertDescription.INTERNAL_ERROR.code(),
                    "the certificate chain that was selected takes " + length + " bytes, more than the "
                            + HandshakeSettings.LONGEST_CERTIFICATE_MESSAGE + " that a flight has room for",
                    null);
        }
    }

    private static int length(Identity identity) throws SspiException {
        DelegatedCredential delegated = identity.delegatedCredential();
        return CertificateMessage.length(encoded(identity))
                + (identity.trustAnchor() == null ? 0 : EXTENSION_HEADER)
                + (delegated == null ? 0 : EXTENSION_HEADER + delegated.length());
    }

    /** {@return these timestamps, if all of them are some and fit what a flight may take} */
    static Optional<SignedCertificateTimestamps> fitting(List<byte[]> timestamps, Identity identity)
            throws SspiException {
        if (timestamps == null || timestamps.isEmpty()) {
            return Optional.empty();
        }
        int room = HandshakeSettings.LONGEST_CERTIFICATE_MESSAGE - length(identity) - EXTENSION_HEADER;
        for (byte[] timestamp : timestamps) {
            if (timestamp == null || timestamp.length == 0) {
                return Optional.empty();
            }
        }
        return SignedCertificateTimestamps.length(timestamps) <= Math.min(room, 0xFFFF)
                ? Optional.of(new SignedCertificateTimestamps(timestamps))
                : Optional.empty();
    }

    /**
     * {@return those of the first {@code most} responses that fit what a flight may take, empty in place of the others}
     *
     * @param timestamps which travel with the chain as well
     */
    static List<byte[]> fitting(
            List<byte[]> responses, Identity identity, int most, Optional<SignedCertificateTimestamps> timestamps)
            throws SspiException {
        List<byte[]> fitting = new ArrayList<>();
        int room = HandshakeSettings.LONGEST_CERTIFICATE_MESSAGE - length(identity);
        if (timestamps.isPresent()) {
            room -= EXTENSION_HEADER
                    + SignedCertificateTimestamps.length(timestamps.get().timestamps());
        }
        for (int i = 0; responses != null && i < Math.min(responses.size(), most); i++) {
            byte[] response = responses.get(i);
            // An extension is of 2^16 - 1 bytes at most.
            boolean fits = response != null
                    && response.length > 0
                    && response.length + STATUS_OVERHEAD <= Math.min(room, 0xFFFF);
            fitting.add(fits ? response : NO_RESPONSE);
            room -= fits ? response.length + STATUS_OVERHEAD : 0;
        }
        return fitting;
    }

    /** {@return the proof that this side has the key of the identity, which has one that the peer accepts} */
    static CertificateVerify prove(Exchange exchange, Identity identity) throws SspiException {
        SignatureAlgorithm algorithm = exchange.selectedScheme();
        byte[] signature = Signing.sign(
                algorithm,
                identity.privateKey(),
                exchange.initiator() ? CLIENT : SERVER,
                exchange.transcript().hash());
        return new CertificateVerify(algorithm.code(), signature);
    }

    /** {@return the same proof in TLS 1.2: over the messages themselves (RFC 5246 7.4.8)} */
    static CertificateVerify prove12(Exchange exchange, Identity identity) throws SspiException {
        return sign12(exchange, identity, exchange.transcript().messages());
    }

    /** {@return a signature of TLS 1.2 over these parts, with its scheme} */
    static CertificateVerify sign12(Exchange exchange, Identity identity, byte[]... content) throws SspiException {
        SignatureAlgorithm algorithm = exchange.selectedScheme();
        return new CertificateVerify(algorithm.code(), Signing.sign(algorithm, identity.privateKey(), content));
    }

    /**
     * {@return the chain that the peer sent, its own certificate first; empty if it sent none}
     *
     * @param offered the extensions of the message that asked for it
     */
    static List<X509Certificate> chain(CertificateMessage message, Extensions offered, int maximumLength)
            throws SspiException {
        if (message.context().length != 0) {
            // RFC 8446 4.4.2: zero length in the handshake, where certificates answer no request with a context.
            throw AlertDescription.ILLEGAL_PARAMETER.because("a certificate request context in the handshake");
        }
        for (Entry entry : message.entries()) {
            if (entry != message.entries().get(0) && entry.extensions().has(ExtensionType.TRUST_ANCHORS)) {
                // draft-ietf-tls-trust-anchor-ids 4.1: in the first entry only.
                throw AlertDescription.UNSUPPORTED_EXTENSION.because(
                        "trust_anchors in the entry of an authority's certificate");
            }
            if (entry.extensions().has(ExtensionType.DELEGATED_CREDENTIAL)
                    && !offered.has(ExtensionType.DELEGATED_CREDENTIAL)) {
                // RFC 9345 4.1.1, 4.1.2: other than the extensions that RFC 8446 speaks of.
                throw AlertDescription.UNEXPECTED_MESSAGE.because("a delegated credential that was not asked for");
            }
            // RFC 8446 4.4.2: extensions must correspond to ones of the ClientHello or CertificateRequest.
            entry.extensions().requireOfferedIn(offered);
        }
        List<byte[]> certificates = new ArrayList<>(message.entries().size());
        for (Entry entry : message.entries()) {
            certificates.add(entry.certificate());
        }
        return parse(certificates, maximumLength);
    }

    /** {@return the chain that the peer sent in TLS 1.2, its own certificate first; empty if it sent none} */
    static List<X509Certificate> chain(CertificateMessage12 message, int maximumLength) throws SspiException {
        return parse(message.certificates(), maximumLength);
    }

    private static List<X509Certificate> parse(List<byte[]> certificates, int maximumLength) throws SspiException {
        if (certificates.size() > maximumLength) {
            throw AlertDescription.BAD_CERTIFICATE.because(
                    "a chain of " + certificates.size() + " certificates, over " + maximumLength);
        }
        List<X509Certificate> chain = new ArrayList<>(certificates.size());
        for (byte[] certificate : certificates) {
            PeerCertificates.Parsed parsed = PeerCertificates.parse(certificate);
            if (chain.isEmpty() && !parsed.signs()) {
                // RFC 8446 4.4.2.2, RFC 5246 7.4.2: if keyUsage is there, digitalSignature must be set.
                throw AlertDescription.CERTIFICATE_UNKNOWN.because(
                        "a certificate whose key usage does not allow signatures (RFC 8446 4.4.2.2)");
            }
            chain.add(parsed.certificate());
        }
        return chain;
    }

    /** {@return the OCSP responses of the entries, in their order, empty for one without; empty if no entry has one} */
    static List<byte[]> statusResponses(CertificateMessage message) {
        List<byte[]> responses = new ArrayList<>();
        boolean stapled = false;
        for (Entry entry : message.entries()) {
            Optional<CertificateStatus> status = entry.extensions().find(Shape.CERTIFICATE_STATUS);
            responses.add(status.isPresent() ? status.get().ocspResponse() : NO_RESPONSE);
            stapled |= status.isPresent();
        }
        return stapled ? responses : List.of();
    }

    /** Requires that the peer proved to have the key; the scheme is judged already. */
    static void verify(
            Exchange exchange, CertificateVerify proof, SignatureAlgorithm scheme, PublicKey key, byte[] transcriptHash)
            throws SspiException {
        byte[] context = exchange.initiator() ? SERVER : CLIENT;
        if (!Signing.verify(scheme, key, proof.signature(), context, transcriptHash)) {
            // RFC 8446 4.4.3: if the verification fails, terminate with decrypt_error.
            throw AlertDescription.DECRYPT_ERROR.because("a CertificateVerify that does not verify");
        }
        exchange.session().peerSignatureScheme(scheme.standardName());
    }

    /** {@return the scheme of the proof, which we offered and the key allows} */
    static SignatureAlgorithm scheme(CertificateVerify proof, List<SignatureScheme> offered, PublicKey key)
            throws SspiException {
        // RFC 8446 4.4.3: the algorithm must be one offered in signature_algorithms, and fit the key of the
        // certificate; 4.2.3: PKCS #1 and SHA-1 may be offered for certificates but never sign here.
        SignatureScheme named = SignatureScheme.of(proof.algorithm()).orElse(null);
        SignatureAlgorithm scheme = SignatureAlgorithm.of(proof.algorithm()).orElse(null);
        if (scheme == null || named == null || !offered.contains(named) || !named.signsHandshake13()) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("a CertificateVerify by scheme 0x"
                    + Integer.toHexString(proof.algorithm()) + ", which was not offered for it");
        }
        if (!scheme.canVerify(key)) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("a CertificateVerify by " + scheme.standardName()
                    + " for a key of the algorithm " + key.getAlgorithm() + " that it does not fit");
        }
        return scheme;
    }

    /** {@return the scheme of a signature in TLS 1.2, which we offered and the key allows (RFC 5246 7.4.3, 7.4.8)} */
    static SignatureAlgorithm scheme12(int number, List<SignatureScheme> offered, PublicKey key) throws SspiException {
        SignatureAlgorithm scheme = SignatureScheme.of(number)
                .filter(offered::contains)
                .filter(SignatureScheme::signsHandshake12)
                .flatMap(known -> SignatureAlgorithm.of(known.code()))
                .orElseThrow(() -> AlertDescription.ILLEGAL_PARAMETER.because(
                        "a signature by scheme 0x" + Integer.toHexString(number) + ", which was not offered for it"));
        if (!scheme.canVerifyTls12(key)) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("a signature by " + scheme.standardName()
                    + " for a key of the algorithm " + key.getAlgorithm() + " that it does not fit");
        }
        return scheme;
    }

    /** {@return how an X509TrustManager names the authentication of this client} */
    static String clientAuthType(X509Certificate certificate) {
        String algorithm = certificate.getPublicKey().getAlgorithm();
        return CLIENT_AUTH_TYPES.contains(algorithm) ? algorithm : "UNKNOWN";
    }

    /** {@return how an X509TrustManager names the authentication of a server by this suite of TLS 1.2} */
    static String serverAuthType12(CipherSuite suite) {
        return "ECDHE_" + suite.authentication().orElseThrow();
    }

    /**
     * {@return the error for a chain that was refused, with the alert of RFC 8446 6.2 that its cause calls for}
     *
     * @param stapled whether the peer sent OCSP responses with it
     */
    static SspiException untrusted(CertificateException refusal, boolean stapled) {
        String message = "the peer's certificate is not trusted: " + refusal.getMessage();
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            if (cause instanceof WrongPrincipalException) {
                return new SspiException(
                        SecurityStatus.SEC_E_WRONG_PRINCIPAL,
                        Kind.PEER_UNVERIFIED,
                        AlertDescription.BAD_CERTIFICATE.code(),
                        message,
                        refusal);
            }
        }
        return alertFor(refusal, stapled).because(message, refusal);
    }

    private static AlertDescription alertFor(Throwable refusal, boolean stapled) {
        int depth = 0;
        for (Throwable cause = refusal; cause != null && depth < 16; cause = cause.getCause(), depth++) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                return AlertDescription.CERTIFICATE_EXPIRED;
            } else if (cause instanceof CertificateRevokedException) {
                return AlertDescription.CERTIFICATE_REVOKED;
            } else if (cause instanceof CertificateParsingException || cause instanceof CertificateEncodingException) {
                return AlertDescription.BAD_CERTIFICATE;
            } else if (stapled
                    && cause instanceof CertPathValidatorException undecided
                    && undecided.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS) {
                // RFC 6066 8: there was an answer, and it was not satisfactory.
                return AlertDescription.BAD_CERTIFICATE_STATUS_RESPONSE;
            } else if (cause instanceof CertPathValidatorException invalid && alertFor(invalid.getReason()) != null) {
                return alertFor(invalid.getReason());
            } else if (cause instanceof CertPathBuilderException && cause.getCause() == null) {
                return AlertDescription.UNKNOWN_CA;
            }
        }
        return AlertDescription.CERTIFICATE_UNKNOWN;
    }

    private static AlertDescription alertFor(CertPathValidatorException.Reason reason) {
        if (reason == BasicReason.EXPIRED || reason == BasicReason.NOT_YET_VALID) {
            return AlertDescription.CERTIFICATE_EXPIRED;
        } else if (reason == BasicReason.REVOKED) {
            return AlertDescription.CERTIFICATE_REVOKED;
        } else if (reason == PKIXReason.NO_TRUST_ANCHOR) {
            return AlertDescription.UNKNOWN_CA;
        } else if (reason == BasicReason.INVALID_SIGNATURE || reason == BasicReason.ALGORITHM_CONSTRAINED) {
            return AlertDescription.BAD_CERTIFICATE;
        }
        return null;
    }

    // RFC 8446 4.4.3: 64 octets of 32, the context string, a single 0 byte; the transcript hash follows.
    static byte[] context(String label) {
        byte[] name = label.getBytes(StandardCharsets.US_ASCII);
        byte[] context = new byte[64 + name.length + 1];
        Arrays.fill(context, 0, 64, (byte) ' ');
        System.arraycopy(name, 0, context, 64, name.length);
        return context;
    }
}
