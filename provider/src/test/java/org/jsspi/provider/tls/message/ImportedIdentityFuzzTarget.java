package org.jsspi.provider.tls.message;

import java.util.Arrays;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;

/** What a client calls an identity, and may be the name of an imported key. */
public final class ImportedIdentityFuzzTarget {
    private ImportedIdentityFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        ImportedIdentity identity;
        try {
            identity = ImportedIdentity.decode(Reader.of(data));
        } catch (SspiException refused) {
            return;
        }
        if (!Arrays.equals(data, identity.toBytes())) {
            throw new AssertionError("written otherwise than it was read: " + identity);
        }
    }
}
