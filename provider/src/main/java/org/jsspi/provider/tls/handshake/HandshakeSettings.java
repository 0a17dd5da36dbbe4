package org.jsspi.provider.tls.handshake;

import java.util.List;
import java.util.Objects;
import javax.net.ssl.SNIServerName;
import org.jsspi.ContextCallbacks;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.SignatureScheme;

/** What a handshake may use and whom it asks, decided before it begins. Immutable. Lists are in order of preference. */
public final class HandshakeSettings {
    private final Builder values;

    private HandshakeSettings(Builder values) {
        this.values = values;
    }

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    List<CipherSuite> cipherSuites() {
        return values.cipherSuites;
    }

    List<NamedGroup> namedGroups() {
        return values.namedGroups;
    }

    List<SignatureScheme> signatureSchemes() {
        return values.signatureSchemes;
    }

    List<SNIServerName> serverNames() {
        return values.serverNames;
    }

    String targetName() {
        return values.targetName;
    }

    List<String> applicationProtocols() {
        return values.applicationProtocols;
    }

    ContextCallbacks callbacks() {
        return values.callbacks;
    }

    ClientAuthentication clientAuthentication() {
        return values.clientAuthentication;
    }

    boolean preferLocalCipherSuites() {
        return values.preferLocalCipherSuites;
    }

    int recordSizeLimit() {
        return values.recordSizeLimit;
    }

    int maximumChainLength() {
        return values.maximumChainLength;
    }

    boolean middleboxCompatibility() {
        return values.middleboxCompatibility;
    }

    ResumableSession resume() {
        return values.resume;
    }

    Tickets tickets() {
        return values.tickets;
    }

    TlsSession session() {
        return values.session;
    }

    /** Makes {@link HandshakeSettings}. Defaults are in brackets; what has none must be set. */
    public static final class Builder {
        private List<CipherSuite> cipherSuites;
        private List<NamedGroup> namedGroups;
        private List<SignatureScheme> signatureSchemes;
        private List<SNIServerName> serverNames = List.of();
        private String targetName;
        private List<String> applicationProtocols = List.of();
        private ContextCallbacks callbacks;
        private ClientAuthentication clientAuthentication = ClientAuthentication.NONE;
        private boolean preferLocalCipherSuites = true;
        private int recordSizeLimit;
        private int maximumChainLength = 10;
        private boolean middleboxCompatibility = true;
        private ResumableSession resume;
        private Tickets tickets;
        private TlsSession session;

        private Builder() {}

        private Builder(Builder from) {
            this.cipherSuites = List.copyOf(from.cipherSuites);
            this.namedGroups = List.copyOf(from.namedGroups);
            this.signatureSchemes = List.copyOf(from.signatureSchemes);
            this.serverNames = List.copyOf(from.serverNames);
            this.targetName = from.targetName;
            this.applicationProtocols = List.copyOf(from.applicationProtocols);
            this.callbacks = Objects.requireNonNull(from.callbacks, "callbacks");
            this.clientAuthentication = from.clientAuthentication;
            this.preferLocalCipherSuites = from.preferLocalCipherSuites;
            this.recordSizeLimit = from.recordSizeLimit;
            this.maximumChainLength = from.maximumChainLength;
            this.middleboxCompatibility = from.middleboxCompatibility;
            this.resume = from.resume;
            this.tickets = from.tickets;
            this.session = Objects.requireNonNull(from.session, "session");
        }

        /** Sets the cipher suites. */
        public Builder cipherSuites(List<CipherSuite> suites) {
            this.cipherSuites = suites;
            return this;
        }

        /** Sets the groups of the key exchange. */
        public Builder namedGroups(List<NamedGroup> groups) {
            this.namedGroups = groups;
            return this;
        }

        /** Sets the signature schemes that are accepted and, where they may sign a handshake, made. */
        public Builder signatureSchemes(List<SignatureScheme> schemes) {
            this.signatureSchemes = schemes;
            return this;
        }

        /** Sets the server names that a client sends [none]. */
        public Builder serverNames(List<SNIServerName> names) {
            this.serverNames = names;
            return this;
        }

        /** Sets the target name, for callbacks [null]. */
        public Builder targetName(String name) {
            this.targetName = name;
            return this;
        }

        /** Sets the application protocols that a client offers [none]. */
        public Builder applicationProtocols(List<String> protocols) {
            this.applicationProtocols = protocols;
            return this;
        }

        /** Sets who decides. */
        public Builder callbacks(ContextCallbacks decisions) {
            this.callbacks = decisions;
            return this;
        }

        /** Sets whether a server asks for a certificate [NONE]. */
        public Builder clientAuthentication(ClientAuthentication wish) {
            this.clientAuthentication = wish;
            return this;
        }

        /** Sets whether a server's own order of cipher suites counts [true]. */
        public Builder preferLocalCipherSuites(boolean prefer) {
            this.preferLocalCipherSuites = prefer;
            return this;
        }

        /** Sets the record size limit that is announced (RFC 8449) [0: none]. */
        public Builder recordSizeLimit(int limit) {
            this.recordSizeLimit = limit;
            return this;
        }

        /** Sets how many certificates a peer may present [10]. */
        public Builder maximumChainLength(int certificates) {
            this.maximumChainLength = certificates;
            return this;
        }

        /** Sets whether a client looks like one of TLS 1.2 to middleboxes (RFC 8446 D.4) [true]. */
        public Builder middleboxCompatibility(boolean compatible) {
            this.middleboxCompatibility = compatible;
            return this;
        }

        /** Sets the session that a client offers to resume, which is taken over [null]. */
        public Builder resume(ResumableSession offered) {
            this.resume = offered;
            return this;
        }

        /** Sets a server's tickets [null: none]. */
        public Builder tickets(Tickets keeper) {
            this.tickets = keeper;
            return this;
        }

        /** Sets the session that the handshake fills. */
        public Builder session(TlsSession filled) {
            this.session = filled;
            return this;
        }

        /** {@return the settings} */
        public HandshakeSettings build() {
            return new HandshakeSettings(new Builder(this));
        }
    }
}
