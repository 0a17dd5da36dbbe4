package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.Principal;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;

/**
 * Asks our objects and SunJSSE's the same questions. The answers are the same, or the difference stands in the list, with its
 * reason; a difference that has gone has to leave the list.
 */
class SunJsseDifferencesTest {
    private static final String SUITES = "SunJSSE has suites that we do not";
    private static final String PROTOCOLS = "SunJSSE still names the old ones as supported; we accept their names";
    private static final String SCHEMES = "the algorithms differ, and so do their lists";

    private static final Map<String, String> DIFFERENCES = differences();

    private static Map<String, String> differences() {
        Map<String, String> all = new LinkedHashMap<>();
        for (String prefix : List.of("engine", "client engine", "server engine", "socket", "server socket")) {
            all.put(prefix + ".getEnabledCipherSuites", SUITES);
            all.put(prefix + ".getSupportedCipherSuites", SUITES);
            all.put(prefix + ".getSupportedProtocols", PROTOCOLS);
            all.put(prefix + ".parameters.getCipherSuites", SUITES);
        }
        for (String prefix : List.of("default", "supported", "round trip")) {
            all.put(prefix + ".parameters.getCipherSuites", SUITES);
        }
        all.put("supported.parameters.getProtocols", PROTOCOLS);
        all.put("socket factory.getDefaultCipherSuites", SUITES);
        all.put("socket factory.getSupportedCipherSuites", SUITES);
        all.put("established.getLocalSupportedSignatureAlgorithms", SCHEMES);
        all.put(
                "server socket.parameters.getMaximumPacketSize",
                "SunJSSE's says 0 and its connections 16709; ours says what they will have");
        all.put(
                "established.getApplicationBufferSize",
                "ours never changes: frameworks size their buffers before the handshake");
        all.put("established.getCipherSuite", "of suites that are equally good the faster one comes first");
        return Collections.unmodifiableMap(all);
    }

    /** One question. */
    private interface Question {
        Object ask() throws Exception;
    }

    private static final class Answers {
        private final Map<String, String> answers = new TreeMap<>();

        void ask(String name, Question question) {
            String answer;
            try {
                answer = text(question.ask());
            } catch (Exception e) {
                answer = e.getClass().getName();
            }
            answers.put(name, answer);
        }

        private static String text(Object value) {
            if (value instanceof Object[] array) {
                return Arrays.toString(array);
            } else if (value instanceof byte[] bytes) {
                return bytes.length + " bytes";
            } else if (value instanceof Principal || value instanceof Boolean || value instanceof Number) {
                return value.toString();
            }
            return String.valueOf(value);
        }

        void parameters(String name, Question question) throws Exception {
            SSLParameters parameters = (SSLParameters) question.ask();
            String of = name + ".parameters.";
            ask(of + "getCipherSuites", parameters::getCipherSuites);
            ask(of + "getProtocols", parameters::getProtocols);
            ask(of + "getNeedClientAuth", parameters::getNeedClientAuth);
            ask(of + "getWantClientAuth", parameters::getWantClientAuth);
            ask(of + "getAlgorithmConstraints", () -> parameters.getAlgorithmConstraints() != null);
            ask(of + "getEndpointIdentificationAlgorithm", parameters::getEndpointIdentificationAlgorithm);
            ask(of + "getServerNames", parameters::getServerNames);
            ask(of + "getSNIMatchers", parameters::getSNIMatchers);
            ask(of + "getUseCipherSuitesOrder", parameters::getUseCipherSuitesOrder);
            ask(of + "getEnableRetransmissions", parameters::getEnableRetransmissions);
            ask(of + "getMaximumPacketSize", parameters::getMaximumPacketSize);
            ask(of + "getApplicationProtocols", parameters::getApplicationProtocols);
            ask(
                    of + "getSignatureSchemes",
                    () -> Parameters.haveSignatureSchemes()
                            ? SSLParameters.class
                                    .getMethod("getSignatureSchemes")
                                    .invoke(parameters)
                            : null);
        }

        void engine(String name, SSLEngine engine) throws Exception {
            ask(name + ".getUseClientMode", engine::getUseClientMode);
            ask(name + ".getNeedClientAuth", engine::getNeedClientAuth);
            ask(name + ".getWantClientAuth", engine::getWantClientAuth);
            ask(name + ".getEnableSessionCreation", engine::getEnableSessionCreation);
            ask(name + ".getEnabledProtocols", engine::getEnabledProtocols);
            ask(name + ".getSupportedProtocols", engine::getSupportedProtocols);
            ask(name + ".getEnabledCipherSuites", engine::getEnabledCipherSuites);
            ask(name + ".getSupportedCipherSuites", engine::getSupportedCipherSuites);
            ask(name + ".getHandshakeStatus", engine::getHandshakeStatus);
            ask(name + ".getHandshakeSession", engine::getHandshakeSession);
            ask(name + ".getApplicationProtocol", engine::getApplicationProtocol);
            ask(name + ".getHandshakeApplicationProtocol", engine::getHandshakeApplicationProtocol);
            ask(name + ".getHandshakeApplicationProtocolSelector", engine::getHandshakeApplicationProtocolSelector);
            ask(name + ".getDelegatedTask", engine::getDelegatedTask);
            ask(name + ".isInboundDone", engine::isInboundDone);
            ask(name + ".isOutboundDone", engine::isOutboundDone);
            ask(name + ".getPeerHost", engine::getPeerHost);
            ask(name + ".getPeerPort", engine::getPeerPort);
            session(name + ".session", engine.getSession());
            parameters(name, engine::getSSLParameters);
        }

        void session(String name, SSLSession session) {
            ask(name + ".getProtocol", session::getProtocol);
            ask(name + ".getCipherSuite", session::getCipherSuite);
            ask(name + ".isValid", session::isValid);
            ask(name + ".getId", session::getId);
            ask(name + ".getPacketBufferSize", session::getPacketBufferSize);
            ask(name + ".getApplicationBufferSize", session::getApplicationBufferSize);
            ask(name + ".getPeerHost", session::getPeerHost);
            ask(name + ".getPeerPort", session::getPeerPort);
            ask(name + ".getPeerCertificates", session::getPeerCertificates);
            ask(name + ".getPeerPrincipal", session::getPeerPrincipal);
            ask(name + ".getLocalCertificates", session::getLocalCertificates);
            ask(name + ".getLocalPrincipal", session::getLocalPrincipal);
            ask(name + ".getValueNames", session::getValueNames);
            ask(name + ".getSessionContext", () -> session.getSessionContext() != null);
        }

        /** Answers to one name for all of them. */
        void refusals(SSLContext context) {
            SSLEngine engine = context.createSSLEngine();
            ask(
                    "refusals.wrap",
                    () -> engine.wrap(java.nio.ByteBuffer.allocate(0), java.nio.ByteBuffer.allocate(17000)));
            ask("refusals.beginHandshake", () -> {
                engine.beginHandshake();
                return null;
            });
            ask("refusals.setEnabledProtocols(null)", () -> {
                engine.setEnabledProtocols(null);
                return null;
            });
            ask("refusals.setEnabledProtocols(unknown)", () -> {
                engine.setEnabledProtocols(new String[] {"TLSv9"});
                return null;
            });
            ask("refusals.setEnabledProtocols(old)", () -> {
                engine.setEnabledProtocols(new String[] {"SSLv2Hello", "TLSv1", "TLSv1.1", "TLSv1.2"});
                return null;
            });
            ask("refusals.setEnabledCipherSuites(null)", () -> {
                engine.setEnabledCipherSuites(null);
                return null;
            });
            ask("refusals.setEnabledCipherSuites(unknown)", () -> {
                engine.setEnabledCipherSuites(new String[] {"TLS_NOBODY"});
                return null;
            });
            ask(
                    "refusals.createSSLEngine of nobody",
                    () -> context.createSSLEngine(null, -1).getPeerHost());
            ask(
                    "refusals.getSession(null)",
                    () -> context.getClientSessionContext().getSession(null));
            ask("refusals.setSessionTimeout(-1)", () -> {
                context.getClientSessionContext().setSessionTimeout(-1);
                return null;
            });
            ask("refusals.setSessionCacheSize(-1)", () -> {
                context.getClientSessionContext().setSessionCacheSize(-1);
                return null;
            });
            ask(
                    "refusals.getSessionTimeout",
                    () -> context.getClientSessionContext().getSessionTimeout());
            ask(
                    "refusals.getSessionCacheSize",
                    () -> context.getServerSessionContext().getSessionCacheSize());
        }
    }

    private static Map<String, String> answersOf(Jsse provider) throws Exception {
        Answers answers = new Answers();
        SSLContext context = provider.server(KeyKind.EC_P256);
        answers.engine("engine", context.createSSLEngine());
        SSLEngine client = context.createSSLEngine("localhost", 4433);
        client.setUseClientMode(true);
        answers.engine("client engine", client);
        SSLEngine server = context.createSSLEngine("localhost", 4433);
        server.setUseClientMode(false);
        server.setNeedClientAuth(true);
        server.setWantClientAuth(true);
        answers.engine("server engine", server);
        answers.parameters("default", context::getDefaultSSLParameters);
        answers.parameters("supported", context::getSupportedSSLParameters);

        SSLEngine changed = context.createSSLEngine("localhost", 4433);
        changed.setUseClientMode(true);
        SSLParameters parameters = changed.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("a.example")));
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setUseCipherSuitesOrder(false);
        parameters.setApplicationProtocols(new String[] {"h2"});
        parameters.setWantClientAuth(true);
        parameters.setProtocols(new String[] {"TLSv1.2"});
        changed.setSSLParameters(parameters);
        answers.parameters("round trip", changed::getSSLParameters);
        SSLParameters empty = new SSLParameters();
        changed.setSSLParameters(empty);
        answers.parameters("round trip", changed::getSSLParameters);

        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
            answers.ask("socket.getUseClientMode", socket::getUseClientMode);
            answers.ask("socket.getEnabledProtocols", socket::getEnabledProtocols);
            answers.ask("socket.getSupportedProtocols", socket::getSupportedProtocols);
            answers.ask("socket.getEnabledCipherSuites", socket::getEnabledCipherSuites);
            answers.ask("socket.getSupportedCipherSuites", socket::getSupportedCipherSuites);
            answers.ask("socket.isConnected", socket::isConnected);
            answers.ask("socket.isClosed", socket::isClosed);
            answers.ask("socket.isBound", socket::isBound);
            answers.ask("socket.getApplicationProtocol", socket::getApplicationProtocol);
            answers.ask("socket.getHandshakeSession", socket::getHandshakeSession);
            answers.ask("socket.getInputStream", socket::getInputStream);
            answers.ask("socket.getOutputStream", socket::getOutputStream);
            answers.ask("socket.startHandshake", () -> {
                socket.startHandshake();
                return null;
            });
            answers.parameters("socket", socket::getSSLParameters);
        }
        try (SSLServerSocket socket =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket()) {
            answers.ask("server socket.getUseClientMode", socket::getUseClientMode);
            answers.ask("server socket.getEnabledProtocols", socket::getEnabledProtocols);
            answers.ask("server socket.getSupportedProtocols", socket::getSupportedProtocols);
            answers.ask("server socket.getEnabledCipherSuites", socket::getEnabledCipherSuites);
            answers.ask("server socket.getSupportedCipherSuites", socket::getSupportedCipherSuites);
            answers.ask("server socket.getNeedClientAuth", socket::getNeedClientAuth);
            answers.ask("server socket.getEnableSessionCreation", socket::getEnableSessionCreation);
            answers.parameters("server socket", socket::getSSLParameters);
        }
        answers.ask(
                "socket factory.getDefaultCipherSuites",
                () -> context.getSocketFactory().getDefaultCipherSuites());
        answers.ask(
                "socket factory.getSupportedCipherSuites",
                () -> context.getSocketFactory().getSupportedCipherSuites());
        answers.refusals(context);

        EnginePair pair = new EnginePair(context, context);
        pair.handshake();
        ExtendedSSLSession session = (ExtendedSSLSession) pair.client().engine().getSession();
        answers.session("established", session);
        answers.ask("established.getStatusResponses", session::getStatusResponses);
        answers.ask("established.getRequestedServerNames", session::getRequestedServerNames);
        answers.ask("established.getLocalSupportedSignatureAlgorithms", session::getLocalSupportedSignatureAlgorithms);
        answers.ask("established.getPeerSupportedSignatureAlgorithms", session::getPeerSupportedSignatureAlgorithms);
        answers.ask("established.getApplicationProtocol", pair.client().engine()::getApplicationProtocol);
        return answers.answers;
    }

    @Test
    void theAnswersAreSunJssesOrTheDifferenceIsListed() throws Exception {
        Map<String, String> ours = answersOf(Jsse.OURS);
        Map<String, String> suns = answersOf(Jsse.SUN);

        assertEquals(suns.keySet(), ours.keySet());
        Map<String, String> unlisted = new TreeMap<>();
        Set<String> gone = new java.util.TreeSet<>(DIFFERENCES.keySet());
        ours.forEach((question, answer) -> {
            String sun = suns.get(question);
            if (!answer.equals(sun)) {
                gone.remove(question);
                if (!DIFFERENCES.containsKey(question)) {
                    unlisted.put(question, "ours " + answer + ", SunJSSE's " + sun);
                }
            }
        });
        assertEquals(Map.of(), unlisted);
        assertEquals(Set.of(), gone, "these do not differ any more");
    }
}
