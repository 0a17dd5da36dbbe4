package org.jsspi.provider.ntlm;

import java.time.Instant;
import org.jsspi.AscReq;
import org.jsspi.AscRet;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextKey;
import org.jsspi.IscReq;
import org.jsspi.IscRet;
import org.jsspi.KeyInfo;
import org.jsspi.Lifespan;
import org.jsspi.NativeNames;
import org.jsspi.NegotiationInfo;
import org.jsspi.SecurityStatus;
import org.jsspi.Sizes;
import org.jsspi.SspiException;

/** What a context says of itself. */
final class ContextAttributes {
    private static final Sizes SIZES =
            new Sizes(NtlmPackage.MAXIMUM_TOKEN, Protection.TOKEN_LENGTH, 0, Protection.TOKEN_LENGTH);

    private static final int KERB_CHECKSUM_HMAC_MD5 = 0xFFFFFF76;
    private static final int RC4_CRC32 = 0xFFFFFF7C;
    private static final int CALG_RC4 = 0x6801;

    private ContextAttributes() {}

    /**
     * {@return the answer of queryContextAttributes}
     *
     * @param session null while the context is incomplete
     * @param early the direction of a datagram context that protects messages before the context is complete, or null
     */
    static Object answer(
            ContextAttribute<?> attribute, Session session, Direction early, Direction outbound, Direction inbound)
            throws SspiException {
        boolean signs = session != null || early != null && early.keys() != null;
        if (attribute == ContextAttribute.SIGNING_KEY && signs) {
            return new ContextKey.Signing(NtlmPackage.NAME, outbound);
        }
        if (attribute == ContextAttribute.SIZES && signs) {
            return SIZES;
        }
        if (attribute == ContextAttribute.PACKAGE_INFO) {
            return NtlmPackage.INFO;
        }
        boolean known = attribute == ContextAttribute.SIGNING_KEY
                || attribute == ContextAttribute.SIZES
                || attribute == ContextAttribute.VERIFYING_KEY
                || attribute == ContextAttribute.NAMES
                || attribute == ContextAttribute.NATIVE_NAMES
                || attribute == ContextAttribute.AUTHORITY
                || attribute == ContextAttribute.SESSION_KEY
                || attribute == ContextAttribute.NEGOTIATION_INFO
                || attribute == ContextAttribute.KEY_INFO
                || attribute == ContextAttribute.TARGET_INFORMATION
                || attribute == ContextAttribute.CLIENT_SPECIFIED_TARGET
                || attribute == ContextAttribute.LIFESPAN
                || attribute == ContextAttribute.FLAGS;
        if (!known) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "NTLM does not know the attribute " + attribute);
        }
        if (session == null) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_HANDLE, "the context is not complete");
        }
        if (attribute == ContextAttribute.VERIFYING_KEY) {
            return new ContextKey.Verifying(NtlmPackage.NAME, inbound);
        }
        if (attribute == ContextAttribute.NAMES) {
            return session.name();
        }
        if (attribute == ContextAttribute.NATIVE_NAMES) {
            return new NativeNames(session.name(), session.client() ? session.targetName() : session.serverName());
        }
        if (attribute == ContextAttribute.AUTHORITY) {
            return session.domain();
        }
        if (attribute == ContextAttribute.SESSION_KEY) {
            return sessionKey(session);
        }
        if (attribute == ContextAttribute.NEGOTIATION_INFO) {
            return new NegotiationInfo(NtlmPackage.INFO, NegotiationInfo.State.COMPLETE);
        }
        if (attribute == ContextAttribute.KEY_INFO) {
            return keyInfo(session.flags());
        }
        if (attribute == ContextAttribute.TARGET_INFORMATION) {
            return session.targetInfo().clone();
        }
        if (attribute == ContextAttribute.CLIENT_SPECIFIED_TARGET) {
            return clientSpecifiedTarget(session);
        }
        if (attribute == ContextAttribute.LIFESPAN) {
            return new Lifespan(session.start(), Instant.MAX);
        }
        return null;
    }

    private static byte[] sessionKey(Session session) throws SspiException {
        if (!session.isProtected()) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "the session of nobody or of a guest has no keys");
        }
        return session.exportedSessionKey().bytes().clone();
    }

    private static String clientSpecifiedTarget(Session session) throws SspiException {
        if (session.client() || session.targetName() == null) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "no client has specified a target to this side");
        }
        return session.targetName();
    }

    private static KeyInfo keyInfo(NegotiateFlags flags) {
        boolean strong = flags.has(NegotiateFlags.EXTENDED_SESSIONSECURITY | NegotiateFlags.KEY_EXCH);
        int bits = flags.has(NegotiateFlags.KEY_128) ? 128 : flags.has(NegotiateFlags.KEY_56) ? 56 : 40;
        return new KeyInfo(
                strong ? "HMAC-MD5" : "RSADSI RC4-CRC32",
                "RSADSI RC4",
                bits,
                strong ? KERB_CHECKSUM_HMAC_MD5 : RC4_CRC32,
                CALG_RC4);
    }

    /** {@return pfContextAttr of a client: what holds, not what was asked for} */
    static IscRet initiator(IscReq request, Session session, boolean datagram, boolean detectReplays) {
        long bits = datagram ? IscRet.DATAGRAM.bits() : IscRet.CONNECTION.bits();
        bits |= request.has(IscReq.ALLOCATE_MEMORY) ? IscRet.ALLOCATED_MEMORY.bits() : 0;
        bits |= request.has(IscReq.USE_DCE_STYLE) ? IscRet.USED_DCE_STYLE.bits() : 0;
        if (session != null) {
            bits |= session.anonymous() ? IscRet.NULL_SESSION.bits() : 0;
            bits |= session.flags().has(NegotiateFlags.IDENTIFY) ? IscRet.IDENTIFY.bits() : 0;
            if (signs(session)) {
                bits |= IscRet.INTEGRITY.bits();
                // A connection counts its messages, whether that was asked for or not.
                bits |= !datagram || detectReplays ? IscRet.REPLAY_DETECT.bits() | IscRet.SEQUENCE_DETECT.bits() : 0;
            }
            bits |= seals(session) ? IscRet.CONFIDENTIALITY.bits() : 0;
        }
        return IscRet.of(bits);
    }

    /** {@return pfContextAttr of a server} */
    static AscRet acceptor(AscReq request, Session session, boolean datagram, boolean detectReplays) {
        long bits = datagram ? AscRet.DATAGRAM.bits() : AscRet.CONNECTION.bits();
        bits |= request.has(AscReq.ALLOCATE_MEMORY) ? AscRet.ALLOCATED_MEMORY.bits() : 0;
        bits |= request.has(AscReq.USE_DCE_STYLE) ? AscRet.USED_DCE_STYLE.bits() : 0;
        if (session != null) {
            bits |= session.anonymous() ? AscRet.NULL_SESSION.bits() : 0;
            bits |= session.flags().has(NegotiateFlags.IDENTIFY) ? AscRet.IDENTIFY.bits() : 0;
            if (signs(session)) {
                bits |= AscRet.INTEGRITY.bits();
                bits |= !datagram || detectReplays ? AscRet.REPLAY_DETECT.bits() | AscRet.SEQUENCE_DETECT.bits() : 0;
            }
            bits |= seals(session) ? AscRet.CONFIDENTIALITY.bits() : 0;
        }
        return AscRet.of(bits);
    }

    private static boolean signs(Session session) {
        return session.isProtected() && session.flags().hasAny(NegotiateFlags.SIGN | NegotiateFlags.SEAL);
    }

    private static boolean seals(Session session) {
        return session.isProtected()
                && session.flags().has(NegotiateFlags.SEAL)
                && (!session.isDatagram() || session.flags().has(NegotiateFlags.EXTENDED_SESSIONSECURITY));
    }
}
