package org.jsspi.provider.tls;

import java.util.Locale;
import org.jsspi.MessageObserver;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.HandshakeType;

/** One direction of a connection as a {@link MessageObserver} sees it; nothing but a comparison with null where there is none. */
final class ObservedMessages {
    private static final byte[] CHANGE_CIPHER_SPEC = {1};

    /** Either direction of a connection that nobody watches. */
    static final ObservedMessages BY_NOBODY = new ObservedMessages(false, null);

    private final boolean sent;
    private final MessageObserver observer;

    private ObservedMessages(boolean sent, MessageObserver observer) {
        this.sent = sent;
        this.observer = observer;
    }

    /** {@return the direction from this side to the peer, of which this observer is told; null: nobody} */
    static ObservedMessages sent(MessageObserver observer) {
        return observer == null ? BY_NOBODY : new ObservedMessages(true, observer);
    }

    /** {@return the direction from the peer to this side, of which this observer is told; null: nobody} */
    static ObservedMessages received(MessageObserver observer) {
        return observer == null ? BY_NOBODY : new ObservedMessages(false, observer);
    }

    /** @param message with its header */
    void handshake(byte[] message) {
        if (observer != null) {
            String name = HandshakeType.of(message[0] & 0xFF)
                    .map(type -> type.name().toLowerCase(Locale.ROOT))
                    .orElseGet(() -> String.valueOf(message[0] & 0xFF));
            tell(MessageObserver.HANDSHAKE, name, message);
        }
    }

    void alert(int level, int description) {
        if (observer != null) {
            String name = AlertDescription.of(description)
                    .map(AlertDescription::toString)
                    .orElseGet(() -> String.valueOf(description));
            tell(MessageObserver.ALERT, name, new byte[] {(byte) level, (byte) description});
        }
    }

    void changeCipherSpec() {
        if (observer != null) {
            tell(MessageObserver.CHANGE_CIPHER_SPEC, "change_cipher_spec", CHANGE_CIPHER_SPEC);
        }
    }

    private void tell(int contentType, String name, byte[] message) {
        try {
            observer.message(sent, contentType, name, message.clone());
        } catch (RuntimeException ignored) {
            // Who only watches breaks nothing.
        }
    }
}
