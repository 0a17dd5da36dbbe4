package org.jsspi.jsse;

import java.security.cert.X509Certificate;
import java.util.List;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jsspi.Session;

/** One handshake, from its begin to its end. The fields that {@code jdk.TLSHandshake} has have its names. */
@Name("org.jsspi.TLSHandshake")
@Label("TLS Handshake (JSSPI)")
@Description("A TLS handshake of the provider JSSPI, complete or failed")
@Category({"Java Development Kit", "Security"})
@StackTrace(false)
final class HandshakeEvent extends Event {
    @Label("Client Mode")
    boolean clientMode;

    @Label("Peer Host")
    String peerHost;

    @Label("Peer Port")
    int peerPort;

    @Label("Protocol Version")
    String protocolVersion;

    @Label("Cipher Suite")
    String cipherSuite;

    @Label("Named Group")
    String namedGroup;

    @Label("Application Protocol")
    String applicationProtocol;

    @Label("Resumed")
    boolean resumed;

    @Label("Certificate Id")
    @Description("Of the peer's own certificate; 0 without one")
    long certificateId;

    @Label("Failure")
    @Description("Why there is no connection; empty where there is one")
    String failure = "";

    static Object begun() {
        HandshakeEvent event = new HandshakeEvent();
        event.begin();
        return event;
    }

    static void established(
            Object begun, boolean client, String host, int port, Session session, String applicationProtocol) {
        HandshakeEvent event = (HandshakeEvent) begun;
        event.end();
        if (event.shouldCommit()) {
            event.describe(client, host, port);
            event.protocolVersion = session.protocol();
            event.cipherSuite = session.cipherSuite();
            event.namedGroup = session.namedGroup();
            event.applicationProtocol = applicationProtocol;
            event.resumed = session.resumed();
            List<X509Certificate> chain = session.peerCertificates();
            event.certificateId = chain.isEmpty() ? 0 : CertificateEvent.id(chain.get(0));
            event.commit();
        }
    }

    static void failed(Object begun, boolean client, String host, int port, String reason) {
        HandshakeEvent event = (HandshakeEvent) begun;
        event.end();
        if (event.shouldCommit()) {
            event.describe(client, host, port);
            event.failure = reason;
            event.commit();
        }
    }

    private void describe(boolean client, String host, int port) {
        clientMode = client;
        peerHost = host;
        peerPort = port;
    }
}
