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
 *
 * <h2>Lists for the message functions</h2>
 *
 * Of connection-oriented and datagram contexts; {@link StreamContext} has its own.
 *
 * <pre>
 * DATA+, TOKEN             makeSignature, verifySignature
 * TOKEN, DATA+ [, PADDING] encryptMessage; decryptMessage of what arrives split
 * STREAM, DATA             decryptMessage of TOKEN, data and PADDING in one piece: DATA becomes a view into STREAM
 * </pre>
 *
 * There is one TOKEN, in any place, and at least one DATA. Several DATA buffers are one message, in their order, and need not
 * be adjacent. TOKEN has room for {@link Sizes#maxSignature()} bytes to sign, {@link Sizes#securityTrailer()} to encrypt, PADDING for
 * {@link Sizes#blockSize()}; the call rewrites their lengths to what was written. Verifying reads TOKEN from its source.
 *
 * <p>Attribute bits of DATA say what must not be encrypted. {@link SecBuffer#READONLY_WITH_CHECKSUM}: the buffer is part of
 * the signature and is not written; headers of a DCE/RPC PDU are such. {@link SecBuffer#READONLY}: it is not written, and
 * whether it is signed is the package's rule: NTLM signs it, Kerberos leaves it out. A list whose DATA is read-only
 * altogether is signed only. The memory of such buffers may be a read-only ByteBuffer.
 *
 * <h2>Datagram contexts</h2>
 *
 * Asked for with ISC_REQ_DATAGRAM and ASC_REQ_DATAGRAM on the first call. The client's first call leaves TOKEN empty and
 * answers SEC_I_CONTINUE_NEEDED; from then on the context protects messages. The server's first call has no input, or an
 * empty TOKEN. The context can be established again at any time, by the same calls: messages that were protected before,
 * between and after verify, in any order, each with the number that its sender gave it. Two messages of one direction never
 * share a number ({@link SequenceGuard}). A receiver that asked for REPLAY_DETECT or SEQUENCE_DETECT refuses what has
 * arrived before ({@link ReplayWindow}). {@link ContextAttribute#RESET_KEYS} is the reset of the keys.
 */
public abstract class SecurityContext implements AutoCloseable {
    /** For {@link #exportSecurityContext}: the imported context begins with cipher states and windows as they first were. */
    public static final int EXPORT_RESET_NEW = 1;
    /** For {@link #exportSecurityContext}: this context is closed once it is exported. */
    public static final int EXPORT_DELETE_OLD = 2;

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
     *     SEC_I_ASYNC_CALL_PENDING, SEC_I_INCOMPLETE_CREDENTIALS, SEC_I_CONTEXT_EXPIRED; where early data or False Start is
     *     allowed SEC_I_CONTINUE_NEEDED_MESSAGE_OK
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
     * MakeSignature: signs the DATA buffers of the list and writes the signature into its TOKEN. See the class comment for
     * the lists; for stream contexts it is that of {@link #encryptMessage}, or DATA alone, which the package then
     * reallocates.
     *
     * @param qop quality of protection, 0 for the default
     * @param messageSeqNo a datagram context: the caller's number for the message, unsigned, which the receiver gets; a
     *     connection-oriented one numbers its messages itself and ignores it: 0 where the transport has none
     * @throws SspiException SEC_E_INVALID_TOKEN for a malformed list; SEC_E_BUFFER_TOO_SMALL if TOKEN is shorter than
     *     {@link Sizes#maxSignature()}; SEC_E_QOP_NOT_SUPPORTED; SEC_E_OUT_OF_SEQUENCE if a datagram context has used the
     *     number under this key, see {@link SequenceGuard}; in all these cases nothing has changed
     */
    public SecurityStatus makeSignature(int qop, SecBufferDesc message, int messageSeqNo) throws SspiException {
        throw unsupported("makeSignature");
    }

    /**
     * VerifySignature. Quality of protection and sequence number are left in the descriptor.
     *
     * @param messageSeqNo a datagram context: the number that the caller expects; {@link #peekSequence} tells the token's
     * @throws SspiException SEC_E_INVALID_TOKEN for a malformed list or token; SEC_E_OUT_OF_SEQUENCE if the token has another
     *     number, or where replays are detected, one that has arrived; SEC_E_MESSAGE_ALTERED if data or signature were
     *     altered. The context goes on in any case, and what arrived does not count as received
     */
    public SecurityStatus verifySignature(SecBufferDesc message, int messageSeqNo) throws SspiException {
        throw unsupported("verifySignature");
    }

    /**
     * EncryptMessage: encrypts and signs the DATA buffers of the list in place and writes the signature into its TOKEN.
     *
     * @param qop quality of protection, 0 for the default
     * @param messageSeqNo as for {@link #makeSignature}; a number serves one message, signed or encrypted
     * @throws SspiException as {@link #makeSignature}, TOKEN measured by {@link Sizes#securityTrailer()};
     *     SEC_E_UNSUPPORTED_FUNCTION where confidentiality was not agreed on
     */
    public SecurityStatus encryptMessage(int qop, SecBufferDesc message, int messageSeqNo) throws SspiException {
        throw unsupported("encryptMessage");
    }

    /**
     * DecryptMessage. Quality of protection and sequence number are left in the descriptor.
     *
     * @param messageSeqNo as for {@link #verifySignature}
     * @throws SspiException as {@link #verifySignature}; the DATA buffers then hold no plaintext
     */
    public SecurityStatus decryptMessage(SecBufferDesc message, int messageSeqNo) throws SspiException {
        throw unsupported("decryptMessage");
    }

    /**
     * {@return the sequence number that a message token of the peer carries, before it is verified} Pure: nothing moves and
     * nothing changes, and whoever sent the token may have made the number up.
     *
     * @param token the bytes of TOKEN, from position to limit
     * @throws SspiException SEC_E_INVALID_TOKEN if it is no message token of the package, SEC_E_UNSUPPORTED_FUNCTION if its
     *     message tokens carry no number in the clear
     */
    public int peekSequence(ByteBuffer token) throws SspiException {
        throw unsupported("peekSequence");
    }

    /** ApplyControlToken: tells the package of an event, such as a shutdown that the next establishing call carries out. */
    public SecurityStatus applyControlToken(SecBufferDesc input) throws SspiException {
        throw unsupported("applyControlToken");
    }

    /**
     * ExportSecurityContext: the context as bytes for another process, which takes it with
     * {@link SecurityPackage#importSecurityContext}, once.
     *
     * <p>The used numbers of the {@link SequenceGuard} go along, with EXPORT_RESET_NEW too. Without EXPORT_DELETE_OLD two
     * contexts hold one key from here on, and neither knows which numbers the other uses: then only one of them may protect
     * messages, or they divide the numbers.
     *
     * @param flags {@link #EXPORT_RESET_NEW}, {@link #EXPORT_DELETE_OLD}, or both
     * @param sealingKey the blob carries keys, so it is sealed with this one, see {@link SealedBlob}
     * @throws SspiException SEC_E_INVALID_PARAMETER for other flags or another key; SEC_E_INVALID_HANDLE while the context is
     *     incomplete
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
