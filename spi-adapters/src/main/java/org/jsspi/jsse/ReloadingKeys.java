package org.jsspi.jsse;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.EdECKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.security.auth.Destroyable;
import javax.security.auth.x500.X500Principal;
import org.jsspi.CredentialFiles;
import org.jsspi.EndpointIdentification;
import org.jsspi.Identity;

/**
 * A key manager over certificate and key files that are replaced while the server runs, as certificate authorities that renew
 * every few weeks have it. It works with every provider's SSLContext.
 *
 * <pre>{@code
 * ReloadingKeys keys = ReloadingKeys.pem(Path.of("fullchain.pem"), Path.of("privkey.pem"), null);
 * sslContext.init(new KeyManager[] {keys}, null, null);
 * }</pre>
 *
 * <p>There is no thread: when a handshake asks for a key and the last look is longer ago than {@link #lookEvery}, the files' times and
 * sizes are looked at; what has changed is read, and replaces all that was there at once. New connections get the new certificate,
 * existing ones stay, and sessions that were made under the old one are resumed until they are too old. Files that cannot be read, or do
 * not fit together because only one of them was replaced yet, change nothing: the old keys stay, a warning says so once, and the next look
 * tries again. Safe for all threads; only one of them ever looks, and the others do not wait for it.
 */
public final class ReloadingKeys extends X509ExtendedKeyManager implements Destroyable {
    private static final System.Logger LOG = System.getLogger(ReloadingKeys.class.getName());

    /** A file that was written just before it was read may be written again within the same tick of the file system's clock. */
    private static final Duration TICK = Duration.ofSeconds(2);

    /** How the files are read. */
    private interface Source {
        List<Identity> read(char[] password) throws IOException;
    }

    /** What tells that a file is another one, without reading it. */
    private record Stamp(FileTime time, long size, Object fileKey) {}

    /**
     * What was read at one time.
     *
     * @param number stands in front of its aliases
     * @param before what it replaced: a handshake may have chosen from there a moment ago
     */
    private record Keys(int number, List<Identity> identities, Keys before) {
        Keys withoutHistory() {
            return new Keys(number, identities, null);
        }
    }

    private final List<Path> files;
    private final Source source;
    private final char[] password;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Keys keys;
    private volatile long pause = Duration.ofSeconds(5).toNanos();
    private volatile long nextLook;
    private volatile boolean destroyed;

    // With the lock.
    private List<Stamp> seen = List.of();
    private boolean settled;
    private String lastComplaint;

    private ReloadingKeys(List<Path> files, Source source, char[] password) throws IOException {
        this.files = files;
        this.source = source;
        this.password = password == null ? null : password.clone();
        List<Stamp> stamps = stamps();
        this.keys = new Keys(1, source.read(this.password), null);
        remember(stamps);
    }

    /**
     * {@return the key and chain of PEM files, read now}
     *
     * @param chain the own certificate first; may be the same file as {@code key}
     * @param key PKCS#8
     * @param password of an encrypted key, copied; null if it is not encrypted
     * @throws IOException if a file cannot be read or holds something else, or the key is not that of the certificate
     */
    public static ReloadingKeys pem(Path chain, Path key, char[] password) throws IOException {
        return new ReloadingKeys(
                List.of(chain, key), secret -> List.of(CredentialFiles.identity(chain, key, secret)), password);
    }

    /**
     * {@return the keys of a PKCS#12 or JKS file, read now}
     *
     * @param password of the store and of all its keys, copied
     * @throws IOException if the file cannot be read or opened, or has no private key
     */
    public static ReloadingKeys keyStore(Path file, char[] password) throws IOException {
        return new ReloadingKeys(List.of(file), secret -> CredentialFiles.keyStore(file, secret), password);
    }

    /**
     * Looks at the files no more often than this [5 seconds].
     *
     * @return this
     */
    public ReloadingKeys lookEvery(Duration interval) {
        if (interval.isNegative()) {
            throw new IllegalArgumentException("a negative interval");
        }
        pause = interval.toNanos();
        nextLook = System.nanoTime();
        return this;
    }

    // Looking

    private Keys current() {
        if (destroyed) {
            return new Keys(0, List.of(), null);
        }
        if (System.nanoTime() - nextLook >= 0 && looking.tryLock()) {
            try {
                nextLook = System.nanoTime() + pause;
                look();
            } finally {
                looking.unlock();
            }
        }
        return keys;
    }

    private void look() {
        List<Stamp> stamps;
        try {
            stamps = stamps();
            boolean unchanged = stamps.equals(seen) && settled && lastComplaint == null;
            if (unchanged || destroyed) {
                return;
            }
            replace(source.read(password));
            remember(stamps);
            lastComplaint = null;
        } catch (IOException | RuntimeException e) {
            String complaint = String.valueOf(e.getMessage());
            if (!complaint.equals(lastComplaint)) {
                LOG.log(
                        Level.WARNING,
                        "the keys of " + files + " have changed and cannot be used; those from before stay: "
                                + complaint,
                        e);
            }
            lastComplaint = complaint;
        }
    }

    private void replace(List<Identity> read) {
        Keys old = keys;
        if (chains(read).equals(chains(old.identities()))) {
            return;
        }
        keys = new Keys(old.number() + 1, List.copyOf(read), old.withoutHistory());
        LOG.log(
                Level.INFO,
                "new certificate from {0}: {1}, valid until {2}",
                files.get(0),
                read.get(0).chain().get(0).getSubjectX500Principal(),
                read.get(0).chain().get(0).getNotAfter().toInstant());
    }

    private static List<List<X509Certificate>> chains(List<Identity> identities) {
        return identities.stream().map(Identity::chain).toList();
    }

    private List<Stamp> stamps() throws IOException {
        List<Stamp> stamps = new ArrayList<>();
        for (Path file : files) {
            // Links are followed: a mounted secret is replaced by turning a link.
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            stamps.add(new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()));
        }
        return stamps;
    }

    private void remember(List<Stamp> stamps) {
        seen = stamps;
        long youngest = stamps.stream()
                .mapToLong(stamp -> stamp.time().toMillis())
                .max()
                .orElseThrow();
        settled = System.currentTimeMillis() - youngest > TICK.toMillis();
    }

    // Choosing

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return choose(new String[] {keyType}, issuers, session(engine));
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return choose(new String[] {keyType}, issuers, session(socket));
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return choose(keyTypes, issuers, null);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return choose(keyTypes, issuers, null);
    }

    private static SSLSession session(SSLEngine engine) {
        try {
            return engine == null ? null : engine.getHandshakeSession();
        } catch (UnsupportedOperationException e) {
            return null;
        }
    }

    private static SSLSession session(Socket socket) {
        try {
            return socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null;
        } catch (UnsupportedOperationException e) {
            return null;
        }
    }

    /** Best is an identity for the name that the client asks for, and of those one that is valid today. */
    private String choose(String[] keyTypes, Principal[] issuers, SSLSession session) {
        Keys now = current();
        int best = -1;
        int bestWorth = -1;
        for (int i = 0; i < now.identities().size(); i++) {
            Identity identity = now.identities().get(i);
            if (isOneOf(identity, keyTypes) && isIssuedByOneOf(identity, issuers)) {
                int worth = (answersTo(identity, session) ? 2 : 0) + (isValid(identity) ? 1 : 0);
                if (worth > bestWorth) {
                    best = i;
                    bestWorth = worth;
                }
            }
        }
        return best < 0 ? null : alias(now, best);
    }

    private static String alias(Keys of, int index) {
        return of.number() + "." + index;
    }

    private static boolean isOneOf(Identity identity, String[] keyTypes) {
        return Arrays.stream(keyTypes)
                .filter(Objects::nonNull)
                .anyMatch(keyType -> isOf(identity.chain().get(0).getPublicKey(), keyType));
    }

    /** A type is the algorithm of a key; older engines say it with the key exchange or the issuer: ECDHE_ECDSA, EC_RSA. */
    private static boolean isOf(PublicKey key, String keyType) {
        String type = keyType.toUpperCase(Locale.ROOT);
        String wanted = type;
        if (type.endsWith("_ECDSA") || type.startsWith("EC_")) {
            wanted = "EC";
        } else if (type.startsWith("ECDHE_") || type.startsWith("DHE_")) {
            wanted = type.substring(type.indexOf('_') + 1);
        }
        return wanted.equalsIgnoreCase(key.getAlgorithm())
                || key instanceof EdECKey edwards
                        && wanted.equalsIgnoreCase(edwards.getParams().getName());
    }

    private static boolean isIssuedByOneOf(Identity identity, Principal[] issuers) {
        if (issuers == null || issuers.length == 0) {
            return true;
        }
        for (X509Certificate certificate : identity.chain()) {
            X500Principal issuer = certificate.getIssuerX500Principal();
            if (Arrays.asList(issuers).contains(issuer)) {
                return true;
            }
        }
        return false;
    }

    private static boolean answersTo(Identity identity, SSLSession session) {
        if (!(session instanceof ExtendedSSLSession extended)) {
            return true;
        }
        List<SNIServerName> names;
        try {
            names = extended.getRequestedServerNames();
        } catch (UnsupportedOperationException e) {
            return true;
        }
        for (SNIServerName name : names) {
            if (name instanceof SNIHostName host) {
                return EndpointIdentification.matches(
                        host.getAsciiName(), identity.chain().get(0));
            }
        }
        return true;
    }

    private static boolean isValid(Identity identity) {
        try {
            for (X509Certificate certificate : identity.chain()) {
                certificate.checkValidity();
            }
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    // What was chosen

    @Override
    public PrivateKey getPrivateKey(String alias) {
        Identity identity = find(alias);
        return identity == null ? null : identity.privateKey();
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        Identity identity = find(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    private Identity find(String alias) {
        if (alias == null || destroyed) {
            return null;
        }
        for (Keys of = keys; of != null; of = of.before()) {
            for (int i = 0; i < of.identities().size(); i++) {
                if (alias.equals(alias(of, i))) {
                    return of.identities().get(i);
                }
            }
        }
        return null;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        Keys now = current();
        List<String> aliases = new ArrayList<>();
        for (int i = 0; i < now.identities().size(); i++) {
            Identity identity = now.identities().get(i);
            if (isOneOf(identity, new String[] {keyType}) && isIssuedByOneOf(identity, issuers)) {
                aliases.add(alias(now, i));
            }
        }
        return aliases.isEmpty() ? null : aliases.toArray(String[]::new);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return getServerAliases(keyType, issuers);
    }

    /** Forgets the keys and wipes the password: no further connection finds a key here. */
    @Override
    public void destroy() {
        looking.lock();
        try {
            destroyed = true;
            keys = new Keys(0, List.of(), null);
            if (password != null) {
                Arrays.fill(password, '\0');
            }
        } finally {
            looking.unlock();
        }
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    @Override
    public String toString() {
        return "ReloadingKeys" + files;
    }
}
