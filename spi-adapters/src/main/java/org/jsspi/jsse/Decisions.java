package org.jsspi.jsse;

import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;
import org.jsspi.ContextCallbacks;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.RefusalException;

/** The decisions of the application's managers, selector and matchers, asked with the very object that it holds. */
final class Decisions implements ContextCallbacks {
    private final JsseEngine engine;
    private final SSLSocket socket;
    private final X509ExtendedKeyManager keys;
    private final X509ExtendedTrustManager trust;
    private final JsseCredential credential;

    /**
     * Decisions for one connection.
     *
     * @param socket what the application holds, if it is not the engine; or null
     */
    Decisions(JsseEngine engine, SSLSocket socket, JsseCredential credential) {
        this.engine = engine;
        this.socket = socket;
        this.keys = credential.keys();
        this.trust = credential.trust();
        this.credential = credential;
    }

    @Override
    public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType) throws CertificateException {
        engine.seen(info);
        try {
            if (info.initiator()) {
                if (socket != null) {
                    trust.checkServerTrusted(chain, authType, socket);
                } else {
                    trust.checkServerTrusted(chain, authType, engine);
                }
            } else if (socket != null) {
                trust.checkClientTrusted(chain, authType, socket);
            } else {
                trust.checkClientTrusted(chain, authType, engine);
            }
        } catch (RuntimeException e) {
            // Asked here, because a clause of its own would have RefusalException loaded with this class.
            if (e instanceof RefusalException) {
                throw e;
            }
            throw new CertificateException("the trust manager failed: " + e, e);
        }
    }

    @Override
    public Identity selectIdentity(HandshakeInfo info, List<String> keyTypes, Principal[] issuers) {
        engine.seen(info);
        if (info.initiator()) {
            Identity first = identity(info, clientAlias(keyTypes.toArray(String[]::new), issuers));
            if (first != null) {
                return first;
            }
        }
        // A manager answers with one alias; one type at a time finds the next that the peer can use.
        for (String keyType : keyTypes) {
            Identity identity = identity(
                    info,
                    info.initiator() ? clientAlias(new String[] {keyType}, issuers) : serverAlias(keyType, issuers));
            if (identity != null) {
                return identity;
            }
        }
        return null;
    }

    private String clientAlias(String[] keyTypes, Principal[] issuers) {
        return socket != null
                ? keys.chooseClientAlias(keyTypes, issuers, socket)
                : keys.chooseEngineClientAlias(keyTypes, issuers, engine);
    }

    private String serverAlias(String keyType, Principal[] issuers) {
        return socket != null
                ? keys.chooseServerAlias(keyType, issuers, socket)
                : keys.chooseEngineServerAlias(keyType, issuers, engine);
    }

    /** {@return whom the alias stands for, if the peer accepts that: by a key that its certificate has delegated to, or by its own} */
    private Identity identity(HandshakeInfo info, String alias) {
        X509Certificate[] chain = alias == null ? null : keys.getCertificateChain(alias);
        if (chain == null || chain.length == 0) {
            return null;
        }
        for (Identity delegated : credential.delegatedBy(chain[0])) {
            // Another certificate's would be shown with a chain that was not chosen.
            if (delegated != null && delegated.chain().get(0).equals(chain[0]) && info.accepts(delegated)) {
                return delegated;
            }
        }
        PrivateKey key = keys.getPrivateKey(alias);
        Identity own = key == null ? null : new Identity(key, List.of(chain));
        return own != null && info.accepts(own) ? own : null;
    }

    @Override
    public String selectApplicationProtocol(HandshakeInfo info, List<String> offered) {
        engine.seen(info);
        return engine.selectApplicationProtocol(offered);
    }

    @Override
    public boolean matchServerName(HandshakeInfo info, List<SNIServerName> names) {
        engine.seen(info);
        List<SNIMatcher> matchers = engine.settings().serverNameMatchers();
        if (matchers == null || matchers.isEmpty()) {
            return true;
        }
        boolean judged = false;
        for (SNIServerName name : names) {
            for (SNIMatcher matcher : matchers) {
                if (matcher.getType() == name.getType()) {
                    if (matcher.matches(name)) {
                        return true;
                    }
                    judged = true;
                }
            }
        }
        return !judged;
    }

    /** Every connection of an SSLContext judges alike: by its managers. */
    @Override
    public Object trustScope() {
        return credential;
    }

    @Override
    public List<X500Principal> acceptedIssuers() {
        return Arrays.stream(trust.getAcceptedIssuers())
                .map(X509Certificate::getSubjectX500Principal)
                .distinct()
                .toList();
    }
}
