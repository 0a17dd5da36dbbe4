package org.jsspi.provider.sasl;

import java.nio.ByteBuffer;
import java.util.Objects;
import javax.security.sasl.AuthenticationException;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslException;
import org.jsspi.CredHandle;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/** What client and server have in common: a context that ends with its exchange or goes on as the security layer. */
final class Exchange {
    private static final int MAX_TOKEN = 2888;

    private final Settings settings;
    private final CredHandle credential;
    private final SecurityContext context;
    /** The quality that was agreed on; null until the exchange is complete. */
    private String quality;

    private boolean sealed;
    private boolean closed;

    /** @param credential owned from now on */
    Exchange(Settings settings, CredHandle credential) throws SspiException {
        this.settings = settings;
        this.credential = credential;
        try {
            this.context = credential.newContext();
        } catch (SspiException e) {
            credential.close();
            throw e;
        }
    }

    SecurityContext context() {
        return context;
    }

    boolean isComplete() {
        return quality != null;
    }

    void requireRunning() throws SaslException {
        if (closed || isComplete()) {
            throw new SaslException("the NTLM exchange is over");
        }
    }

    void requireComplete() {
        if (!isComplete()) {
            throw new IllegalStateException("the NTLM exchange is not complete");
        }
    }

    static SecBufferDesc token(byte[] token) {
        return new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token));
    }

    static SecBufferDesc room() {
        return token(new byte[MAX_TOKEN]);
    }

    /** Ends the exchange with what the two sides have negotiated. */
    void complete(boolean integrity, boolean confidentiality) throws SaslException {
        String agreed = confidentiality ? Settings.AUTH_CONF : integrity ? Settings.AUTH_INT : Settings.AUTH;
        if (confidentiality && settings.seals() && !settings.qualities().contains(Settings.AUTH_CONF)) {
            // More than was asked for, and what LDAP means by it.
            agreed = Settings.AUTH_INT;
        }
        sealed = confidentiality;
        if (!settings.qualities().contains(agreed)) {
            close();
            throw new SaslException("the peer agrees to " + agreed + " only, which " + Sasl.QOP + " does not list");
        }
        quality = agreed;
        if (agreed.equals(Settings.AUTH)) {
            close();
        }
    }

    /** {@return what SASL calls it; the exchange is over} */
    SaslException failure(SspiException cause) {
        close();
        return failure("the NTLM exchange failed", cause);
    }

    static SaslException failure(String what, SspiException cause) {
        String message = what + ": " + cause.getMessage();
        return cause.status() == SecurityStatus.SEC_E_LOGON_DENIED
                ? new AuthenticationException(message, cause)
                : new SaslException(message, cause);
    }

    byte[] wrap(byte[] outgoing, int offset, int length) throws SaslException {
        requireLayer();
        Objects.checkFromIndexSize(offset, length, outgoing.length);
        if (length > settings.maxBuffer() - Settings.SIGNATURE) {
            throw new SaslException("more data than " + Sasl.RAW_SEND_SIZE);
        }
        ByteBuffer whole = ByteBuffer.allocate(Settings.SIGNATURE + length);
        whole.put(Settings.SIGNATURE, outgoing, offset, length);
        SecBufferDesc list = new SecBufferDesc();
        list.add(SecBufferType.TOKEN, whole, 0, Settings.SIGNATURE);
        list.add(SecBufferType.DATA, whole, Settings.SIGNATURE, length);
        try {
            if (sealed) {
                context.encryptMessage(0, list, 0);
            } else {
                context.makeSignature(0, list, 0);
            }
        } catch (SspiException e) {
            throw failure("a message cannot be protected", e);
        }
        return whole.array();
    }

    byte[] unwrap(byte[] incoming, int offset, int length) throws SaslException {
        requireLayer();
        Objects.checkFromIndexSize(offset, length, incoming.length);
        if (length < Settings.SIGNATURE || length > settings.maxBuffer()) {
            throw new SaslException("a protected message of " + length + " bytes");
        }
        // A copy: neither a failure nor success changes what the caller holds.
        ByteBuffer whole = ByteBuffer.allocate(length).put(0, incoming, offset, length);
        byte[] data = new byte[length - Settings.SIGNATURE];
        SecBufferDesc list = new SecBufferDesc();
        list.add(SecBufferType.TOKEN, whole, 0, Settings.SIGNATURE);
        list.add(SecBufferType.DATA, whole, Settings.SIGNATURE, data.length);
        try {
            if (sealed) {
                context.decryptMessage(list, 0);
            } else {
                context.verifySignature(list, 0);
            }
        } catch (SspiException e) {
            throw failure("a protected message does not verify", e);
        }
        whole.get(Settings.SIGNATURE, data);
        return data;
    }

    private void requireLayer() throws SaslException {
        requireComplete();
        if (quality.equals(Settings.AUTH)) {
            throw new IllegalStateException("auth has no security layer");
        }
        if (closed) {
            throw new SaslException("the NTLM exchange is disposed of");
        }
    }

    /** {@return a negotiated property that both sides have, or null} */
    Object negotiated(String name) {
        requireComplete();
        boolean layer = !quality.equals(Settings.AUTH);
        return switch (name) {
            case Sasl.QOP -> quality;
            case Sasl.MAX_BUFFER -> layer ? Integer.toString(settings.maxBuffer()) : null;
            case Sasl.RAW_SEND_SIZE -> layer ? Integer.toString(settings.maxBuffer() - Settings.SIGNATURE) : null;
            default -> null;
        };
    }

    void close() {
        closed = true;
        context.close();
        credential.close();
    }
}
