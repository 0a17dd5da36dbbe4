package org.jsspi.provider.tls;

import java.util.ArrayList;
import java.util.List;
import org.jsspi.EarlyDataInfo;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.handshake.Effects;
import org.jsspi.provider.tls.handshake.FalseStart;
import org.jsspi.provider.tls.handshake.ResumableSession;

/**
 * What a step of the handshake wants done, in its order, until the establishing call goes on and it is done. Touches nothing but itself
 * and needs no lock: one thread records, and another one plays back what the first has ended with.
 *
 * <p>An effect is a number and what it is with, and not a function: the JVM would make a class for each that it meets.
 */
final class RecordedEffects implements Effects {
    private static final int SEND = 0;
    private static final int SEND_CHANGE_CIPHER_SPEC = 1;
    private static final int CHANGE_CIPHER_SPEC_IS_DUE = 2;
    private static final int PROTECT_READS = 3;
    private static final int PROTECT_WRITES = 4;
    private static final int UNPROTECT_WRITES = 5;
    private static final int EARLY_DATA = 6;
    private static final int LIMIT_EARLY_DATA = 7;
    private static final int EARLY_DATA_ENDS = 8;
    private static final int FALSE_START = 9;
    private static final int HOLD_DATA = 10;
    private static final int REFUSE_RENEGOTIATION = 11;
    private static final int LIMIT_RECORDS = 12;
    private static final int PEERS_FLIGHT_ENDS = 13;
    private static final int LAST_FLIGHT = 14;
    private static final int ESTABLISHED = 15;
    private static final int OFFER_TICKET = 16;

    private final List<Integer> effects = new ArrayList<>();
    /** What each of them is with: null where it is with nothing. */
    private final List<Object> operands = new ArrayList<>();
    /** Those among the operands, which nobody else knows of until they take effect. */
    private final List<TrafficKeys> keys = new ArrayList<>();

    /** Does what is recorded. */
    void play(Effects out) throws SspiException {
        for (int i = 0; i < effects.size(); i++) {
            play(effects.get(i), operands.get(i), out);
        }
    }

    private static void play(int effect, Object operand, Effects out) throws SspiException {
        switch (effect) {
            case SEND -> out.send((byte[]) operand);
            case SEND_CHANGE_CIPHER_SPEC -> out.sendChangeCipherSpec();
            case CHANGE_CIPHER_SPEC_IS_DUE -> out.changeCipherSpecIsDue();
            case PROTECT_READS -> out.protectReads((TrafficKeys) operand);
            case PROTECT_WRITES -> out.protectWrites((TrafficKeys) operand);
            case UNPROTECT_WRITES -> out.unprotectWrites();
            case EARLY_DATA -> out.earlyData((EarlyDataInfo) operand);
            case LIMIT_EARLY_DATA -> out.limitEarlyData((Integer) operand);
            case EARLY_DATA_ENDS -> out.earlyDataEnds();
            case FALSE_START -> out.falseStart((FalseStart) operand);
            case HOLD_DATA -> out.holdData();
            case REFUSE_RENEGOTIATION -> out.refuseRenegotiation();
            case LIMIT_RECORDS -> out.limitRecords((Integer) operand);
            case PEERS_FLIGHT_ENDS -> out.peersFlightEnds();
            case LAST_FLIGHT -> out.lastFlight();
            case ESTABLISHED -> out.established();
            case OFFER_TICKET -> out.offerTicket((ResumableSession) operand);
            default -> throw new IllegalStateException("effect " + effect);
        }
    }

    void destroyKeys() {
        for (TrafficKeys each : keys) {
            each.destroy();
        }
    }

    private void add(int effect, Object operand) {
        effects.add(effect);
        operands.add(operand);
    }

    @Override
    public void send(byte[] message) {
        add(SEND, message);
    }

    @Override
    public void sendChangeCipherSpec() {
        add(SEND_CHANGE_CIPHER_SPEC, null);
    }

    @Override
    public void changeCipherSpecIsDue() {
        add(CHANGE_CIPHER_SPEC_IS_DUE, null);
    }

    @Override
    public void protectReads(TrafficKeys reads) {
        keys.add(reads);
        add(PROTECT_READS, reads);
    }

    @Override
    public void protectWrites(TrafficKeys writes) {
        keys.add(writes);
        add(PROTECT_WRITES, writes);
    }

    @Override
    public void unprotectWrites() {
        add(UNPROTECT_WRITES, null);
    }

    @Override
    public void earlyData(EarlyDataInfo info) {
        add(EARLY_DATA, info);
    }

    @Override
    public void limitEarlyData(int peersRecordSizeLimit) {
        add(LIMIT_EARLY_DATA, peersRecordSizeLimit);
    }

    @Override
    public void earlyDataEnds() {
        add(EARLY_DATA_ENDS, null);
    }

    @Override
    public void falseStart(FalseStart begun) {
        add(FALSE_START, begun);
    }

    @Override
    public void holdData() {
        add(HOLD_DATA, null);
    }

    @Override
    public void refuseRenegotiation() {
        add(REFUSE_RENEGOTIATION, null);
    }

    @Override
    public void limitRecords(int peersRecordSizeLimit) {
        add(LIMIT_RECORDS, peersRecordSizeLimit);
    }

    @Override
    public void peersFlightEnds() {
        add(PEERS_FLIGHT_ENDS, null);
    }

    @Override
    public void lastFlight() {
        add(LAST_FLIGHT, null);
    }

    @Override
    public void established() {
        add(ESTABLISHED, null);
    }

    @Override
    public void offerTicket(ResumableSession session) {
        add(OFFER_TICKET, session);
    }
}
