package org.jsspi.provider.tls.handshake;

import java.util.Optional;
import org.jsspi.PreSharedKey;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Hkdf;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.tls.message.ImportedIdentity;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.wire.Reader;

/** How a {@link PreSharedKey} serves TLS 1.3: under which identity, and as which secret, for each hash. */
final class ExternalKey {
    private ExternalKey() {}

    /** {@return the identity that the key travels under with suites of this hash; empty if it has none for them} */
    static Optional<byte[]> identity(PreSharedKey key, HashAlgorithm hash) {
        PreSharedKey.Name name = key.name();
        return switch (name.use()) {
            case IMPORTED -> Optional.of(imported(name, hash).toBytes());
            case TLS13 -> hashOf(key) == hash ? Optional.of(name.identity()) : Optional.empty();
            case TLS12 -> Optional.empty();
        };
    }

    /**
     * {@return the first stage of the key schedule with this key, which is the caller's to close}
     *
     * @param hash for which the key has an identity
     */
    static EarlySecrets secrets(PreSharedKey key, HashAlgorithm hash) {
        PreSharedKey.Name name = key.name();
        try (Secret secret = Secret.owning(key.key())) {
            if (name.use() == PreSharedKey.Use.TLS13) {
                // RFC 8446 7.1: of keys that come from outside the binder has a label of its own.
                return new EarlySecrets(hash, secret, "ext binder");
            }
            // RFC 9258 5.1: the hash of the derivation is the key's, its length that of the target.
            Hkdf hkdf = hashOf(key).hkdf();
            byte[] identityHash = hkdf.hash().hash(imported(name, hash).toBytes());
            try (Secret extracted = hkdf.extract(null, secret);
                    Secret imported = hkdf.expandLabel(extracted, "derived psk", identityHash, hash.length())) {
                // RFC 9258 5.2.
                return new EarlySecrets(hash, imported, "imp binder");
            }
        }
    }

    /** {@return the name of a key that is imported for TLS 1.3 and travels by this identity; empty if it is none} */
    static Optional<PreSharedKey.Name> importedName(byte[] identity) {
        try {
            ImportedIdentity imported = ImportedIdentity.decode(Reader.of(identity));
            return imported.targetProtocol() == ProtocolVersion.TLS13.code()
                            && imported.externalIdentity().length + imported.context().length
                                    <= PreSharedKey.LONGEST_NAME
                    ? Optional.of(new PreSharedKey.Name(
                            PreSharedKey.Use.IMPORTED, imported.externalIdentity(), imported.context()))
                    : Optional.empty();
        } catch (SspiException noStructure) {
            // An identity may be any bytes.
            return Optional.empty();
        }
    }

    /** {@return the name of a key that is used as it is; empty if it is too long for one} */
    static Optional<PreSharedKey.Name> plainName(byte[] identity) {
        return identity.length <= PreSharedKey.LONGEST_NAME
                ? Optional.of(new PreSharedKey.Name(PreSharedKey.Use.TLS13, identity))
                : Optional.empty();
    }

    private static ImportedIdentity imported(PreSharedKey.Name name, HashAlgorithm hash) {
        return new ImportedIdentity(name.identity(), name.context(), ProtocolVersion.TLS13.code(), kdf(hash));
    }

    private static int kdf(HashAlgorithm hash) {
        return hash == HashAlgorithm.SHA384 ? ImportedIdentity.HKDF_SHA384 : ImportedIdentity.HKDF_SHA256;
    }

    private static HashAlgorithm hashOf(PreSharedKey key) {
        return key.hash() == PreSharedKey.Hash.SHA384 ? HashAlgorithm.SHA384 : HashAlgorithm.SHA256;
    }
}
