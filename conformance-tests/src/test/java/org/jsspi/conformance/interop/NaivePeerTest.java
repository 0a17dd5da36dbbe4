package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Peers that write for as long as they like before they read: a server's tickets, which nobody has asked for, neither block
 * them nor the server, and cost no data.
 */
class NaivePeerTest {
    private static final int SIZE = 3_000_000;

    static Stream<Arguments> exchanges() {
        return Stream.of(Roles.values())
                .flatMap(roles -> Stream.of("TLSv1.3", "TLSv1.2").map(protocol -> Arguments.of(roles, protocol)));
    }

    /** With buffers of the kernel's that hold little more than a ticket. */
    @ParameterizedTest
    @MethodSource("exchanges")
    void aClientThatWritesAllBeforeItReadsIsHeard(Roles roles, String protocol) throws Exception {
        byte[] sent = new byte[SIZE];
        new Random(1).nextBytes(sent);
        exchange(
                roles,
                protocol,
                socket -> {
                    socket.getOutputStream().write(sent);
                    assertEquals(SIZE, new DataInputStream(socket.getInputStream()).readInt());
                },
                socket -> {
                    assertArrayEquals(sent, socket.getInputStream().readNBytes(SIZE));
                    new DataOutputStream(socket.getOutputStream()).writeInt(SIZE);
                });
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void aServerThatWritesAllBeforeItReadsIsHeard(Roles roles, String protocol) throws Exception {
        byte[] sent = new byte[SIZE];
        new Random(2).nextBytes(sent);
        exchange(
                roles,
                protocol,
                socket -> {
                    socket.startHandshake();
                    assertArrayEquals(sent, socket.getInputStream().readNBytes(SIZE));
                    new DataOutputStream(socket.getOutputStream()).writeInt(SIZE);
                },
                socket -> {
                    socket.getOutputStream().write(sent);
                    assertEquals(SIZE, new DataInputStream(socket.getInputStream()).readInt());
                });
    }

    /** It never sees the tickets, and ends as soon as it has written. */
    @ParameterizedTest
    @MethodSource("exchanges")
    void aClientThatOnlyWritesLosesNothing(Roles roles, String protocol) throws Exception {
        byte[] sent = new byte[SIZE];
        new Random(3).nextBytes(sent);
        exchange(
                roles,
                protocol,
                socket -> socket.getOutputStream().write(sent),
                socket -> assertArrayEquals(sent, socket.getInputStream().readNBytes(SIZE)));
    }

    private interface Side {
        void talk(SSLSocket socket) throws Exception;
    }

    private static void exchange(Roles roles, String protocol, Side clientSide, Side serverSide) throws Exception {
        SSLContext server = roles.server.server(KeyKind.EC_P256);
        SSLContext client = roles.client.client();
        try (ServerSocket listening = new ServerSocket()) {
            listening.setReceiveBufferSize(4096);
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
                try (Socket accepted = listening.accept();
                        SSLSocket socket =
                                (SSLSocket) server.getSocketFactory().createSocket(accepted, null, 0, true)) {
                    accepted.setSendBufferSize(4096);
                    socket.setSoTimeout(20_000);
                    socket.setUseClientMode(false);
                    serverSide.talk(socket);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            try (Socket plain = new Socket()) {
                plain.setReceiveBufferSize(4096);
                plain.setSendBufferSize(4096);
                plain.connect(listening.getLocalSocketAddress());
                SSLSocket socket = (SSLSocket)
                        client.getSocketFactory().createSocket(plain, "localhost", listening.getLocalPort(), true);
                socket.setSoTimeout(20_000);
                socket.setEnabledProtocols(new String[] {protocol});
                clientSide.talk(socket);
                socket.close();
            }
            served.get(60, TimeUnit.SECONDS);
        }
    }
}
