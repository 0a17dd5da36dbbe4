package org.jsspi.conformance;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;

/**
 * Prints what two connected engines hold that have exchanged messages and say nothing, with what their context keeps of the session:
 * bytes of live objects that are there for each further pair.
 *
 * <pre>
 * TLSv1.3: 3650
 * </pre>
 */
final class IdleHeapProbe {
    private static final int PAIRS = 500;
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

    private final SSLContext context = Jsse.OURS.context(TestPki.server(KeyKind.EC_P256));
    private final ByteBuffer records = ByteBuffer.allocate(1 << 16);
    private final ByteBuffer received = ByteBuffer.allocate(1 << 16);
    private final String[] protocols;
    private final String[] suites;

    private IdleHeapProbe(String protocol, String suite) {
        this.protocols = new String[] {protocol};
        this.suites = new String[] {suite};
    }

    public static void main(String... arguments) throws Exception {
        print("TLSv1.3", "TLS_AES_128_GCM_SHA256");
        print("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    }

    private static void print(String protocol, String suite) throws Exception {
        IdleHeapProbe probe = new IdleHeapProbe(protocol, suite);
        List<SSLEngine> engines = new ArrayList<>(4 * PAIRS);
        // What is there once, and what is pooled, is there then.
        probe.connect(engines);
        long before = liveBytes();
        probe.connect(engines);
        System.out.println(protocol + ": " + (liveBytes() - before) / PAIRS);
        if (engines.size() != 4 * PAIRS) {
            throw new IllegalStateException("pairs are missing");
        }
    }

    private void connect(List<SSLEngine> engines) throws Exception {
        for (int i = 0; i < PAIRS; i++) {
            // Without a peer's name: nobody resumes.
            SSLEngine client = engine(true);
            SSLEngine server = engine(false);
            new EnginePair(client, server).handshake();
            for (int size : List.of(64, 16384)) {
                send(client, server, size);
                send(server, client, size);
            }
            engines.add(client);
            engines.add(server);
        }
    }

    private SSLEngine engine(boolean client) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(client);
        engine.setEnabledProtocols(protocols);
        engine.setEnabledCipherSuites(suites);
        return engine;
    }

    private void send(SSLEngine sender, SSLEngine receiver, int size) throws SSLException {
        ByteBuffer message = ByteBuffer.allocate(size);
        records.clear();
        received.clear();
        while (message.hasRemaining()) {
            sender.wrap(message, records);
        }
        records.flip();
        while (records.hasRemaining()) {
            receiver.unwrap(records, received);
        }
        if (received.position() != size) {
            throw new IllegalStateException(received.position() + " bytes arrived of " + size);
        }
    }

    /** By the histogram of classes, for which the JVM collects what is not alive. */
    private static long liveBytes() throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        long bytes = 0;
        // More than once: what has a cleaner goes with the collection after the one that found it.
        for (int i = 0; i < 3; i++) {
            String histogram = (String) server.invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
            Matcher total = TOTAL.matcher(histogram);
            if (!total.find()) {
                throw new IllegalStateException("no total in " + histogram);
            }
            bytes = Long.parseLong(total.group(1));
        }
        return bytes;
    }
}
