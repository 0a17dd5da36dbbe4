package org.jsspi;

import java.nio.ByteBuffer;

/**
 * A context of a package with SECPKG_FLAG_STREAM: the package blocks the byte stream into records itself.
 *
 * <h2>Lists for encryptMessage and makeSignature</h2>
 *
 * <pre>
 * HEADER, DATA, TRAILER, EMPTY       one record; in place, or from each DATA's source to its target
 * HEADER, DATA, DATA, ..., TRAILER   gather: the DATA buffers form one record, in order
 * DATA                               the package allocates the record and the buffer becomes STREAM over it
 * </pre>
 *
 * Where source and target differ the targets of HEADER, the DATA buffers and TRAILER are contiguous, in this order.
 *
 * <h2>Lists for decryptMessage and verifySignature</h2>
 *
 * <pre>
 * DATA, EMPTY, EMPTY, EMPTY [, EMPTY]   becomes HEADER, DATA, TRAILER [, EXTRA], in place
 * STREAM, DATA, ..., EMPTY, EMPTY       one pass: reads the record in STREAM, writes plaintext to the DATA targets
 * </pre>
 *
 * In the second form STREAM's length becomes that of the record, the lengths of the DATA buffers become what each received,
 * and an EMPTY buffer becomes EXTRA over what follows the record. If the plaintext is larger than the DATA buffers together
 * the call answers SEC_E_INSUFFICIENT_BUFFERS, returned and not thrown, the first DATA buffer's length says how
 * much room is needed, and nothing has changed. STREAM's memory is never written.
 *
 * <p>SEC_E_INCOMPLETE_MESSAGE: the first buffer becomes MISSING, in the first form an EMPTY buffer too, and nothing has
 * changed. SEC_I_CONTEXT_EXPIRED: the peer has closed its direction. SEC_I_RENEGOTIATE: the record held a handshake message;
 * the first EXTRA is a read-only view of it, as a handshake record, and goes to the establishing call as TOKEN; bytes that
 * follow the record are a second EXTRA where an EMPTY buffer is left for it. HEADER and TRAILER together (STREAM in the
 * second form) always span the whole record that was consumed.
 *
 * <h2>Output</h2>
 *
 * With ISC_REQ_FRAGMENT_TO_FIT or ASC_REQ_FRAGMENT_TO_FIT an establishing call writes at most one whole record and answers
 * SEC_I_MESSAGE_FRAGMENT while more waits, also where the output is null or has no room for that record;
 * {@link #pendingTokenSize()} says how much room it needs. Without the flag a flight that does not fit is
 * SEC_E_INSUFFICIENT_MEMORY and stays.
 *
 * <p>encryptMessage, on one thread, and decryptMessage, on another, may run while a third makes any other call: each message
 * comes wholly before or wholly after what that call changes. Once the context has failed, was shut down or closed,
 * encryptMessage throws.
 *
 * <p>encryptMessage answers SEC_I_RENEGOTIATE, with nothing changed, while a token has to leave first: an establishing call
 * without input produces it, then the message is repeated.
 *
 * <h2>Early data</h2>
 *
 * Where {@link ContextOptions#maximumEarlyData()} allows it, establishing calls answer SEC_I_CONTINUE_NEEDED_MESSAGE_OK in place
 * of SEC_I_CONTINUE_NEEDED while early data may pass. It has a quality of protection of its own, {@link #QOP_EARLY_DATA}, so
 * that nobody takes it for other data; {@link EarlyDataInfo} says what it is worth.
 *
 * <pre>
 * client   MESSAGE_OK: encryptMessage(QOP_EARLY_DATA) sends early data, also while the server's answer comes in
 *          EARLY_DATA, asked once the context is complete: whether the server took it; if not, none of it has arrived
 * server   MESSAGE_OK: what arrives is for decryptMessage, whose list then has this qop
 *          SEC_I_RENEGOTIATE: early data ends; EXTRA goes to the establishing call, and so does what follows
 *          encryptMessage(QOP_EARLY_DATA) sends before the client has proven that it is there, until the context is complete
 * </pre>
 *
 * encryptMessage throws SEC_E_QOP_NOT_SUPPORTED, with nothing changed, where no early data may be sent, not any more or not so much;
 * in between, 0 is SEC_E_INVALID_HANDLE as always before the context is complete. STREAM_SIZES is known as soon as a call has
 * answered MESSAGE_OK, and may be less after another one, when the server has said what it takes (RFC 8449 4).
 *
 * <h2>False Start</h2>
 *
 * Where {@link ContextOptions#falseStart()} allows it and TLS 1.2 is agreed on, a client's calls answer
 * SEC_I_CONTINUE_NEEDED_MESSAGE_OK from the one on that gives out its Finished, until the server's has come: SEC_E_OK. TLS 1.3 has no
 * False Start, and TLS 1.2 no early data: to who asks for both, {@link Session#protocol()} tells which of them may pass. It is null while
 * no version is agreed on, and then it is early data.
 *
 * <pre>
 * MESSAGE_OK: encryptMessage(QOP_FALSE_START) sends data, which the server takes as if it came later
 *             STREAM_SIZES, APPLICATION_PROTOCOL, REMOTE_CERT_CONTEXT, KEYING_MATERIAL and EXPORTER_BINDINGS are known
 *             what arrives is for the establishing call: nothing is decrypted before the server's Finished
 * SEC_E_OK:   nobody has meddled with the handshake. QOP_FALSE_START is 0 from now on, so that a thread may go on sending
 * otherwise:  SEC_I_CONTEXT_EXPIRED, an exception, the end of the bytes: the handshake has failed. What was sent may have been
 *             read by that server, or not; it is never the end of what the server had to say
 * </pre>
 *
 * The server's certificate has been judged by then, and whoever can read the data is that server, which is yet to prove that it is
 * there, and that the two agree on what was negotiated (RFC 7918 4, 5). A caller that judges certificates by itself does so before
 * it sends. After a shutdown the handshake goes on, with SEC_I_CONTINUE_NEEDED, so that what the server answers is received. Where
 * no False Start is to be had encryptMessage throws SEC_E_QOP_NOT_SUPPORTED, with nothing changed, and calls answer
 * SEC_I_CONTINUE_NEEDED as ever.
 *
 * <h2>Renegotiation</h2>
 *
 * Where {@link ContextOptions#renegotiation()} permits it, an established connection of TLS 1.2 is negotiated again, with the calls of
 * SSPI:
 *
 * <pre>
 * to begin         an establishing call without input: SEC_I_CONTINUE_NEEDED, and TOKEN is the client's hello, or the server's
 *                  request for one; SEC_I_NO_RENEGOTIATION where it is not permitted or the peer cannot do it
 * the peer begins  decryptMessage answers SEC_I_RENEGOTIATE; EXTRA goes to the establishing call: SEC_I_CONTINUE_NEEDED
 * to go on         either way, until an establishing call answers SEC_E_OK:
 *                  decryptMessage as ever: its data is data, its SEC_I_RENEGOTIATE is for the establishing call; or
 *                  the establishing call with what comes, as in the first handshake; EXTRA may begin with a record of data,
 *                  which is for decryptMessage
 * it is refused    SEC_I_NO_RENEGOTIATION from either of the two, once; the connection is what it was
 * </pre>
 *
 * Data of the peer may come until its new keys do. Behind its own hello this side sends none: encryptMessage answers SEC_I_RENEGOTIATE
 * until the handshake is complete, and establishing calls without input SEC_E_INCOMPLETE_MESSAGE while it is the peer's turn. Attributes
 * are those of the established connection until the new one is complete: SESSION is another object then, STREAM_SIZES may be others.
 *
 * <p>ContextOptions of an establishing call on an established context are those of the next handshake, so that a server may ask for a
 * certificate that it has not asked for before; so is ASC_REQ_MUTUAL_AUTH, in the call that comes with options. The peer's name and the application
 * protocol stay. A client may have become somebody else, or nobody: a server looks at SESSION again after SEC_E_OK. A client that was asked may
 * go on for ever as if it was not (RFC 5246 7.4.1.1); how long that is borne is the server's to say.
 */
public abstract class StreamContext extends SecurityContext {
    /**
     * Ours: the quality of protection of what passes before both sides have proven that they are there. It has no forward secrecy
     * where the client sends it, and may be a replay.
     */
    public static final int QOP_EARLY_DATA = 0x4A53_0001;

    /**
     * Ours: the quality of protection of application data that a client may send before the server's Finished; afterwards the same
     * as 0.
     */
    public static final int QOP_FALSE_START = 0x4A53_0002;

    /** For packages. */
    protected StreamContext() {}

    /**
     * Looks at the clear header of the record that begins at the position of {@code network}. Pure: nothing moves, nothing
     * changes, nothing is verified. A header that no record of the protocol can have is reported as {@link Preview.Whole}
     * over what is there, so that the call which gets the bytes refuses them.
     */
    public abstract Preview preview(ByteBuffer network);

    /**
     * encryptMessage from one buffer to another, without a list: as much data as one record holds, from the position of
     * {@code source} on, becomes the record at the position of {@code target}. Both positions move behind it.
     *
     * <p>A package need not have it: this one answers SEC_I_RENEGOTIATE.
     *
     * @param source may be read-only, and may overlap the target, but is another object with a position of its own
     * @return SEC_E_OK; SEC_E_INSUFFICIENT_BUFFERS where the target has no room for the record; SEC_I_RENEGOTIATE where the call
     *     with a list has to be made, which says what is to be done first. With both nothing has changed
     * @throws SspiException as the call with a list
     */
    public SecurityStatus encryptMessage(ByteBuffer source, ByteBuffer target) throws SspiException {
        return SecurityStatus.SEC_I_RENEGOTIATE;
    }

    /**
     * decryptMessage from one buffer to another, without a list: the record of data at the position of {@code source} becomes the data
     * at the position of {@code target}. Both positions move behind it; the source is not written.
     *
     * <p>A package need not have it: this one answers SEC_I_RENEGOTIATE.
     *
     * @param source may be read-only, and may overlap the target, but is another object with a position of its own
     * @return SEC_E_OK; SEC_E_INCOMPLETE_MESSAGE; SEC_E_INSUFFICIENT_BUFFERS where the target has no room for the data;
     *     SEC_I_RENEGOTIATE where the call with a list has to be made, for a record that is none of data above all. With all
     *     but the first nothing has changed, but that the target may be zeros behind its position
     * @throws SspiException as the call with a list
     */
    public SecurityStatus decryptMessage(ByteBuffer source, ByteBuffer target) throws SspiException {
        return SecurityStatus.SEC_I_RENEGOTIATE;
    }

    /** {@return the size in bytes of the record that an establishing call without input would produce now, 0 if none} */
    public abstract int pendingTokenSize();

    /** What {@link #preview} sees. */
    public sealed interface Preview {
        /**
         * The record is not complete.
         *
         * @param count how many bytes are missing at least
         */
        record Missing(int count) implements Preview {}

        /**
         * The record is complete.
         *
         * @param length its whole length in bytes, header and trailer included
         * @param dataBound no more plaintext bytes than this can be in it
         */
        record Whole(int length, int dataBound) implements Preview {}
    }
}
