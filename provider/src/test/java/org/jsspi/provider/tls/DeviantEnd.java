package org.jsspi.provider.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jsspi.EarlyDataInfo;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SspiException;
import org.jsspi.StreamContext.Preview;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.handshake.Busy;
import org.jsspi.provider.tls.handshake.ClientHandshake;
import org.jsspi.provider.tls.handshake.Connected;
import org.jsspi.provider.tls.handshake.Effects;
import org.jsspi.provider.tls.handshake.FalseStart;
import org.jsspi.provider.tls.handshake.HandshakeSettings;
import org.jsspi.provider.tls.handshake.Inbound;
import org.jsspi.provider.tls.handshake.ResumableSession;
import org.jsspi.provider.tls.handshake.ServerHandshake;
import org.jsspi.provider.tls.handshake.State;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.AlertLevel;
import org.jsspi.provider.tls.message.ContentType;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.record.RecordReader;
import org.jsspi.provider.tls.record.RecordWriter;

/**
 * A peer that shakes hands as it should and sends other messages than it says: its own transcript holds the right ones, and
 * every record is under the right keys. Afterwards it sends whatever a test wants.
 */
final class DeviantEnd implements Effects {
    /** Stands among the messages of TLS 1.2 for change_cipher_spec, which is a message of its own protocol there. */
    static final byte[] CHANGE_CIPHER_SPEC = {(byte) 0xCC};

    /** What becomes of the messages. */
    @FunctionalInterface
    interface Deviation {
        /** Nothing is changed. */
        Deviation NONE = (n, message) -> List.of(message);

        /** {@return what leaves instead of the message that is the n-th, from 0, of the handshake} */
        List<byte[]> instead(int n, byte[] message) throws SspiException;
    }

    private final RecordReader reader = new RecordReader();
    private final RecordWriter writer = new RecordWriter();
    private final OutboundQueue outbound = new OutboundQueue(writer);
    private final HandshakeInbox inbox = new HandshakeInbox(0xFFFFFF);
    private final Deviation deviation;
    private State state;
    private boolean honest;
    private boolean dataBehindChange;
    private int count;
    private boolean established;
    private OptionalInt alert = OptionalInt.empty();
    private ResumableSession ticket;
    private int keyUpdates;
    private int refusedRenegotiations;

    private DeviantEnd(Deviation deviation) {
        this.deviation = deviation;
    }

    /** {@return a client that deviates in a renegotiation, and not before} */
    static DeviantEnd laterClient(HandshakeSettings settings, Deviation deviation) throws SspiException {
        DeviantEnd end = new DeviantEnd(deviation).honest();
        end.enter(ClientHandshake.start(settings, end));
        return end;
    }

    static DeviantEnd client(HandshakeSettings settings, Deviation deviation) throws SspiException {
        DeviantEnd end = new DeviantEnd(deviation);
        end.enter(ClientHandshake.start(settings, end));
        return end;
    }

    static DeviantEnd server(HandshakeSettings settings, Deviation deviation) {
        DeviantEnd end = new DeviantEnd(deviation);
        end.state = ServerHandshake.start(settings);
        return end;
    }

    /** {@return this, which sends what it should until {@link #negotiateAgain}, if it has nothing to say yet} */
    DeviantEnd honest() {
        honest = true;
        return this;
    }

    /** Sends data under its new keys in front of the Finished that proves them. */
    void sendDataBehindChangeCipherSpec() {
        dataBehindChange = true;
    }

    /** What comes now is another handshake, in which it deviates. */
    void negotiateAgain() {
        honest = false;
        established = false;
        count = 0;
    }

    /** Begins another handshake, or asks for one. */
    void beginAgain() throws SspiException {
        connected().dataReceived(); // it counts nothing
        negotiateAgain();
        enter(connected().renegotiate(this));
    }

    /** {@return the alert that it was told, if any} */
    OptionalInt alert() {
        return alert;
    }

    boolean isEstablished() {
        return established;
    }

    /** {@return the last ticket that it got, or null} */
    ResumableSession ticket() {
        return ticket;
    }

    /** {@return how many changes of the peer's keys it has seen} */
    int keyUpdates() {
        return keyUpdates;
    }

    /** {@return how often the peer said that it does not renegotiate} */
    int refusedRenegotiations() {
        return refusedRenegotiations;
    }

    Connected connected() {
        return (Connected) state;
    }

    /** {@return how many messages it has sent, or has had others sent for} */
    int messages() {
        return count;
    }

    // Inbound

    /** Reads whole records. It forgives nothing, but a handshake of its own that breaks ends quietly. */
    void arrive(byte[] bytes) throws SspiException {
        ByteBuffer network = ByteBuffer.wrap(bytes);
        while (network.hasRemaining() && alert.isEmpty()) {
            if (bytes[network.position()] == ContentType.ALERT.code() && isClearAlert(network)) {
                alert = OptionalInt.of(network.get(network.position() + 6) & 0xFF);
                return;
            }
            Preview.Whole record = (Preview.Whole) reader.preview(network);
            reader.open(network, network.position(), record.length(), (type, content, offset, length) -> {
                switch (type) {
                    case HANDSHAKE -> inbox.append(content, offset, length);
                    case ALERT -> alert(content[offset], content[offset + 1] & 0xFF);
                    case CHANGE_CIPHER_SPEC -> {
                        if (state.version() == ProtocolVersion.TLS12) {
                            enter(state.onChangeCipherSpec(this));
                        }
                    }
                    default -> {}
                }
            });
            network.position(network.position() + record.length());
            for (byte[] message = inbox.next(); message != null; message = inbox.next()) {
                if (established) {
                    connected().dataReceived(); // it counts nothing
                }
                keyUpdates += message[0] == 24 ? 1 : 0;
                enter(state.on(Inbound.decode(state, message), this));
            }
        }
    }

    private void alert(int level, int number) {
        if (number == AlertDescription.NO_RENEGOTIATION.code() && level == AlertLevel.WARNING.code()) {
            refusedRenegotiations++;
        } else {
            alert = OptionalInt.of(number);
        }
    }

    private static boolean isClearAlert(ByteBuffer network) {
        return network.remaining() >= 7 && network.getShort(network.position() + 3) == 2;
    }

    private void enter(State next) throws SspiException {
        state = next;
        while (state instanceof Busy busy) {
            state = busy.run(this);
        }
    }

    // Outbound

    /** {@return everything that waits, as records} */
    byte[] take() throws SspiException {
        ByteBuffer records = ByteBuffer.allocate(outbound.totalSize() + (dataBehindChange ? 100 : 0));
        while (outbound.nextRecordSize() > 0) {
            int start = records.position();
            records.position(start + outbound.writeRecord(records, start));
            if (dataBehindChange && records.get(start) == ContentType.CHANGE_CIPHER_SPEC.code()) {
                records.put(data(new byte[] {1, 2, 3}));
            }
        }
        return Arrays.copyOf(records.array(), records.position());
    }

    /** {@return a handshake message as it is, in records under the current keys} */
    byte[] message(byte[] message) throws SspiException {
        outbound.message(message);
        return take();
    }

    /** {@return each byte of a handshake message in a record of its own} */
    byte[][] dribble(byte[] message) throws SspiException {
        byte[][] records = new byte[message.length][];
        for (int i = 0; i < message.length; i++) {
            records[i] = message(new byte[] {message[i]});
        }
        return records;
    }

    byte[] alertRecord(AlertLevel level, int number) throws SspiException {
        outbound.alert(level, number);
        return take();
    }

    /** {@return a KeyUpdate, behind which its own keys are new} */
    byte[] keyUpdate(boolean requestPeer) throws SspiException {
        connected().updateKeys(requestPeer, this);
        return take();
    }

    byte[] data(byte[] data) throws SspiException {
        SecBufferDesc list = new SecBufferDesc(new SecBuffer(SecBufferType.DATA, data));
        writer.seal(list);
        return list.get(0).toByteArray();
    }

    // Effects

    @Override
    public void send(byte[] message) throws SspiException {
        if (established) {
            outbound.message(message);
            return;
        }
        deviate(message);
    }

    @Override
    public void sendChangeCipherSpec() throws SspiException {
        if (state != null && state.version() == ProtocolVersion.TLS12) {
            deviate(CHANGE_CIPHER_SPEC);
        } else {
            outbound.changeCipherSpec();
        }
    }

    private void deviate(byte[] right) throws SspiException {
        for (byte[] message : honest ? List.of(right) : deviation.instead(count++, right)) {
            if (message == CHANGE_CIPHER_SPEC) {
                outbound.changeCipherSpec();
            } else {
                outbound.message(message);
            }
        }
    }

    @Override
    public void changeCipherSpecIsDue() {
        outbound.changeCipherSpecIsDue();
    }

    @Override
    public void holdData() {}

    @Override
    public void refuseRenegotiation() throws SspiException {
        outbound.alert(AlertLevel.WARNING, AlertDescription.NO_RENEGOTIATION.code());
    }

    @Override
    public void protectReads(TrafficKeys keys) throws SspiException {
        reader.protect(keys);
    }

    @Override
    public void protectWrites(TrafficKeys keys) throws SspiException {
        outbound.keys(keys);
    }

    @Override
    public void unprotectWrites() throws SspiException {
        outbound.unprotect();
    }

    @Override
    public void earlyData(EarlyDataInfo info) {}

    @Override
    public void limitEarlyData(int peersRecordSizeLimit) {}

    @Override
    public void earlyDataEnds() {}

    @Override
    public void falseStart(FalseStart begun) {}

    @Override
    public void limitRecords(int peersRecordSizeLimit) {
        outbound.limitRecords(peersRecordSizeLimit);
    }

    @Override
    public void established() {
        established = true;
    }

    @Override
    public void offerTicket(ResumableSession session) {
        ticket = session;
    }
}
