package org.jsspi.provider.tls.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.net.ssl.SNIServerName;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.PreSharedKey;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Randomness;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * A server's sessions as bytes, for tickets (RFC 5077 4, {@code StatePlaintext}), of TLS 1.3 and of TLS 1.2 alike. The bytes hold
 * the session's secret: they never leave the process unsealed.
 *
 * <p>A session says who made it. What the maker has decided, this server takes over where it is the maker itself: that the
 * client's chain is trusted, and which certificate the client was shown. For a session of another server of the cluster
 * {@link ResumableSession#trustScope()} is {@link #ELSEWHERE} and the handshake decides again. Safe for all threads.
 */
public final class SessionStates {
    /** The trust scope of a session whose chain was judged by another server, or under settings that are forgotten here. */
    public static final Object ELSEWHERE = new Object();

    private static final int FORMAT = 1;
    private static final int FORMAT_WITH_EARLY_DATA = 2;
    private static final int EXTENDED_MASTER_SECRET = 1;
    private static final int PRE_SHARED_KEY = 2;
    private static final int DELEGATED = 4;
    private static final int CERTIFICATE_HASH = 8;
    private static final int MASTER_SECRET_LENGTH = 48;
    /** Of SHA-256. */
    private static final int HASH_LENGTH = 32;
    /** Everything but secret, names and chain, generously. */
    private static final int FIXED_LENGTH = 256;

    /** By how many milliseconds the clocks of two servers may differ. */
    private static final long CLOCK_TOLERANCE = 60_000;

    /** How many scopes, and chains of our own, are remembered; a server has one or two of each. */
    private static final int MOST_REMEMBERED = 64;

    private static final int MAKER_LENGTH = 16;
    private static final Object NO_SCOPE = new Object();

    private final byte[] maker = Randomness.bytes(MAKER_LENGTH);
    private final Map<Object, Integer> scopeNumbers = new ConcurrentHashMap<>();
    private final Map<Integer, Object> scopes = new ConcurrentHashMap<>();
    private final Map<ByteBuffer, List<X509Certificate>> localChains = new ConcurrentHashMap<>();

    /**
     * {@return the session as bytes, which the caller wipes; null if they would be more than {@code longest}}
     *
     * @param session stays the caller's; of TLS 1.2 or 1.3, with its version and suite
     * @param longest at most 65535
     */
    public byte[] encode(ResumableSession session, int longest) {
        TlsSession agreed = session.session();
        List<byte[]> chain = encodings(agreed.peerCertificates());
        int length = FIXED_LENGTH
                + session.preSharedKey().length()
                + session.applicationProtocol().length()
                + nameLength(agreed.preSharedKeyName());
        for (SNIServerName name : session.serverNames()) {
            length += 3 + name.getEncoded().length;
        }
        for (byte[] encoding : chain) {
            length += 3 + encoding.length;
        }
        if (length > longest) {
            return null;
        }
        // Of TLS 1.3 there is nothing to say: every session is bound.
        boolean bound = agreed.version() == ProtocolVersion.TLS12 && agreed.extendedMasterSecret();
        boolean hashed = agreed.authenticatesByCertificate() && chain.isEmpty();
        byte[] scope = scope(session.trustScope());
        byte[] certificate = remember(agreed.localCertificates());
        // Large enough not to grow: what was outgrown would not be wiped.
        Writer out = new Writer(length);
        try {
            // struct {
            //     uint8 format;                            1, or 2 where the ticket is good for early data
            //     ProtocolVersion version;
            //     CipherSuite cipher_suite;
            //     NamedGroup group;                        0 if there is none
            //     uint8 flags;                             1: extended master secret (RFC 7627), 2: pre-shared key,
            //                                              4: delegated credential (RFC 9345),
            //                                              8: the hash of the client's certificate in place of its
            // chain
            //     uint64 created, issued;                  milliseconds since the epoch
            //     uint32 lifetime, ticket_age_add;
            //     opaque secret<1..255>;                   pre-shared key, or master secret
            //     opaque session_id<0..32>;
            //     ServerName server_names<0..2^16-1>;
            //     opaque application_protocol<0..255>;
            //     ClientAuthentication asked;
            //     ASN.1Cert peer_chain<0..2^16-1>;
            //     opaque local_certificate_hash<0..32>;
            //     opaque trust_scope<0..18>;
            //     select (flags) { case 2: uint8 use; opaque identity<1..4096>; opaque context<0..4095>; }
            //     select (flags) { case 4: uint64 delegated_until; }
            //     select (flags) { case 8: opaque client_certificate_hash[32]; }
            //     select (format) {
            //         case 2: opaque maker[16]; uint32 max_early_data_size; uint64 issued_nanos;
            //     }
            // } StatePlaintext;
            EarlyDataGrant grant = session.earlyData();
            boolean earlyData = grant.maximum() > 0;
            out.u8(earlyData ? FORMAT_WITH_EARLY_DATA : FORMAT)
                    .u16(agreed.version().code())
                    .u16(session.suite().code())
                    .u16(agreed.group() == null ? 0 : agreed.group().code())
                    .u8((bound ? EXTENDED_MASTER_SECRET : 0)
                            | (agreed.preSharedKeyName() != null ? PRE_SHARED_KEY : 0)
                            | (agreed.peerDelegated() ? DELEGATED : 0)
                            | (hashed ? CERTIFICATE_HASH : 0))
                    .u64(agreed.creationTime())
                    .u64(session.issuedAt())
                    .u32(session.lifetimeSeconds())
                    .u32(session.ageAdd())
                    .vector8(session.preSharedKey().bytes())
                    .vector8(agreed.id())
                    .vector16(list -> {
                        for (SNIServerName name : session.serverNames()) {
                            list.u8(name.getType()).vector16(name.getEncoded());
                        }
                    })
                    .vector8(session.applicationProtocol().getBytes(StandardCharsets.ISO_8859_1))
                    .u8(session.clientAuthentication().ordinal())
                    .vector16(list -> {
                        for (byte[] encoding : chain) {
                            list.vector24(encoding);
                        }
                    })
                    .vector8(certificate)
                    .vector8(scope);
            if (agreed.preSharedKeyName() != null) {
                encode(agreed.preSharedKeyName(), out);
            }
            if (agreed.peerDelegated()) {
                out.u64(agreed.delegatedUntil());
            }
            if (hashed) {
                out.bytes(agreed.peerCertificateHash());
            }
            if (earlyData) {
                out.bytes(maker).u32(grant.maximum()).u64(grant.issuedNanos());
            }
            return out.toByteArray();
        } finally {
            out.wipe();
        }
    }

    private static int nameLength(PreSharedKey.Name name) {
        return name == null ? 0 : name.identity().length + name.context().length;
    }

    private static void encode(PreSharedKey.Name name, Writer out) {
        out.u8(name.use().ordinal()).vector16(name.identity()).vector16(name.context());
    }

    /** {@return the name; what it says is the constructor's to judge} */
    private static PreSharedKey.Name name(Reader in) throws SspiException {
        int use = in.u8();
        byte[] identity = in.vector16Bytes(1, PreSharedKey.LONGEST_NAME);
        byte[] context = in.vector16Bytes(0, PreSharedKey.LONGEST_NAME);
        if (use >= PreSharedKey.Use.values().length) {
            throw new IllegalArgumentException("a use of keys that is not known here");
        }
        return new PreSharedKey.Name(PreSharedKey.Use.values()[use], identity, context);
    }

    private static List<byte[]> encodings(List<X509Certificate> chain) {
        List<byte[]> encodings = new ArrayList<>(chain.size());
        try {
            for (X509Certificate certificate : chain) {
                encodings.add(certificate.getEncoded());
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate without an encoding", e);
        }
        return encodings;
    }

    /**
     * {@return the session of these bytes, which is the caller's to destroy; or null if they are none of this format, or say what
     * cannot be}
     *
     * @param state the bytes, authenticated; stays the caller's
     * @param known finds the session with an id where this server still has it, else null
     * @param now milliseconds since the epoch
     */
    public ResumableSession decode(byte[] state, Function<byte[], TlsSession> known, long now) {
        byte[] secret = {};
        try {
            Reader in = Reader.of(state);
            int format = in.u8();
            if (format != FORMAT && format != FORMAT_WITH_EARLY_DATA) {
                return null;
            }
            ProtocolVersion version = ProtocolVersion.of(in.u16()).orElse(null);
            CipherSuite suite = CipherSuite.of(in.u16()).orElse(null);
            int group = in.u16();
            int flags = in.u8();
            long created = in.u64();
            long issued = in.u64();
            long lifetime = in.u32();
            long ageAdd = in.u32();
            secret = in.vector8Bytes(1, 255);
            byte[] id = in.vector8Bytes(0, 32);
            List<SNIServerName> names = serverNames(in.vector16(0, 0xFFFF));
            String protocol = new String(in.vector8Bytes(0, 255), StandardCharsets.ISO_8859_1);
            int asked = in.u8();
            Reader chain = in.vector16(0, 0xFFFF);
            byte[] certificate = in.vector8Bytes(0, 32);
            byte[] scope = in.vector8Bytes(0, MAKER_LENGTH + 2);
            PreSharedKey.Name name = (flags & PRE_SHARED_KEY) != 0 ? name(in) : null;
            long delegatedUntil = (flags & DELEGATED) != 0 ? in.u64() : TlsSession.NOT_DELEGATED;
            byte[] peerHash = (flags & CERTIFICATE_HASH) != 0 ? in.bytes(HASH_LENGTH) : new byte[0];
            EarlyDataGrant earlyData = format == FORMAT_WITH_EARLY_DATA ? earlyData(in) : EarlyDataGrant.NONE;
            in.end();
            boolean sensible = suite != null
                    && suite.version() == version
                    && secret.length == secretLength(suite)
                    && flags <= (EXTENDED_MASTER_SECRET | PRE_SHARED_KEY | DELEGATED | CERTIFICATE_HASH)
                    && created <= issued
                    && created >= 0
                    && issued <= now + CLOCK_TOLERANCE
                    && lifetime >= 1
                    && lifetime <= ServerHandshake.LONGEST_TICKET_LIFETIME
                    && asked < ClientAuthentication.values().length;
            if (!sensible) {
                return null;
            }
            TlsSession session = known.apply(id);
            if (session == null) {
                session = TlsSession.restored(id, Math.min(created, now));
                session.version(version);
                session.suite(suite);
                session.group(NamedGroup.of(group).orElse(null));
                session.extendedMasterSecret((flags & EXTENDED_MASTER_SECRET) != 0);
                session.preSharedKeyName(name);
                session.delegatedUntil(delegatedUntil);
                session.peerCertificateHash(peerHash);
                session.requestedServerNames(names);
                session.peerCertificates(chain(chain));
                session.localCertificates(localChains.getOrDefault(ByteBuffer.wrap(certificate), List.of()));
                session.localCertificateHash(certificate);
            }
            return new ResumableSession(
                    suite,
                    Secret.copyOf(secret),
                    new byte[0],
                    false,
                    ageAdd,
                    lifetime,
                    Math.min(issued, now),
                    session,
                    names,
                    protocol,
                    ClientAuthentication.values()[asked],
                    scopeOf(scope),
                    earlyData);
        } catch (SspiException | IllegalArgumentException e) {
            // Another version of this software may write otherwise: that costs a full handshake and nothing else.
            return null;
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** RFC 8446 8.1: only who knows every use of a ticket can say that it is the first, and that is its maker alone. */
    private EarlyDataGrant earlyData(Reader in) throws SspiException {
        boolean ours = Arrays.equals(in.bytes(MAKER_LENGTH), maker);
        EarlyDataGrant grant = new EarlyDataGrant(in.u32(), in.u64());
        return ours ? grant : EarlyDataGrant.NONE;
    }

    private static int secretLength(CipherSuite suite) {
        return suite.version() == ProtocolVersion.TLS13 ? suite.hashLength() : MASTER_SECRET_LENGTH;
    }

    private static List<SNIServerName> serverNames(Reader in) throws SspiException {
        List<SNIServerName> names = new ArrayList<>();
        while (in.hasRemaining()) {
            names.add(ServerChoice.serverName(in.u8(), in.vector16Bytes(0, 0xFFFF)));
        }
        return names;
    }

    private static List<X509Certificate> chain(Reader in) throws SspiException {
        List<X509Certificate> chain = new ArrayList<>();
        while (in.hasRemaining()) {
            chain.add(PeerCertificates.parse(in.vector24Bytes(1, 0xFFFF)).certificate());
        }
        return chain;
    }

    /** {@return the hash of the certificate that the client was shown, empty if none; the chain is remembered under it} */
    private byte[] remember(List<X509Certificate> localChain) {
        if (localChain.isEmpty()) {
            return new byte[0];
        }
        byte[] hash = hash(localChain.get(0));
        if (localChains.size() < MOST_REMEMBERED) {
            localChains.putIfAbsent(ByteBuffer.wrap(hash), localChain);
        }
        return hash;
    }

    /** {@return what stands for a certificate of our own in a session} */
    static byte[] hash(X509Certificate certificate) {
        try {
            return OwnCertificates.hash(certificate);
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate without an encoding", e);
        }
    }

    private byte[] scope(Object trustScope) {
        if (trustScope == ELSEWHERE) {
            return new byte[0];
        }
        Object scope = trustScope == null ? NO_SCOPE : trustScope;
        Integer number = scopeNumbers.get(scope);
        if (number == null) {
            number = scopes.size();
            if (number >= MOST_REMEMBERED) {
                return new byte[0];
            }
            while (scopes.putIfAbsent(number, scope) != null) {
                number++;
            }
            Integer others = scopeNumbers.putIfAbsent(scope, number);
            if (others != null) {
                // Another thread was faster, and nobody has seen this number yet.
                scopes.remove(number);
                number = others;
            }
        }
        return new Writer(MAKER_LENGTH + 2).bytes(maker).u16(number).toByteArray();
    }

    private Object scopeOf(byte[] scope) throws SspiException {
        Reader in = Reader.of(scope);
        if (scope.length != MAKER_LENGTH + 2 || !Arrays.equals(in.bytes(MAKER_LENGTH), maker)) {
            return ELSEWHERE;
        }
        Object found = scopes.getOrDefault(in.u16(), ELSEWHERE);
        return found == NO_SCOPE ? null : found;
    }
}
