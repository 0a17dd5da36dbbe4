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
import static org.jsspi.provider.ntlm.NegotiateFlags.TARGET_TYPE_DOMAIN;
import static org.jsspi.provider.ntlm.NegotiateFlags.TARGET_TYPE_SERVER;
import static org.jsspi.provider.ntlm.NegotiateFlags.UNICODE;
import static org.jsspi.provider.ntlm.NegotiateFlags.VERSION;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jsspi.AscReq;
import org.jsspi.AuthIdentity;
import org.jsspi.ChannelBindings;
import org.jsspi.NtlmAccounts;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Legacy;
import org.jsspi.provider.wire.Reader;

/** The server's side of the exchange (MS-NLMP 3.2): the challenge, and the judgement on what answers it. Holds no state. */
final class ServerExchange {
    private static final int NONE_BUT_A_ZERO = 1;

    private final NtlmPolicy policy;
    private final Surroundings surroundings;
    private final ServerNames names;
    private final NtlmAccounts accounts;
    private final FailureLimit failures;

    ServerExchange(
            NtlmPolicy policy,
            Surroundings surroundings,
            ServerNames names,
            NtlmAccounts accounts,
            FailureLimit failures) {
        this.policy = policy;
        this.surroundings = surroundings;
        this.names = names;
        this.accounts = accounts;
        this.failures = failures;
    }

    /** {@return the challenge that answers a NEGOTIATE_MESSAGE (MS-NLMP 3.2.5.1.1)} */
    ChallengeMessage challenge(NegotiateMessage negotiate, AscReq request) throws SspiException {
        NegotiateFlags asked = negotiate.flags();
        if (asked.has(DATAGRAM)) {
            throw Reader.malformed("a NEGOTIATE_MESSAGE for datagrams, which have none");
        }
        return challenge(asked, request);
    }

    /**
     * {@return the challenge of a datagram context} There is no message to echo: it offers everything, and the client
     * narrows it (MS-NLMP 3.2.5.2.1).
     */
    ChallengeMessage datagramChallenge(AscReq request) throws SspiException {
        return challenge(
                NegotiateFlags.of(
                        UNICODE,
                        OEM,
                        SIGN,
                        SEAL,
                        DATAGRAM,
                        NTLM,
                        ALWAYS_SIGN,
                        EXTENDED_SESSIONSECURITY,
                        IDENTIFY,
                        VERSION,
                        KEY_128,
                        KEY_56,
                        KEY_EXCH),
                request);
    }

    private ChallengeMessage challenge(NegotiateFlags asked, AscReq request) throws SspiException {
        int echo = SIGN
                | SEAL
                | ALWAYS_SIGN
                | LM_KEY
                | EXTENDED_SESSIONSECURITY
                | IDENTIFY
                | KEY_128
                | KEY_56
                | KEY_EXCH
                | DATAGRAM;
        NegotiateFlags flags =
                asked.and(policy.supported()).and(new NegotiateFlags(echo)).with(NTLM | TARGET_INFO);
        if (asked.has(UNICODE)) {
            flags = flags.with(UNICODE);
        } else if (asked.has(OEM)) {
            flags = flags.with(OEM);
        } else {
            throw Reader.malformed("a NEGOTIATE_MESSAGE without a character set");
        }
        if (asked.has(DATAGRAM)) {
            flags = flags.with(asked.bits() & OEM);
        }
        // MS-NLMP 2.2.2.5: the two exclude each other, and the LM key only serves NTLMv1.
        if (flags.has(EXTENDED_SESSIONSECURITY) || !policy.acceptsV1()) {
            flags = flags.without(LM_KEY);
        }
        String targetName = "";
        if (asked.has(REQUEST_TARGET)) {
            flags = flags.with(REQUEST_TARGET | (names.hasDomain() ? TARGET_TYPE_DOMAIN : TARGET_TYPE_SERVER));
            targetName = names.domain();
        }
        if (asked.has(VERSION)) {
            flags = flags.with(VERSION);
        }
        return new ChallengeMessage(
                flags,
                surroundings.nonces().apply(ChallengeMessage.CHALLENGE_LENGTH),
                targetName,
                names.targetInfo(surroundings.time().getAsLong()),
                asked.has(VERSION) ? surroundings.version() : null);
    }

    /**
     * What the server comes to. The caller wipes the key.
     *
     * @param exportedSessionKey null for nobody and for guests, who have no session security
     * @param targetName what the client says that it wanted to reach, or null
     */
    record Accepted(
            NegotiateFlags flags,
            int revision,
            byte[] exportedSessionKey,
            String user,
            String domain,
            boolean anonymous,
            String targetName) {}

    /**
     * Judges an AUTHENTICATE_MESSAGE (MS-NLMP 3.2.5.1.2).
     *
     * @param negotiate the NEGOTIATE_MESSAGE, empty in datagram mode
     * @param challengeBytes the challenge as it was sent
     * @param bindings of the channel that the server runs in, or null
     * @throws SspiException SEC_E_INVALID_TOKEN, SEC_E_LOGON_DENIED, SEC_E_BAD_BINDINGS, SEC_E_MESSAGE_ALTERED,
     *     SEC_E_UNSUPPORTED_FUNCTION, or what the accounts throw
     */
    Accepted accept(
            byte[] negotiate, byte[] challengeBytes, byte[] authenticateBytes, ChannelBindings bindings, AscReq request)
            throws SspiException {
        ChallengeMessage challenge = ChallengeMessage.decode(challengeBytes);
        AuthenticateMessage message = AuthenticateMessage.decode(authenticateBytes);
        NegotiateFlags flags = agree(challenge.flags(), message.flags());
        int revision = message.version() == null ? 0 : message.version().revision();
        if (isAnonymous(message)) {
            if (!request.has(AscReq.ALLOW_NULL_SESSION)) {
                throw denied("an anonymous client, which was not allowed");
            }
            requireBindings(null, bindings, request);
            return new Accepted(flags.with(ANONYMOUS), revision, null, "", "", true, null);
        }
        if (message.user().isEmpty()) {
            throw denied("a client without a name");
        }
        NtlmPolicy.require(policy.minServerSec(), flags);
        boolean v2 = message.ntResponse().length > Responses.V1_LENGTH;
        if (!v2 && !policy.acceptsV1()) {
            throw denied("an NTLMv1 response, which policy refuses");
        }
        if (!v2
                && (message.ntResponse().length != Responses.V1_LENGTH
                        || message.lmResponse().length != Responses.V1_LENGTH && flags.has(EXTENDED_SESSIONSECURITY))) {
            throw denied("an LM response alone, or none at all");
        }
        Responses.ClientChallenge structure = v2 ? structure(message.ntResponse()) : null;
        if (!failures.mayTry(message.user(), message.domain())) {
            throw denied("a client whose account has failed too often in the last minute");
        }
        AuthIdentity account = accounts.find(message.user(), message.domain());
        try {
            if (account != null && account.isAnonymous()) {
                requireBindings(structure, bindings, request);
                return new Accepted(flags, revision, null, "Guest", names.computer(), false, null);
            }
            byte[] keyExchangeKey = v2
                    ? verifyV2(account, message, challenge.serverChallenge())
                    : verifyV1(account, message, flags, challenge.serverChallenge());
            byte[] exported = null;
            try {
                requireBindings(structure, bindings, request);
                exported = exportedKey(flags, keyExchangeKey, message.encryptedSessionKey());
                if (v2 && (structure.targetInfo().flags() & TargetInfo.FLAG_MIC) != 0) {
                    requireMic(exported, negotiate, challengeBytes, authenticateBytes, message.mic());
                }
                Accepted accepted = new Accepted(
                        flags,
                        revision,
                        exported,
                        message.user(),
                        message.domain(),
                        false,
                        v2 ? structure.targetInfo().text(TargetInfo.TARGET_NAME) : null);
                exported = null;
                return accepted;
            } finally {
                Arrays.fill(keyExchangeKey, (byte) 0);
                if (exported != null) {
                    Arrays.fill(exported, (byte) 0);
                }
            }
        } finally {
            if (account != null) {
                account.close();
            }
        }
    }

    /** {@return what the client chose of what was offered} */
    private static NegotiateFlags agree(NegotiateFlags offered, NegotiateFlags chosen) throws SspiException {
        if (offered.has(DATAGRAM) != chosen.has(DATAGRAM)) {
            throw Reader.malformed("an AUTHENTICATE_MESSAGE of the other mode, connection-oriented or datagram");
        }
        return chosen.and(offered);
    }

    /** MS-NLMP 3.2.5.1.2. The flag alone proves nothing, and clients forget it. */
    private static boolean isAnonymous(AuthenticateMessage message) {
        return message.user().isEmpty()
                && message.ntResponse().length == 0
                && message.lmResponse().length <= NONE_BUT_A_ZERO;
    }

    private static Responses.ClientChallenge structure(byte[] ntResponse) throws SspiException {
        if (ntResponse.length < Responses.PROOF_LENGTH + Responses.ClientChallenge.MINIMUM) {
            throw Reader.malformed("an NT response of " + ntResponse.length + " bytes");
        }
        return Responses.ClientChallenge.decode(
                Arrays.copyOfRange(ntResponse, Responses.PROOF_LENGTH, ntResponse.length));
    }

    /** {@return the key exchange key} An account that is not there takes the time of one that is. */
    private byte[] verifyV2(AuthIdentity account, AuthenticateMessage message, byte[] serverChallenge)
            throws SspiException {
        byte[] response = message.ntResponse();
        byte[] proof = Arrays.copyOf(response, Responses.PROOF_LENGTH);
        byte[] hash = ntHash(account);
        byte[] ntowf = Responses.ntowfV2(hash, message.user(), message.domain());
        byte[] structure = Arrays.copyOfRange(response, Responses.PROOF_LENGTH, response.length);
        boolean right = MessageDigest.isEqual(Responses.ntProof(ntowf, serverChallenge, structure), proof);
        byte[] key = Responses.sessionBaseKeyV2(ntowf, proof);
        Arrays.fill(hash, (byte) 0);
        Arrays.fill(ntowf, (byte) 0);
        judge(right && account != null, message, key);
        return key;
    }

    private byte[] verifyV1(
            AuthIdentity account, AuthenticateMessage message, NegotiateFlags flags, byte[] serverChallenge)
            throws SspiException {
        byte[] hash = ntHash(account);
        byte[] lmHash = flags.has(LM_KEY) ? lmHash(account) : null;
        byte[] expected = flags.has(EXTENDED_SESSIONSECURITY)
                ? Responses.ntlm2SessionResponse(hash, serverChallenge, Arrays.copyOf(message.lmResponse(), 8))
                : Responses.desl(hash, serverChallenge);
        boolean right = MessageDigest.isEqual(expected, message.ntResponse());
        byte[] base = Responses.sessionBaseKeyV1(hash);
        byte[] key = flags.has(LM_KEY) && (lmHash == null || message.lmResponse().length != Responses.V1_LENGTH)
                ? new byte[Responses.HASH_LENGTH]
                : SessionKeys.kxkeyV1(flags, base, message.lmResponse(), serverChallenge, lmHash);
        Arrays.fill(hash, (byte) 0);
        Arrays.fill(base, (byte) 0);
        if (flags.has(LM_KEY)) {
            right &= lmHash != null && message.lmResponse().length == Responses.V1_LENGTH;
        }
        judge(right && account != null, message, key);
        return key;
    }

    private void judge(boolean right, AuthenticateMessage message, byte[] key) throws SspiException {
        if (!right) {
            Arrays.fill(key, (byte) 0);
            failures.failed(message.user(), message.domain());
            throw denied("a response that does not verify");
        }
    }

    private static byte[] exportedKey(NegotiateFlags flags, byte[] keyExchangeKey, byte[] encrypted)
            throws SspiException {
        if (!flags.has(KEY_EXCH)) {
            return keyExchangeKey.clone();
        }
        if (encrypted.length == keyExchangeKey.length) {
            return Legacy.rc4(keyExchangeKey, encrypted);
        }
        // Windows leaves the key out where nothing is going to be signed or sealed.
        if (encrypted.length == 0 && !flags.hasAny(SIGN | SEAL)) {
            return keyExchangeKey.clone();
        }
        throw Reader.malformed("an encrypted session key of " + encrypted.length + " bytes");
    }

    private static void requireMic(byte[] exported, byte[] negotiate, byte[] challenge, byte[] authenticate, byte[] mic)
            throws SspiException {
        boolean right = mic != null
                && MessageDigest.isEqual(
                        mic,
                        SessionKeys.mic(exported, negotiate, challenge, AuthenticateMessage.withoutMic(authenticate)));
        if (!right) {
            throw new SspiException(
                    SecurityStatus.SEC_E_MESSAGE_ALTERED,
                    SspiException.Kind.PEER_UNVERIFIED,
                    "the MIC of the three messages does not verify",
                    null);
        }
    }

    private static void requireBindings(Responses.ClientChallenge structure, ChannelBindings bindings, AscReq request)
            throws SspiException {
        if (bindings == null) {
            return;
        }
        byte[] said = structure == null ? null : structure.targetInfo().value(TargetInfo.CHANNEL_BINDINGS);
        boolean missing = said == null || MessageDigest.isEqual(said, new byte[said.length]);
        boolean right = missing
                ? request.has(AscReq.ALLOW_MISSING_BINDINGS)
                : MessageDigest.isEqual(said, Legacy.md5(bindings.toHashInput()));
        if (!right) {
            throw new SspiException(
                    SecurityStatus.SEC_E_BAD_BINDINGS,
                    SspiException.Kind.PEER_UNVERIFIED,
                    missing ? "a client without channel bindings" : "channel bindings of another channel",
                    null);
        }
    }

    /** {@return the NT hash of the account; of no account, one that nobody has} */
    private byte[] ntHash(AuthIdentity account) throws SspiException {
        byte[] hash = account == null ? surroundings.nonces().apply(Responses.HASH_LENGTH) : account.ntHash();
        if (hash != null) {
            return hash;
        }
        char[] password = account.password();
        try {
            return Responses.ntowfV1(password);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static byte[] lmHash(AuthIdentity account) throws SspiException {
        char[] password = account == null ? null : account.password();
        if (password == null) {
            return null;
        }
        try {
            return Responses.lmowfV1(password);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static SspiException denied(String what) {
        return new SspiException(SecurityStatus.SEC_E_LOGON_DENIED, SspiException.Kind.PEER_UNVERIFIED, what, null);
    }
}
