package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * KeyUpdate (RFC 8446 4.6.3): the sender's next record has a new key.
 *
 * @param updateRequested whether the receiver is to update its own key too
 */
public record KeyUpdate(boolean updateRequested) implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.KEY_UPDATE;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // enum { update_not_requested(0), update_requested(1), (255) } KeyUpdateRequest;
    // struct { KeyUpdateRequest request_update; } KeyUpdate;
    public static KeyUpdate decode(Reader in) throws SspiException {
        int request = in.u8();
        in.end();
        if (request > 1) {
            // RFC 8446 4.6.3: any other value is answered with illegal_parameter.
            throw AlertDescription.ILLEGAL_PARAMETER.because("a key update with the request " + request);
        }
        return new KeyUpdate(request == 1);
    }

    @Override
    public void encode(Writer out) {
        out.u8(updateRequested ? 1 : 0);
    }
}
