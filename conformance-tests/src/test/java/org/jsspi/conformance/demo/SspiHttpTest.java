package org.jsspi.conformance.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jsspi.AuthIdentity;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.NtlmAccountTable;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.provider.ntlm.NtlmPackage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NTLM over HTTP: our server with curl and HttpURLConnection, and our client with our server. */
class SspiHttpTest {
    private static final String USER = "testuser";
    private static final String DOMAIN = "SSPIWG";
    private static final String PASSWORD = "pass1234";
    private static final String BODY = "a body that takes more than one piece. ".repeat(500);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private CredHandle inbound;
    private SspiHttpAuthenticator authenticator;
    private HttpServer server;

    private static AuthIdentity identity(String password) throws Exception {
        return AuthIdentity.of(USER, DOMAIN, password.toCharArray());
    }

    @BeforeEach
    void serve() throws Exception {
        try (AuthIdentity account = identity(PASSWORD)) {
            inbound = new NtlmPackage()
                    .acquireCredentialsHandle(
                            DOMAIN + "\\JSSPI", CredentialUse.INBOUND, new NtlmAccountTable().add(account));
        }
        LinkedHashMap<String, CredHandle> credentials = new LinkedHashMap<>();
        credentials.put("NTLM", inbound);
        authenticator = new SspiHttpAuthenticator("test", credentials);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
                    int length = exchange.getRequestBody().readAllBytes().length;
                    byte[] body = (exchange.getPrincipal().getUsername() + " sends " + length)
                            .getBytes(StandardCharsets.US_ASCII);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                })
                .setAuthenticator(authenticator);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
        authenticator.close();
        inbound.close();
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    // Ours

    private static CredHandle outbound(String password) throws Exception {
        try (AuthIdentity identity = identity(password)) {
            return new NtlmPackage().acquireCredentialsHandle(null, CredentialUse.OUTBOUND, identity);
        }
    }

    private static SspiHttpClient client(CredHandle credential) {
        return new SspiHttpClient(HttpClient.newBuilder(), "NTLM", credential);
    }

    @Test
    void ourClientGetsAndPostsAsItsUser() throws Exception {
        try (CredHandle credential = outbound(PASSWORD)) {
            SspiHttpClient client = client(credential);
            for (int round = 0; round < 3; round++) {
                HttpResponse<String> got =
                        client.send(HttpRequest.newBuilder(url("/")).build(), BodyHandlers.ofString());
                assertEquals("SSPIWG\\testuser sends 0", got.body());
                HttpResponse<String> posted = client.send(
                        HttpRequest.newBuilder(url("/form"))
                                .POST(BodyPublishers.ofString(BODY))
                                .build(),
                        BodyHandlers.ofString());
                assertEquals("SSPIWG\\testuser sends " + BODY.length(), posted.body());
            }
        }
    }

    @Test
    void aWrongPasswordIsStatus401() throws Exception {
        try (CredHandle credential = outbound("another")) {
            HttpResponse<String> refused =
                    client(credential).send(HttpRequest.newBuilder(url("/")).build(), BodyHandlers.ofString());
            assertEquals(401, refused.statusCode());
            assertEquals(List.of("NTLM"), refused.headers().allValues("WWW-Authenticate"));
        }
    }

    /** The requests of many exchanges come in any order, each on its own connection. */
    @Test
    void manyClientsAtOnceAreToldApart() throws Exception {
        try (CredHandle credential = outbound(PASSWORD)) {
            List<Future<String>> answers = IntStream.range(0, 20)
                    .mapToObj(i -> threads.submit(() -> client(credential)
                            .send(HttpRequest.newBuilder(url("/" + i)).build(), BodyHandlers.ofString())
                            .body()))
                    .toList();
            for (Future<String> answer : answers) {
                assertEquals("SSPIWG\\testuser sends 0", answer.get());
            }
        }
    }

    // HttpURLConnection

    private String connect(String path, String body, String password) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url(path).toURL().openConnection();
        connection.setAuthenticator(new Authenticator() {
            private boolean asked;

            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                boolean again = asked;
                asked = true;
                return again ? null : new PasswordAuthentication(DOMAIN + "\\" + USER, password.toCharArray());
            }
        });
        if (body != null) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
        }
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void httpUrlConnectionGetsAndPosts() throws Exception {
        for (int round = 0; round < 3; round++) {
            assertEquals("SSPIWG\\testuser sends 0", connect("/", null, PASSWORD));
            assertEquals("SSPIWG\\testuser sends " + BODY.length(), connect("/form", BODY, PASSWORD));
        }
        assertThrows(IOException.class, () -> connect("/", null, "another"));
    }

    // curl

    private Peer curl(String password, String... arguments) throws IOException {
        Peer.assumeInstalled("curl");
        List<String> command = new ArrayList<>(
                List.of("curl", "-sS", "--ntlm", "--user", DOMAIN + "\\" + USER + ":" + password, "--max-time", "15"));
        command.addAll(List.of(arguments));
        return Peer.start(command);
    }

    @Test
    void curlGetsAndPosts() throws Exception {
        // Two pages on one connection: the server asks again, and curl answers again.
        try (Peer curl = curl(
                PASSWORD,
                "-w",
                "|%{num_connects}|",
                url("/a").toString(),
                url("/b").toString())) {
            assertEquals(0, curl.end());
            assertEquals("SSPIWG\\testuser sends 0|1|SSPIWG\\testuser sends 0|0|", curl.output());
        }
        try (Peer curl = curl(PASSWORD, "--data", BODY, url("/form").toString())) {
            assertEquals(0, curl.end());
            assertEquals("SSPIWG\\testuser sends " + BODY.length(), curl.output());
        }
        try (Peer curl = curl("another", "-w", "%{http_code}", url("/").toString())) {
            assertEquals(0, curl.end());
            assertEquals("401", curl.output());
        }
    }

    // What no client should send

    private String raw(String authorization) throws IOException {
        try (Socket socket =
                new Socket(server.getAddress().getAddress(), server.getAddress().getPort())) {
            String request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + (authorization == null ? "" : "Authorization: " + authorization + "\r\n") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NTLM",
                "NTLM ====",
                "NTLM TlRMTVNTUA==",
                "NTLM two words",
                "Basic dGVzdHVzZXI6cGFzczEyMzQ=",
                "Negotiate YII=",
                "NTLM TlRMTVNTUAADAAAA"
            })
    void anythingElseIsStatus401AndNoChallenge(String authorization) throws Exception {
        String response = raw(authorization);
        assertTrue(response.startsWith("HTTP/1.1 401 "), response);
        assertTrue(response.toLowerCase(Locale.ROOT).contains("www-authenticate: ntlm\r\n"), response);
        assertTrue(response.toLowerCase(Locale.ROOT).contains("content-length: 0\r\n"), response);
    }

    /** The Type 1 of old clients: flags alone, and with empty names; without Version. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "4e544c4d53535000 01000000 07820800",
                "4e544c4d53535000 01000000 07820800 0000000000000000 0000000000000000"
            })
    void aShortNegotiateMessageIsChallenged(String negotiate) throws Exception {
        byte[] token = HexFormat.of().parseHex(negotiate.replace(" ", ""));
        String response = raw("NTLM " + Base64.getEncoder().encodeToString(token));
        assertTrue(response.startsWith("HTTP/1.1 401 "), response);
        assertTrue(response.contains(" NTLM TlRMTVNTUAACAAAA"), response);
    }
}
