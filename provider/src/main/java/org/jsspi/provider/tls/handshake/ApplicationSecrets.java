package org.jsspi.provider.tls.handshake;

import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.Hkdf;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;

/** The last stage of the key schedule (RFC 8446 7.1, 7.2, 7.5): what the connection lives on. */
final class ApplicationSecrets implements AutoCloseable {
    private static final byte[] NO_CONTEXT = {};

    private final Hkdf hkdf;
    /** Null once the schedule is complete. */
    private Secret master;

    private final Secret exporterMaster;
    private Secret clientTraffic;
    private Secret serverTraffic;
    private Secret resumptionMaster;

    ApplicationSecrets(Hkdf hkdf, Secret master, byte[] serverFinishedHash) {
        this.hkdf = hkdf;
        this.master = master;
        try (Hkdf.Expansion expansion = hkdf.expansionOf(master)) {
            clientTraffic = expansion.deriveSecret("c ap traffic", serverFinishedHash);
            serverTraffic = expansion.deriveSecret("s ap traffic", serverFinishedHash);
            exporterMaster = expansion.deriveSecret("exp master", serverFinishedHash);
        }
    }

    /** Tells the key log of the exchange (RFC 9850 2); later secrets follow from these. */
    ApplicationSecrets logged(Exchange exchange, byte[] clientRandom) {
        exchange.log("CLIENT_TRAFFIC_SECRET_0", clientRandom, clientTraffic);
        exchange.log("SERVER_TRAFFIC_SECRET_0", clientRandom, serverTraffic);
        exchange.log("EXPORTER_SECRET", clientRandom, exporterMaster);
        return this;
    }

    TrafficKeys clientKeys(Aead aead) {
        return TrafficKeys.derive(hkdf, aead, clientTraffic);
    }

    TrafficKeys serverKeys(Aead aead) {
        return TrafficKeys.derive(hkdf, aead, serverTraffic);
    }

    /**
     * Closes the schedule: of the master secret only what resumption needs stays.
     *
     * @param clientFinishedHash of ClientHello to the client's Finished
     */
    void complete(byte[] clientFinishedHash) {
        resumptionMaster = hkdf.deriveSecret(master, "res master", clientFinishedHash);
        master.destroy();
        master = null;
    }

    /** Moves the client's traffic secret on (RFC 8446 7.2). */
    void updateClient() {
        clientTraffic = next(clientTraffic);
    }

    /** Moves the server's traffic secret on (RFC 8446 7.2). */
    void updateServer() {
        serverTraffic = next(serverTraffic);
    }

    private Secret next(Secret traffic) {
        try (traffic) {
            return hkdf.expandLabel(
                    traffic, "traffic upd", NO_CONTEXT, hkdf.hash().length());
        }
    }

    /** Of a server that has sent all of its tickets: no more are made. */
    void endTickets() {
        resumptionMaster.destroy();
        resumptionMaster = null;
    }

    /** {@return the pre-shared key of a ticket (RFC 8446 4.6.1)} */
    Secret preSharedKey(byte[] nonce) {
        return hkdf.expandLabel(
                resumptionMaster, "resumption", nonce, hkdf.hash().length());
    }

    /** {@return keying material for a use outside TLS (RFC 8446 7.5), 0 to 255 hashes long} */
    byte[] export(String label, byte[] context, int length) {
        byte[] contextHash = hkdf.hash().hash(context);
        // RFC 8446 7.5: TLS-Exporter(label, context_value, key_length) = HKDF-Expand-Label(
        //     Derive-Secret(exporter_master_secret, label, ""), "exporter", Hash(context_value), key_length)
        try (Secret derived = hkdf.deriveSecret(exporterMaster, label)) {
            return hkdf.expandLabel(derived, "exporter", contextHash, length).bytes();
        }
    }

    @Override
    public void close() {
        if (master != null) {
            master.destroy();
        }
        exporterMaster.destroy();
        clientTraffic.destroy();
        serverTraffic.destroy();
        if (resumptionMaster != null) {
            resumptionMaster.destroy();
        }
    }
}
