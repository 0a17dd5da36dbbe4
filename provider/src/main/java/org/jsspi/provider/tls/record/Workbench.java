package org.jsspi.provider.tls.record;

import java.util.Arrays;
import javax.crypto.Cipher;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;

/** A Cipher, and the bytes that one record needs around it. It belongs to one {@link RecordProtection} at a time. */
final class Workbench {
    /** seq_num 8, type 1, version 2, length 2. */
    static final int ADDITIONAL_DATA_12 = 13;

    final Aead aead;
    final byte[] nonce;
    /** Long enough for every framing. */
    final byte[] header = new byte[RecordFormat.HEADER + RecordFormat.EXPLICIT_NONCE];

    /** Of TLS 1.2; in TLS 1.3 the header itself authenticates the record beside its content. */
    final byte[] additionalData = new byte[ADDITIONAL_DATA_12];

    final byte[] type = new byte[1];
    Cipher cipher;

    Workbench(Aead aead) throws SspiException {
        this.aead = aead;
        this.nonce = new byte[aead.ivLength()];
        this.cipher = aead.newCipher();
        header[1] = 3;
    }

    /** {@return whether nothing is left of the keys it worked with last: their schedule has made room for that of a public key} */
    boolean forget() {
        Arrays.fill(nonce, (byte) 0);
        return aead.forget(cipher);
    }
}
