/*
 * @test
 * @summary another vendor's package is enumerated from its attributes alone, made when it is asked for, and used
 */
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jsspi.AscReq;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.IscReq;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecPkgInfo;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityPackage;
import org.jsspi.SecurityStatus;
import org.jsspi.Sspi;
import org.jsspi.SspiException;

public class ForeignProvider {
    static final int TOKEN = 32;
    static int made;

    /** The authData is a secret that both sides share. */
    public static final class Foreign extends SecurityPackage {
        public Foreign() {
            made++;
        }

        @Override
        public CredHandle acquireCredentialsHandle(String principal, CredentialUse use, Object authData) {
            byte[] secret = authData.toString().getBytes(StandardCharsets.UTF_8);
            return new CredHandle() {
                @Override
                public SecurityContext newContext() {
                    return new Signing(secret);
                }

                @Override
                public void close() {}
            };
        }
    }

    /**
     * One token, a nonce of the client, and the HMAC of it under the secret is the key of the signatures. Who has another
     * secret is found out by his first.
     */
    static final class Signing extends SecurityContext {
        private final byte[] secret;
        private byte[] key;

        Signing(byte[] secret) {
            this.secret = secret;
        }

        @Override
        public SecurityStatus initializeSecurityContext(
                String targetName, IscReq contextReq, ContextOptions options, SecBufferDesc input, SecBufferDesc output)
                throws SspiException {
            byte[] nonce = new byte[TOKEN];
            new SecureRandom().nextBytes(nonce);
            write(output, nonce);
            key = hmac(secret, nonce);
            return SecurityStatus.SEC_E_OK;
        }

        @Override
        public SecurityStatus acceptSecurityContext(
                AscReq contextReq, ContextOptions options, SecBufferDesc input, SecBufferDesc output)
                throws SspiException {
            key = hmac(secret, input.find(SecBufferType.TOKEN).toByteArray());
            return SecurityStatus.SEC_E_OK;
        }

        @Override
        public SecurityStatus makeSignature(int qop, SecBufferDesc message, int messageSeqNo) throws SspiException {
            write(message, hmac(key, message.find(SecBufferType.DATA).toByteArray()));
            return SecurityStatus.SEC_E_OK;
        }

        @Override
        public SecurityStatus verifySignature(SecBufferDesc message, int messageSeqNo) throws SspiException {
            byte[] expected = hmac(key, message.find(SecBufferType.DATA).toByteArray());
            if (!MessageDigest.isEqual(expected, message.find(SecBufferType.TOKEN).toByteArray())) {
                throw new SspiException(SecurityStatus.SEC_E_MESSAGE_ALTERED, "another message or another secret");
            }
            return SecurityStatus.SEC_E_OK;
        }

        @Override
        public void close() {
            key = null;
        }

        private static void write(SecBufferDesc list, byte[] bytes) throws SspiException {
            SecBuffer token = list.find(SecBufferType.TOKEN);
            token.target().put(token.targetOffset(), bytes);
            token.setLength(bytes.length);
        }

        private static byte[] hmac(byte[] key, byte[] message) throws SspiException {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                return mac.doFinal(message);
            } catch (GeneralSecurityException e) {
                throw new SspiException(SecurityStatus.SEC_E_INTERNAL_ERROR, e.toString());
            }
        }
    }

    static final class Vendor extends Provider {
        private static final long serialVersionUID = 1L;

        Vendor() {
            super("VENDOR", "1", "a provider with one security package");
            Map<String, String> attributes = Map.of(
                    // INTEGRITY and CONNECTION
                    SecurityPackage.CAPABILITIES, "0x11",
                    SecurityPackage.VERSION, "1",
                    SecurityPackage.RPC_ID, "65535",
                    SecurityPackage.MAX_TOKEN, "32",
                    SecurityPackage.COMMENT, "A foreign package");
            putService(new Service(
                    this, SecurityPackage.SERVICE_TYPE, "Foreign", Foreign.class.getName(), null, attributes));
        }
    }

    public static void main(String[] args) throws Exception {
        Security.addProvider(new Vendor());
        SecPkgInfo info = Sspi.querySecurityPackageInfo("foreign");
        SecPkgInfo expected = new SecPkgInfo(0x11, 1, SecPkgInfo.SECPKG_ID_NONE, TOKEN, "Foreign", "A foreign package");
        if (!info.equals(expected) || !Sspi.enumerateSecurityPackages().contains(expected)) {
            throw new IllegalStateException(info.toString());
        }
        if (made != 0) {
            throw new IllegalStateException("enumeration has made an instance");
        }
        CredHandle credential = Sspi.acquireCredentialsHandle(null, "FOREIGN", CredentialUse.BOTH, "shared");
        if (made != 1) {
            throw new IllegalStateException("made " + made + " times");
        }
        used(credential, info.maxToken());
        credential.close();
    }

    /** From the first token to a message each way, through the interface alone. */
    static void used(CredHandle credential, int maxToken) throws SspiException {
        try (CredHandle strangers = Sspi.acquireCredentialsHandle(null, "Foreign", CredentialUse.INBOUND, "another");
                SecurityContext client = credential.newContext();
                SecurityContext server = credential.newContext();
                SecurityContext stranger = strangers.newContext()) {
            SecBufferDesc token = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[maxToken]));
            same(SecurityStatus.SEC_E_OK, client.initializeSecurityContext(null, IscReq.INTEGRITY, null, null, token));
            for (SecurityContext acceptor : new SecurityContext[] {server, stranger}) {
                SecBufferDesc none = new SecBufferDesc();
                same(SecurityStatus.SEC_E_OK, acceptor.acceptSecurityContext(AscReq.INTEGRITY, null, token, none));
            }
            SecBufferDesc message = signed(client, "from the client");
            same(SecurityStatus.SEC_E_OK, verdict(server, message));
            same(SecurityStatus.SEC_E_MESSAGE_ALTERED, verdict(stranger, message));
            message.find(SecBufferType.DATA).target().put(0, (byte) 'F');
            same(SecurityStatus.SEC_E_MESSAGE_ALTERED, verdict(server, message));
            same(SecurityStatus.SEC_E_OK, verdict(client, signed(server, "from the server")));
        }
    }

    static SecBufferDesc signed(SecurityContext context, String text) throws SspiException {
        SecBufferDesc message = new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, text.getBytes(StandardCharsets.UTF_8)),
                new SecBuffer(SecBufferType.TOKEN, new byte[TOKEN]));
        same(SecurityStatus.SEC_E_OK, context.makeSignature(0, message, 0));
        return message;
    }

    static SecurityStatus verdict(SecurityContext context, SecBufferDesc message) {
        try {
            return context.verifySignature(message, 0);
        } catch (SspiException e) {
            return e.status();
        }
    }

    static void same(SecurityStatus expected, SecurityStatus actual) {
        if (expected != actual) {
            throw new IllegalStateException(actual + ", not " + expected);
        }
    }
}
