package org.jsspi.provider.tls.handshake;

import java.util.List;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.Session;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.SignatureScheme;

/**
 * What callbacks may know while the handshake runs.
 *
 * @param peersSchemes the signature schemes that the peer accepts
 */
record LiveInfo(
        boolean initiator,
        Session session,
        String targetName,
        String applicationProtocol,
        List<SignatureScheme> schemes,
        Codes peersSchemes)
        implements HandshakeInfo {
    @Override
    public boolean accepts(Identity identity) {
        return Authentication.scheme(identity, schemes, peersSchemes).isPresent();
    }
}
