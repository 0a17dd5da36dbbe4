package org.jsspi.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jsspi.conformance.fixture.TestPki;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP over TLS: every client with Jetty, every server with the JDK's client, with certificates on both sides. */
class WebTest {
    private static final Map<String, WebServer.Framework> SERVERS = new TreeMap<>(Map.of(
            "Jetty",
            JettyWeb::start,
            "Tomcat",
            TomcatWeb::start,
            "Undertow",
            UndertowWeb::start,
            "JDK",
            JdkWeb::start));

    private static final Map<String, WebClient.Framework> CLIENTS = new TreeMap<>(Map.of(
            "JDK HttpClient", JdkWeb::open,
            "HttpsURLConnection", JdkWeb::urlConnection,
            "Apache HttpClient", ApacheWeb::open,
            "OkHttp", OkHttpWeb::open,
            "Jetty client", JettyWeb::open));

    private static final Set<String> ONLY_HTTP_1 = Set.of("JDK", "HttpsURLConnection");

    @BeforeAll
    static void configure() {
        Material.setAsDefault();
    }

    static Stream<Arguments> exchanges() {
        Stream<Arguments> clients = CLIENTS.keySet().stream().map(client -> Arguments.of(client, "Jetty"));
        Stream<Arguments> servers = SERVERS.keySet().stream()
                .filter(server -> !server.equals("Jetty"))
                .map(server -> Arguments.of("JDK HttpClient", server));
        return Stream.concat(clients, servers)
                .flatMap(pair -> Material.protocols()
                        .flatMap(protocol -> Stream.of(true, false)
                                .map(http2 -> Arguments.of(pair.get()[0], pair.get()[1], protocol, http2))))
                .filter(exchange -> exchange.get()[3].equals(false)
                        || !ONLY_HTTP_1.contains(exchange.get()[0]) && !ONLY_HTTP_1.contains(exchange.get()[1]));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}, HTTP/2 {3}")
    @MethodSource("exchanges")
    void aRequestAndFiftyMegabytesEachWay(String client, String server, String protocol, boolean http2)
            throws Exception {
        try (WebServer pages = SERVERS.get(server).start(new WebServer.Wish(protocol, http2, Material.SERVER));
                WebClient asking = CLIENTS.get(client).open(http2, true)) {
            WebClient.Answer hello = asking.get(pages.uri("/hello"));
            assertEquals(http2, hello.http2());
            assertTrue(hello.body().contains(protocol), hello.body());
            String certificate = Integer.toString(Material.CLIENT.certificate().hashCode());
            assertTrue(hello.body().endsWith(certificate), hello.body());
            if (!server.equals("Tomcat")) { // which hands out what it knows of the session, and not the session
                assertTrue(hello.body().startsWith("org.jsspi.jsse."), hello.body());
            }
            assertEquals(Payload.SIZE, asking.download(pages.uri("/download")));
            assertEquals(Integer.toString(Payload.SIZE), asking.upload(pages.uri("/upload")));
            Ours.assertEngines(2);
        }
    }

    static Stream<String> servers() {
        return SERVERS.keySet().stream();
    }

    static Stream<String> clients() {
        return CLIENTS.keySet().stream();
    }

    /** As the framework comes: Tomcat names protocols that we do not have, groups too. */
    @ParameterizedTest
    @MethodSource("servers")
    void aServerWithItsOwnChoiceOfProtocolsServes(String server) throws Exception {
        try (WebServer pages = SERVERS.get(server).start(new WebServer.Wish(null, false, Material.SERVER));
                WebClient asking = JdkWeb.open(false, true)) {
            String best = Material.protocols().findFirst().orElseThrow();
            assertTrue(asking.get(pages.uri("/hello")).body().contains(best));
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aClientWithoutACertificateIsRefused(String server) throws Exception {
        for (String protocol : Material.protocols().toList()) {
            try (WebServer pages = SERVERS.get(server).start(new WebServer.Wish(protocol, false, Material.SERVER));
                    WebClient asking = OkHttpWeb.open(false, false)) {
                assertThrows(Exception.class, () -> asking.get(pages.uri("/hello")));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("clients")
    void aServerThatNobodyVouchesForIsRefused(String client) throws Exception {
        refuses(client, new WebServer.Wish(null, false, TestPki.selfSigned()));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void aServerOfAnotherNameIsRefused(String client) throws Exception {
        refuses(client, new WebServer.Wish(null, false, TestPki.named("elsewhere.example")));
    }

    private static void refuses(String client, WebServer.Wish wish) throws Exception {
        try (WebServer pages = UndertowWeb.start(wish);
                WebClient asking = CLIENTS.get(client).open(false, true)) {
            Exception thrown = assertThrows(Exception.class, () -> asking.get(pages.uri("/hello")));
            String text = causes(thrown);
            assertTrue(text.contains("SSL") || text.contains("Certificate"), text);
        }
    }

    private static String causes(Throwable thrown) {
        return thrown == null ? "" : thrown + "; " + causes(thrown.getCause());
    }

    @Test
    void thisJvmHasNothingButTheSecurityFile() {
        assertEquals("JSSPI", java.security.Security.getProviders()[0].getName());
        assertEquals("JSSPI", Material.context(null).getProvider().getName());
    }
}
