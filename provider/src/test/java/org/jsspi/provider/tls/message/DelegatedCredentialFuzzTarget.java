package org.jsspi.provider.tls.message;

import java.util.Arrays;
import org.jsspi.CredentialUse;
import org.jsspi.DelegatedCredential;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** A DelegatedCredential (RFC 9345 4): whoever reads it, in a handshake or ahead of one, reads the same; and the key in it. */
public final class DelegatedCredentialFuzzTarget {
    private DelegatedCredentialFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        DelegatedCredential ours = null;
        DelegatedCredentialAnswer peers = null;
        try {
            ours = DelegatedCredential.decode(data, CredentialUse.INBOUND);
        } catch (SspiException refused) {
            // As the other has to.
        }
        try {
            peers = DelegatedCredentialAnswer.decode(Reader.of(data));
        } catch (SspiException refused) {
            // As the one has to.
        }
        if (ours == null != (peers == null)) {
            throw new AssertionError("one of two readers takes it");
        }
        if (peers == null) {
            return;
        }
        Writer out = new Writer();
        peers.encode(out);
        if (!Arrays.equals(data, out.toByteArray())
                || ours.scheme() != peers.scheme()
                || ours.signedBy() != peers.signedBy()) {
            throw new AssertionError("written otherwise than it was read: " + peers);
        }
        byte[] publicKey = peers.publicKey();
        SignatureAlgorithm.of(peers.scheme())
                .flatMap(scheme -> scheme.decodeKey(publicKey))
                .ifPresent(key -> {
                    if (!Arrays.equals(publicKey, key.getEncoded())) {
                        throw new AssertionError("a key that is encoded otherwise");
                    }
                });
    }
}
