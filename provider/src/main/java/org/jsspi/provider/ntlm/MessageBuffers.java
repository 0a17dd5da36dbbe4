package org.jsspi.provider.ntlm;

import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/** The lists of the message functions: checked whole before anything is done with them. */
final class MessageBuffers {
    private static final int NOT_ENCRYPTED = SecBuffer.READONLY | SecBuffer.READONLY_WITH_CHECKSUM;

    private MessageBuffers() {}

    /**
     * {@return the TOKEN that the signature goes to}
     *
     * @param encrypt whether DATA that is not read-only will be written
     */
    static SecBuffer toProtect(SecBufferDesc message, boolean encrypt) throws SspiException {
        SecBuffer token = token(message);
        if (token.length() < Protection.TOKEN_LENGTH) {
            throw new SspiException(
                    SecurityStatus.SEC_E_BUFFER_TOO_SMALL,
                    "TOKEN has room for " + token.length() + " bytes and a signature has " + Protection.TOKEN_LENGTH);
        }
        if (token.target() == null || token.target().isReadOnly()) {
            throw malformed("TOKEN cannot be written");
        }
        checkData(message, encrypt);
        return token;
    }

    /** {@return a copy of the signature in TOKEN} */
    static byte[] toVerify(SecBufferDesc message, boolean decrypt) throws SspiException {
        SecBuffer token = token(message);
        if (token.length() != Protection.TOKEN_LENGTH || token.source() == null) {
            throw malformed("a signature of " + token.length() + " bytes");
        }
        checkData(message, decrypt);
        byte[] bytes = new byte[Protection.TOKEN_LENGTH];
        token.source().get(token.sourceOffset(), bytes);
        return bytes;
    }

    /**
     * {@return the STREAM of a list STREAM, DATA, which holds signature and data in one piece; null if the list is none}
     */
    static SecBuffer stream(SecBufferDesc message) throws SspiException {
        SecBuffer stream = message == null ? null : message.find(SecBufferType.STREAM);
        if (stream == null) {
            return null;
        }
        if (stream.length() < Protection.TOKEN_LENGTH || !stream.inPlace() || stream.target() == null) {
            throw malformed("STREAM does not hold a message");
        }
        if (stream.target().isReadOnly()) {
            throw malformed("STREAM cannot be written");
        }
        int data = 0;
        for (int i = 0; i < message.count(); i++) {
            SecBufferType type = message.get(i).type();
            data += type == SecBufferType.DATA ? 1 : 0;
            if (type == SecBufferType.TOKEN || type == SecBufferType.STREAM && message.get(i) != stream) {
                throw malformed("STREAM beside another message");
            }
        }
        if (data != 1) {
            throw malformed("STREAM needs one DATA that becomes the view of its data");
        }
        return stream;
    }

    static boolean isData(SecBuffer buffer) {
        return buffer.type() == SecBufferType.DATA;
    }

    /** {@return true for DATA that is encrypted: that which is not read-only in either way} */
    static boolean isEncrypted(SecBuffer buffer) {
        return isData(buffer) && (buffer.attributes() & NOT_ENCRYPTED) == 0;
    }

    /** PADDING is never needed: a stream cipher has blocks of nothing. */
    static void noPadding(SecBufferDesc message) {
        for (int i = 0; i < message.count(); i++) {
            if (message.get(i).type() == SecBufferType.PADDING) {
                message.get(i).setLength(0);
            }
        }
    }

    private static SecBuffer token(SecBufferDesc message) throws SspiException {
        if (message == null || message.count() < 2) {
            throw malformed("fewer than two buffers");
        }
        SecBuffer token = null;
        for (int i = 0; i < message.count(); i++) {
            if (message.get(i).type() == SecBufferType.TOKEN) {
                if (token != null) {
                    throw malformed("two TOKEN buffers");
                }
                token = message.get(i);
            }
        }
        if (token == null) {
            throw malformed("no TOKEN buffer");
        }
        return token;
    }

    private static void checkData(SecBufferDesc message, boolean crypt) throws SspiException {
        boolean any = false;
        long total = 0;
        for (int i = 0; i < message.count(); i++) {
            SecBuffer buffer = message.get(i);
            if (!isData(buffer)) {
                continue;
            }
            any = true;
            total += buffer.length();
            if (buffer.length() == 0) {
                continue;
            }
            if (buffer.source() == null) {
                throw malformed("DATA cannot be read");
            }
            if (crypt
                    && isEncrypted(buffer)
                    && (buffer.target() == null || buffer.target().isReadOnly())) {
                throw malformed("DATA cannot be written");
            }
        }
        if (!any) {
            throw malformed("no DATA buffer");
        }
        if (total > Integer.MAX_VALUE - Protection.TOKEN_LENGTH) {
            throw malformed("more data than one message can have");
        }
    }

    private static SspiException malformed(String what) {
        return new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, what);
    }
}
