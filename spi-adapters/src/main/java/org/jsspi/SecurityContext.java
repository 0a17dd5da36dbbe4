package org.jsspi;

import java.nio.ByteBuffer;
import java.time.Instant;
import javax.crypto.SecretKey;

/**
 * CtxtHandle: one side of one security context.
 *
 * <p>The first {@link #initializeSecurityContext} makes it a client, the first {@link #acceptSecurityContext} a server. The
 * caller repeats that call with what the peer sends until it answers {@link SecurityStatus#SEC_E_OK}; then it protects
 * messages. A call that throws has failed the context unless its status is one of misuse (a malformed buffer list, a buffer
 * that is too small, a function that the package does not have): misuse leaves the context as it was. A failed context
 * owes the peer at most one alert: the next establishing call without input produces it as TOKEN. Closing is
 * DeleteSecurityContext: key material is wiped.
 *
 * <p>encryptMessage and decryptMessage may run at the same time, one thread each; establishing calls come one at a time.
 */
public abstract class SecurityContext implements AutoCloseable {
    /** For packages. */
    protected SecurityContext() {}

    /**
     * InitializeSecurityContext: the client's step of the exchange.
     *
     * @param targetName the server that is asked for: a host name, an SPN; or null
     * @param contextReq what the client asks for; the attributes returned reflect the flags of this call
     * @param options what plain SSPI cannot say, read on the first call; may be null
     * @param input TOKEN with the peer's bytes and an EMPTY buffer that may become EXTRA or MISSING; null on the first call,
     *     or the option buffers of the first call; null to fetch what is due without new input
     * @param output TOKEN with room for the bytes to send; its length is rewritten to what was produced. May be null where
     *     contextReq has FRAGMENT_TO_FIT and the output is fetched by a later call
     * @return SEC_E_OK, SEC_I_CONTINUE_NEEDED, SEC_E_INCOMPLETE_MESSAGE, SEC_I_MESSAGE_FRAGMENT,
     *     SEC_I_ASYNC_CALL_PENDING, SEC_I_INCOMPLETE_CREDENTIALS, SEC_I_CONTEXT_EXPIRED
     * @throws SspiException with any other status
     */
    public SecurityStatus initializeSecurityContext(
            String targetName, IscReq contextReq, ContextOptions options, SecBufferDesc input, SecBufferDesc output)
            throws SspiException {
        throw unsupported("initializeSecurityContext");
    }

    /**
     * AcceptSecurityContext: the server's step of the exchange. Parameters and results mirror
     * {@link #initializeSecurityContext}; the first call has input, but for datagram contexts.
     */
    public SecurityStatus acceptSecurityContext(
            AscReq contextReq, ContextOptions options, SecBufferDesc input, SecBufferDesc output) throws SspiException {
        throw unsupported("acceptSecurityContext");
    }

    /** {@return pfContextAttr of the last initializeSecurityContext; security attributes are final once it answered SEC_E_OK} */
    public IscRet initiatorAttributes() {
        return IscRet.NONE;
    }

    /** {@return pfContextAttr of the last acceptSecurityContext} */
    public AscRet acceptorAttributes() {
        return AscRet.NONE;
    }

    /** {@return ptsExpiry: when the context ends; {@link Instant#MAX} if it does not} */
    public Instant expiry() {
        return Instant.MAX;
    }

    /**
     * {@return the work that a call has left to the caller after SEC_I_ASYNC_CALL_PENDING, or null}
     *
     * <p>Each piece is handed out once and may run on any thread. Afterwards the same call without input goes on; a failure
     * inside the work is thrown by that call.
     */
    public Runnable pendingWork() {
        return null;
    }

    /**
     * QueryContextAttributes.
     *
     * @throws SspiException SEC_E_UNSUPPORTED_FUNCTION for an attribute that the package does not know,
     *     SEC_E_INVALID_HANDLE while the context is incomplete
     */
    public <T> T queryContextAttributes(ContextAttribute<T> attribute) throws SspiException {
        throw unsupported("attribute " + attribute);
    }

    /** SetContextAttributes. Errors are those of {@link #queryContextAttributes}. */
    public <T> void setContextAttributes(ContextAttribute<T> attribute, T value) throws SspiException {
        throw unsupported("setting attribute " + attribute);
    }

    /**
     * MakeSignature. The buffers are those of the package: DATA and TOKEN; for stream contexts the list of
     * {@link #encryptMessage}, or DATA alone, which the package then reallocates.
     *
     * @param qop quality of protection, 0 for the default
     * @param messageSeqNo the caller's sequence number, 0 where the transport has none
     */
    public SecurityStatus makeSignature(int qop, SecBufferDesc message, int messageSeqNo) throws SspiException {
        throw unsupported("makeSignature");
    }

    /** VerifySignature. Quality of protection and sequence number are left in the descriptor. */
    public SecurityStatus verifySignature(SecBufferDesc message, int messageSeqNo) throws SspiException {
        throw unsupported("verifySignature");
    }

    /** EncryptMessage: protects the DATA buffers of the list in place. */
    public SecurityStatus encryptMessage(int qop, SecBufferDesc message, int messageSeqNo) throws SspiException {
        throw unsupported("encryptMessage");
    }

    /** DecryptMessage. Quality of protection and sequence number are left in the descriptor. */
    public SecurityStatus decryptMessage(SecBufferDesc message, int messageSeqNo) throws SspiException {
        throw unsupported("decryptMessage");
    }

    /** ApplyControlToken: tells the package of an event, such as a shutdown that the next establishing call carries out. */
    public SecurityStatus applyControlToken(SecBufferDesc input) throws SspiException {
        throw unsupported("applyControlToken");
    }

    /**
     * ExportSecurityContext: the context as bytes for another process.
     *
     * @param flags EXPORT_RESET_NEW 1, EXPORT_DELETE_OLD 2
     * @param sealingKey the blob carries keys, so it is sealed with this one
     */
    public ByteBuffer exportSecurityContext(int flags, SecretKey sealingKey) throws SspiException {
        throw unsupported("exportSecurityContext");
    }

    @Override
    public abstract void close();

    private static SspiException unsupported(String what) {
        return new SspiException(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "this package does not support " + what);
    }
}
