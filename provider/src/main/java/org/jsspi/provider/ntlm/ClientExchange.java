package org.jsspi.provider.ntlm;

import static org.jsspi.provider.ntlm.NegotiateFlags.ALWAYS_SIGN;
import static org.jsspi.provider.ntlm.NegotiateFlags.ANONYMOUS;
import static org.jsspi.provider.ntlm.NegotiateFlags.DATAGRAM;
import static org.jsspi.provider.ntlm.NegotiateFlags.EXTENDED_SESSIONSECURITY;
import static org.jsspi.provider.ntlm.NegotiateFlags.IDENTIFY;
import static org.jsspi.provider.ntlm.NegotiateFlags.KEY_128;
import static org.jsspi.provider.ntlm.NegotiateFlags.KEY_56;
import static org.jsspi.provider.ntlm.NegotiateFlags.KEY_EXCH;
import static org.jsspi.provider.ntlm.NegotiateFlags.LM_KEY;
import static org.jsspi.provider.ntlm.NegotiateFlags.NTLM;
import static org.jsspi.provider.ntlm.NegotiateFlags.OEM;
import static org.jsspi.provider.ntlm.NegotiateFlags.REQUEST_TARGET;
import static org.jsspi.provider.ntlm.NegotiateFlags.SEAL;
import static org.jsspi.provider.ntlm.NegotiateFlags.SIGN;
import static org.jsspi.provider.ntlm.NegotiateFlags.TARGET_INFO;
import static org.jsspi.provider.ntlm.NegotiateFlags.UNICODE;
import static org.jsspi.provider.ntlm.NegotiateFlags.VERSION;

import java.util.Arrays;
import org.jsspi.AuthIdentity;
import org.jsspi.ChannelBindings;
import org.jsspi.IscReq;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Legacy;
import org.jsspi.provider.wire.Reader;

/** The client's side of the exchange (MS-NLMP 3.1): what to offer, and the answer to a CHALLENGE_MESSAGE. Holds no state. */
final class ClientExchange {
    private static final int EXPORTED_LENGTH = 16;

    private final NtlmPolicy policy;
    private final Surroundings surroundings;

    ClientExchange(NtlmPolicy policy, Surroundings surroundings) {
        this.policy = policy;
        this.surroundings = surroundings;
    }

    /** The wishes of one call that go into the answer. */
    record Wishes(String targetName, boolean unverifiedTarget, ChannelBindings bindings, boolean anonymous) {}

    /** {@return the flags that a client with these requests offers} */
    NegotiateFlags offer(IscReq request) {
        int bits = UNICODE | OEM | REQUEST_TARGET | NTLM | ALWAYS_SIGN | VERSION | KEY_128 | KEY_56 | KEY_EXCH;
        // Levels below 1 do not know extended session security.
        bits |= policy.lmCompatibilityLevel() > 0 ? EXTENDED_SESSIONSECURITY : LM_KEY;
        boolean datagram = request.has(IscReq.DATAGRAM);
        if (request.has(IscReq.CONFIDENTIALITY)) {
            bits |= SEAL | SIGN;
        }
        // A datagram context signs before anything was negotiated, so it always asks for signatures.
        if (datagram
                || request.has(IscReq.INTEGRITY)
                || request.has(IscReq.REPLAY_DETECT)
                || request.has(IscReq.SEQUENCE_DETECT)) {
            bits |= SIGN;
        }
        if (datagram) {
            bits |= DATAGRAM;
        }
        if (request.has(IscReq.IDENTIFY)) {
            bits |= IDENTIFY;
        }
        return new NegotiateFlags(bits & policy.supported().bits());
    }

    byte[] negotiate(NegotiateFlags offered) {
        return new NegotiateMessage(offered, "", "", surroundings.version()).encode();
    }

    /** {@return the key that a datagram session is going to have, chosen before the server is heard of} */
    byte[] newExportedKey() {
        return surroundings.nonces().apply(EXPORTED_LENGTH);
    }

    /** What the client comes to. The caller wipes the key; it is null for an anonymous session. */
    record Answer(
            byte[] token,
            NegotiateFlags flags,
            int revision,
            byte[] exportedSessionKey,
            TargetInfo targetInfo,
            String targetName) {}

    /**
     * Answers a challenge.
     *
     * @param negotiate the NEGOTIATE_MESSAGE that was sent, empty in datagram mode
     * @param chosenKey the exported session key of a datagram session, otherwise null
     * @throws SspiException SEC_E_INVALID_TOKEN, SEC_E_UNSUPPORTED_FUNCTION, SEC_E_LOGON_DENIED
     */
    Answer answer(
            AuthIdentity identity,
            NegotiateFlags offered,
            byte[] negotiate,
            byte[] challengeBytes,
            byte[] chosenKey,
            Wishes wishes)
            throws SspiException {
        ChallengeMessage challenge = ChallengeMessage.decode(challengeBytes);
        NegotiateFlags flags = agree(offered, challenge);
        int revision = challenge.version() == null ? 0 : challenge.version().revision();
        if (wishes.anonymous()) {
            return anonymous(flags, challenge, revision);
        }
        NtlmPolicy.require(policy.minClientSec(), flags);

        Credentials used = Credentials.of(
                identity,
                !flags.has(EXTENDED_SESSIONSECURITY) && (flags.has(LM_KEY) || policy.lmCompatibilityLevel() < 2));
        byte[] exported = null;
        try {
            Responded responded = policy.sendsV2()
                    ? respondV2(used, flags, challenge, wishes)
                    : respondV1(used, flags, challenge.serverChallenge());
            byte[] encrypted = new byte[0];
            if (flags.has(KEY_EXCH)) {
                exported = chosenKey == null ? newExportedKey() : chosenKey.clone();
                encrypted = Legacy.rc4(responded.keyExchangeKey, exported);
                Arrays.fill(responded.keyExchangeKey, (byte) 0);
            } else {
                exported = responded.keyExchangeKey;
            }
            byte[] token = new AuthenticateMessage(
                            flags,
                            responded.lm,
                            responded.nt,
                            used.domain,
                            used.user,
                            surroundings.workstation(),
                            encrypted,
                            surroundings.version(),
                            responded.mic ? new byte[AuthenticateMessage.MIC_LENGTH] : null)
                    .encode();
            if (token.length > NtlmPackage.MAXIMUM_TOKEN) {
                throw Reader.malformed("target information that makes an answer of " + token.length + " bytes");
            }
            if (responded.mic) {
                byte[] mic = SessionKeys.mic(exported, negotiate, challengeBytes, token);
                System.arraycopy(mic, 0, token, AuthenticateMessage.MIC_OFFSET, mic.length);
            }
            Answer answer =
                    new Answer(token, flags, revision, exported, challenge.targetInfo(), challenge.targetName());
            exported = null;
            return answer;
        } finally {
            used.wipe();
            if (exported != null) {
                Arrays.fill(exported, (byte) 0);
            }
        }
    }

    /** {@return what both want} A server that offers more than was asked for is not believed, but for its target information. */
    private NegotiateFlags agree(NegotiateFlags offered, ChallengeMessage challenge) throws SspiException {
        NegotiateFlags answered = challenge.flags();
        NegotiateFlags flags = answered.and(offered).with(offered.bits() & REQUEST_TARGET);
        if (flags.has(UNICODE)) {
            flags = flags.without(OEM);
        } else if (!flags.has(OEM)) {
            throw Reader.malformed("a CHALLENGE_MESSAGE without a character set that was offered");
        }
        // MS-NLMP 2.2.2.5: the two exclude each other.
        if (flags.has(EXTENDED_SESSIONSECURITY)) {
            flags = flags.without(LM_KEY);
        }
        if (challenge.targetInfo() != null) {
            flags = flags.with(TARGET_INFO);
        }
        if (offered.has(DATAGRAM) != answered.has(DATAGRAM)) {
            throw Reader.malformed("a CHALLENGE_MESSAGE of the other mode, connection-oriented or datagram");
        }
        // MS-NLMP 3.2.5.2.1: the connectionless variant always uses key exchange.
        if (offered.has(DATAGRAM) && !flags.has(KEY_EXCH | SIGN)) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                    SspiException.Kind.HANDSHAKE,
                    "a server without key exchange or signatures for datagrams",
                    null);
        }
        return flags;
    }

    /** MS-NLMP 3.1.5.1.2: empty names, an empty NT response, one zero for LM. Nobody's messages are not protected. */
    private Answer anonymous(NegotiateFlags agreed, ChallengeMessage challenge, int revision) {
        NegotiateFlags flags = agreed.with(ANONYMOUS).without(SIGN | SEAL | KEY_EXCH);
        byte[] token = new AuthenticateMessage(
                        flags,
                        new byte[1],
                        new byte[0],
                        "",
                        "",
                        surroundings.workstation(),
                        new byte[0],
                        surroundings.version(),
                        null)
                .encode();
        return new Answer(token, flags, revision, null, challenge.targetInfo(), challenge.targetName());
    }

    /** Responses, and the key that goes with them. */
    private record Responded(byte[] lm, byte[] nt, byte[] keyExchangeKey, boolean mic) {}

    private Responded respondV1(Credentials used, NegotiateFlags flags, byte[] serverChallenge) throws SspiException {
        byte[] nt;
        byte[] lm;
        if (flags.has(EXTENDED_SESSIONSECURITY)) {
            byte[] clientChallenge = surroundings.nonces().apply(ChallengeMessage.CHALLENGE_LENGTH);
            nt = Responses.ntlm2SessionResponse(used.ntHash, serverChallenge, clientChallenge);
            lm = Responses.ntlm2SessionLm(clientChallenge);
        } else {
            nt = Responses.desl(used.ntHash, serverChallenge);
            // Levels above 1, and who has no LM hash, send the NT response in both places.
            boolean sendLm = policy.lmCompatibilityLevel() < 2 && used.lmHash != null;
            lm = sendLm ? Responses.desl(used.lmHash, serverChallenge) : nt;
            if (flags.has(LM_KEY) && used.lmHash == null) {
                throw new SspiException(
                        SecurityStatus.SEC_E_NO_CREDENTIALS,
                        SspiException.Kind.KEY,
                        "the LM session key needs a password, and there is an NT hash alone",
                        null);
            }
        }
        byte[] base = Responses.sessionBaseKeyV1(used.ntHash);
        byte[] key = SessionKeys.kxkeyV1(flags, base, lm, serverChallenge, used.lmHash);
        Arrays.fill(base, (byte) 0);
        return new Responded(lm, nt, key, false);
    }

    private Responded respondV2(Credentials used, NegotiateFlags flags, ChallengeMessage challenge, Wishes wishes)
            throws SspiException {
        TargetInfo told = challenge.targetInfo();
        // MS-NLMP 3.1.5.1.2: a server that does not say who it is gets no protected session.
        if (flags.hasAny(SIGN | SEAL)
                && (told == null || !told.has(TargetInfo.NB_COMPUTER_NAME) && !told.has(TargetInfo.NB_DOMAIN_NAME))) {
            throw new SspiException(
                    SecurityStatus.SEC_E_LOGON_DENIED,
                    SspiException.Kind.HANDSHAKE,
                    "a server that names neither its computer nor its domain",
                    null);
        }
        TargetInfo info = told == null ? TargetInfo.EMPTY : answered(told, wishes);
        boolean timed = told != null && told.has(TargetInfo.TIMESTAMP);
        long time = timed
                ? Reader.of(told.value(TargetInfo.TIMESTAMP)).u64LittleEndian()
                : surroundings.time().getAsLong();
        byte[] clientChallenge = surroundings.nonces().apply(ChallengeMessage.CHALLENGE_LENGTH);
        byte[] structure = new Responses.ClientChallenge(time, clientChallenge, info).encode();
        byte[] ntowf = Responses.ntowfV2(used.ntHash, used.user, used.domain);
        byte[] proof = Responses.ntProof(ntowf, challenge.serverChallenge(), structure);
        byte[] key = Responses.sessionBaseKeyV2(ntowf, proof);
        // MS-NLMP 3.1.5.1.2: with a timestamp there is no LM response.
        byte[] lm = timed
                ? new byte[Responses.V1_LENGTH]
                : Responses.lmV2(ntowf, challenge.serverChallenge(), clientChallenge);
        Arrays.fill(ntowf, (byte) 0);
        return new Responded(lm, Responses.concat(proof, structure), key, timed);
    }

    /** {@return the server's list with what the client adds; what only a client may say is not taken over from the server} */
    private static TargetInfo answered(TargetInfo told, Wishes wishes) throws SspiException {
        TargetInfo info = told.without(TargetInfo.CHANNEL_BINDINGS).without(TargetInfo.TARGET_NAME);
        int flags = info.flags();
        if (told.has(TargetInfo.TIMESTAMP)) {
            flags |= TargetInfo.FLAG_MIC;
        }
        if (wishes.unverifiedTarget()) {
            flags |= TargetInfo.FLAG_UNTRUSTED_TARGET;
        }
        if (flags != 0) {
            info = info.withFlags(flags);
        }
        // Servers that accept bindings refuse a hash of zeros, so without bindings there is no pair.
        if (wishes.bindings() != null) {
            info = info.with(
                    TargetInfo.CHANNEL_BINDINGS, Legacy.md5(wishes.bindings().toHashInput()));
        }
        if (wishes.targetName() != null && !wishes.targetName().isEmpty()) {
            info = info.with(TargetInfo.TARGET_NAME, wishes.targetName());
        }
        return info;
    }

    /** The secrets of one answer; wiped after it. */
    private static final class Credentials {
        private final String user;
        private final String domain;
        private final byte[] ntHash;
        private final byte[] lmHash;

        private Credentials(String user, String domain, byte[] ntHash, byte[] lmHash) {
            this.user = user;
            this.domain = domain;
            this.ntHash = ntHash;
            this.lmHash = lmHash;
        }

        static Credentials of(AuthIdentity identity, boolean lm) throws SspiException {
            byte[] hash = identity.ntHash();
            if (hash != null) {
                return new Credentials(identity.user(), identity.domain(), hash, null);
            }
            char[] password = identity.password();
            try {
                return new Credentials(
                        identity.user(),
                        identity.domain(),
                        Responses.ntowfV1(password),
                        lm ? Responses.lmowfV1(password) : null);
            } finally {
                Arrays.fill(password, '\0');
            }
        }

        void wipe() {
            Arrays.fill(ntHash, (byte) 0);
            if (lmHash != null) {
                Arrays.fill(lmHash, (byte) 0);
            }
        }
    }
}
