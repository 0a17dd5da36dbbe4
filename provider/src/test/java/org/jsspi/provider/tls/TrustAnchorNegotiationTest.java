package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
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
import org.jsspi.Session;
import org.jsspi.SspiException;
import org.jsspi.TrustAnchorId;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.junit.jupiter.api.Test;

/** Trust anchor identifiers by the calls of SSPI: a server with certificates of two authorities, and clients that trust one of them. */
class TrustAnchorNegotiationTest {
    private static final String NAME = "server.example";
    private static final TrustAnchorId OLD = TrustAnchorId.parse("32473.1");
    private static final TrustAnchorId NEW = TrustAnchorId.parse("32473.2");
    private static final Identity OLD_ROOT = authority("CN=old root");
    private static final Identity NEW_ROOT = authority("CN=new root");

    private static final Identity BY_NEW = leaf(NEW_ROOT, NAME).withTrustAnchor(NEW);
    private static final Identity BY_OLD = leaf(OLD_ROOT, NAME);
    private static final Identity OTHER =
            leaf(NEW_ROOT, "other.example").withTrustAnchor(TrustAnchorId.parse("32473.9"));

    private static Identity authority(String name) {
        return TestCertificates.of(KeyKind.P256).subject(name).authority().selfSigned();
    }

    /** A chain without its anchor, which is all that a client that trusts it needs. */
    private static Identity leaf(Identity authority, String name) {
        Identity whole = TestCertificates.of(KeyKind.P256)
                .subject("CN=" + name)
                .dnsNames(name)
                .signedBy(authority);
        return new Identity(whole.privateKey(), List.of(whole.chain().get(0)));
    }

    private static CredHandle client(Identity root) throws Exception {
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", root.chain().get(0));
        return new SchannelPackage()
                .acquireCredentialsHandle(
                        null,
                        CredentialUse.OUTBOUND,
                        SchCredentials.builder().rootStore(roots).build());
    }

    private static CredHandle server(Identity... identities) throws SspiException {
        return new SchannelPackage()
                .acquireCredentialsHandle(
                        null,
                        CredentialUse.INBOUND,
                        SchCredentials.builder().identities(List.of(identities)).build());
    }

    private static ContextOptions asking(List<TrustAnchorId> anchors) {
        return ContextOptions.builder()
                .serverNames(List.of(new SNIHostName(NAME)))
                .trustAnchors(anchors)
                .build();
    }

    private SspiException refusal;

    /** {@return what the client knows after one attempt, whether it is established or not} */
    private Session connect(CredHandle outbound, CredHandle inbound, ContextOptions options) throws SspiException {
        SchannelContext client = (SchannelContext) outbound.newContext();
        SchannelContext server = (SchannelContext) inbound.newContext();
        refusal = null;
        byte[] flight = step(client, null, options, true);
        byte[] answer = step(server, flight, ContextOptions.DEFAULT, false);
        try {
            step(server, step(client, answer, options, true), ContextOptions.DEFAULT, false);
        } catch (SspiException e) {
            refusal = e;
        }
        return client.queryContextAttributes(ContextAttribute.SESSION);
    }

    private static byte[] step(SchannelContext context, byte[] input, ContextOptions options, boolean initiator)
            throws SspiException {
        SecBufferDesc in =
                input == null ? null : new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, input), new SecBuffer());
        SecBufferDesc out = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[100_000]));
        if (initiator) {
            context.initializeSecurityContext(NAME, IscReq.STREAM, options, in, out);
        } else {
            context.acceptSecurityContext(AscReq.STREAM, options, in, out);
        }
        return out.get(0).toByteArray();
    }

    private static X509Certificate certificate(Session session) {
        return session.peerCertificates().get(0);
    }

    @Test
    void aClientThatTrustsTheNewAuthorityAsksForItsChain() throws Exception {
        CredHandle inbound = server(BY_NEW, BY_OLD);
        Session session = connect(client(NEW_ROOT), inbound, asking(List.of(NEW)));
        assertEquals(BY_NEW.chain().get(0), certificate(session));
        assertTrue(session.trustAnchorMatched());
    }

    @Test
    void aClientThatKnowsNothingOfThemIsShownTheChainForEverybody() throws Exception {
        // Although the other is preferred.
        Session session = connect(client(OLD_ROOT), server(BY_NEW, BY_OLD), asking(null));
        assertEquals(BY_OLD.chain().get(0), certificate(session));
        assertFalse(session.trustAnchorMatched());
        assertEquals(List.of(), session.availableTrustAnchors());

        assertEquals(
                BY_NEW.chain().get(0),
                certificate(connect(client(NEW_ROOT), server(BY_NEW), asking(null))),
                "if there is no such, the one that there is");
    }

    @Test
    void aClientTriesAgainWithWhatTheServerHasAndItTrusts() throws Exception {
        List<TrustAnchorId> trusted = List.of(TrustAnchorId.parse("32473.7"), NEW);
        CredHandle outbound = client(NEW_ROOT);
        CredHandle inbound = server(OTHER, BY_NEW, BY_OLD);

        Session first = connect(outbound, inbound, asking(List.of()));
        assertEquals(AlertDescription.UNKNOWN_CA.code(), refusal.alert().getAsInt(), refusal::getMessage);
        // Of the service that was asked for, and of no other that is here as well.
        assertEquals(List.of(NEW), first.availableTrustAnchors());

        TrustAnchorId common = first.availableTrustAnchors().stream()
                .filter(trusted::contains)
                .findFirst()
                .orElseThrow();
        Session second = connect(outbound, inbound, asking(List.of(common)));
        assertEquals(null, refusal);
        assertEquals(BY_NEW.chain().get(0), certificate(second));
        assertTrue(second.trustAnchorMatched());
    }

    @Test
    void theNameThatIsAskedForCountsMoreThanTheAnchor() throws Exception {
        Session session =
                connect(client(OLD_ROOT), server(OTHER, BY_OLD), asking(List.of(TrustAnchorId.parse("32473.9"), OLD)));
        assertEquals(BY_OLD.chain().get(0), certificate(session));
        assertEquals(List.of(), session.availableTrustAnchors());
    }

    @Test
    void aChainForAnAnchorIsInOrder() {
        Identity whole = TestCertificates.of(KeyKind.P256).subject("CN=leaf").signedBy(OLD_ROOT);
        assertEquals(OLD, whole.withTrustAnchor(OLD).trustAnchor());
        assertEquals(whole, whole.withTrustAnchor(OLD).withTrustAnchor(null));
        X509Certificate own = whole.chain().get(0);
        Identity mixed = new Identity(
                whole.privateKey(),
                List.of(own, NEW_ROOT.chain().get(0), whole.chain().get(1)));
        assertThrows(IllegalArgumentException.class, () -> mixed.withTrustAnchor(OLD));
    }

    @Test
    void whatIsAskedForIsBounded() {
        TrustAnchorId longest = TrustAnchorId.of(new byte[TrustAnchorId.LONGEST]);
        List<TrustAnchorId> most = java.util.Collections.nCopies(64, longest);
        assertEquals(
                64,
                ContextOptions.builder()
                        .trustAnchors(most)
                        .build()
                        .trustAnchors()
                        .size());
        List<TrustAnchorId> more = java.util.Collections.nCopies(65, longest);
        assertThrows(
                IllegalArgumentException.class, () -> ContextOptions.builder().trustAnchors(more));
    }

    @Test
    void theLargestListIsSentAndHeard() throws Exception {
        List<TrustAnchorId> most = new java.util.ArrayList<>();
        for (int i = 0; i < 63; i++) {
            byte[] id = new byte[TrustAnchorId.LONGEST];
            id[0] = (byte) i;
            most.add(TrustAnchorId.of(id));
        }
        most.add(NEW);
        Session session = connect(client(NEW_ROOT), server(BY_OLD, BY_NEW), asking(most));
        assertSame(null, refusal);
        assertEquals(BY_NEW.chain().get(0), certificate(session));
    }
}
