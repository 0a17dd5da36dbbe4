package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jsspi.SspiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferredProviderTest {
    /** What a native provider is to us: one that is not the platform's, and here has the platform compute. */
    private static final class Foreign extends Provider {
        private static final long serialVersionUID = 1L;
        private final transient AtomicInteger used = new AtomicInteger();

        Foreign(String name) {
            super(name, "1", "a provider that somebody installed");
            Provider platform = Security.getProvider("SunEC");
            for (String service : List.of(
                    "KeyAgreement.XDH",
                    "KeyAgreement.ECDH",
                    "KeyPairGenerator.XDH",
                    "KeyPairGenerator.EC",
                    "KeyFactory.XDH",
                    "KeyFactory.EC",
                    "Signature.SHA256withECDSA")) {
                String type = service.substring(0, service.indexOf('.'));
                String algorithm = service.substring(service.indexOf('.') + 1);
                Provider.Service original = platform.getService(type, algorithm);
                putService(new Provider.Service(this, type, algorithm, original.getClassName(), List.of(), Map.of()) {
                    @Override
                    public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                        used.incrementAndGet();
                        return original.newInstance(parameter);
                    }
                });
            }
        }
    }

    private final Foreign foreign = new Foreign("Foreign");

    @AfterEach
    void remove() {
        Security.removeProvider("Foreign");
        Security.removeProvider("BC");
        System.clearProperty("org.jsspi.provider.X25519");
    }

    private static Optional<Provider> preferred() {
        return ProviderChoice.preferred("KeyAgreement", "XDH", "X25519", JcaEphemeral.Curve.X25519::isServedBy);
    }

    @Test
    void whoStandsBeforeThePlatformIsPreferred() {
        Security.insertProviderAt(foreign, 1);
        assertSame(foreign, preferred().orElseThrow());
    }

    @Test
    void whoStandsBehindThePlatformIsNot() {
        assertTrue(preferred().isEmpty());
        Security.addProvider(foreign);
        assertTrue(preferred().isEmpty());
    }

    @Test
    void bcprovInFrontIsNoNativeProvider() {
        Security.insertProviderAt(new Foreign("BC"), 1);
        assertTrue(preferred().isEmpty());
    }

    @Test
    void whoDoesNotComputeWhatBcprovDoesIsNotUsed() {
        Security.insertProviderAt(foreign, 1);
        assertTrue(ProviderChoice.preferred("KeyAgreement", "XDH", "X25519", candidate -> false)
                .isEmpty());
    }

    @Test
    void aPropertyNamesThePlatformsProviderOrBcprov() {
        System.setProperty("org.jsspi.provider.X25519", "SunEC");
        assertEquals("SunEC", preferred().orElseThrow().getName());
        Security.insertProviderAt(foreign, 1);
        System.setProperty("org.jsspi.provider.X25519", "bcprov");
        assertTrue(preferred().isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void itsKeysAgreeWithOurs(JcaEphemeral.Curve curve) throws Exception {
        assertTrue(curve.isServedBy(foreign));
        JcaEphemeral theirs = JcaEphemeral.generate(curve, foreign);
        KeyExchange.Ephemeral ours = curve.lightweight();
        assertArrayEquals(ours.agree(theirs.publicShare()), theirs.agree(ours.publicShare()));
        assertTrue(foreign.used.get() > 0);
        theirs.destroy();
        assertThrows(SspiException.class, () -> theirs.agree(ours.publicShare()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void aShareOfAnotherLengthIsRefused(int length) throws Exception {
        JcaEphemeral theirs = JcaEphemeral.generate(JcaEphemeral.Curve.X25519, foreign);
        assertThrows(SspiException.class, () -> theirs.agree(new byte[length]));
    }

    @ParameterizedTest
    @EnumSource
    void aPointOfSmallOrderOrOfNoCurveIsRefused(JcaEphemeral.Curve curve) throws Exception {
        JcaEphemeral theirs = JcaEphemeral.generate(curve, foreign);
        byte[] share = new byte[theirs.publicShare().length];
        assertThrows(SspiException.class, () -> theirs.agree(share));
        share[0] = 4;
        share[share.length - 1] = 1;
        if (curve != JcaEphemeral.Curve.X25519) {
            assertThrows(SspiException.class, () -> theirs.agree(share));
        }
    }
}
