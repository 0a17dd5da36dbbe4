package org.jsspi.provider.tls.message;

import org.jsspi.provider.wire.Writer;

/**
 * An extension without a body, whose presence says it all: server_name in EncryptedExtensions, early_data in
 * ClientHello and EncryptedExtensions, post_handshake_auth, status_request in CertificateRequest,
 * extended_master_secret, encrypt_then_mac.
 */
public record Indication(ExtensionType type) implements Extension {
    @Override
    public Shape<Indication> shape() {
        return Shape.INDICATION;
    }

    @Override
    public int code() {
        return type.code();
    }

    @Override
    public void encode(Writer out) {}

    @Override
    public String toString() {
        return "Indication[" + type + "]";
    }
}
