package org.jsspi.provider.tls.handshake;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jsspi.CertificateCompression;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.CompressCertificate;
import org.jsspi.provider.tls.message.CompressedCertificate;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.HandshakeType;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.wire.Writer;

/**
 * Certificates in compressed form (RFC 8879), and what has been compressed: a side has few chains and sends them often. Safe for
 * all threads.
 */
public final class CompressedCertificates {
    /** How many messages are remembered. They change with what is stapled to them, now and then. */
    private static final int MOST_REMEMBERED = 64;

    private record Key(CertificateCompression way, ByteBuffer body) {}

    private final Map<Key, HandshakeMessage> known = new ConcurrentHashMap<>();

    /**
     * {@return the message, in the first of these ways that the peer takes; as it is if there is none, or if it gains nothing}
     *
     * @param peers the extensions of the message that this one answers
     */
    HandshakeMessage compress(CertificateMessage message, List<CertificateCompression> ways, Extensions peers) {
        Optional<CompressCertificate> taken = peers.find(Shape.COMPRESS_CERTIFICATE);
        if (taken.isEmpty() || message.entries().isEmpty()) {
            return message;
        }
        for (CertificateCompression way : ways) {
            if (taken.get().algorithms().contains(way.algorithm())) {
                Writer body = new Writer();
                message.encode(body);
                return compress(message, way, body.toByteArray());
            }
        }
        return message;
    }

    private HandshakeMessage compress(CertificateMessage message, CertificateCompression way, byte[] body) {
        Key key = new Key(way, ByteBuffer.wrap(body));
        HandshakeMessage remembered = known.get(key);
        if (remembered != null) {
            return remembered;
        }
        byte[] compressed;
        try {
            compressed = way.compress(body.clone());
        } catch (RuntimeException cannot) {
            return message;
        }
        boolean fits = compressed != null
                && compressed.length > 0
                && CompressedCertificate.length(compressed.length) <= HandshakeSettings.LONGEST_CERTIFICATE_MESSAGE;
        HandshakeMessage made =
                fits ? new CompressedCertificate(way.algorithm(), body.length, compressed.clone()) : message;
        if (known.size() >= MOST_REMEMBERED) {
            known.clear();
        }
        known.put(key, made);
        return made;
    }

    /**
     * {@return the Certificate of the peer, which may be in compressed form if that was offered}
     *
     * @param offered the extensions of the message that it answers
     */
    static CertificateMessage read(Inbound message, Extensions offered, HandshakeSettings settings)
            throws SspiException {
        return message.type() == HandshakeType.COMPRESSED_CERTIFICATE && offered.has(ExtensionType.COMPRESS_CERTIFICATE)
                ? decompress(message.expect(CompressedCertificate.class), settings)
                        .expect(CertificateMessage.class)
                : message.expect(CertificateMessage.class);
    }

    private static Inbound decompress(CompressedCertificate message, HandshakeSettings settings) throws SspiException {
        CertificateCompression way = settings.certificateCompressions().stream()
                .filter(candidate -> candidate.algorithm() == message.algorithm())
                .findFirst()
                // RFC 8879 4: one of the algorithms that the peer has listed.
                .orElseThrow(
                        () -> AlertDescription.ILLEGAL_PARAMETER.because("a certificate compressed by the algorithm "
                                + message.algorithm() + ", which was not offered"));
        int length = message.uncompressedLength();
        if (length > settings.maximumMessageLength()) {
            // RFC 8879 5: the limits for an uncompressed message hold as well.
            throw AlertDescription.BAD_CERTIFICATE.because("a compressed certificate message of " + length
                    + " bytes, over " + settings.maximumMessageLength());
        }
        byte[] body = new byte[length];
        boolean restored;
        try {
            restored = way.decompress(message.compressed(), body);
        } catch (RuntimeException e) {
            throw AlertDescription.BAD_CERTIFICATE.because("a certificate that cannot be decompressed", e);
        }
        if (!restored) {
            // RFC 8879 4: bad_certificate, also where the length is not the one that was said.
            throw AlertDescription.BAD_CERTIFICATE.because(
                    "a certificate that cannot be decompressed to " + length + " bytes");
        }
        return Inbound.decode(
                new Writer().u8(HandshakeType.CERTIFICATE.code()).vector24(body).toByteArray(), ProtocolVersion.TLS13);
    }
}
