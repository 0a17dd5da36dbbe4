package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.FalseStart;
import org.jsspi.CredHandle;
import org.jsspi.SchCredentials;
import org.jsspi.conformance.demo.SchannelStream;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.Schannel;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients of Schannel that do not wait for the Finished of OpenSSL, GnuTLS and the servers of JSSE, and those that have to. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FalseStartTest extends OpenSslPrograms {
    private static final String LINE = "abc def\n";
    private static final List<String> ALPN = List.of("http/1.1");
    private static final ContextOptions ALLOWED = ContextOptions.builder()
            .peer("localhost", 1)
            .protocols(List.of("TLSv1.3", "TLSv1.2"))
            .falseStart(FalseStart.WITH_ALPN)
            .build();

    /** A client's wire, on which nothing is read between its second flight and the first data. */
    private static final class Wire {
        private final InputStream in;
        private final OutputStream out;
        private int flights;
        private boolean mayRead;

        /** @param ahead whether the client does not wait */
        Wire(Socket socket, boolean ahead) throws IOException {
            mayRead = !ahead;
            in = new FilterInputStream(socket.getInputStream()) {
                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    assertTrue(flights < 2 || mayRead, "it waits for the server's Finished");
                    return super.read(bytes, offset, length);
                }
            };
            out = new FilterOutputStream(socket.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length);
                }

                @Override
                public void flush() throws IOException {
                    flights++;
                    out.flush();
                }
            };
        }
    }

    /** A line to the server and back. {@return whether it went before the handshake was complete} */
    private static boolean talk(CredHandle credential, int port, List<String> protocols, boolean ahead, String answer)
            throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(15_000);
            Wire wire = new Wire(socket, ahead);
            try (SchannelStream stream =
                    SchannelStream.connect(credential, "localhost", ALLOWED, protocols, wire.in, wire.out)) {
                boolean early = !stream.isComplete();
                stream.write(ByteBuffer.wrap(LINE.getBytes(StandardCharsets.US_ASCII)));
                wire.mayRead = true;
                StringBuilder received = new StringBuilder();
                while (!received.toString().endsWith("\n")) {
                    received.append(StandardCharsets.US_ASCII.decode(stream.read()));
                }
                assertEquals(answer, received.toString());
                assertTrue(stream.isComplete());
                stream.shutdown();
                return early;
            }
        }
    }

    private static void talksTwice(int port, String answer) throws Exception {
        try (CredHandle credential = Schannel.outbound()) {
            assertTrue(talk(credential, port, ALPN, true, answer));
            assertFalse(talk(credential, port, ALPN, false, answer), "the session of the first is resumed");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyKind.class,
            names = {"EC_P256", "RSA"})
    void openSslTakesWhatComesBehindOurFinished(KeyKind kind) throws Exception {
        try (Peer server = server(kind, "-tls1_2", "-rev", "-alpn", ALPN.get(0))) {
            talksTwice(port(server), "fed cba\n");
        }
    }

    /** Which says nothing of tickets in its ServerHello, and so comes to the point at once. */
    @Test
    void openSslWithoutTicketsTakesIt() throws Exception {
        try (Peer server = server(KeyKind.EC_P256, "-tls1_2", "-rev", "-alpn", ALPN.get(0), "-no_ticket")) {
            talksTwice(port(server), "fed cba\n");
        }
    }

    @Test
    void gnuTlsTakesWhatComesBehindOurFinished() throws Exception {
        try (GnuTlsServer server =
                GnuTlsServer.start(directory, "NORMAL:-VERS-ALL:+VERS-TLS1.2", "--alpn=" + ALPN.get(0))) {
            talksTwice(server.port(), LINE);
        }
    }

    @ParameterizedTest
    @EnumSource(Jsse.class)
    void aServerOfJsseTakesWhatComesBehindOurFinished(Jsse provider) throws Exception {
        SSLServerSocket socket = (SSLServerSocket) provider.server(KeyKind.EC_P256)
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.2"});
        parameters.setApplicationProtocols(ALPN.toArray(String[]::new));
        socket.setSSLParameters(parameters);
        try (Listening server = Listening.tls(socket, OpenSslPrograms::copy)) {
            talksTwice(server.port(), LINE);
        }
    }

    @Test
    void openSslWithoutAnApplicationProtocolIsWaitedFor() throws Exception {
        try (Peer server = server(KeyKind.EC_P256, "-tls1_2", "-rev");
                CredHandle credential = Schannel.outbound()) {
            assertFalse(talk(credential, port(server), ALPN, false, "fed cba\n"));
        }
    }

    @Test
    void openSslThatIsShownACertificateIsWaitedFor() throws Exception {
        SchCredentials known = SchCredentials.builder()
                .rootStore(TestPki.roots())
                .identities(List.of(TestPki.client(KeyKind.EC_P256).identity()))
                .build();
        try (Peer server = server(
                        KeyKind.EC_P256,
                        "-tls1_2",
                        "-rev",
                        "-alpn",
                        ALPN.get(0),
                        "-verify",
                        "3",
                        "-CAfile",
                        root.toString());
                CredHandle credential = Schannel.outbound(known);
                CredHandle nobody = Schannel.outbound()) {
            assertFalse(talk(credential, port(server), ALPN, false, "fed cba\n"));
            server.await("Test client EC_P256");
            assertTrue(talk(nobody, port(server), ALPN, true, "fed cba\n"), "without one there is nothing to wait for");
        }
    }

    @Test
    void openSslThatSpeaksTls13HasFinishedBefore() throws Exception {
        try (Peer server = server(KeyKind.EC_P256, "-rev", "-alpn", ALPN.get(0));
                CredHandle credential = Schannel.outbound()) {
            assertFalse(talk(credential, port(server), ALPN, false, "fed cba\n"));
        }
    }
}
