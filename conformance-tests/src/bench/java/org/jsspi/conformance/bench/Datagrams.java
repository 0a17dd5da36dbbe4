package org.jsspi.conformance.bench;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jsspi.AuthIdentity;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextKey;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.IscReq;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SspiException;
import org.jsspi.provider.JsspiProvider;
import org.jsspi.provider.ntlm.NtlmPackage;
import org.jsspi.spec.SequenceParameterSpec;

/**
 * NTLM's datagrams, signed or sealed each under a number of its own: by a context, by {@code Mac}, and for comparison by the
 * plain calls of JCA that a signature consists of (MS-NLMP 3.4.4), MD5 for the key of the message, HMAC-MD5 and RC4.
 */
final class Datagrams implements Work {
    /** What is done to a datagram. */
    enum Task {
        SIGN,
        SEAL
    }

    /** Who does it. */
    enum Contender {
        JCA("JCA alone"),
        CONTEXT("context"),
        MAC("Mac");

        private final String label;

        Contender(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** Bytes of a datagram. */
    static final int SIZE = 1024;

    private static final int COUNT = 500;
    private static final int SIGNATURE = 16;

    private interface Protection {
        void message(int number) throws GeneralSecurityException;
    }

    private final byte[] data = new byte[SIZE];
    private final byte[] signature = new byte[SIGNATURE];
    private final Protection protection;
    private int next;

    /** @throws IllegalArgumentException for a Mac that is to seal */
    Datagrams(Task task, Contender contender) throws GeneralSecurityException {
        protection = switch (contender) {
            case JCA -> jca(task);
            case CONTEXT -> context(task);
            case MAC -> mac(task);
        };
    }

    private static SecurityContext datagramContext() throws SspiException {
        try (AuthIdentity identity = AuthIdentity.of("user", "DOMAIN", "password".toCharArray());
                CredHandle credential =
                        new NtlmPackage().acquireCredentialsHandle(null, CredentialUse.OUTBOUND, identity)) {
            SecurityContext context = credential.newContext();
            // The first call of a datagram context needs no server.
            context.initializeSecurityContext(
                    null, IscReq.DATAGRAM.or(IscReq.CONFIDENTIALITY), null, null, new SecBufferDesc());
            return context;
        }
    }

    private Protection context(Task task) throws GeneralSecurityException {
        SecurityContext context = datagramContext();
        SecBufferDesc list = new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, data), new SecBuffer(SecBufferType.TOKEN, signature));
        return task == Task.SIGN
                ? number -> context.makeSignature(0, list, number)
                : number -> context.encryptMessage(0, list, number);
    }

    private Protection mac(Task task) throws GeneralSecurityException {
        if (task == Task.SEAL) {
            throw new IllegalArgumentException("a Mac does not encrypt");
        }
        Provider provider = new JsspiProvider();
        ContextKey.Signing key = datagramContext().queryContextAttributes(ContextAttribute.SIGNING_KEY);
        Mac mac = Mac.getInstance("NTLM", provider);
        return number -> {
            mac.init(key, new SequenceParameterSpec(number));
            mac.update(data);
            mac.doFinal(signature, 0);
        };
    }

    private Protection jca(Task task) throws GeneralSecurityException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        Mac mac = Mac.getInstance("HmacMD5");
        mac.init(new SecretKeySpec(new byte[16], "HmacMD5"));
        Cipher rc4 = Cipher.getInstance("ARCFOUR");
        byte[] sealKey = new byte[16];
        byte[] sequence = new byte[4];
        return number -> {
            for (int i = 0; i < sequence.length; i++) {
                sequence[i] = (byte) (number >>> 8 * i);
            }
            md5.update(sealKey);
            rc4.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(md5.digest(sequence), "ARCFOUR"));
            mac.update(sequence);
            byte[] checksum = mac.doFinal(data);
            if (task == Task.SEAL) {
                rc4.update(data, 0, SIZE, data, 0);
            }
            rc4.update(checksum, 0, 8, signature, 4);
        };
    }

    /** Protects the next datagram. */
    void one() throws GeneralSecurityException {
        protection.message(next++);
    }

    @Override
    public int operations() {
        return COUNT;
    }

    @Override
    public void run() throws GeneralSecurityException {
        for (int i = 0; i < COUNT; i++) {
            one();
        }
    }
}
