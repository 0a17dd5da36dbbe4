package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakeSettingsTest {
    private static final Wishes NOBODY = new Wishes();

    /** One of the lists, with what is left out of it between two that are kept. */
    private record Choice<T>(
            String name,
            List<T> given,
            List<T> kept,
            BiFunction<HandshakeSettings.Builder, List<T>, HandshakeSettings.Builder> set,
            Function<HandshakeSettings, List<T>> get) {
        List<T> of(List<T> wanted) {
            return get.apply(
                    set.apply(HandshakeSettings.builder(NOBODY), wanted).build());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Choice<?>> choices() {
        List<ProtocolVersion> versions = List.of(ProtocolVersion.TLS13, ProtocolVersion.TLS12);
        List<CipherSuite> suites = List.of(CipherSuite.TLS_AES_256_GCM_SHA384, CipherSuite.TLS_AES_128_GCM_SHA256);
        return Stream.of(
                new Choice<>(
                        "versions",
                        versions,
                        versions,
                        HandshakeSettings.Builder::versions,
                        HandshakeSettings::versions),
                new Choice<>("suites", suites, suites, HandshakeSettings.Builder::suites, HandshakeSettings::suites),
                new Choice<>(
                        "groups",
                        List.of(NamedGroup.X25519, NamedGroup.FFDHE2048, NamedGroup.SECP256R1),
                        List.of(NamedGroup.X25519, NamedGroup.SECP256R1),
                        HandshakeSettings.Builder::groups,
                        HandshakeSettings::groups),
                new Choice<>(
                        "schemes",
                        List.of(
                                SignatureScheme.ED25519,
                                SignatureScheme.ECDSA_SHA1,
                                SignatureScheme.ECDSA_SECP256R1_SHA256),
                        List.of(SignatureScheme.ED25519, SignatureScheme.ECDSA_SECP256R1_SHA256),
                        HandshakeSettings.Builder::schemes,
                        HandshakeSettings::schemes));
    }

    @ParameterizedTest
    @MethodSource("choices")
    <T> void nobodyChangesAChoiceThatHasBeenMade(Choice<T> choice) {
        List<T> given = new ArrayList<>(choice.given());
        List<T> kept = choice.of(given);
        given.clear();
        assertEquals(choice.kept(), kept);
        assertThrows(UnsupportedOperationException.class, kept::clear);
        assertThrows(UnsupportedOperationException.class, () -> kept.set(0, kept.get(1)));
        assertThrows(UnsupportedOperationException.class, () -> kept.add(kept.get(0)));
        assertThrows(UnsupportedOperationException.class, () -> kept.remove(0));
    }

    @ParameterizedTest
    @MethodSource("choices")
    <T> void aChoiceThatIsKeptWholeIsNotCopied(Choice<T> choice) {
        assertSame(choice.kept(), choice.of(choice.kept()));
    }
}
