package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Failures;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the platform's API has got since JDK 17: signature schemes (19), named groups (20), exporters (25). */
class NewerMethodsTest {
    @Test
    void namesOfGroupsThatNobodyKnowsAreIgnored() throws Exception {
        assumeTrue(Parameters.haveNamedGroups(), "SSLParameters.setNamedGroups is there from JDK 20 on");
        EnginePair pair = pair();
        Parameters.change(
                pair.client().engine(),
                p -> Parameters.setNamedGroups(p, List.of("nobody-knows-it", "secp384r1", "X25519MLKEM1234")));

        pair.handshake();

        assertTrue(pair.client().engine().getSession().toString().contains("secp384r1"));
        assertArrayEquals(
                new String[] {"nobody-knows-it", "secp384r1", "X25519MLKEM1234"},
                groups(pair.client().engine()));
    }

    @Test
    void withoutAnyGroupThereIsNoConnection() {
        assumeTrue(Parameters.haveNamedGroups(), "SSLParameters.setNamedGroups is there from JDK 20 on");
        EnginePair pair = pair();
        Parameters.change(pair.client().engine(), p -> Parameters.setNamedGroups(p, List.of()));

        String message = Failures.of(pair::handshake).getMessage();

        assertTrue(message.contains("no group is left"), message);
    }

    @Test
    void nullGroupsAreTheDefault() throws Exception {
        assumeTrue(Parameters.haveNamedGroups(), "SSLParameters.setNamedGroups is there from JDK 20 on");
        EnginePair pair = pair();
        Parameters.change(pair.client().engine(), p -> Parameters.setNamedGroups(p, List.of("secp521r1")));
        Parameters.change(pair.client().engine(), p -> {
            try {
                SSLParameters.class.getMethod("setNamedGroups", String[].class).invoke(p, (Object) null);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });

        pair.handshake();

        assertNull(groups(pair.client().engine()));
        assertTrue(pair.client().engine().getSession().toString().contains("X25519MLKEM768"));
    }

    private static String[] groups(SSLEngine engine) throws Exception {
        return (String[]) SSLParameters.class.getMethod("getNamedGroups").invoke(engine.getSSLParameters());
    }

    @Test
    void withoutAnySchemeThereIsNoConnection() {
        assumeTrue(Parameters.haveSignatureSchemes(), "SSLParameters.setSignatureSchemes is there from JDK 19 on");
        EnginePair pair = pair();
        Parameters.change(pair.client().engine(), p -> Parameters.setSignatureSchemes(p, List.of()));

        String message = Failures.of(pair::handshake).getMessage();

        assertTrue(message.contains("no signature scheme is left"), message);
    }

    private static EnginePair pair() {
        return new EnginePair(Jsse.OURS.client(), Jsse.OURS.server(KeyKind.EC_P256));
    }

    static Stream<Arguments> exports() {
        List<Arguments> all = new ArrayList<>();
        for (Roles roles : Roles.values()) {
            for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
                all.add(Arguments.of(roles, protocol));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("exports")
    void bothSidesExportTheSame(Roles roles, String protocol) throws Exception {
        assumeTrue(Runtime.version().feature() >= 25, "exporters are in the platform's API from JDK 25 on");
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256));
        Parameters.change(pair.client().engine(), p -> p.setProtocols(new String[] {protocol}));
        pair.handshake();

        for (byte[] context : new byte[][] {null, {}, {1, 2, 3}}) {
            assertArrayEquals(
                    data(pair.client().engine(), context), data(pair.server().engine(), context));
            SecretKey one = key(pair.client().engine(), context);
            assertEquals("AES", one.getAlgorithm());
            assertArrayEquals(
                    one.getEncoded(), key(pair.server().engine(), context).getEncoded());
        }
    }

    private static byte[] data(SSLEngine engine, byte[] context) throws Exception {
        Method method =
                ExtendedSSLSession.class.getMethod("exportKeyingMaterialData", String.class, byte[].class, int.class);
        return (byte[]) method.invoke(engine.getSession(), "EXPERIMENTAL-test", context, 40);
    }

    private static SecretKey key(SSLEngine engine, byte[] context) throws Exception {
        Method method = ExtendedSSLSession.class.getMethod(
                "exportKeyingMaterialKey", String.class, String.class, byte[].class, int.class);
        return (SecretKey) method.invoke(engine.getSession(), "AES", "EXPERIMENTAL-test", context, 32);
    }
}
