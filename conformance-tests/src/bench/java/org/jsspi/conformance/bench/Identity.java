package org.jsspi.conformance.bench;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A key for {@code localhost} with a certificate of a CA of its own, and that CA as the trust anchor, made at start and
 * kept nowhere.
 */
final class Identity {
    private static final char[] PASSWORD = "in memory only".toCharArray();

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final X509Certificate authority;
    private final KeyStore keys = emptyStore();
    private final KeyStore anchors = emptyStore();

    private Identity(PrivateKey key, X509Certificate certificate, X509Certificate authority)
            throws GeneralSecurityException {
        this.key = key;
        this.certificate = certificate;
        this.authority = authority;
        keys.setKeyEntry("localhost", key, PASSWORD, new Certificate[] {certificate});
        anchors.setCertificateEntry("ca", authority);
    }

    /** {@return a P-256 key below a P-256 CA, signed by ECDSA with SHA-256} */
    static Identity p256() throws GeneralSecurityException {
        return issue("EC", 256, "SHA256withECDSA");
    }

    /** {@return a 2048-bit RSA key below a 2048-bit CA, signed by PKCS #1 with SHA-256} */
    static Identity rsa2048() throws GeneralSecurityException {
        return issue("RSA", 2048, "SHA256withRSA");
    }

    PrivateKey key() {
        return key;
    }

    /** {@return the certificate of the key} */
    X509Certificate certificate() {
        return certificate;
    }

    /** {@return the certificate of the CA} */
    X509Certificate authority() {
        return authority;
    }

    /** {@return the key managers that the factory makes for this key} */
    KeyManager[] keyManagers(KeyManagerFactory factory) throws GeneralSecurityException {
        factory.init(keys, PASSWORD);
        return factory.getKeyManagers();
    }

    /** {@return the trust managers that the factory makes for this CA} */
    TrustManager[] trustManagers(TrustManagerFactory factory) throws GeneralSecurityException {
        factory.init(anchors);
        return factory.getTrustManagers();
    }

    private static Identity issue(String algorithm, int size, String signature) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size);
        KeyPair authority = generator.generateKeyPair();
        KeyPair leaf = generator.generateKeyPair();
        X509Certificate root;
        X509Certificate certificate;
        try {
            root = sign(
                    builder("CN=Benchmark CA", authority, 1)
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign)),
                    authority.getPrivate(),
                    signature);
            certificate = sign(
                    builder("CN=localhost", leaf, 2)
                            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                            .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                            }))
                            .addExtension(
                                    Extension.subjectAlternativeName,
                                    false,
                                    new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost"))),
                    authority.getPrivate(),
                    signature);
        } catch (CertIOException | OperatorCreationException e) {
            throw new GeneralSecurityException("cannot issue a certificate", e);
        }
        return new Identity(leaf.getPrivate(), certificate, root);
    }

    private static X509v3CertificateBuilder builder(String subject, KeyPair key, long serial) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                new X500Name("CN=Benchmark CA"),
                BigInteger.valueOf(serial),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(7))),
                new X500Name(subject),
                key.getPublic());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey authority, String signature)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(signature).build(authority)));
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException("an empty key store cannot fail to load", e);
        }
        return store;
    }
}
