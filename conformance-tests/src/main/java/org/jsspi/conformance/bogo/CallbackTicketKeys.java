package org.jsspi.conformance.bogo;

import org.jsspi.TicketKey;
import org.jsspi.TicketKeys;

/** A key that seals, the one before it, and a memory of how they were asked for: each connection opens one ticket, once. */
final class CallbackTicketKeys implements TicketKeys {
    private final boolean renewing;
    private TicketKey key = TicketKey.generate();
    private TicketKey before = key;
    private int searches;

    /** @param renewing whether each connection has a key of its own */
    CallbackTicketKeys(boolean renewing) {
        this.renewing = renewing;
    }

    @Override
    public synchronized TicketKey current() {
        return key;
    }

    @Override
    public synchronized TicketKey find(byte[] name) {
        searches++;
        return key.hasName(name) ? key : before.hasName(name) ? before : null;
    }

    /** Ends a connection: a ticket was opened once where one was shown, and not at all where there was none. */
    synchronized void check(boolean resume) throws ExpectationFailed {
        if (renewing) {
            before = key;
            key = TicketKey.generate();
        }
        int expected = resume ? 1 : 0;
        if (searches != expected) {
            throw new ExpectationFailed("a ticket key was asked for " + searches + " times, and not " + expected);
        }
        searches = 0;
    }
}
