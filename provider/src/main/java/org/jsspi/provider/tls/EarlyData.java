package org.jsspi.provider.tls;

import org.jsspi.EarlyDataInfo;
import org.jsspi.EarlyDataInfo.Status;
import org.jsspi.provider.tls.record.RecordFormat;

/**
 * The early data of one connection: what is agreed about it, and how much has passed. Read by any thread; what is agreed changes
 * under both locks of the context, what has passed under that of its direction.
 */
final class EarlyData {
    private volatile EarlyDataInfo agreed;
    private volatile boolean passing;
    private volatile long transferred;
    private volatile int maximumMessage = RecordFormat.MAX_PLAINTEXT;

    /** Takes over what the handshake says. */
    void becomes(EarlyDataInfo info) {
        agreed = info;
        passing = info.status() == Status.OFFERED || info.status() == Status.ACCEPTED;
    }

    /** A client obeys the server's record size limit, as it was when the session was made: inner content and its type byte together. */
    void limitRecords(int limit) {
        maximumMessage = limit - 1;
    }

    /** {@return the largest content of a record with early data} */
    int maximumMessage() {
        return maximumMessage;
    }

    /** The client has sent all of it. */
    void ends() {
        passing = false;
    }

    /** {@return whether the client may send early data, as far as this side knows} */
    boolean isPassing() {
        return passing;
    }

    /** {@return whether the server has taken it} */
    boolean isAccepted() {
        return agreed.status() == Status.ACCEPTED;
    }

    /** {@return how many bytes may still pass} */
    long left() {
        return agreed.maximum() - transferred;
    }

    /** So many bytes more have passed. */
    void count(long bytes) {
        transferred += bytes;
    }

    /** {@return what is known now} */
    EarlyDataInfo info() {
        return agreed.transferred(transferred);
    }
}
