package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.Identity;
import org.jsspi.SchCredentials;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.junit.jupiter.api.Test;

/** Which sessions a client's credential finds for a name, by the calls of SSPI. */
class NamesOfSessionsTest {
    private static final Identity SERVER =
            TestCertificates.of(KeyKind.P256).dnsNames("a.example", "b.example").selfSigned();

    private static final ContextOptions ACROSS =
            ContextOptions.builder().resumptionAcrossNames(true).build();

    private final CredHandle outbound = acquire(CredentialUse.OUTBOUND);
    private final CredHandle inbound = acquire(CredentialUse.INBOUND);

    private static CredHandle acquire(CredentialUse use) {
        try {
            KeyStore roots = KeyStore.getInstance("PKCS12");
            roots.load(null, null);
            roots.setCertificateEntry("server", SERVER.chain().get(0));
            SchCredentials.Builder settings = SchCredentials.builder().rootStore(roots);
            if (use == CredentialUse.INBOUND) {
                settings.identities(List.of(SERVER));
            }
            return new SchannelPackage().acquireCredentialsHandle(null, use, settings.build());
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private boolean resumes(String name, ContextOptions forClient) throws SspiException {
        End client = new End(outbound, true, forClient, List.of(), name);
        End server = new End(inbound, false, ACROSS);
        End.complete(client, server, client.establish(null));
        assertSame(SecurityStatus.SEC_E_OK, client.status);
        assertSame(SecurityStatus.SEC_E_OK, server.status);
        return client.context.queryContextAttributes(ContextAttribute.SESSION).resumed();
    }

    @Test
    void aSessionIsFoundForAnotherNameOfItsCertificate() throws SspiException {
        assertEquals(false, resumes("a.example", ACROSS));
        assertEquals(true, resumes("b.example", ACROSS));
        assertEquals(true, resumes("a.example", ACROSS));
    }

    @Test
    void aSessionThatMayHaveBegunWithADelegatedKeyIsForThoseWhoTakeSuch() throws SspiException {
        ContextOptions taking =
                ContextOptions.builder().acceptDelegatedCredentials(true).build();
        assertEquals(false, resumes("a.example", taking));
        assertEquals(false, resumes("a.example", ContextOptions.DEFAULT));
        assertEquals(true, resumes("a.example", taking));
    }

    @Test
    void onlyWhereThatIsAskedForAndUnderTheSameSettings() throws SspiException {
        assertEquals(false, resumes("a.example", ACROSS));
        assertEquals(false, resumes("b.example", ContextOptions.DEFAULT));
        assertEquals(true, resumes("a.example", ContextOptions.DEFAULT), "the session of a name is the name's own");
        ContextOptions others = ACROSS.toBuilder()
                .cipherSuites(List.of("TLS_AES_128_GCM_SHA256"))
                .build();
        assertEquals(false, resumes("b.example", others));
    }
}
