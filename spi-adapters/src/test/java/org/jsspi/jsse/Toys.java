package org.jsspi.jsse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** What the tests share: contexts over the toy package, buffers of each kind, two engines on one thread. */
final class Toys {
    /** A context outside of any Provider. */
    static final class Context extends SSLContext {
        Context(SSLContextSpi spi) {
            super(spi, null, "toy");
        }
    }

    /** The kinds of memory that callers pass. */
    enum Memory {
        HEAP,
        DIRECT,
        SLICE;

        /** A buffer with exactly this room. */
        ByteBuffer room(int bytes) {
            return switch (this) {
                case HEAP -> ByteBuffer.allocate(bytes);
                case DIRECT -> ByteBuffer.allocateDirect(bytes);
                case SLICE ->
                    ByteBuffer.allocate(bytes + 13).position(7).slice().limit(bytes);
            };
        }

        /** A buffer with these bytes. */
        ByteBuffer of(byte[] bytes) {
            return room(bytes.length).put(bytes).flip();
        }
    }

    private Toys() {}

    static KeyStore keyStore(String name) {
        try (InputStream in = Toys.class.getResourceAsStream(name)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, "changeit".toCharArray());
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static X509Certificate certificate(String name) {
        try {
            return (X509Certificate) keyStore(name).getCertificate("toy");
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static KeyManager[] keys() {
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(keyStore("toy.p12"), "changeit".toCharArray());
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The platform's PKIX trust in the toy certificate. */
    static TrustManager[] trust() {
        try {
            KeyStore roots = KeyStore.getInstance("PKCS12");
            roots.load(null, null);
            roots.setCertificateEntry("toy", certificate("toy.p12"));
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(roots);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A trust manager of the oldest kind, which trusts everyone. */
    static TrustManager[] plainTrust() {
        return new TrustManager[] {
            new X509TrustManager() {
                @Override
                public void checkClientTrusted(X509Certificate[] chain, String authType) {
                    // trusted
                }

                @Override
                public void checkServerTrusted(X509Certificate[] chain, String authType) {
                    // trusted
                }

                @Override
                public X509Certificate[] getAcceptedIssuers() {
                    return new X509Certificate[0];
                }
            }
        };
    }

    static SSLContext context(ToyPackage toy) {
        return context(toy, keys(), trust());
    }

    static SSLContext context(ToyPackage toy, KeyManager[] keys, TrustManager[] trust) {
        try {
            SSLContext context = new Context(new JsseContextSpi(toy, null));
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Two engines of one context and the bytes between them. */
    static final class Pair {
        final ToyPackage toy;
        final SSLEngine client;
        final SSLEngine server;
        final Queue<ByteBuffer> toServer = new ArrayDeque<>();
        final Queue<ByteBuffer> toClient = new ArrayDeque<>();
        final EnumSet<Status> seen = EnumSet.noneOf(Status.class);
        int clientFinished;
        int serverFinished;

        Pair() {
            this(new ToyPackage());
        }

        Pair(ToyPackage toy) {
            this(toy, context(toy));
        }

        Pair(ToyPackage toy, SSLContext context) {
            this.toy = toy;
            client = context.createSSLEngine("toy.example.com", 443);
            client.setUseClientMode(true);
            server = context.createSSLEngine();
            server.setUseClientMode(false);
        }

        Pair connected() throws SSLException {
            handshake();
            return this;
        }

        ToyContext clientContext() {
            return toy.contexts.get(0);
        }

        ToyContext serverContext() {
            return toy.contexts.get(1);
        }

        /** Moves both until neither can move. */
        void handshake() throws SSLException {
            client.beginHandshake();
            server.beginHandshake();
            int steps = 0;
            for (boolean moved = true; moved; ) {
                if (steps++ > 1_000) {
                    throw new AssertionError("the handshake makes no progress");
                }
                moved = step(client, toServer, toClient) | step(server, toClient, toServer);
            }
        }

        private boolean step(SSLEngine engine, Queue<ByteBuffer> out, Queue<ByteBuffer> in) throws SSLException {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    engine.getDelegatedTask().run();
                    return true;
                }
                case NEED_WRAP -> {
                    ByteBuffer record = ByteBuffer.allocate(JsseSession.PACKET_BUFFER_SIZE);
                    count(engine, engine.wrap(ByteBuffer.allocate(0), record));
                    if (record.flip().hasRemaining()) {
                        out.add(record);
                    }
                    return true;
                }
                default -> {
                    ByteBuffer record = in.peek();
                    if (record == null) {
                        return false;
                    }
                    count(engine, engine.unwrap(record, ByteBuffer.allocate(0)));
                    if (!record.hasRemaining()) {
                        in.remove();
                    }
                    return true;
                }
            }
        }

        private void count(SSLEngine engine, SSLEngineResult result) {
            seen.add(result.getStatus());
            if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
                if (engine == client) {
                    clientFinished++;
                } else {
                    serverFinished++;
                }
            }
        }

        /** One record of data. */
        byte[] record(SSLEngine from, byte[] data) throws SSLException {
            ByteBuffer record = ByteBuffer.allocate(JsseSession.PACKET_BUFFER_SIZE);
            from.wrap(ByteBuffer.wrap(data), record);
            byte[] bytes = new byte[record.flip().remaining()];
            record.get(bytes);
            return bytes;
        }
    }

    static List<Memory> memories() {
        return List.of(Memory.values());
    }
}
