package org.jsspi;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * SEC_WINNT_AUTH_IDENTITY: a user with a password or an NT hash, as NTLM, Kerberos and Negotiate take it for credentials.
 *
 * <p>Closing wipes the secret. A package that acquires a credential keeps a {@link #copy()}, so the caller may close its own
 * right after the call. Safe for use by several threads.
 */
public final class AuthIdentity implements AutoCloseable {
    private static final int NT_HASH_LENGTH = 16;

    private final String user;
    private final String domain;
    private final String packageList;
    private final ReentrantLock lock = new ReentrantLock();
    /** One of the two is null; both are once the identity is closed. */
    private char[] password;

    private byte[] ntHash;

    private AuthIdentity(String user, String domain, char[] password, byte[] ntHash, String packageList) {
        this.user = Objects.requireNonNull(user, "user");
        this.domain = Objects.requireNonNull(domain, "domain");
        this.password = password;
        this.ntHash = ntHash;
        this.packageList = packageList;
    }

    /**
     * {@return an identity with a password}
     *
     * @param user the User member: an account name, or a user principal name where the domain is empty
     * @param domain the Domain member; may be empty
     * @param password copied
     */
    public static AuthIdentity of(String user, String domain, char[] password) {
        return new AuthIdentity(user, domain, password.clone(), null, null);
    }

    /**
     * {@return an identity with a password}
     *
     * @param name {@code DOMAIN\\user}, {@code user@realm} or {@code user}
     * @param password copied
     */
    public static AuthIdentity of(String name, char[] password) {
        int backslash = name.indexOf('\\');
        return backslash < 0
                ? of(name, "", password)
                : of(name.substring(backslash + 1), name.substring(0, backslash), password);
    }

    /**
     * {@return an identity with the NT hash of a password: MD4 over its UTF-16LE characters}
     *
     * @param user as in {@link #of(String, String, char[])}
     * @param domain as there
     * @param ntHash 16 bytes, copied
     */
    public static AuthIdentity ofNtHash(String user, String domain, byte[] ntHash) {
        if (ntHash.length != NT_HASH_LENGTH) {
            throw new IllegalArgumentException("an NT hash has 16 bytes, not " + ntHash.length);
        }
        return new AuthIdentity(user, domain, null, ntHash.clone(), null);
    }

    /** {@return the identity of nobody: user, domain and password are empty} */
    public static AuthIdentity anonymous() {
        return of("", "", new char[0]);
    }

    /**
     * {@return a copy of this identity for these packages only, to be closed by itself}
     *
     * @param list PackageList: names with commas between them, such as {@code Kerberos,NTLM}; {@code !ntlm} excludes; null
     *     for no restriction
     * @throws SspiException SEC_E_NO_CREDENTIALS if this identity is closed
     */
    public AuthIdentity withPackageList(String list) throws SspiException {
        lock.lock();
        try {
            requireOpen();
            return new AuthIdentity(
                    user,
                    domain,
                    password == null ? null : password.clone(),
                    ntHash == null ? null : ntHash.clone(),
                    list);
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return a copy, to be closed by itself}
     *
     * @throws SspiException SEC_E_NO_CREDENTIALS if this identity is closed
     */
    public AuthIdentity copy() throws SspiException {
        return withPackageList(packageList);
    }

    /** {@return the User member, never null: for a user principal name the whole of it} */
    public String user() {
        return user;
    }

    /** {@return the Domain member, never null} */
    public String domain() {
        return domain;
    }

    /** {@return true if the user is a user principal name, {@code user@realm}, and the domain is empty} */
    public boolean isUserPrincipalName() {
        return domain.isEmpty() && user.indexOf('@') > 0;
    }

    /** {@return the account name alone, without domain or realm} */
    public String account() {
        return isUserPrincipalName() ? user.substring(0, user.lastIndexOf('@')) : user;
    }

    /** {@return the realm of a user principal name, the domain of any other; may be empty} */
    public String realm() {
        return isUserPrincipalName() ? user.substring(user.lastIndexOf('@') + 1) : domain;
    }

    /** {@return true if this is the identity of nobody} */
    public boolean isAnonymous() {
        lock.lock();
        try {
            return user.isEmpty() && domain.isEmpty() && ntHash == null && (password == null || password.length == 0);
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return a copy of the password, which the caller wipes; null if the identity has an NT hash instead}
     *
     * @throws SspiException SEC_E_NO_CREDENTIALS if the identity is closed
     */
    public char[] password() throws SspiException {
        lock.lock();
        try {
            requireOpen();
            return password == null ? null : password.clone();
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return a copy of the NT hash, which the caller wipes; null if the identity has a password instead}
     *
     * @throws SspiException SEC_E_NO_CREDENTIALS if the identity is closed
     */
    public byte[] ntHash() throws SspiException {
        lock.lock();
        try {
            requireOpen();
            return ntHash == null ? null : ntHash.clone();
        } finally {
            lock.unlock();
        }
    }

    /** {@return PackageList, or null} */
    public String packageList() {
        return packageList;
    }

    /**
     * {@return true if the package list lets this package use the identity} Names are compared without regard to case. A
     * list with exclusions alone allows every other package; a name that is both listed and excluded is excluded.
     */
    public boolean allows(String packageName) {
        if (packageList == null || packageList.isBlank()) {
            return true;
        }
        boolean listed = false;
        boolean anyListed = false;
        for (String entry : packageList.split(",")) {
            String name = entry.strip();
            if (name.startsWith("!")) {
                if (name.substring(1).strip().equalsIgnoreCase(packageName)) {
                    return false;
                }
            } else if (!name.isEmpty()) {
                anyListed = true;
                listed |= name.equalsIgnoreCase(packageName);
            }
        }
        return listed || !anyListed;
    }

    /** {@return true once the secret is wiped} */
    public boolean isClosed() {
        lock.lock();
        try {
            return password == null && ntHash == null;
        } finally {
            lock.unlock();
        }
    }

    /** Wipes password and hash. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (password != null) {
                Arrays.fill(password, '\0');
                password = null;
            }
            if (ntHash != null) {
                Arrays.fill(ntHash, (byte) 0);
                ntHash = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** {@return {@code DOMAIN\\user} or {@code user@realm}; never anything of the secret} */
    @Override
    public String toString() {
        return domain.isEmpty() ? user : domain + '\\' + user;
    }

    private void requireOpen() throws SspiException {
        if (password == null && ntHash == null) {
            throw new SspiException(
                    SecurityStatus.SEC_E_NO_CREDENTIALS, SspiException.Kind.KEY, "the identity is closed", null);
        }
    }
}
