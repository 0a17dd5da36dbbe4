package org.jsspi;

import java.util.Objects;

/**
 * What has become of early data, as attribute {@link ContextAttribute#EARLY_DATA}. Early data is what a client sends in its first
 * flight, under a key of the session that it resumes and before the server has answered (0-RTT, RFC 8446 2.3).
 *
 * <p><b>It is worth less than other data</b> (RFC 8446 8, E.5): it has no forward secrecy, and whoever records it can send
 * it again. This package takes it with one ticket once, and only on the server that made the ticket; but a client whose early
 * data was rejected, or seems lost, sends the same request again, and an attacker can bring that about. So it is for requests that
 * do no harm when they are carried out twice, and it is off on both sides unless {@link ContextOptions#maximumEarlyData()}
 * allows it.
 *
 * @param status how far it has come
 * @param reason why there is none, or why it was not taken; null while it is offered and when it was accepted
 * @param applicationProtocol what the early data speaks: the protocol of the session that is resumed, empty for none
 * @param maximum how many bytes there may be
 * @param transferred how many bytes a client has sent, accepted or not, or a server received
 */
public record EarlyDataInfo(Status status, Reason reason, String applicationProtocol, long maximum, long transferred) {
    /** How far early data has come. */
    public enum Status {
        /** The client has not offered any. */
        NONE,
        /** A client may send early data, or has sent it; the server has not answered. */
        OFFERED,
        /** The server takes it. It has arrived whole once the context is complete. */
        ACCEPTED,
        /** The server did not take any of it. It is the client's to send again, or not, once the context is complete. */
        REJECTED
    }

    /** Why there is no early data, or why it was not taken. */
    public enum Reason {
        /** This side does not allow it. */
        DISABLED,
        /** There is none before TLS 1.3. */
        PROTOCOL_VERSION,
        /** The client has no session to resume. */
        NO_SESSION,
        /** The session that the client has offered was not resumed. */
        SESSION_NOT_RESUMED,
        /** The session is not one that allows early data: on a server, because it was made elsewhere or without. */
        UNSUPPORTED_FOR_SESSION,
        /** The session speaks another application protocol. */
        APPLICATION_PROTOCOL,
        /** The session has another cipher suite than the connection. */
        CIPHER_SUITE,
        /** The server needed a second ClientHello. */
        HELLO_RETRY_REQUEST,
        /** The peer did not want it: a client that offers none, or a server that does not say why. */
        PEER_DECLINED,
        /** The ticket's age is not what the client says: its first flight has been held up, or is sent again. */
        TICKET_AGE,
        /** The ticket was used for early data before, or too many were to be sure that this one was not. */
        REPLAY
    }

    /** A state of early data; numbers of bytes are not negative. */
    public EarlyDataInfo {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(applicationProtocol, "applicationProtocol");
        if ((reason == null) != (status == Status.OFFERED || status == Status.ACCEPTED)) {
            throw new IllegalArgumentException(status + " with the reason " + reason);
        }
    }

    /** {@return that there is none} */
    public static EarlyDataInfo none(Reason why) {
        return new EarlyDataInfo(Status.NONE, why, "", 0, 0);
    }

    /** {@return that a client may send so many bytes, which speak that protocol} */
    public static EarlyDataInfo offered(String applicationProtocol, long maximum) {
        return new EarlyDataInfo(Status.OFFERED, null, applicationProtocol, maximum, 0);
    }

    /** {@return this early data, taken by the server} */
    public EarlyDataInfo accepted() {
        return new EarlyDataInfo(Status.ACCEPTED, null, applicationProtocol, maximum, transferred);
    }

    /** {@return this early data, not taken by the server} */
    public EarlyDataInfo rejected(Reason why) {
        return new EarlyDataInfo(Status.REJECTED, why, applicationProtocol, maximum, transferred);
    }

    /** {@return the same after so many bytes in all} */
    public EarlyDataInfo transferred(long bytes) {
        return new EarlyDataInfo(status, reason, applicationProtocol, maximum, bytes);
    }
}
