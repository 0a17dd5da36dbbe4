package org.jsspi;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Accounts in memory. Names are compared without regard to case. An account with an empty domain answers for every domain
 * that has none of this name itself, and a user principal name {@code user@realm} for the account {@code realm\\user}.
 *
 * <p>Closing wipes the secrets. Safe for use by several threads.
 */
public final class NtlmAccountTable implements NtlmAccounts, AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, AuthIdentity> accounts = new HashMap<>();

    /** A table without accounts. */
    public NtlmAccountTable() {}

    /**
     * Adds an account, in the place of one with the same names.
     *
     * @param account copied
     * @return this table
     * @throws SspiException SEC_E_NO_CREDENTIALS if the account is closed or has no name
     */
    public NtlmAccountTable add(AuthIdentity account) throws SspiException {
        if (account.account().isEmpty()) {
            throw new SspiException(SecurityStatus.SEC_E_NO_CREDENTIALS, "an account without a name");
        }
        AuthIdentity copy = account.copy();
        lock.lock();
        try {
            close(accounts.put(key(account.account(), account.realm()), copy));
        } finally {
            lock.unlock();
        }
        return this;
    }

    /** Removes an account and wipes its secret; nothing happens if there is none. */
    public void remove(String user, String domain) {
        lock.lock();
        try {
            close(accounts.remove(key(user, domain)));
        } finally {
            lock.unlock();
        }
    }

    /** {@return how many accounts there are} */
    public int size() {
        lock.lock();
        try {
            return accounts.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public AuthIdentity find(String user, String domain) throws SspiException {
        Objects.requireNonNull(domain, "domain");
        int at = domain.isEmpty() ? user.lastIndexOf('@') : -1;
        String name = at > 0 ? user.substring(0, at) : user;
        String realm = at > 0 ? user.substring(at + 1) : domain;
        lock.lock();
        try {
            AuthIdentity account = accounts.get(key(name, realm));
            if (account == null) {
                account = accounts.get(key(name, ""));
            }
            return account == null ? null : account.copy();
        } finally {
            lock.unlock();
        }
    }

    /** Removes all accounts and wipes their secrets. */
    @Override
    public void close() {
        lock.lock();
        try {
            accounts.values().forEach(AuthIdentity::close);
            accounts.clear();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "NtlmAccountTable[" + size() + "]";
    }

    private static void close(AuthIdentity account) {
        if (account != null) {
            account.close();
        }
    }

    /** A backslash is in no name, so the key has one reading. */
    private static String key(String user, String domain) {
        return domain.toUpperCase(Locale.ROOT) + '\\' + user.toUpperCase(Locale.ROOT);
    }
}
