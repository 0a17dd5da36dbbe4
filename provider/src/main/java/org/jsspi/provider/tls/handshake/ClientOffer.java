package org.jsspi.provider.tls.handshake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import javax.net.ssl.SNIServerName;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.KeyExchange;
import org.jsspi.provider.crypto.KeyExchangeGroup;
import org.jsspi.provider.crypto.Randomness;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ApplicationProtocols;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.Cookie;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.KeyShareEntry;
import org.jsspi.provider.tls.message.KeyShareOffer;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.PreSharedKeyOffer;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.PskKeyExchangeModes;
import org.jsspi.provider.tls.message.RecordSizeLimit;
import org.jsspi.provider.tls.message.ServerNames;
import org.jsspi.provider.tls.message.SignatureAlgorithms;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.jsspi.provider.tls.message.SupportedGroups;
import org.jsspi.provider.tls.message.SupportedVersions;

/**
 * What the client has offered: the ClientHello as it was sent, and the private halves of its key shares.
 *
 * @param bytes the message on the wire
 * @param shares by group; destroyed when one of them was used
 * @param resume the session whose key is offered, or null
 */
record ClientOffer(ClientHello hello, byte[] bytes, Map<NamedGroup, KeyExchange> shares, ResumableSession resume) {
    private static final int RANDOM_LENGTH = 32;
    private static final int SESSION_ID_LENGTH = 32;
    private static final byte[] NO_SESSION_ID = {};

    /** {@return the first ClientHello (RFC 8446 4.1.2)} */
    static ClientOffer first(HandshakeSettings settings) {
        ResumableSession resume = settings.resume();
        // RFC 8446 4.2.11: the key belongs to a hash, so a suite with this hash must be on offer.
        if (resume != null
                && settings.cipherSuites().stream().noneMatch(suite -> KeySchedule.hash(suite) == resume.hash())) {
            resume.destroy();
            return first(settings, null);
        }
        return first(settings, resume);
    }

    private static ClientOffer first(HandshakeSettings settings, ResumableSession resume) {
        Map<NamedGroup, KeyExchange> shares = shares(settings.namedGroups());
        List<Extension> extensions = new ArrayList<>();
        for (SNIServerName name : settings.serverNames()) {
            extensions.add(new ServerNames(List.of(new ServerNames.ServerName(name.getType(), name.getEncoded()))));
            break;
        }
        extensions.add(new SupportedGroups(codes(settings.namedGroups(), NamedGroup::code)));
        extensions.add(new SignatureAlgorithms(codes(settings.signatureSchemes(), SignatureScheme::code)));
        if (!settings.applicationProtocols().isEmpty()) {
            extensions.add(new ApplicationProtocols(settings.applicationProtocols()));
        }
        if (settings.recordSizeLimit() > 0) {
            extensions.add(new RecordSizeLimit(settings.recordSizeLimit()));
        }
        extensions.add(new SupportedVersions(Codes.of(ProtocolVersion.TLS13.code())));
        // Forward secrecy always: a pre-shared key alone (psk_ke) is not offered.
        extensions.add(PskKeyExchangeModes.of(PskKeyExchangeModes.PSK_DHE_KE));
        extensions.add(new KeyShareOffer(entries(shares)));
        ClientHello hello = ClientHello.of(
                Randomness.bytes(RANDOM_LENGTH),
                settings.middleboxCompatibility() ? Randomness.bytes(SESSION_ID_LENGTH) : NO_SESSION_ID,
                codes(settings.cipherSuites(), CipherSuite::code),
                Extensions.of(extensions));
        return bound(hello, shares, resume, null, null);
    }

    /**
     * {@return the second ClientHello: the first with the changes that the server asked for, and no others (RFC 8446 4.1.2)}
     *
     * @param suite the suite that the server has chosen
     * @param group the group that it wants, or null to keep the shares
     * @param cookie to give back, or null
     * @param retryBytes the HelloRetryRequest on the wire
     */
    ClientOffer second(CipherSuite suite, NamedGroup group, Cookie cookie, byte[] retryBytes) {
        Map<NamedGroup, KeyExchange> changed = shares;
        Extensions extensions = hello.extensions().without(ExtensionType.PRE_SHARED_KEY);
        if (group != null) {
            destroyShares();
            changed = new LinkedHashMap<>();
            changed.put(group, generate(group));
            extensions = extensions.with(new KeyShareOffer(entries(changed)));
        }
        if (cookie != null) {
            extensions = extensions.with(cookie);
        }
        ResumableSession kept = resume;
        if (kept != null && kept.hash() != KeySchedule.hash(suite)) {
            kept.destroy();
            kept = null;
        }
        ClientHello second = ClientHello.of(hello.random(), hello.legacySessionId(), hello.cipherSuites(), extensions);
        return bound(second, changed, kept, bytes, retryBytes);
    }

    /** Adds pre_shared_key with its binder, over everything before it (RFC 8446 4.2.11.2). */
    private static ClientOffer bound(
            ClientHello hello,
            Map<NamedGroup, KeyExchange> shares,
            ResumableSession resume,
            byte[] firstHello,
            byte[] retry) {
        if (resume == null) {
            return new ClientOffer(hello, hello.toBytes(), shares, null);
        }
        PreSharedKeyOffer unbound = PreSharedKeyOffer.unbound(
                List.of(new PreSharedKeyOffer.PskIdentity(resume.ticket(), resume.obfuscatedAge())),
                resume.hash().length());
        ClientHello offering = ClientHello.of(
                hello.random(),
                hello.legacySessionId(),
                hello.cipherSuites(),
                hello.extensions().with(unbound));
        byte[] message = offering.toBytes();
        Transcript transcript = firstHello == null
                ? new Transcript(resume.hash())
                : Transcript.afterRetry(resume.hash(), firstHello, retry);
        KeySchedule.Early early = KeySchedule.Early.withPsk(resume.hash(), resume.psk());
        byte[] binder = early.binder(transcript.hashWith(message, offering.bindersOffset(message)));
        early.destroy();
        return new ClientOffer(offering.fillBinders(message, List.of(binder)), message, shares, resume);
    }

    /** {@return the shared secret with the server's share; the private halves are gone afterwards} */
    Secret agree(NamedGroup group, byte[] serverShare) throws SspiException {
        KeyExchange own = shares.get(group);
        if (own == null) {
            throw AlertDescription.ILLEGAL_PARAMETER.because(
                    "the server's key share is for a group for which it was offered none");
        }
        try {
            return own.agree(serverShare);
        } finally {
            destroyShares();
        }
    }

    void destroyShares() {
        shares.values().forEach(KeyExchange::destroy);
    }

    /**
     * The group that we like best; where that is a hybrid also its classical companion, because a server that does not know the
     * hybrid would cost a round trip otherwise.
     */
    private static Map<NamedGroup, KeyExchange> shares(List<NamedGroup> groups) {
        Map<NamedGroup, KeyExchange> shares = new LinkedHashMap<>();
        NamedGroup best = groups.get(0);
        shares.put(best, generate(best));
        if (exchange(best).isHybrid()) {
            groups.stream()
                    .filter(group -> !exchange(group).isHybrid())
                    .findFirst()
                    .ifPresent(group -> shares.put(group, generate(group)));
        }
        return shares;
    }

    static KeyExchangeGroup exchange(NamedGroup group) {
        return KeyExchangeGroup.of(group.code())
                .orElseThrow(() -> new IllegalArgumentException("no key exchange for " + group));
    }

    private static KeyExchange generate(NamedGroup group) {
        return KeyExchange.generate(exchange(group));
    }

    private static List<KeyShareEntry> entries(Map<NamedGroup, KeyExchange> shares) {
        return shares.entrySet().stream()
                .map(share -> new KeyShareEntry(
                        share.getKey().code(), share.getValue().publicShare()))
                .toList();
    }

    static <T> Codes codes(List<T> values, ToIntFunction<T> code) {
        return Codes.of(values.stream().mapToInt(code).toArray());
    }
}
