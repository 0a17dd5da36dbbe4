package org.jsspi.conformance;

import java.nio.ByteBuffer;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.jsspi.provider.crypto.KeyExchange;
import org.jsspi.provider.crypto.KeyExchangeGroup;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.crypto.Signing;

/**
 * Prints what a handshake allocates, both sides together, and what the public-key primitives that it consists of allocate by
 * the same calls. A certificate for P-256 directly below the anchor, x25519.
 *
 * <pre>
 * TLSv1.3 full: both sides 300000, primitives 190000
 * </pre>
 */
final class HandshakeAllocationProbe {
    private static final int RUNS = 40;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
    private final ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
    private final ByteBuffer data = ByteBuffer.allocate(1 << 15);
    private final SSLContext servers;
    private final SSLContext clients;
    private final String[] protocols;
    private final String[] suites;
    private final boolean resumed;
    private long firstSession;

    private HandshakeAllocationProbe(Credential credential, String protocol, String suite, boolean resumed) {
        this.servers = Jsse.OURS.context(credential.keyManagers(), null);
        this.clients = Jsse.OURS.context(null, TestPki.trustManagers(TestPki.intermediates()));
        this.protocols = new String[] {protocol};
        this.suites = new String[] {suite};
        this.resumed = resumed;
    }

    public static void main(String... arguments) throws Exception {
        Credential whole = TestPki.server(KeyKind.EC_P256);
        Credential credential = new Credential(whole.key(), List.of(whole.certificate()));
        long agreement = Allocation.median(RUNS, HandshakeAllocationProbe::agree);
        byte[] signature = Signing.sign(SignatureAlgorithm.ECDSA_SECP256R1_SHA256, credential.key(), NOTHING.array());
        PublicKey known = credential.certificate().getPublicKey();
        long authentication = Allocation.median(RUNS, () -> authenticate(credential.key(), known, signature));
        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
            boolean tls13 = protocol.equals("TLSv1.3");
            String suite = tls13 ? "TLS_AES_128_GCM_SHA256" : "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
            print(
                    protocol + " full",
                    new HandshakeAllocationProbe(credential, protocol, suite, false),
                    agreement + authentication);
            // RFC 8446 4.2.9: psk_dhe_ke exchanges keys; a session of TLS 1.2 needs neither keys nor certificates.
            print(
                    protocol + " resumed",
                    new HandshakeAllocationProbe(credential, protocol, suite, true),
                    tls13 ? agreement : 0);
        }
    }

    private static void print(String label, HandshakeAllocationProbe handshake, long primitives) throws Exception {
        long bytes = Allocation.median(RUNS, handshake::run);
        System.out.println(label + ": both sides " + bytes + ", primitives " + primitives);
    }

    /** The client's pair of keys, the server's, and both agreements. */
    private static void agree() throws Exception {
        KeyExchange client = KeyExchange.generate(KeyExchangeGroup.X25519);
        KeyExchange.Response server = KeyExchange.respond(KeyExchangeGroup.X25519, client.publicShare());
        client.agree(server.serverShare()).destroy();
        server.sharedSecret().destroy();
    }

    private static void authenticate(PrivateKey key, PublicKey known, byte[] signature) throws Exception {
        Signing.sign(SignatureAlgorithm.ECDSA_SECP256R1_SHA256, key, NOTHING.array());
        if (!Signing.verify(SignatureAlgorithm.ECDSA_SECP256R1_SHA256, known, signature, NOTHING.array())) {
            throw new IllegalStateException("the signature does not verify");
        }
    }

    /** From fresh engines until nothing is left to say: behind Finished, with the tickets. */
    private void run() throws SSLException, InterruptedException {
        SSLEngine client = resumed ? clients.createSSLEngine("localhost", 443) : clients.createSSLEngine();
        SSLEngine server = servers.createSSLEngine();
        client.setUseClientMode(true);
        server.setUseClientMode(false);
        client.setEnabledProtocols(protocols);
        client.setEnabledCipherSuites(suites);
        toServer.clear();
        toClient.clear();
        client.beginHandshake();
        server.beginHandshake();
        while (advance(client, toClient, toServer) | advance(server, toServer, toClient)) {
            // until nothing moves
        }
        if (!client.getSession().isValid() || !server.getSession().isValid()) {
            throw new IllegalStateException("the handshake stopped: client " + client.getHandshakeStatus() + ", server "
                    + server.getHandshakeStatus());
        }
        // A session that is resumed keeps the time of its creation.
        long created = client.getSession().getCreationTime();
        if (firstSession == 0) {
            firstSession = created;
            Thread.sleep(2);
        } else if (resumed != (created == firstSession)) {
            throw new IllegalStateException(resumed ? "does not resume" : "resumes unasked");
        }
    }

    private boolean advance(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        boolean moved = false;
        in.flip();
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                engine.getDelegatedTask().run();
            } else if (status == HandshakeStatus.NEED_WRAP) {
                engine.wrap(NOTHING, out);
            } else if (in.hasRemaining()) {
                engine.unwrap(in, data);
            } else {
                break;
            }
            moved = true;
        }
        in.compact();
        return moved;
    }
}
