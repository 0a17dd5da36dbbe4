package org.jsspi.provider.testing;

import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIServerName;
import org.jsspi.ContextCallbacks;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;

/**
 * Trusts everybody, answers to every name and agrees to whatever is offered first.
 *
 * @param identity what it presents, or null
 */
public record Trusting(Identity identity) implements ContextCallbacks {
    @Override
    public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType) {}

    @Override
    public Identity selectIdentity(HandshakeInfo info, List<String> keyTypes, Principal[] issuers) {
        return identity;
    }

    @Override
    public String selectApplicationProtocol(HandshakeInfo info, List<String> offered) {
        return offered.get(0);
    }

    @Override
    public boolean matchServerName(HandshakeInfo info, List<SNIServerName> names) {
        return true;
    }

    @Override
    public Object trustScope() {
        return Trusting.class;
    }
}
