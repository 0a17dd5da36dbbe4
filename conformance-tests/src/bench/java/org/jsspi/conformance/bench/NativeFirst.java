package org.jsspi.conformance.bench;

import java.security.GeneralSecurityException;
import java.security.Security;
import java.security.Signature;
import java.util.List;
import org.conscrypt.Conscrypt;
import org.jsspi.provider.crypto.Aead;

/**
 * A JVM with a native provider of JCA in first place, Conscrypt: what JSSPI makes of it, beside Conscrypt's own engine, which
 * is 1.
 */
final class NativeFirst {
    private static final List<Contender> CONTENDERS = List.of(Contender.CONSCRYPT, Contender.JSSPI);

    private NativeFirst() {}

    /** Before anybody has asked for an algorithm: the choice of a provider is kept. */
    static void register() {
        Security.insertProviderAt(Conscrypt.newProvider(), 1);
    }

    static void print(BufferKind kind) throws Exception {
        System.out.println("\nConscrypt is the first provider of JCA; JSSPI's records are by "
                + Aead.AES_128_GCM.newCipher().getProvider().getName() + ", its signatures by " + signer() + ".");
        if (kind == BufferKind.HEAP) {
            HandshakeTables.printFull(CONTENDERS);
        }
        RecordTables.printBulk(kind, CONTENDERS);
        System.out.println(
                "\nConscrypt's Cipher copies an array as a whole, however small the part, and here a batch of"
                        + " records lies in one: with it the raw cipher is no limit. JSSPI hands it direct buffers.");
    }

    /** Who signs with the key of a contender's server, which decides. */
    private static String signer() throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(Identity.p256().key());
        return signature.getProvider().getName();
    }
}
