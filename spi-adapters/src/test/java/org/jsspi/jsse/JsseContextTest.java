package org.jsspi.jsse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyManagementException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionBindingEvent;
import javax.net.ssl.SSLSessionBindingListener;
import javax.net.ssl.SSLSessionContext;
import org.junit.jupiter.api.Test;

class JsseContextTest {
    private final SSLContext context = Toys.context(new ToyPackage());

    @Test
    void listsComeFromTheCredential() {
        assertArrayEquals(
                new String[] {"TOYv1"}, context.getDefaultSSLParameters().getProtocols());
        assertArrayEquals(
                new String[] {"TOYv1", "TOYv2"},
                context.getSupportedSSLParameters().getProtocols());
        assertArrayEquals(
                new String[] {"TOY_XOR", "TOY_NOT"},
                context.getSupportedSSLParameters().getCipherSuites());
        assertArrayEquals(new String[] {"TOY_XOR"}, context.getSocketFactory().getDefaultCipherSuites());
        assertArrayEquals(
                new String[] {"TOY_XOR", "TOY_NOT"},
                context.getServerSocketFactory().getSupportedCipherSuites());
    }

    @Test
    void contextHasToBeInitialised() {
        SSLContext fresh = new Toys.Context(new JsseContextSpi(new ToyPackage(), List.of("TOYv2")));
        assertThrows(IllegalStateException.class, fresh::createSSLEngine);
        assertThrows(IllegalStateException.class, fresh::getSocketFactory);
    }

    @Test
    void initTakesNullForThePlatformsDefaults() throws Exception {
        SSLContext plain = new Toys.Context(new JsseContextSpi(new ToyPackage(), List.of("TOYv2")));
        plain.init(null, null, null);
        assertNotNull(plain.createSSLEngine("host", 1));
        assertArrayEquals(
                new String[] {"TOYv2"}, plain.getDefaultSSLParameters().getProtocols());
    }

    @Test
    void defaultContextIsCompleteAndCannotBeInitialised() throws Exception {
        DefaultContextSpi spi = new DefaultContextSpi(new ToyPackage());
        assertNotNull(spi.engineCreateSSLEngine());
        assertThrows(KeyManagementException.class, () -> spi.engineInit(null, null, null));
    }

    @Test
    void oldProtocolNamesAreAcceptedAndUnknownOnesRefused() {
        SSLEngine engine = context.createSSLEngine();
        engine.setEnabledProtocols(new String[] {"SSLv2Hello", "TLSv1", "TLSv1.2", "TOYv2"});
        assertThrows(IllegalArgumentException.class, () -> engine.setEnabledProtocols(new String[] {"TLSv9"}));
        assertThrows(IllegalArgumentException.class, () -> engine.setEnabledProtocols(new String[] {null}));
        assertThrows(IllegalArgumentException.class, () -> engine.setEnabledProtocols(null));
        assertThrows(IllegalArgumentException.class, () -> engine.setEnabledCipherSuites(new String[] {"NO"}));
        engine.setEnabledProtocols(new String[] {"TLSv1"});
        engine.setUseClientMode(true);
        assertThrows(SSLHandshakeException.class, engine::beginHandshake);
    }

    @Test
    void namedGroupsOfTheSystemPropertyAreReadAsThePlatformReadsThem() {
        assertEquals(List.of("x25519"), PlatformSettings.list("x25519"));
        assertEquals(List.of("x25519", "nobody-knows-it"), PlatformSettings.list(" x25519 ,, nobody-knows-it,"));
        assertEquals(List.of("x25519", "secp256r1"), PlatformSettings.list("\"x25519,secp256r1\""));
        for (String nothing : new String[] {null, "", " ", "\"\"", ", ,", "\" , \""}) {
            assertNull(PlatformSettings.list(nothing), () -> "groups of: " + nothing);
        }
        assertEquals(List.of("\""), PlatformSettings.list("\""));
    }

    @Test
    void parametersComeBackAsTheyWereSet() throws Exception {
        SSLEngine engine = context.createSSLEngine();
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TOYv2", "TOYv1"});
        parameters.setCipherSuites(new String[] {"TOY_NOT"});
        parameters.setNeedClientAuth(true);
        parameters.setServerNames(List.of(new SNIHostName("a.example")));
        parameters.setSNIMatchers(List.of(SNIHostName.createSNIMatcher("a")));
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setUseCipherSuitesOrder(false);
        parameters.setApplicationProtocols(new String[] {"h2"});
        parameters.setMaximumPacketSize(4000);
        ParameterMethods.setNamedGroups(parameters, new String[] {"nobody-knows-it"});
        ParameterMethods.setSignatureSchemes(parameters, new String[] {"nor-this"});
        engine.setSSLParameters(parameters);
        SSLParameters read = engine.getSSLParameters();
        assertArrayEquals(parameters.getProtocols(), read.getProtocols());
        assertArrayEquals(parameters.getCipherSuites(), read.getCipherSuites());
        assertTrue(read.getNeedClientAuth() && engine.getNeedClientAuth());
        assertFalse(engine.getWantClientAuth());
        assertEquals(parameters.getServerNames(), read.getServerNames());
        assertEquals(1, read.getSNIMatchers().size());
        assertEquals("HTTPS", read.getEndpointIdentificationAlgorithm());
        assertFalse(read.getUseCipherSuitesOrder());
        assertArrayEquals(parameters.getApplicationProtocols(), read.getApplicationProtocols());
        assertEquals(4000, read.getMaximumPacketSize());
        assertArrayEquals(ParameterMethods.namedGroups(parameters), ParameterMethods.namedGroups(read));
        assertArrayEquals(ParameterMethods.signatureSchemes(parameters), ParameterMethods.signatureSchemes(read));
        engine.setWantClientAuth(true);
        assertFalse(engine.getNeedClientAuth());
        engine.setSSLParameters(new SSLParameters());
        assertFalse(engine.getWantClientAuth());
        assertArrayEquals(new String[] {"TOY_NOT"}, engine.getEnabledCipherSuites());
    }

    @Test
    void sessionContextBoundsItsCache() {
        SSLSessionContext sessions = context.getClientSessionContext();
        assertEquals(86_400, sessions.getSessionTimeout());
        assertEquals(20_480, sessions.getSessionCacheSize());
        sessions.setSessionTimeout(5);
        sessions.setSessionCacheSize(7);
        assertEquals(5, sessions.getSessionTimeout());
        assertEquals(7, sessions.getSessionCacheSize());
        assertThrows(IllegalArgumentException.class, () -> sessions.setSessionTimeout(-1));
        assertNull(sessions.getSession(new byte[] {1}));
        assertFalse(sessions.getIds().hasMoreElements());
        assertEquals(86_400, context.getServerSessionContext().getSessionTimeout());
    }

    @Test
    void boundValuesHearWhatHappensToThem() {
        List<String> heard = new ArrayList<>();
        SSLSessionBindingListener value = new SSLSessionBindingListener() {
            @Override
            public void valueBound(SSLSessionBindingEvent event) {
                heard.add("bound " + event.getName());
            }

            @Override
            public void valueUnbound(SSLSessionBindingEvent event) {
                heard.add("unbound " + event.getName());
            }
        };
        JsseSession session = JsseSession.none();
        session.putValue("a", value);
        assertEquals(value, session.getValue("a"));
        assertArrayEquals(new String[] {"a"}, session.getValueNames());
        session.putValue("a", "other");
        session.putValue("b", value);
        session.removeValue("b");
        session.removeValue("b");
        assertEquals(List.of("bound a", "unbound a", "bound b", "unbound b"), heard);
        assertThrows(IllegalArgumentException.class, () -> session.putValue(null, 1));
        assertThrows(IllegalArgumentException.class, () -> session.putValue("c", null));
        assertTrue(session.toString().contains("NONE"));
    }
}
