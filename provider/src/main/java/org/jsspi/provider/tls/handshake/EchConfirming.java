package org.jsspi.provider.tls.handshake;

import java.util.Arrays;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Hkdf;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.tls.message.EchConfirmation;
import org.jsspi.provider.tls.message.HandshakeMessage;

/** How a server says, to nobody but the client, that it has taken the ClientHelloInner (RFC 9849 7.2). */
final class EchConfirming {
    /** The end of the random in a ServerHello: | header 4 | legacy_version 2 | random 32 |. */
    private static final int RANDOM_END = HandshakeMessage.HEADER_LENGTH + 2 + 32;

    private EchConfirming() {}

    /** {@return a ServerHello that says nothing yet: the last bytes of its random are zeros} */
    static byte[] blank(byte[] serverHello) {
        byte[] blank = serverHello.clone();
        Arrays.fill(blank, RANDOM_END - EchConfirmation.LENGTH, RANDOM_END, (byte) 0);
        return blank;
    }

    /** {@return a ServerHello that says it} */
    static byte[] confirmed(byte[] serverHello, byte[] confirmation) {
        byte[] confirmed = serverHello.clone();
        System.arraycopy(confirmation, 0, confirmed, RANDOM_END - EchConfirmation.LENGTH, EchConfirmation.LENGTH);
        return confirmed;
    }

    /** {@return what a ServerHello has in that place} */
    static byte[] confirmation(byte[] serverHello) {
        return Arrays.copyOfRange(serverHello, RANDOM_END - EchConfirmation.LENGTH, RANDOM_END);
    }

    /**
     * {@return what stands at the end of the random of a ServerHello}
     *
     * @param innerRandom of the first ClientHelloInner
     * @param transcriptHash up to and with the {@link #blank} ServerHello
     */
    static byte[] ofServerHello(HashAlgorithm hash, byte[] innerRandom, byte[] transcriptHash) {
        return derive(hash, innerRandom, "ech accept confirmation", transcriptHash);
    }

    /**
     * {@return what a HelloRetryRequest has in its extension}
     *
     * @param innerRandom of the first ClientHelloInner
     * @param transcriptHash up to and with the HelloRetryRequest whose confirmation is {@link EchConfirmation#blank}
     */
    static byte[] ofRetry(HashAlgorithm hash, byte[] innerRandom, byte[] transcriptHash) {
        return derive(hash, innerRandom, "hrr ech accept confirmation", transcriptHash);
    }

    private static byte[] derive(HashAlgorithm hash, byte[] innerRandom, String label, byte[] transcriptHash) {
        Hkdf hkdf = hash.hkdf();
        try (Secret random = Secret.copyOf(innerRandom);
                Secret extracted = hkdf.extract(null, random);
                Secret confirmation = hkdf.expandLabel(extracted, label, transcriptHash, EchConfirmation.LENGTH)) {
            return confirmation.bytes().clone();
        }
    }
}
