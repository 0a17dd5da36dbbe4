package org.jsspi.provider.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.Identity;
import org.jsspi.SchCredentials;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;

/** A server of the name that an {@link End} connects to, an authority that vouches for it, and credentials of both sides. */
final class TestCredentials {
    static final Identity ROOT =
            TestCertificates.of(KeyKind.P256).subject("CN=Root").authority().selfSigned();
    static final Identity SERVER = TestCertificates.of(KeyKind.P256)
            .subject("CN=server")
            .dnsNames("server.example")
            .signedBy(ROOT);

    private TestCredentials() {}

    /** {@return a new credential of the server} */
    static CredHandle inbound() {
        return acquire(CredentialUse.INBOUND, SchCredentials.builder().identities(List.of(SERVER)));
    }

    /** {@return a new credential of a client that trusts the authority} */
    static CredHandle outbound() {
        return outbound(ROOT);
    }

    /** {@return a new credential of a client that trusts this authority} */
    static CredHandle outbound(Identity root) {
        return acquire(CredentialUse.OUTBOUND, SchCredentials.builder().rootStore(roots(root)));
    }

    static CredHandle acquire(CredentialUse use, SchCredentials.Builder settings) {
        try {
            return new SchannelPackage().acquireCredentialsHandle(null, use, settings.build());
        } catch (SspiException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyStore roots(Identity root) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("root", root.chain().get(0));
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
