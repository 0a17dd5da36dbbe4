package org.jsspi.jsse;

import java.security.cert.X509Certificate;
import java.util.List;
import jdk.jfr.FlightRecorder;
import org.jsspi.MessageObserver;
import org.jsspi.Session;

/**
 * What one handshake tells those who watch the JVM: a line to the System.Logger {@code org.jsspi.handshake} at level DEBUG, at level
 * TRACE one for each of its messages, and
 * the events of {@link HandshakeEvent} to the flight recorder where there is one. Neither costs anything while nobody watches.
 */
final class HandshakeReport {
    private static final System.Logger LOGGER = System.getLogger("org.jsspi.handshake");

    /** The module is optional: a runtime image may lack it, and a program on the module path may not ask for it. */
    private static final boolean RECORDER = hasRecorder();

    /** Of a type that must not be loaded without the module. */
    private final Object event;

    private HandshakeReport(Object event) {
        this.event = event;
    }

    private static boolean hasRecorder() {
        try {
            Class.forName("jdk.jfr.Event", false, HandshakeReport.class.getClassLoader());
            return HandshakeReport.class.getModule().getLayer() == null
                    || ModuleLayer.boot()
                            .findModule("jdk.jfr")
                            .filter(HandshakeReport.class.getModule()::canRead)
                            .isPresent();
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** A type of event that nobody records would still make the recorder load itself, which takes longer than a handshake. */
    static HandshakeReport begin() {
        return new HandshakeReport(RECORDER && FlightRecorder.isInitialized() ? HandshakeEvent.begun() : null);
    }

    /** {@return who writes a line for each message to that logger, at level TRACE; null while nobody reads them} */
    static MessageObserver tracing(boolean client, String host, int port) {
        if (!LOGGER.isLoggable(System.Logger.Level.TRACE)) {
            return null;
        }
        String connection = (client ? "client" : "server") + " of " + host + ":" + port + ": ";
        return (sent, contentType, name, message) -> LOGGER.log(
                System.Logger.Level.TRACE,
                connection + (sent ? "sent " : "received ") + name + ", " + message.length + " bytes");
    }

    void established(boolean client, String host, int port, Session session, String applicationProtocol) {
        if (LOGGER.isLoggable(System.Logger.Level.DEBUG)) {
            LOGGER.log(
                    System.Logger.Level.DEBUG,
                    (client ? "client" : "server") + " of " + host + ":" + port + ": " + session.protocol() + ", "
                            + session.cipherSuite() + ", " + session.namedGroup()
                            + (session.resumed() ? ", resumed" : "")
                            + (applicationProtocol.isEmpty() ? "" : ", " + applicationProtocol));
        }
        if (event != null) {
            HandshakeEvent.established(event, client, host, port, session, applicationProtocol);
            if (!session.resumed()) {
                List<X509Certificate> chain = session.peerCertificates();
                for (int i = 0; i < chain.size(); i++) {
                    CertificateEvent.seen(chain.get(i), i, client);
                }
            }
        }
    }

    void failed(boolean client, String host, int port, Exception failure) {
        LOGGER.log(System.Logger.Level.DEBUG, failure::getMessage);
        if (event != null) {
            HandshakeEvent.failed(event, client, host, port, failure.getMessage());
        }
    }
}
