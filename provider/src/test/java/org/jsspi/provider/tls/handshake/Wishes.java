package org.jsspi.provider.tls.handshake;

import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIServerName;
import org.jsspi.ContextCallbacks;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.provider.tls.message.ProtocolVersion;

/** The decisions of an application under test, and what it was asked. */
class Wishes implements ContextCallbacks {
    final List<Identity> identities = new ArrayList<>();
    final List<String> asked = new ArrayList<>();
    CertificateException refusal;
    String protocol = "";
    boolean nameMatches = true;
    String authType;
    List<String> keyTypes;
    Principal[] issuers;
    Object scope = "scope";

    Wishes(Identity... identities) {
        this.identities.addAll(List.of(identities));
    }

    @Override
    public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType) throws CertificateException {
        asked.add("verifyPeer");
        this.authType = authType;
        if (refusal != null) {
            throw refusal;
        }
    }

    @Override
    public Identity selectIdentity(HandshakeInfo info, List<String> keyTypes, Principal[] issuers) {
        asked.add("selectIdentity");
        this.keyTypes = keyTypes;
        this.issuers = issuers;
        return identities.stream().filter(info::accepts).findFirst().orElse(null);
    }

    @Override
    public String selectApplicationProtocol(HandshakeInfo info, List<String> offered) {
        asked.add("selectApplicationProtocol");
        return protocol;
    }

    @Override
    public boolean matchServerName(HandshakeInfo info, List<SNIServerName> names) {
        asked.add("matchServerName");
        return nameMatches;
    }

    @Override
    public Object trustScope() {
        return scope;
    }

    /** A memory of tickets that are used once. */
    static final class Memory implements Tickets {
        final Map<String, ResumableSession> sessions = new HashMap<>();
        int count = 1;
        boolean takesEarlyData = true;

        @Override
        public byte[] issue(ResumableSession session) {
            String ticket = "ticket " + sessions.size();
            sessions.put(ticket, session);
            return ticket.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        }

        @Override
        public void keep(byte[] sessionId, ResumableSession session) {
            sessions.put(new String(sessionId, java.nio.charset.StandardCharsets.ISO_8859_1), session);
        }

        @Override
        public ResumableSession redeem(byte[] ticket) {
            String name = new String(ticket, java.nio.charset.StandardCharsets.ISO_8859_1);
            ResumableSession found = sessions.get(name);
            if (found != null && found.version() == ProtocolVersion.TLS12) {
                // Of TLS 1.2 a session serves again.
                return found.copy();
            }
            return sessions.remove(name);
        }

        @Override
        public boolean renews(byte[] ticket) {
            return false;
        }

        @Override
        public boolean takeEarlyData(byte[] ticket) {
            return takesEarlyData;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public long lifetimeSeconds() {
            return 3600;
        }
    }
}
