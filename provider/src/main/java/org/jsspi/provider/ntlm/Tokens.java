package org.jsspi.provider.ntlm;

import java.nio.ByteBuffer;
import org.jsspi.ChannelBindings;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/** The lists of the establishing calls. */
final class Tokens {
    private static final byte[] NOTHING = {};

    private Tokens() {}

    /** {@return a copy of the peer's token; empty if there is none} */
    static byte[] input(SecBufferDesc input) throws SspiException {
        SecBuffer token = input == null ? null : input.find(SecBufferType.TOKEN);
        if (token == null || token.length() == 0) {
            return NOTHING;
        }
        if (token.length() > Payload.MAXIMUM_MESSAGE) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "a token of " + token.length() + " bytes");
        }
        return bytes(token);
    }

    /** {@return the channel bindings of this call, or null} */
    static ChannelBindings bindings(SecBufferDesc input) throws SspiException {
        SecBuffer bindings = input == null ? null : input.find(SecBufferType.CHANNEL_BINDINGS);
        return bindings == null || bindings.length() == 0
                ? null
                : ChannelBindings.ofStructure(ByteBuffer.wrap(bytes(bindings)));
    }

    private static byte[] bytes(SecBuffer buffer) throws SspiException {
        if (buffer.source() == null) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, buffer + " without memory");
        }
        byte[] bytes = new byte[buffer.length()];
        buffer.source().get(buffer.sourceOffset(), bytes);
        return bytes;
    }

    /**
     * Writes a token to the first TOKEN of the list.
     *
     * @param output may be null if the token is empty
     * @throws SspiException SEC_E_BUFFER_TOO_SMALL, with nothing written, if there is no room
     */
    static void output(SecBufferDesc output, byte[] token, boolean allocate) throws SspiException {
        SecBuffer buffer = output == null ? null : output.find(SecBufferType.TOKEN);
        if (token.length == 0) {
            if (buffer != null) {
                buffer.setLength(0);
            }
            return;
        }
        if (buffer != null && allocate) {
            buffer.setAllocated(SecBufferType.TOKEN, ByteBuffer.wrap(token));
            return;
        }
        if (buffer == null
                || buffer.target() == null
                || buffer.target().isReadOnly()
                || buffer.length() < token.length) {
            throw new SspiException(
                    SecurityStatus.SEC_E_BUFFER_TOO_SMALL,
                    "there is no TOKEN with room for " + token.length + " bytes");
        }
        buffer.target().put(buffer.targetOffset(), token);
        buffer.setLength(token.length);
    }
}
