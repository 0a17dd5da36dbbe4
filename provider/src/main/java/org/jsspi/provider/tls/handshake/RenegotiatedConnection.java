package org.jsspi.provider.tls.handshake;

import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jsspi.PreSharedKey;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.tls.message.RenegotiationInfo;
import org.jsspi.provider.tls.message.Shape;

/**
 * A connection of TLS 1.2 as the handshake sees it that negotiates it again: what ties the two together (RFC 5746 3.1), and what stays as
 * it is.
 *
 * @param connection which goes on until the handshake is complete
 * @param clientVerifyData of the client's Finished in the last handshake
 * @param serverVerifyData of the server's
 */
record RenegotiatedConnection(Connected12 connection, byte[] clientVerifyData, byte[] serverVerifyData) {
    /** TLS_EMPTY_RENEGOTIATION_INFO_SCSV, which is no suite but says the same as an empty renegotiation_info. */
    static final int EMPTY_INFO_SCSV = 0x00FF;

    private static final byte[] NOTHING = {};

    RenegotiatedConnection(Connected12 connection, Finished client, Finished server) {
        this(connection, client.verifyData(), server.verifyData());
    }

    /** {@return what a ClientHello says (RFC 5746 3.4, 3.5)} The first handshake has no connection, and says that it is the first. */
    static RenegotiationInfo inClientHello(RenegotiatedConnection connection) {
        return new RenegotiationInfo(connection == null ? NOTHING : connection.clientVerifyData);
    }

    /** {@return what the ServerHello says in return (RFC 5746 3.6, 3.7)} */
    static RenegotiationInfo inServerHello(RenegotiatedConnection connection) {
        return new RenegotiationInfo(connection == null ? NOTHING : connection.bothVerifyData());
    }

    private byte[] bothVerifyData() {
        byte[] both = Arrays.copyOf(clientVerifyData, clientVerifyData.length + serverVerifyData.length);
        System.arraycopy(serverVerifyData, 0, both, clientVerifyData.length, serverVerifyData.length);
        return both;
    }

    /** Judges what a client says of the connection that it is about, where null is none. */
    static void judge(ClientHello hello, RenegotiatedConnection connection) throws SspiException {
        Optional<RenegotiationInfo> info = hello.extensions().find(Shape.RENEGOTIATION_INFO);
        if (connection == null) {
            judgeFirst(info);
            return;
        }
        if (hello.cipherSuites().contains(EMPTY_INFO_SCSV)) {
            // RFC 5746 3.7: the SCSV is for the first handshake.
            throw AlertDescription.HANDSHAKE_FAILURE.because(
                    "a renegotiation that says that it is the first handshake (RFC 5746 3.7)");
        }
        judgeAgain(info, connection.clientVerifyData, "RFC 5746 3.7");
    }

    /** Judges what a server says of the connection that it is about, where null is none. */
    static void judge(Extensions serverHello, RenegotiatedConnection connection) throws SspiException {
        Optional<RenegotiationInfo> info = serverHello.find(Shape.RENEGOTIATION_INFO);
        if (connection == null) {
            judgeFirst(info);
        } else {
            judgeAgain(info, connection.bothVerifyData(), "RFC 5746 3.5");
        }
    }

    private static void judgeFirst(Optional<RenegotiationInfo> info) throws SspiException {
        if (info.isPresent() && info.get().renegotiatedConnection().length != 0) {
            // RFC 5746 3.4, 3.6: it must be empty in the first handshake.
            throw AlertDescription.HANDSHAKE_FAILURE.because("renegotiation_info of another handshake");
        }
    }

    private static void judgeAgain(Optional<RenegotiationInfo> info, byte[] expected, String rule)
            throws SspiException {
        if (info.isEmpty()) {
            throw AlertDescription.HANDSHAKE_FAILURE.because(
                    "a renegotiation without renegotiation_info (" + rule + ")");
        }
        if (!MessageDigest.isEqual(expected, info.get().renegotiatedConnection())) {
            throw AlertDescription.HANDSHAKE_FAILURE.because("renegotiation_info of another handshake (" + rule + ")");
        }
    }

    /**
     * Judges whether the master secret is bound to the handshake as it was: without that whoever is in the middle can have the same
     * secret on two connections (RFC 7627 1, 6.1). That it neither goes nor comes in a renegotiation is our rule, as in other
     * implementations.
     */
    void requireSameMasterSecret(boolean extended) throws SspiException {
        if (extended != connection.session().extendedMasterSecret()) {
            throw AlertDescription.HANDSHAKE_FAILURE.because(
                    "a renegotiation " + (extended ? "that has got" : "that lost") + " extended_master_secret");
        }
    }

    /**
     * Judges whether the server is the one that it was: whoever is in the middle shows a certificate of its own first, and that of
     * somebody else then. Where the name is checked, it says so whichever certificate it is.
     */
    void requireSameServer(List<X509Certificate> chain, HandshakeSettings settings) throws SspiException {
        boolean same = chain.equals(connection.session().peerCertificates());
        boolean identified = connection.serverIdentified() && settings.identifiesServer();
        if (!same && (!identified || connection.session().preSharedKeyName() != null)) {
            throw AlertDescription.ILLEGAL_PARAMETER.because(
                    "a server that has changed its certificate, whose name is not checked");
        }
    }

    /** Judges whether the server is the one that it was, which is known by a pre-shared key. */
    void requireSameKey(PreSharedKey.Name name) throws SspiException {
        if (!name.equals(connection.session().preSharedKeyName())) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("a server that is known by another key than it was");
        }
    }

    /** Judges whether the client asks for the server that it has asked for before. */
    void requireSameNames(TlsSession asked) throws SspiException {
        if (!asked.requestedServerNames().equals(connection.session().requestedServerNames())) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("a renegotiation for another server name");
        }
    }
}
