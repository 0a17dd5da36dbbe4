package org.jsspi.provider.tls.handshake;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jsspi.EchConfig;
import org.jsspi.EchRejectedException;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Hpke;
import org.jsspi.provider.crypto.KeyExchange;
import org.jsspi.provider.crypto.KeyExchangeGroup;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.EchConfirmation;
import org.jsspi.provider.tls.message.EchInner;
import org.jsspi.provider.tls.message.EchOuter;
import org.jsspi.provider.tls.message.EncodedClientHelloInner;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Grease;
import org.jsspi.provider.tls.message.HelloRetryRequest;
import org.jsspi.provider.tls.message.PreSharedKeyOffer;
import org.jsspi.provider.tls.message.PreSharedKeyOffer.PskIdentity;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.ServerHello;
import org.jsspi.provider.tls.message.ServerNames;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureAlgorithms;
import org.jsspi.provider.tls.message.SupportedVersions;

/**
 * A client's hello in two: the outer, which everybody on the way reads, and the inner, which is encrypted in it (RFC 9849 6.1).
 *
 * @param suite what it is encrypted by
 * @param plain the outer hello before it got anything of this: the ordinary hello, with the names that are to be hidden
 * @param inner the ClientHelloInner
 * @param innerMessage it with its header
 * @param keys the pre-shared keys that the inner hello offers
 */
record EchOffer(
        EchConfig config,
        EchConfig.CipherSuite suite,
        Hpke.Sender sender,
        ClientHello plain,
        ClientHello inner,
        byte[] innerMessage,
        List<OfferedKey> keys) {

    private static final byte[] INFO = "tls ech\0".getBytes(StandardCharsets.US_ASCII);

    /** What only TLS 1.2 uses, which the inner hello does not offer. */
    private static final Set<ExtensionType> OF_TLS12 = EnumSet.of(
            ExtensionType.EC_POINT_FORMATS,
            ExtensionType.ENCRYPT_THEN_MAC,
            ExtensionType.EXTENDED_MASTER_SECRET,
            ExtensionType.SESSION_TICKET,
            ExtensionType.RENEGOTIATION_INFO);

    /** {@return the first of these configurations that can be used, or null (RFC 9849 6.1)} */
    static EchConfig choose(List<EchConfig> configs) {
        for (EchConfig config : configs) {
            if (config.isUsable() && suite(config).isPresent() && config.publicKey().length == Hpke.PUBLIC_KEY_LENGTH) {
                return config;
            }
        }
        return null;
    }

    private static Optional<EchConfig.CipherSuite> suite(EchConfig config) {
        return config.cipherSuites().stream()
                .filter(suite -> Hpke.supports(config.kemId(), suite.kdfId(), suite.aeadId()))
                .findFirst();
    }

    /** {@return the info to which a message is bound: the configuration (RFC 9849 6.1)} */
    static byte[] info(EchConfig config) {
        byte[] encoded = config.encoded();
        byte[] info = Arrays.copyOf(INFO, INFO.length + encoded.length);
        System.arraycopy(encoded, 0, info, INFO.length, encoded.length);
        return info;
    }

    /** A hello of both kinds, ready to be sent. */
    record Sealed(EchOffer offer, ClientHello outer) {}

    /**
     * {@return the first hello in two}
     *
     * @param plain the ordinary hello, without pre-shared key
     * @param keys the pre-shared keys that the inner hello offers
     */
    static Sealed first(Exchange exchange, EchConfig config, ClientHello plain, List<OfferedKey> keys)
            throws SspiException {
        EchConfig.CipherSuite suite = suite(config).orElseThrow();
        Hpke.Sender sender = Hpke.sender(suite.kdfId(), suite.aeadId(), config.publicKey(), info(config));
        EchOffer begun = new EchOffer(config, suite, sender, plain, null, null, List.of());
        // RFC 9849 6.1: the two hellos have a random each.
        byte[] innerRandom = Exchange.randomBytes(exchange.settings(), 32);
        return begun.seal(exchange, plain, innerRandom, sender.encapsulated(), keys);
    }

    /** {@return the second hello in two, after the server has taken the first inner hello (RFC 9849 6.1.5)} */
    Sealed second(Exchange exchange, ClientHello changed, List<OfferedKey> keys) throws SspiException {
        return seal(exchange, changed, inner.random(), new byte[0], keys);
    }

    private Sealed seal(Exchange exchange, ClientHello ordinary, byte[] innerRandom, byte[] enc, List<OfferedKey> keys)
            throws SspiException {
        List<Integer> shared = shared(ordinary.extensions());
        ClientHello unbound = inner(ordinary, innerRandom, shared);
        ClientOffer.Bound bound = ClientOffer.bind(exchange, unbound, keys);
        byte[] encoded = EncodedClientHelloInner.encode(bound.hello(), shared, config.maximumNameLength());
        EchOuter blank = new EchOuter(
                suite.kdfId(), suite.aeadId(), config.configId(), enc, new byte[encoded.length + Hpke.EXPANSION]);
        ClientHello outer = outer(exchange, ordinary, blank, bound.hello());
        byte[] payload = sender.seal(EncodedClientHelloInner.associatedData(outer, blank), encoded);
        ClientHello sealed = ClientOffer.with(outer, outer.extensions().with(blank.withPayload(payload)));
        return new Sealed(new EchOffer(config, suite, sender, ordinary, bound.hello(), bound.message(), keys), sealed);
    }

    /** {@return the types of the extensions that both hellos have alike, and that say nothing that is to be hidden} */
    private static List<Integer> shared(Extensions ordinary) {
        boolean tls13Only = offersTls13Only(ordinary);
        List<Integer> shared = new ArrayList<>();
        for (Extension extension : ordinary.list()) {
            ExtensionType type = ExtensionType.of(extension.code()).orElse(null);
            boolean differs = type == ExtensionType.SERVER_NAME
                    || type == ExtensionType.SUPPORTED_VERSIONS && !tls13Only
                    || type != null && OF_TLS12.contains(type);
            if (!differs) {
                shared.add(extension.code());
            }
        }
        return shared;
    }

    private static boolean offersTls13Only(Extensions ordinary) {
        Codes versions = ordinary.find(Shape.SUPPORTED_VERSIONS).orElseThrow().versions();
        return keeping(versions, EchOffer::isTls13).size() == versions.size();
    }

    private static boolean isTls13(int version) {
        return version == ProtocolVersion.TLS13.code() || Grease.isGrease(version);
    }

    private static boolean isSuiteOfTls13(int code) {
        return Grease.isGrease(code)
                || CipherSuite.of(code)
                        .filter(suite -> suite.version() == ProtocolVersion.TLS13)
                        .isPresent();
    }

    private static Codes keeping(Codes codes, IntPredicate wanted) {
        return Codes.of(
                IntStream.range(0, codes.size()).map(codes::get).filter(wanted).toArray());
    }

    /** RFC 9849 6.1: nothing of TLS 1.2, and what is only named stands together. */
    private static ClientHello inner(ClientHello ordinary, byte[] random, List<Integer> shared) {
        List<Extension> extensions = new ArrayList<>();
        ordinary.extensions().find(Shape.SERVER_NAMES).ifPresent(extensions::add);
        if (!shared.contains(ExtensionType.SUPPORTED_VERSIONS.code())) {
            Codes versions = ordinary.extensions()
                    .find(Shape.SUPPORTED_VERSIONS)
                    .orElseThrow()
                    .versions();
            extensions.add(new SupportedVersions(keeping(versions, EchOffer::isTls13)));
        }
        for (Extension extension : ordinary.extensions().list()) {
            if (shared.contains(extension.code())) {
                extensions.add(extension);
            }
        }
        extensions.add(new EchInner());
        Codes suites = keeping(ordinary.cipherSuites(), EchOffer::isSuiteOfTls13);
        return ClientHello.of(random, ordinary.legacySessionId(), suites, Extensions.of(extensions));
    }

    private ClientHello outer(Exchange exchange, ClientHello ordinary, EchOuter blank, ClientHello boundInner) {
        List<Extension> extensions = new ArrayList<>();
        // RFC 9849 6.1: the public name in place of the one that is to be hidden, also where there is none.
        extensions.add(ServerNames.ofHost(config.publicName()));
        for (Extension extension : ordinary.extensions().list()) {
            if (!(extension instanceof ServerNames)) {
                extensions.add(extension);
            }
        }
        if (!ordinary.extensions().has(ExtensionType.SIGNATURE_ALGORITHMS)) {
            // Who knows the server by a key alone knows that of the public name by its certificate (RFC 9849 6.1.7).
            extensions.add(new SignatureAlgorithms(
                    Negotiation.schemeCodes(exchange.settings().schemes())));
        }
        extensions.add(blank);
        // RFC 8446 4.2.11: the last one, here too.
        boundInner
                .extensions()
                .find(Shape.PRE_SHARED_KEY_OFFER)
                .ifPresent(offered -> extensions.add(grease(exchange, offered)));
        return ClientOffer.with(ordinary, exchange.ordered(Extensions.of(extensions)));
    }

    /** RFC 9849 6.1.2: so that the server's answer to the inner hello's pre-shared key does not stand out. */
    private static PreSharedKeyOffer grease(Exchange exchange, PreSharedKeyOffer offered) {
        HandshakeSettings settings = exchange.settings();
        List<PskIdentity> identities = new ArrayList<>();
        for (PskIdentity identity : offered.identities()) {
            byte[] age = Exchange.randomBytes(settings, 4);
            identities.add(new PskIdentity(
                    Exchange.randomBytes(settings, identity.identity().length),
                    (age[0] & 0xFFL) << 24 | (age[1] & 0xFF) << 16 | (age[2] & 0xFF) << 8 | age[3] & 0xFF));
        }
        return new PreSharedKeyOffer(
                identities,
                offered.binders().stream()
                        .map(binder -> Exchange.randomBytes(settings, binder.length))
                        .toList());
    }

    /** {@return an extension without content that looks like one of such an offer (RFC 9849 6.2.1)} */
    static EchOuter grease(Exchange exchange, ClientHello ordinary, List<OfferedKey> keys) {
        HandshakeSettings settings = exchange.settings();
        List<Integer> shared = shared(ordinary.extensions());
        byte[] random = Exchange.randomBytes(settings, 33);
        // With the pre-shared keys: a real one would have them in there.
        ClientHello inner = ClientOffer.unbound(inner(ordinary, Arrays.copyOf(random, 32), shared), keys);
        int length = EncodedClientHelloInner.encode(inner, shared, 0).length + Hpke.EXPANSION;
        try (KeyExchange key = KeyExchange.generate(KeyExchangeGroup.X25519)) {
            return new EchOuter(
                    Hpke.HKDF_SHA256,
                    Hpke.anyAead(),
                    random[32] & 0xFF,
                    key.publicShare().clone(),
                    Exchange.randomBytes(settings, length));
        }
    }

    // What the server says (RFC 9849 6.1.4)

    /** {@return whether the server has taken the inner hello, by its first message} */
    boolean isConfirmedBy(Inbound message) {
        if (message.message() instanceof HelloRetryRequest request) {
            Optional<EchConfirmation> confirmation = request.extensions().find(Shape.ECH_CONFIRMATION);
            Optional<HashAlgorithm> hash = hash(request.cipherSuite());
            return confirmation.isPresent()
                    && hash.isPresent()
                    && MessageDigest.isEqual(confirmation.get().confirmation(), expectedOfRetry(request, hash.get()));
        }
        if (message.message() instanceof ServerHello answer
                && answer.extensions().find(Shape.SELECTED_VERSION).isPresent()) {
            Optional<HashAlgorithm> hash = hash(answer.cipherSuite());
            return hash.isPresent()
                    && isConfirmed(
                            message, hash.get(), hash.get().hash(innerMessage, EchConfirming.blank(message.bytes())));
        }
        // A version without Encrypted Client Hello.
        return false;
    }

    /** {@return whether the server confirms in its ServerHello what it has confirmed in a HelloRetryRequest} */
    boolean isConfirmedAgainBy(Inbound message, HashAlgorithm hash, Transcript transcript) {
        byte[] blank = EchConfirming.blank(message.bytes());
        return isConfirmed(message, hash, transcript.hashWith(hash, blank, blank.length));
    }

    private boolean isConfirmed(Inbound message, HashAlgorithm hash, byte[] transcriptHash) {
        return MessageDigest.isEqual(
                EchConfirming.ofServerHello(hash, inner.random(), transcriptHash),
                EchConfirming.confirmation(message.bytes()));
    }

    private byte[] expectedOfRetry(HelloRetryRequest request, HashAlgorithm hash) {
        byte[] blank = request.with(EchConfirmation.blank()).toBytes();
        // RFC 8446 4.4.1: the first hello stands in the transcript as its hash.
        ByteArrayOutputStream transcript = new ByteArrayOutputStream();
        transcript.writeBytes(Transcript.messageHash(hash.hash(innerMessage)));
        transcript.writeBytes(blank);
        return EchConfirming.ofRetry(hash, inner.random(), hash.hash(transcript.toByteArray()));
    }

    private static Optional<HashAlgorithm> hash(int suite) {
        return CipherSuite.of(suite)
                .filter(known -> known.version() == ProtocolVersion.TLS13)
                .map(Negotiation::hash);
    }

    /** {@return the error for a server that is who it has to be, and has not taken what was offered} */
    static SspiException rejected(String publicName, byte[] retryConfigs) {
        return AlertDescription.ECH_REQUIRED.because(
                "a server that has not taken the Encrypted Client Hello (RFC 9849 6.1.6)",
                new EchRejectedException(publicName, retryConfigs));
    }
}
