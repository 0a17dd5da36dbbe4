package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.SchCredentials;
import org.jsspi.Session;
import org.jsspi.conformance.demo.SchannelStream;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.Schannel;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signed certificate timestamps (RFC 6962 3.3) to and from OpenSSL, which takes them for bytes of an extension. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CertificateTimestampsTest extends OpenSslPrograms {
    private static final byte[] FIRST = {1, 2, 3, 4};
    private static final byte[] SECOND = {1, 5};

    // extension_type 2, length 2, list 2, two timestamps with their lengths
    private static final byte[] EXTENSION = {0, 18, 0, 12, 0, 10, 0, 4, 1, 2, 3, 4, 0, 2, 1, 5};

    // SSL_EXT_CLIENT_HELLO, SSL_EXT_TLS1_2_SERVER_HELLO, SSL_EXT_TLS1_3_CERTIFICATE of openssl/ssl.h
    private static final int CONTEXTS = 0x80 | 0x100 | 0x1000;

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void ourClientReadsWhatOpenSslSends(String version) throws Exception {
        byte[] serverInfo = ByteBuffer.allocate(4 + EXTENSION.length)
                .putInt(CONTEXTS)
                .put(EXTENSION)
                .array();
        Path file = Files.writeString(
                directory.resolve("serverinfo.pem"),
                "-----BEGIN SERVERINFOV2 FOR TIMESTAMPS-----\n"
                        + Base64.getEncoder().encodeToString(serverInfo)
                        + "\n-----END SERVERINFOV2 FOR TIMESTAMPS-----\n",
                StandardCharsets.US_ASCII);
        try (Peer server = server(KeyKind.EC_P256, version, "-serverinfo", file.toString(), "-rev");
                CredHandle credential = Schannel.outbound()) {
            assertTimestamps(List.of(FIRST, SECOND), session(credential, server, true));
            assertTimestamps(List.of(), session(credential, server, false));
        }
    }

    private static Session session(CredHandle credential, Peer server, boolean asks) throws Exception {
        ContextOptions options =
                ContextOptions.builder().requestCertificateTimestamps(asks).build();
        try (Socket socket = new Socket("127.0.0.1", port(server));
                SchannelStream stream = SchannelStream.connect(
                        credential,
                        "localhost",
                        options,
                        List.of(),
                        socket.getInputStream(),
                        socket.getOutputStream())) {
            return stream.query(ContextAttribute.SESSION);
        }
    }

    private static void assertTimestamps(List<byte[]> expected, Session session) {
        assertArrayEquals(
                expected.toArray(), session.signedCertificateTimestamps().toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void openSslReadsWhatOurServerSends(String version) throws Exception {
        // OpenSSL wants a list of logs; timestamps of a version that it does not know need none.
        Path logs = Files.writeString(directory.resolve("logs.cnf"), "enabled_logs=\n", StandardCharsets.US_ASCII);
        SchCredentials credentials = SchCredentials.builder()
                .identities(List.of(TestPki.server(KeyKind.EC_P256).identity()))
                .certificateTimestamps(certificate -> List.of(FIRST, SECOND))
                .build();
        try (CredHandle credential = Schannel.inbound(credentials);
                Listening server = Listening.plain(socket -> serve(credential, socket))) {
            try (Peer client = client(server, version, "-ct", "-ctlogfile", logs.toString())) {
                client.await("Verify return code: 0");
                client.await("SCTs present (2)");
                client.await("01:02:03:04");
                client.await("01:05");
            }
        }
    }

    private static void serve(CredHandle credential, Socket socket) throws Exception {
        try (SchannelStream stream = SchannelStream.accept(
                credential, ContextOptions.DEFAULT, List.of(), socket.getInputStream(), socket.getOutputStream())) {
            stream.read();
        }
    }
}
