package org.jsspi.jsse;

import java.net.Socket;
import java.security.AlgorithmConstraints;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.EdECPublicKey;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jsspi.EndpointIdentification;

/**
 * The keys of key stores, read once, for a JVM without the platform's key managers. Of the keys that the peer can use the best
 * is chosen: one whose certificate is for the name that the client asks for, for this use and valid today; where there is
 * none, the one that comes nearest, as the peer may see it otherwise.
 */
final class StoredKeys extends X509ExtendedKeyManager {
    private static final String ANY_USE = "2.5.29.37.0";
    private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_USE = "1.3.6.1.5.5.7.3.2";

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private record Entry(PrivateKey key, X509Certificate[] chain) {}

    /** What is known of the connection that a key is for. */
    private record Connection(AlgorithmConstraints constraints, List<SNIServerName> serverNames) {
        static final Connection UNKNOWN = new Connection(null, List.of());

        static Connection of(Socket socket) {
            return socket instanceof SSLSocket ssl ? of(ssl.getSSLParameters(), ssl.getHandshakeSession()) : UNKNOWN;
        }

        static Connection of(SSLEngine engine) {
            return engine == null ? UNKNOWN : of(engine.getSSLParameters(), engine.getHandshakeSession());
        }

        private static Connection of(SSLParameters parameters, SSLSession session) {
            return new Connection(
                    parameters.getAlgorithmConstraints(),
                    session instanceof ExtendedSSLSession extended ? extended.getRequestedServerNames() : List.of());
        }
    }

    /** Adds every key of the store that has a chain of X.509 certificates, under {@code prefix} and its alias. */
    void add(String prefix, KeyStore store, char[] password)
            throws KeyStoreException, NoSuchAlgorithmException, UnrecoverableKeyException {
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                add(prefix + alias, store.getKey(alias, password), store.getCertificateChain(alias));
            }
        }
    }

    /** Adds the same of a store whose entries are protected one by one. */
    void add(String prefix, KeyStore.Builder builder) throws GeneralSecurityException {
        KeyStore store = builder.getKeyStore();
        for (String alias : Collections.list(store.aliases())) {
            if (store.entryInstanceOf(alias, KeyStore.PrivateKeyEntry.class)
                    && store.getEntry(alias, builder.getProtectionParameter(alias))
                            instanceof KeyStore.PrivateKeyEntry entry) {
                add(prefix + alias, entry.getPrivateKey(), entry.getCertificateChain());
            }
        }
    }

    private void add(String alias, Key key, Certificate[] chain) {
        if (key instanceof PrivateKey privateKey
                && chain != null
                && chain.length > 0
                && Arrays.stream(chain).allMatch(X509Certificate.class::isInstance)) {
            entries.put(alias, new Entry(privateKey, Arrays.copyOf(chain, chain.length, X509Certificate[].class)));
        }
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return choose(keyTypes, issuers, false, Connection.of(socket));
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return choose(keyTypes, issuers, false, Connection.of(engine));
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return choose(new String[] {keyType}, issuers, true, Connection.of(socket));
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return choose(new String[] {keyType}, issuers, true, Connection.of(engine));
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return aliases(keyType, issuers);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return aliases(keyType, issuers);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        Entry entry = alias == null ? null : entries.get(alias);
        return entry == null ? null : entry.chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        Entry entry = alias == null ? null : entries.get(alias);
        return entry == null ? null : entry.key;
    }

    private String[] aliases(String keyType, Principal[] issuers) {
        String[] found = fitting(keyType, issuers).map(Map.Entry::getKey).toArray(String[]::new);
        return found.length == 0 ? null : found;
    }

    /** The types stand in the order of preference; a good key of a later type comes before a doubtful one of the first. */
    private String choose(String[] keyTypes, Principal[] issuers, boolean server, Connection connection) {
        if (keyTypes == null) {
            return null;
        }
        return Arrays.stream(keyTypes)
                .flatMap(keyType -> fitting(keyType, issuers))
                .filter(entry -> permitted(entry.getValue(), connection.constraints))
                .min(Comparator.comparingInt(entry -> doubts(entry.getValue().chain[0], server, connection)))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private Stream<Map.Entry<String, Entry>> fitting(String keyType, Principal[] issuers) {
        return entries.entrySet().stream()
                .filter(entry -> isOfType(entry.getValue().chain, keyType))
                .filter(entry -> comesFrom(entry.getValue().chain, issuers));
    }

    /** A type is that of the key, or as in {@code EC_RSA} that of the key and of the key that signed the certificate. */
    private static boolean isOfType(X509Certificate[] chain, String keyType) {
        if (keyType == null) {
            return false;
        }
        PublicKey key = chain[0].getPublicKey();
        int line = keyType.indexOf('_');
        String own = line < 0 ? keyType : keyType.substring(0, line);
        boolean fits = key.getAlgorithm().equalsIgnoreCase(own)
                || key instanceof EdECPublicKey edwards
                        && (own.equalsIgnoreCase("EdDSA")
                                || edwards.getParams().getName().equalsIgnoreCase(own));
        if (!fits || line < 0) {
            return fits;
        }
        String signer = keyType.substring(line + 1).toUpperCase(Locale.ROOT);
        return chain[0].getSigAlgName().toUpperCase(Locale.ROOT).contains(signer);
    }

    private static boolean comesFrom(X509Certificate[] chain, Principal[] issuers) {
        return issuers == null
                || issuers.length == 0
                || Arrays.stream(chain)
                        .anyMatch(certificate -> Arrays.asList(issuers).contains(certificate.getIssuerX500Principal()));
    }

    private static boolean permitted(Entry entry, AlgorithmConstraints constraints) {
        return constraints == null
                || Arrays.stream(entry.chain)
                        .allMatch(certificate -> AlgorithmsChecker.refusal(constraints, certificate) == null);
    }

    /** {@return how much speaks against this certificate; 0 for nothing} */
    private static int doubts(X509Certificate certificate, boolean server, Connection connection) {
        int doubts = 0;
        if (!isForUse(certificate, server)) {
            doubts += 4;
        }
        try {
            certificate.checkValidity();
        } catch (CertificateException e) {
            doubts += 2;
        }
        if (server && !isForNames(certificate, connection.serverNames)) {
            doubts += 1;
        }
        return doubts;
    }

    private static boolean isForUse(X509Certificate certificate, boolean server) {
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            if (uses != null && !uses.contains(server ? SERVER_USE : CLIENT_USE) && !uses.contains(ANY_USE)) {
                return false;
            }
        } catch (CertificateException e) {
            return false;
        }
        // RFC 5280 4.2.1.3, bit 0, digitalSignature: all that a key does in TLS 1.3, and in the suites of TLS 1.2 that
        // we have.
        boolean[] bits = certificate.getKeyUsage();
        return bits == null || bits[0];
    }

    private static boolean isForNames(X509Certificate certificate, List<SNIServerName> names) {
        return names.stream()
                .filter(SNIHostName.class::isInstance)
                .allMatch(name -> EndpointIdentification.matches(((SNIHostName) name).getAsciiName(), certificate));
    }
}
