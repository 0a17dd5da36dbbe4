package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.Identity;
import org.jsspi.IscReq;
import org.jsspi.SchCredentials;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.testing.Trusting;
import org.jsspi.provider.tls.handshake.OwnCertificates;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.junit.jupiter.api.Test;

/** MaxToken is a promise: the longest chain that is taken fits it, and one byte more is taken from nobody. */
class MaxTokenTest {
    private static final Identity LONGEST = identity(SchannelPackage.MAXIMUM_CHAIN);
    private static final Identity TOO_LONG = identity(SchannelPackage.MAXIMUM_CHAIN + 1);

    @Test
    void theLongestChainMakesAFlightThatFits() throws Exception {
        SchCredentials settings =
                SchCredentials.builder().identities(List.of(LONGEST)).build();
        assertEstablishes(acquire(CredentialUse.INBOUND, settings), ContextOptions.DEFAULT);
        assertEstablishes(
                acquire(
                        CredentialUse.INBOUND,
                        SchCredentials.builder().identities(List.of(LONGEST)).build()),
                ContextOptions.builder().callbacks(new Trusting(LONGEST)).build());
    }

    @Test
    void aCredentialWithOneByteMoreIsNotMade() {
        SchCredentials settings =
                SchCredentials.builder().identities(List.of(TOO_LONG)).build();
        SspiException e = assertThrows(SspiException.class, () -> acquire(CredentialUse.INBOUND, settings));
        assertSame(SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS, e.status());
        assertTrue(e.getMessage().contains("65537"), e.getMessage());
    }

    @Test
    void anIdentityWithOneByteMoreThatACallbackSelectsEndsTheHandshake() throws Exception {
        CredHandle inbound =
                acquire(CredentialUse.INBOUND, SchCredentials.builder().build());
        SchannelContext server = (SchannelContext) inbound.newContext();
        SchannelContext client = client();
        byte[] hello = initiate(client, null);
        ContextOptions options =
                ContextOptions.builder().callbacks(new Trusting(TOO_LONG)).build();
        SspiException e = assertThrows(SspiException.class, () -> accept(server, options, hello));
        assertSame(SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS, e.status());
        assertTrue(e.getMessage().contains("65537"), e.getMessage());
        assertEquals(80, e.alert().getAsInt());
        byte[] alert = accept(server, options, null);
        assertEquals(
                80,
                assertThrows(SspiException.class, () -> initiate(client, alert))
                        .alert()
                        .getAsInt());
    }

    private static void assertEstablishes(CredHandle inbound, ContextOptions options) throws SspiException {
        SchannelContext client = client();
        SchannelContext server = (SchannelContext) inbound.newContext();
        byte[] flight = accept(server, options, initiate(client, null));
        assertTrue(flight.length > SchannelPackage.MAXIMUM_CHAIN, "the chain is in it");
        accept(server, options, initiate(client, flight));
        assertEquals(LONGEST.chain().get(0), client.queryContextAttributes(ContextAttribute.REMOTE_CERT_CONTEXT));
    }

    private static SchannelContext client() throws SspiException {
        return (SchannelContext)
                acquire(CredentialUse.OUTBOUND, SchCredentials.builder().build())
                        .newContext();
    }

    /** {@return the token, for which there is room for MaxToken bytes} */
    private static byte[] initiate(SchannelContext client, byte[] input) throws SspiException {
        SecBufferDesc output =
                new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[SchannelPackage.MAXIMUM_TOKEN]));
        ContextOptions trusting =
                ContextOptions.builder().callbacks(new Trusting(null)).build();
        client.initializeSecurityContext("localhost", IscReq.NONE, trusting, list(input), output);
        return output.get(0).toByteArray();
    }

    private static byte[] accept(SchannelContext server, ContextOptions options, byte[] input) throws SspiException {
        SecBufferDesc output =
                new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[SchannelPackage.MAXIMUM_TOKEN]));
        server.acceptSecurityContext(AscReq.NONE, options, list(input), output);
        return output.get(0).toByteArray();
    }

    private static SecBufferDesc list(byte[] token) {
        return token == null ? null : new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token), new SecBuffer());
    }

    private static CredHandle acquire(CredentialUse use, SchCredentials settings) throws SspiException {
        return new SchannelPackage().acquireCredentialsHandle(null, use, settings);
    }

    /** An identity whose Certificate message has a body of exactly so many bytes. */
    private static Identity identity(int length) {
        TestCertificates leaf = TestCertificates.of(KeyKind.ED25519);
        Identity filler = TestCertificates.of(KeyKind.ED25519)
                .dnsNames(name(30_000))
                .authority()
                .selfSigned();
        int missing = length / 2;
        for (int i = 0; i < 8; i++) {
            Identity identity = leaf.dnsNames(name(missing)).signedBy(filler);
            try {
                int found = CertificateMessage.length(OwnCertificates.encodings(identity.chain()));
                if (found == length) {
                    return identity;
                }
                missing += length - found;
            } catch (java.security.cert.CertificateEncodingException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalStateException("no certificate of this length");
    }

    /** A name of a legal form with so many characters. */
    private static String name(int length) {
        return "a".repeat(length);
    }
}
