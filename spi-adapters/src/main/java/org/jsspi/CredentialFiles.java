package org.jsspi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Certificates and keys from files: PEM (RFC 7468) with PKCS#8 keys, encrypted or not, and key stores. Every failure is an
 * IOException whose message names the file and says what is wrong with it, and nothing of what a key holds.
 */
public final class CredentialFiles {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String ENCRYPTED_PRIVATE_KEY = "ENCRYPTED PRIVATE KEY";

    /** PKCS#8 names the algorithm by its OID; a KeyFactory that does not know the OID refuses the key. */
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");

    private static final int LARGEST_FILE = 1 << 20;

    private CredentialFiles() {}

    /** One thing in a PEM file; whoever gets it wipes it. */
    private record Block(String label, byte[] der) {}

    /** {@return the identity of a certificate file (own certificate first) and a key file; they may be the same file} */
    public static Identity identity(Path certificateFile, Path keyFile) throws IOException {
        return identity(certificateFile, keyFile, null);
    }

    /**
     * {@return the identity of a certificate file (own certificate first) and a key file; they may be the same file}
     *
     * @param password of the key; null if it is not encrypted
     */
    public static Identity identity(Path certificateFile, Path keyFile, char[] password) throws IOException {
        Identity identity = new Identity(privateKey(keyFile, password), certificates(certificateFile));
        try {
            if (!fits(identity.privateKey(), identity.chain().get(0).getPublicKey())) {
                throw new IOException(keyFile + ": is not the key of the first certificate in " + certificateFile);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(keyFile + ": the key cannot be used", e);
        }
        return identity;
    }

    /**
     * {@return the identity of a certificate file (own certificate first) and of the file of a key that the certificate has delegated to,
     * PEM: the key, and the credential as {@link DelegatedCredential#toPem} has it}
     */
    public static Identity delegated(Path certificateFile, Path delegatedFile) throws IOException {
        PrivateKey key = privateKey(delegatedFile);
        List<Block> blocks = blocks(delegatedFile);
        try {
            for (Block block : blocks) {
                DelegatedCredential credential =
                        DelegatedCredential.ofBlock(block.label(), block.der().clone());
                if (credential != null) {
                    return Identity.delegated(key, certificates(certificateFile), credential);
                }
            }
        } catch (SspiException e) {
            throw new IOException(delegatedFile + ": " + e.getMessage(), e);
        } finally {
            blocks.forEach(block -> Arrays.fill(block.der(), (byte) 0));
        }
        throw new IOException(delegatedFile + ": no DELEGATED CREDENTIAL in it");
    }

    /** Two keys are a pair if the one verifies what the other signs; RSA keys show it by their modulus. */
    private static boolean fits(PrivateKey own, PublicKey certified) throws GeneralSecurityException {
        if (own instanceof RSAKey ours && certified instanceof RSAKey theirs) {
            return ours.getModulus().equals(theirs.getModulus());
        }
        if (!own.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(own.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "EdDSA");
        byte[] text = {1, 2, 3};
        signature.initSign(own);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(text);
        try {
            return signature.verify(signed);
        } catch (SignatureException e) {
            // A signature of another curve does not even have the length.
            return false;
        }
    }

    /** {@return the certificates of a PEM file, in their order, at least one} */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        List<Block> blocks = blocks(file);
        try {
            for (Block block : blocks) {
                if (block.label().equals(CERTIFICATE)) {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.der())));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": certificate " + (certificates.size() + 1) + " cannot be read", e);
        } finally {
            blocks.forEach(block -> Arrays.fill(block.der(), (byte) 0));
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + ": no -----BEGIN CERTIFICATE----- in it");
        }
        return certificates;
    }

    /** {@return the private key of a PEM file: PKCS#8, not encrypted} */
    public static PrivateKey privateKey(Path file) throws IOException {
        return privateKey(file, null);
    }

    /**
     * {@return the private key of a PEM file: PKCS#8}
     *
     * @param password of an encrypted key (RFC 8018); null if it is not encrypted
     */
    public static PrivateKey privateKey(Path file, char[] password) throws IOException {
        List<Block> blocks = blocks(file);
        try {
            for (Block block : blocks) {
                String label = block.label();
                if (label.equals(PRIVATE_KEY)) {
                    return parsed(file, block.der());
                }
                if (label.equals(ENCRYPTED_PRIVATE_KEY) && password != null) {
                    return decrypted(file, block.der(), password);
                }
                if (label.endsWith(PRIVATE_KEY)) {
                    throw new IOException(file + ": holds an " + label
                            + (label.equals(ENCRYPTED_PRIVATE_KEY) ? ", which needs a password" : "")
                            + "; \"openssl pkcs8 -topk8 -nodes -in old.pem -out new.pem\" makes it a PRIVATE KEY");
                }
            }
        } finally {
            blocks.forEach(block -> Arrays.fill(block.der(), (byte) 0));
        }
        throw new IOException(file + ": no -----BEGIN PRIVATE KEY----- in it");
    }

    private static PrivateKey decrypted(Path file, byte[] der, char[] password) throws IOException {
        PBEKeySpec secret = new PBEKeySpec(password);
        byte[] plain = {};
        try {
            EncryptedPrivateKeyInfo info = encrypted(file, der);
            // The name of a PBES2 scheme is in its parameters: PBEWithHmacSHA256AndAES_256.
            String scheme =
                    info.getAlgName().equals("PBES2") || info.getAlgName().equals("1.2.840.113549.1.5.13")
                            ? String.valueOf(info.getAlgParameters())
                            : info.getAlgName();
            Cipher cipher = Cipher.getInstance(scheme);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(scheme).generateSecret(secret),
                    info.getAlgParameters());
            plain = cipher.doFinal(info.getEncryptedData());
            return parsed(file, plain);
        } catch (BadPaddingException e) {
            throw new IOException(file + ": the password does not open the private key", e);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": the encryption of the private key is not supported", e);
        } finally {
            secret.clearPassword();
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static EncryptedPrivateKeyInfo encrypted(Path file, byte[] der) throws IOException {
        try {
            return new EncryptedPrivateKeyInfo(der);
        } catch (IOException e) {
            throw new IOException(file + ": the encrypted private key cannot be read", e);
        }
    }

    private static PrivateKey parsed(Path file, byte[] der) throws IOException {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                // Another algorithm's key.
            } catch (GeneralSecurityException e) {
                throw new IOException(algorithm + " keys are not supported by this JVM", e);
            }
        }
        throw new IOException(file + ": the private key is none of " + String.join(", ", KEY_ALGORITHMS));
    }

    /** {@return the identities of a key store, one for each key entry} */
    public static List<Identity> keyStore(Path file, char[] password) throws IOException {
        List<Identity> identities = new ArrayList<>();
        try {
            KeyStore store = load(file, password);
            for (String alias : Collections.list(store.aliases())) {
                Key key = store.getKey(alias, password);
                if (key instanceof PrivateKey own) {
                    List<X509Certificate> chain = new ArrayList<>();
                    for (Certificate certificate : store.getCertificateChain(alias)) {
                        chain.add((X509Certificate) certificate);
                    }
                    identities.add(new Identity(own, chain));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        if (identities.isEmpty()) {
            throw new IOException(file + ": no private key in it");
        }
        return identities;
    }

    private static KeyStore load(Path file, char[] password) throws IOException, GeneralSecurityException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            // The JDK's PKCS12 reads JKS as well: one is told from the other by its first bytes.
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password);
            return store;
        } catch (IOException e) {
            throw new IOException(file + ": " + (e.getMessage() == null ? "is not a key store" : e.getMessage()), e);
        }
    }

    /** {@return a key store that trusts the certificates of a PEM file} */
    public static KeyStore roots(Path file) throws IOException {
        try {
            KeyStore roots = KeyStore.getInstance("PKCS12");
            roots.load(null, null);
            for (X509Certificate certificate : certificates(file)) {
                roots.setCertificateEntry("root-" + roots.size(), certificate);
            }
            return roots;
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Writes a certificate as PEM, for the trust of another program. */
    public static void write(Path file, X509Certificate certificate) throws IOException {
        try {
            Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
            Files.writeString(
                    file,
                    "-----BEGIN CERTIFICATE-----\n" + lines.encodeToString(certificate.getEncoded())
                            + "\n-----END CERTIFICATE-----\n");
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": the certificate has no encoding", e);
        }
    }

    /** {@return what a PEM file holds; texts around it are passed over} No String ever holds a key: it could not be wiped. */
    private static List<Block> blocks(Path file) throws IOException {
        byte[] content = read(file);
        // One character for each byte, so that places in the one are places in the other.
        CharBuffer text = StandardCharsets.ISO_8859_1.decode(ByteBuffer.wrap(content));
        List<Block> blocks = new ArrayList<>();
        try {
            Matcher block = BLOCK.matcher(text);
            while (block.find()) {
                byte[] base64 = Arrays.copyOfRange(content, block.start(2), block.end(2));
                try {
                    blocks.add(new Block(block.group(1), Base64.getMimeDecoder().decode(base64)));
                } catch (IllegalArgumentException e) {
                    throw new IOException(file + ": not Base64 between BEGIN and END", e);
                } finally {
                    Arrays.fill(base64, (byte) 0);
                }
            }
            return blocks;
        } catch (IOException e) {
            blocks.forEach(block -> Arrays.fill(block.der(), (byte) 0));
            throw e;
        } finally {
            Arrays.fill(content, (byte) 0);
            Arrays.fill(text.array(), '\0');
        }
    }

    private static byte[] read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a directory");
        }
        if (Files.size(file) > LARGEST_FILE) {
            throw new IOException(file + ": is too large for a PEM file");
        }
        return Files.readAllBytes(file);
    }
}
