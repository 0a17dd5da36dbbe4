package org.jsspi;

import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * SCH_CREDENTIALS: what Schannel takes as credentials. Immutable. Contexts that are given {@link ContextCallbacks} ask those
 * for identities and trust, and this for the rest only: protocols, sessions, pre-shared keys, the keys of
 * Encrypted Client Hello, and what a server sends with its certificates.
 */
public final class SchCredentials {
    /** SP_PROT_TLS1_2_SERVER. */
    public static final int SP_PROT_TLS1_2_SERVER = 0x400;
    /** SP_PROT_TLS1_2_CLIENT. */
    public static final int SP_PROT_TLS1_2_CLIENT = 0x800;
    /** SP_PROT_TLS1_3_SERVER. */
    public static final int SP_PROT_TLS1_3_SERVER = 0x1000;
    /** SP_PROT_TLS1_3_CLIENT. */
    public static final int SP_PROT_TLS1_3_CLIENT = 0x2000;

    /** SCH_CRED_NO_SERVERNAME_CHECK: the server's certificate need not fit the target name. */
    public static final int SCH_CRED_NO_SERVERNAME_CHECK = 0x4;
    /** SCH_CRED_MANUAL_CRED_VALIDATION: the caller checks the server's certificate itself, afterwards. */
    public static final int SCH_CRED_MANUAL_CRED_VALIDATION = 0x8;
    /** SCH_CRED_NO_DEFAULT_CREDS: no client certificate is chosen by the package. */
    public static final int SCH_CRED_NO_DEFAULT_CREDS = 0x10;
    /** SCH_CRED_DISABLE_RECONNECTS: sessions are not resumed. */
    public static final int SCH_CRED_DISABLE_RECONNECTS = 0x80;

    private final List<Identity> identities;
    private final KeyStore rootStore;
    private final int enabledProtocols;
    private final Duration sessionLifespan;
    private final int sessionCacheSize;
    private final TicketKeys ticketKeys;
    private final int ticketCount;
    private final StatusResponses statusResponses;
    private final PreSharedKeys preSharedKeys;
    private final CertificateTimestamps certificateTimestamps;
    private final EchKeys echKeys;
    private final int flags;

    private SchCredentials(Builder values) {
        this.identities = values.identities;
        this.rootStore = values.rootStore;
        this.enabledProtocols = values.enabledProtocols;
        this.sessionLifespan = values.sessionLifespan;
        this.sessionCacheSize = values.sessionCacheSize;
        this.ticketKeys = values.ticketKeys;
        this.ticketCount = values.ticketCount;
        this.statusResponses = values.statusResponses;
        this.preSharedKeys = values.preSharedKeys;
        this.certificateTimestamps = values.certificateTimestamps;
        this.echKeys = values.echKeys;
        this.flags = values.flags;
    }

    /** {@return a builder: no identity, the platform's roots, the default protocols} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return paCred: who contexts of this credential are, best first} */
    public List<Identity> identities() {
        return identities;
    }

    /** {@return hRootStore: whom to trust; null for the platform's roots} */
    public KeyStore rootStore() {
        return rootStore;
    }

    /** {@return grbitEnabledProtocols: SP_PROT_ bits; 0 for the default} */
    public int enabledProtocols() {
        return enabledProtocols;
    }

    /** {@return dwSessionLifespan: how long sessions may be resumed} */
    public Duration sessionLifespan() {
        return sessionLifespan;
    }

    /** {@return how many sessions are kept for resumption} */
    public int sessionCacheSize() {
        return sessionCacheSize;
    }

    /** {@return what a server seals its session tickets with; null: keys of its own, which rotate} */
    public TicketKeys ticketKeys() {
        return ticketKeys;
    }

    /** {@return how many tickets a server gives a client after each handshake of TLS 1.3} */
    public int ticketCount() {
        return ticketCount;
    }

    /** {@return what a server staples to its certificates; null: what the platform's properties say, which is nothing unless set} */
    public StatusResponses statusResponses() {
        return statusResponses;
    }

    /** {@return the keys that contexts have in common with their peers, and what certificates are beside them; null: none} */
    public PreSharedKeys preSharedKeys() {
        return preSharedKeys;
    }

    /** {@return the signed certificate timestamps that a server sends with its certificates; null for none} */
    public CertificateTimestamps certificateTimestamps() {
        return certificateTimestamps;
    }

    /** {@return with what a server opens Encrypted Client Hellos (RFC 9849); null: it does not} */
    public EchKeys echKeys() {
        return echKeys;
    }

    /** {@return dwFlags: SCH_CRED_ bits} */
    public int flags() {
        return flags;
    }

    /** {@return true if this SCH_CRED_ bit is set} */
    public boolean has(int flag) {
        return (flags & flag) == flag;
    }

    /** Makes {@link SchCredentials}. Defaults are in brackets. */
    public static final class Builder {
        private List<Identity> identities = List.of();
        private KeyStore rootStore;
        private int enabledProtocols;
        private Duration sessionLifespan = Duration.ofHours(24);
        private int sessionCacheSize = 20_480;
        private TicketKeys ticketKeys;
        private int ticketCount = 1;
        private StatusResponses statusResponses;
        private PreSharedKeys preSharedKeys;
        private CertificateTimestamps certificateTimestamps;
        private EchKeys echKeys;
        private int flags;

        private Builder() {}

        /** Sets {@link SchCredentials#identities()} [none]. */
        public Builder identities(List<Identity> bestFirst) {
            this.identities = List.copyOf(bestFirst);
            return this;
        }

        /** Sets {@link SchCredentials#rootStore()} [null]. */
        public Builder rootStore(KeyStore roots) {
            this.rootStore = roots;
            return this;
        }

        /** Sets {@link SchCredentials#enabledProtocols()} [0]. */
        public Builder enabledProtocols(int bits) {
            this.enabledProtocols = bits;
            return this;
        }

        /** Sets {@link SchCredentials#sessionLifespan()} [24 hours]. */
        public Builder sessionLifespan(Duration lifespan) {
            this.sessionLifespan = Objects.requireNonNull(lifespan, "lifespan");
            return this;
        }

        /** Sets {@link SchCredentials#sessionCacheSize()} [20480]. */
        public Builder sessionCacheSize(int sessions) {
            this.sessionCacheSize = sessions;
            return this;
        }

        /**
         * Sets {@link SchCredentials#ticketKeys()} [null: rotating keys of the credential alone].
         *
         * @param keys those of a cluster; {@link TicketKeys#NONE} to keep sessions in the server's memory; or null
         */
        public Builder ticketKeys(TicketKeys keys) {
            this.ticketKeys = keys;
            return this;
        }

        /** Sets {@link SchCredentials#ticketCount()} [1], 0 to 10. */
        public Builder ticketCount(int tickets) {
            if (tickets < 0 || tickets > 10) {
                throw new IllegalArgumentException("a client gets 0 to 10 tickets, not " + tickets);
            }
            this.ticketCount = tickets;
            return this;
        }

        /**
         * Sets {@link SchCredentials#statusResponses()} [null].
         *
         * @param source of the responses; {@link StatusResponses#NONE} to staple none, whatever the properties say; or null
         */
        public Builder statusResponses(StatusResponses source) {
            this.statusResponses = source;
            return this;
        }

        /**
         * Sets {@link SchCredentials#preSharedKeys()} [null].
         *
         * @param keys the keys, and by {@link PreSharedKeys#certificates} whether identities and roots count beside them; or null
         */
        public Builder preSharedKeys(PreSharedKeys keys) {
            this.preSharedKeys = keys;
            return this;
        }

        /** Sets {@link SchCredentials#preSharedKeys()} to one key, and no certificates beside it. */
        public Builder preSharedKey(PreSharedKey key) {
            return preSharedKeys(PreSharedKeys.of(key));
        }

        /** Sets {@link SchCredentials#certificateTimestamps()} [null]. */
        public Builder certificateTimestamps(CertificateTimestamps source) {
            this.certificateTimestamps = source;
            return this;
        }

        /**
         * Sets {@link SchCredentials#echKeys()} [null].
         *
         * @param keys those of this server; {@link EchKeys#BACKEND} where another server has them; or null
         */
        public Builder echKeys(EchKeys keys) {
            this.echKeys = keys;
            return this;
        }

        /** Sets {@link SchCredentials#flags()} [0]. */
        public Builder flags(int bits) {
            this.flags = bits;
            return this;
        }

        /** {@return the credentials} */
        public SchCredentials build() {
            return new SchCredentials(this);
        }
    }
}
