package org.jsspi.conformance.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.jsspi.CredentialFiles;
import org.jsspi.Identity;
import org.jsspi.conformance.demo.SelfSignedCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialFilesTest {
    @TempDir
    private Path directory;

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        Identity identity = SelfSignedCertificate.forLocalhost();
        Path certificate = directory.resolve("c.pem");
        Path key = directory.resolve("k.pem");
        ConnectTest.write(identity, certificate, key);

        Identity read = CredentialFiles.identity(certificate, key);

        assertEquals(identity.chain(), read.chain());
        assertArrayEquals(identity.privateKey().getEncoded(), read.privateKey().getEncoded());
    }

    @Test
    void aChainAndAKeyMayStandInOneFileBetweenWords() throws Exception {
        Identity identity = SelfSignedCertificate.forLocalhost();
        Path certificate = directory.resolve("c.pem");
        Path key = directory.resolve("k.pem");
        ConnectTest.write(identity, certificate, key);
        Path one = directory.resolve("one.pem");
        String pem = Files.readString(certificate);
        Files.writeString(
                one, "key first\n" + Files.readString(key) + "subject=x\r\n" + pem.replace("\n", "\r\n") + pem);

        assertEquals(2, CredentialFiles.identity(one, one).chain().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519", "Ed448", "RSASSA-PSS"})
    void privateKeysOfEveryKindAreRead(String algorithm) throws Exception {
        PrivateKey key =
                KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
        Path file = pem("PRIVATE KEY", key.getEncoded());

        assertArrayEquals(key.getEncoded(), CredentialFiles.privateKey(file).getEncoded());
    }

    @Test
    void anEncryptedKeyIsReadWithItsPassword() throws Exception {
        String scheme = "PBEWithSHA1AndDESede";
        PrivateKey key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
        char[] password = "secret".toCharArray();
        Cipher cipher = Cipher.getInstance(scheme);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(password)),
                new PBEParameterSpec(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 1000));
        Path file = pem(
                "ENCRYPTED PRIVATE KEY",
                new EncryptedPrivateKeyInfo(cipher.getParameters(), cipher.doFinal(key.getEncoded())).getEncoded());

        assertArrayEquals(
                key.getEncoded(), CredentialFiles.privateKey(file, password).getEncoded());
        assertArrayEquals("secret".toCharArray(), password, "the password is the caller's");
        refused("the password does not open", () -> CredentialFiles.privateKey(file, "wrong!".toCharArray()));
        refused("needs a password", () -> CredentialFiles.privateKey(file));
    }

    @Test
    void aKeyThatOpenSslEncryptedIsRead() throws Exception {
        Path plain = pem(
                "PRIVATE KEY",
                KeyPairGenerator.getInstance("RSA")
                        .generateKeyPair()
                        .getPrivate()
                        .getEncoded());
        Path sealed = directory.resolve("sealed.pem");
        Process openssl;
        try {
            openssl = new ProcessBuilder(
                            "openssl",
                            "pkcs8",
                            "-topk8",
                            "-in",
                            plain.toString(),
                            "-out",
                            sealed.toString(),
                            "-passout",
                            "pass:secret")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("openssl.txt").toFile())
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "openssl is not installed");
            return;
        }
        assertEquals(
                0, openssl.waitFor(), () -> directory.resolve("openssl.txt").toString());

        assertArrayEquals(
                CredentialFiles.privateKey(plain).getEncoded(),
                CredentialFiles.privateKey(sealed, "secret".toCharArray()).getEncoded());
    }

    @Test
    void theKeyOfAnotherCertificateIsRefused() throws Exception {
        Path certificate = directory.resolve("c.pem");
        Path key = directory.resolve("k.pem");
        ConnectTest.write(SelfSignedCertificate.forLocalhost(), certificate, key);
        ConnectTest.write(SelfSignedCertificate.forLocalhost(), certificate, directory.resolve("other.pem"));
        refused("is not the key of the first certificate", () -> CredentialFiles.identity(certificate, key));

        for (String algorithm : List.of("RSA", "Ed25519")) {
            PrivateKey other =
                    KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
            Path file = pem("PRIVATE KEY", other.getEncoded());
            refused("is not the key of the first certificate", () -> CredentialFiles.identity(certificate, file));
        }
    }

    @Test
    void filesThatHoldSomethingElseAreRefusedByName() throws Exception {
        Path words = Files.writeString(directory.resolve("words.pem"), "nothing of the kind");
        refused("words.pem: no -----BEGIN CERTIFICATE-----", () -> CredentialFiles.certificates(words));
        refused("words.pem: no -----BEGIN PRIVATE KEY-----", () -> CredentialFiles.privateKey(words));
        refused("is a directory", () -> CredentialFiles.certificates(directory));
        Path garbage = pem("CERTIFICATE", new byte[] {1, 2, 3});
        refused("certificate 1 cannot be read", () -> CredentialFiles.certificates(garbage));
        Path noKey = pem("PRIVATE KEY", new byte[] {1, 2, 3});
        refused("is none of EC, RSA, EdDSA, RSASSA-PSS", () -> CredentialFiles.privateKey(noKey));
        Path sec1 = pem("EC PRIVATE KEY", new byte[] {1, 2, 3});
        refused("openssl pkcs8 -topk8", () -> CredentialFiles.privateKey(sec1));
        Path sealed = pem("ENCRYPTED PRIVATE KEY", new byte[] {1, 2, 3});
        refused("needs a password", () -> CredentialFiles.privateKey(sealed));
        refused(
                "the encrypted private key cannot be read",
                () -> CredentialFiles.privateKey(sealed, "secret".toCharArray()));
        Path large = Files.write(directory.resolve("large.pem"), new byte[(1 << 20) + 1]);
        refused("too large", () -> CredentialFiles.certificates(large));
        refused("words.pem", () -> CredentialFiles.keyStore(words, "secret".toCharArray()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void aKeyStoreGivesAnIdentityForEachKey(String type) throws Exception {
        Identity identity = SelfSignedCertificate.forLocalhost();
        char[] password = "secret".toCharArray();
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        store.setKeyEntry(
                "own", identity.privateKey(), password, identity.chain().toArray(Certificate[]::new));
        store.setCertificateEntry("root", identity.chain().get(0));
        Path file = directory.resolve("store");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password);
        }

        List<Identity> read = CredentialFiles.keyStore(file, password);

        assertEquals(1, read.size());
        assertEquals(identity.chain(), read.get(0).chain());
        refused("store: ", () -> CredentialFiles.keyStore(file, "wrong!".toCharArray()));
    }

    private interface Reading {
        Object read() throws IOException;
    }

    private static void refused(String says, Reading reading) {
        IOException refusal = assertThrows(IOException.class, reading::read);
        assertTrue(refusal.getMessage().contains(says), refusal::getMessage);
    }

    private Path pem(String label, byte[] der) throws IOException {
        Path file = Files.createTempFile(directory, "file", ".pem");
        return Files.writeString(
                file,
                "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                        + "-----\n");
    }
}
