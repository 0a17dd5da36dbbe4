package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jsspi.EarlyDataInfo;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ProtocolVersion;

/** One side of a handshake in memory, without records: it keeps what it was asked to do. */
final class Peer implements Effects {
    /** A message, null for a change_cipher_spec of TLS 1.2, and the key that it travels under; null for none. */
    record Sent(byte[] message, byte[] key) {}

    final Deque<Sent> outgoing = new ArrayDeque<>();
    /** Every message that was sent, in order. */
    final List<byte[]> sent = new ArrayList<>();

    final List<ResumableSession> tickets = new ArrayList<>();
    /** What happened, in order, by name. */
    final List<String> events = new ArrayList<>();

    State state;
    int changeCipherSpecs;
    boolean changeCipherSpecIsDue;
    int limit;
    int earlyLimit;
    int established;
    byte[] readKey;
    byte[] writeKey;
    boolean updateWaits;
    /** What was said of early data last, or null. */
    EarlyDataInfo earlyData;
    /** The False Start of this client, or null. */
    FalseStart falseStart;

    static Peer client(HandshakeSettings settings) throws SspiException {
        Peer peer = new Peer();
        peer.state = ClientHandshake.start(settings, peer);
        peer.work();
        return peer;
    }

    static Peer server(HandshakeSettings settings) {
        Peer peer = new Peer();
        peer.state = ServerHandshake.start(settings);
        return peer;
    }

    /** Delivers messages both ways until both sides are silent; each has to arrive under the key it was sent with. */
    static void run(Peer client, Peer server) throws SspiException {
        while (!client.outgoing.isEmpty() || !server.outgoing.isEmpty()) {
            while (!client.outgoing.isEmpty()) {
                server.receive(client.outgoing.remove());
            }
            while (!server.outgoing.isEmpty()) {
                client.receive(server.outgoing.remove());
            }
        }
    }

    void receive(Sent message) throws SspiException {
        if (message.message == null) {
            receiveChangeCipherSpec();
            return;
        }
        assertArrayEquals(message.key, readKey, "the key of the message");
        receive(message.message);
    }

    void receive(byte[] message) throws SspiException {
        try {
            state = state.on(Inbound.decode(state, message), this);
            work();
        } catch (SspiException e) {
            state.destroy();
            throw e;
        }
    }

    private void work() throws SspiException {
        while (state instanceof Busy busy) {
            state = busy.run(this);
        }
    }

    void receiveChangeCipherSpec() throws SspiException {
        try {
            state = state.onChangeCipherSpec(this);
        } catch (SspiException e) {
            state.destroy();
            throw e;
        }
    }

    Connected connected() {
        return (Connected) state;
    }

    /** {@return the alert that the failure is told with; the wire's errors of form are decode_error} */
    static AlertDescription alert(SspiException failure) {
        if (failure.alert().isEmpty() && failure.status() == SecurityStatus.SEC_E_INVALID_TOKEN) {
            return AlertDescription.DECODE_ERROR;
        }
        return AlertDescription.of(failure.alert().orElseThrow(() -> new AssertionError("no alert", failure)))
                .orElseThrow();
    }

    @Override
    public void send(byte[] message) {
        if (changeCipherSpecIsDue) {
            sendChangeCipherSpec();
        }
        events.add("send " + message[0]);
        sent.add(message.clone());
        outgoing.add(new Sent(message, writeKey));
    }

    @Override
    public void sendChangeCipherSpec() {
        events.add("ccs");
        changeCipherSpecs++;
        changeCipherSpecIsDue = false;
        if (state != null && state.version() == ProtocolVersion.TLS12) {
            outgoing.add(new Sent(null, writeKey));
        }
    }

    @Override
    public void changeCipherSpecIsDue() {
        changeCipherSpecIsDue = true;
    }

    @Override
    public void protectReads(TrafficKeys keys) {
        events.add("reads");
        readKey = keys.key().bytes().clone();
        keys.destroy();
    }

    @Override
    public void protectWrites(TrafficKeys keys) {
        events.add("writes");
        writeKey = keys.key().bytes().clone();
        keys.destroy();
    }

    @Override
    public void unprotectWrites() {
        events.add("no writes");
        writeKey = null;
    }

    @Override
    public void earlyData(EarlyDataInfo info) {
        events.add("early data " + info.status());
        earlyData = info;
    }

    @Override
    public void limitEarlyData(int peersRecordSizeLimit) {
        earlyLimit = peersRecordSizeLimit;
    }

    @Override
    public void earlyDataEnds() {
        events.add("early data ends");
    }

    @Override
    public void falseStart(FalseStart begun) {
        events.add("false start");
        falseStart = begun;
    }

    @Override
    public void limitRecords(int peersRecordSizeLimit) {
        limit = peersRecordSizeLimit;
    }

    @Override
    public void holdData() {
        events.add("hold data");
    }

    @Override
    public void refuseRenegotiation() {
        events.add("refuse");
    }

    @Override
    public void lastFlight() {
        events.add("last flight");
    }

    @Override
    public void established() {
        events.add("established");
        established++;
    }

    @Override
    public void offerTicket(ResumableSession session) {
        tickets.add(session);
    }

    @Override
    public boolean keyUpdateIsLast() {
        return updateWaits;
    }
}
