package org.jsspi.provider.tls.handshake;

import java.security.AlgorithmConstraints;
import java.security.CryptoPrimitive;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsspi.CredentialUse;
import org.jsspi.DelegatedCredential;
import org.jsspi.Identity;
import org.jsspi.PlatformConstraints;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.crypto.Signing;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CertificateVerify;
import org.jsspi.provider.tls.message.DelegatedCredentialAnswer;
import org.jsspi.provider.tls.message.DelegatedCredentialOffer;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.jsspi.provider.wire.Reader;

/** Delegated credentials in TLS 1.3 (RFC 9345): which of ours a peer takes, and whether one of the peer's is valid. */
final class Delegation {
    private static final byte[] SERVER = Authentication.context("TLS, server delegated credentials");
    private static final byte[] CLIENT = Authentication.context("TLS, client delegated credentials");

    /** How long a credential has to last yet to be shown: as clocks differ, and flights take their time. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    /** Shorter keys of RSA are not delegated to: nobody has old ones of RSASSA-PSS. */
    private static final int SHORTEST_MODULUS_BITS = 2048;

    private static final Set<CryptoPrimitive> SIGNATURE = EnumSet.of(CryptoPrimitive.SIGNATURE);

    private Delegation() {}

    // What this side takes

    /** {@return what says which delegated keys the peer may sign with; empty if this side takes none, or has no scheme for them} */
    static Optional<DelegatedCredentialOffer> offer(HandshakeSettings settings) {
        // Both that ask have asked this before, so that a handshake without them does not load this class.
        if (!settings.acceptsDelegatedCredentials()) {
            return Optional.empty();
        }
        List<SignatureScheme> schemes =
                settings.schemes().stream().filter(Delegation::allows).toList();
        return schemes.isEmpty()
                ? Optional.empty()
                : Optional.of(new DelegatedCredentialOffer(Negotiation.schemeCodes(schemes)));
    }

    /** RFC 9345 4: the schemes of CertificateVerify, without those of RSA keys that other things use as well. */
    private static boolean allows(SignatureScheme scheme) {
        return scheme.signsHandshake13()
                && scheme != SignatureScheme.RSA_PSS_RSAE_SHA256
                && scheme != SignatureScheme.RSA_PSS_RSAE_SHA384
                && scheme != SignatureScheme.RSA_PSS_RSAE_SHA512;
    }

    // What this side shows

    /**
     * {@return the scheme of the delegated key of this identity, if the peer takes that and the credential is valid}
     *
     * @param certificateSchemes by which what stands for a certificate may be signed: the peer's signature_algorithms
     * @param delegatedSchemes by which a delegated key may sign; none if the peer takes none
     */
    static Optional<SignatureAlgorithm> signing(
            Identity identity,
            boolean initiator,
            List<SignatureScheme> certificateSchemes,
            List<SignatureScheme> delegatedSchemes) {
        DelegatedCredential credential = identity.delegatedCredential();
        Instant now = Instant.now();
        Instant expiry = credential.expiry(identity.chain().get(0));
        // Whether the certificate may delegate Identity.delegated has asked, and the peer asks (RFC 9345 4.2).
        boolean taken = credential.use() == (initiator ? CredentialUse.OUTBOUND : CredentialUse.INBOUND)
                // RFC 9345 4.1.3: what the peer will find out.
                && now.plus(MARGIN).isBefore(expiry)
                && !expiry.isAfter(now.plus(DelegatedCredential.LONGEST_VALIDITY))
                // RFC 9345 4.1.1, 4.1.2: the one of the schemes in signature_algorithms, the other of those of the
                // extension.
                && contains(certificateSchemes, credential.signedBy())
                && contains(delegatedSchemes, credential.scheme())
                && signsBy(identity.signatureSchemes(), credential.scheme());
        return taken ? SignatureAlgorithm.of(credential.scheme()) : Optional.empty();
    }

    private static boolean signsBy(List<String> names, int code) {
        return names == null
                || names.stream()
                        .anyMatch(name -> SignatureScheme.named(name)
                                .filter(scheme -> scheme.code() == code)
                                .isPresent());
    }

    private static boolean contains(List<SignatureScheme> schemes, int code) {
        return SignatureScheme.of(code)
                .filter(schemes::contains)
                .filter(SignatureScheme::signsHandshake13)
                .isPresent();
    }

    /** {@return what goes with the certificate of this identity, which has a delegated credential} */
    static DelegatedCredentialAnswer shown(Identity identity) throws SspiException {
        return DelegatedCredentialAnswer.decode(
                Reader.of(identity.delegatedCredential().encoded()));
    }

    // What the peer shows

    /** {@return the key that has to have signed the peer's CertificateVerify, by the scheme of which the two have to be} */
    static PublicKey key(DelegatedCredentialAnswer credential, CertificateVerify proof, HandshakeSettings settings)
            throws SspiException {
        SignatureScheme scheme = SignatureScheme.of(credential.scheme())
                .filter(settings.schemes()::contains)
                .filter(Delegation::allows)
                // RFC 9345 4.1.1, 4.1.2: of a type that was advertised in the extension.
                .orElseThrow(() -> invalid("is for scheme 0x" + Integer.toHexString(credential.scheme())
                        + ", which was not offered for it"));
        if (proof.algorithm() != scheme.code()) {
            // RFC 9345 4.1.3: it matches the scheme of CertificateVerify.
            throw invalid("is for " + scheme + ", and the CertificateVerify by scheme 0x"
                    + Integer.toHexString(proof.algorithm()));
        }
        SignatureAlgorithm algorithm = SignatureAlgorithm.of(scheme.code()).orElseThrow();
        PublicKey key =
                algorithm.decodeKey(credential.publicKey()).orElseThrow(() -> invalid("has no key for " + scheme));
        if (!isAllowed(algorithm, key, settings.algorithmConstraints())) {
            // No trust manager sees this key, as one does those of certificates.
            throw invalid("has a key that is too short, or is not allowed here");
        }
        return key;
    }

    private static boolean isAllowed(SignatureAlgorithm algorithm, PublicKey key, AlgorithmConstraints callers) {
        boolean longEnough = !(key instanceof RSAKey rsa) || rsa.getModulus().bitLength() >= SHORTEST_MODULUS_BITS;
        return longEnough
                && PlatformConstraints.HANDSHAKE.permits(SIGNATURE, algorithm.jcaName(), key, null)
                && (callers == null || callers.permits(SIGNATURE, algorithm.jcaName(), key, null));
    }

    /**
     * Requires that a credential of the peer is valid now, and one of this certificate (RFC 9345 4.1.3).
     *
     * @return when it expires
     */
    static Instant verify(DelegatedCredentialAnswer credential, X509Certificate certificate, Exchange exchange)
            throws SspiException {
        Instant now = Instant.now();
        Instant expiry = certificate.getNotBefore().toInstant().plusSeconds(credential.validTime());
        if (now.isAfter(expiry)) {
            throw invalid("has expired");
        }
        if (expiry.isAfter(now.plus(DelegatedCredential.LONGEST_VALIDITY))) {
            throw invalid("is valid for more than " + DelegatedCredential.LONGEST_VALIDITY.toDays() + " days");
        }
        if (!DelegatedCredential.mayDelegate(certificate)) {
            // RFC 9345 4.2: the extension, and the key usage.
            throw invalid("is one of a certificate that must not delegate");
        }
        SignatureAlgorithm algorithm = SignatureScheme.of(credential.signedBy())
                .filter(exchange.settings().schemes()::contains)
                .filter(SignatureScheme::signsHandshake13)
                .flatMap(known -> SignatureAlgorithm.of(known.code()))
                // RFC 9345 4.1.1, 4.1.2: of a type that was advertised in signature_algorithms.
                .orElseThrow(() -> invalid("is signed by scheme 0x" + Integer.toHexString(credential.signedBy())
                        + ", which was not offered"));
        // RFC 9345 4: the context, the certificate, the Credential and the scheme of the signature.
        boolean signed = Signing.verify(
                algorithm,
                certificate.getPublicKey(),
                credential.signature(),
                exchange.initiator() ? SERVER : CLIENT,
                encoded(certificate),
                credential.signedPart());
        if (!signed) {
            throw invalid("is not signed by its certificate");
        }
        return expiry;
    }

    private static byte[] encoded(X509Certificate certificate) throws SspiException {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw AlertDescription.BAD_CERTIFICATE.because("a certificate without an encoding", e);
        }
    }

    /** RFC 9345 4.1.3: whoever receives one that is not valid ends the connection with illegal_parameter. */
    private static SspiException invalid(String why) {
        return AlertDescription.ILLEGAL_PARAMETER.because("a delegated credential that " + why + " (RFC 9345 4.1.3)");
    }
}
