package org.jsspi.conformance.bench;

import java.security.GeneralSecurityException;
import java.util.OptionalInt;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Whole handshakes in memory, both sides: engines made, hellos to Finished, certificate chain validated, and a first byte
 * from the server with the tickets before it. Closing is not counted.
 */
final class HandshakeWork implements Work {
    /** What kind of handshake. */
    enum Kind {
        /** The server shows a certificate. */
        FULL,
        /** Both show one. */
        MUTUAL,
        /** By a ticket of the handshake before; in TLS 1.3 with (EC)DHE, in TLS 1.2 without. */
        RESUMED
    }

    static final int BATCH = 4;

    private final Contender contender;
    private final Protocol protocol;
    private final SSLContext clients;
    private final SSLContext servers;
    private final Kind kind;
    private final Pair.Wire wire = new Pair.Wire();
    private final Pair[] done = new Pair[BATCH];

    /**
     * Prepares the case and runs it twice.
     *
     * @throws IllegalStateException if the contender does something else than the case asks for
     */
    HandshakeWork(Contender contender, Protocol protocol, Identity identity, Kind kind)
            throws GeneralSecurityException, SSLException {
        this.clients = contender.context(identity);
        this.servers = contender.context(identity);
        this.contender = contender;
        this.protocol = protocol;
        this.kind = kind;
        for (int i = 0; i < 2; i++) {
            Pair pair = pair();
            Hellos hellos = pair.watchedHandshake();
            boolean resumes = kind == Kind.RESUMED && i > 0;
            OptionalInt group = resumes && protocol == Protocol.TLS12
                    ? OptionalInt.empty()
                    : OptionalInt.of(Group.pinned().code());
            if (hellos.resumed() != resumes) {
                throw new IllegalStateException(hellos.resumed() ? "resumes unasked" : "does not resume");
            }
            if (resumes && !hellos.ticketOffered()) {
                throw new IllegalStateException("resumes by an id that the server remembers, not by a ticket");
            }
            if (!hellos.group().equals(group)) {
                throw new IllegalStateException("the group of the key exchange is " + hellos.group());
            }
            pair.close();
        }
    }

    @Override
    public int operations() {
        return BATCH;
    }

    @Override
    public void run() throws SSLException {
        for (int i = 0; i < BATCH; i++) {
            done[i] = pair();
            done[i].handshake();
        }
    }

    @Override
    public void finish() throws SSLException {
        for (Pair pair : done) {
            pair.close();
        }
    }

    private Pair pair() {
        // A client that was not told its peer cannot resume.
        SSLEngine client = kind == Kind.RESUMED ? clients.createSSLEngine("localhost", 443) : clients.createSSLEngine();
        SSLEngine server = servers.createSSLEngine();
        Pair pair = contender.pair(protocol, client, server, wire);
        if (kind == Kind.MUTUAL) {
            server.setNeedClientAuth(true);
        }
        return pair;
    }
}
