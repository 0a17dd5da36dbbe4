package org.jsspi.conformance.bogo;

import java.util.ArrayList;
import java.util.List;
import org.jsspi.ContextOptions.Renegotiation;
import org.jsspi.PreSharedKey;
import org.jsspi.TrustAnchorId;

/** What the flags say of one connection. Filled by {@link Flags}, read-only afterwards. */
final class Configuration {
    // Where the runner is
    int port;
    boolean ipv6;
    long shimId;

    // The course of the test
    boolean server;
    int resumeCount;
    int resumptionDelay;
    boolean async;
    boolean implicitHandshake;
    boolean shimWritesFirst;
    boolean readWithUnfinishedWrite;
    boolean writeDifferentRecordSizes;
    int readSize;
    boolean shimShutsDown;
    boolean checkCloseNotify;
    boolean sendAlert;
    boolean keyUpdate;
    boolean keyUpdateBeforeRead;
    boolean handshakeNeverDone;
    int earlyWriteAfterMessage;
    boolean extraHandshake;
    boolean handshakeTwice;
    boolean peekThenRead;

    Renegotiation renegotiation = Renegotiation.FORBID;

    // What is offered
    int minVersion;
    int maxVersion = 0xFFFF;
    final List<Integer> forbiddenVersions = new ArrayList<>();
    String ciphers;
    boolean serverPreference;
    final List<Integer> curves = new ArrayList<>();
    final List<Integer> curvesFlags = new ArrayList<>();
    boolean grease;
    boolean permuteExtensions;
    boolean fallback;
    int maximumChainSize;
    List<Integer> keyShares;
    final List<Integer> groupsHint = new ArrayList<>();
    final List<Integer> verifyPreferences = new ArrayList<>();
    String hostName;
    byte[] advertiseAlpn = {};
    int maxSendFragment;
    Policy policy;
    boolean noTicket;
    boolean requestStatus;
    boolean ticketCallback;
    boolean skipTicket;
    boolean renewTicket;
    boolean earlyData;
    boolean falseStart;
    boolean falseStartWithoutAlpn;
    boolean requestTimestamps;
    boolean compressions;
    int compression;
    byte[] echConfigList;
    boolean echGrease;

    // Who we are
    final Credential credential = new Credential(-1);
    final List<Credential> credentials = new ArrayList<>();
    byte[] preSharedKey;
    byte[] preSharedKeyIdentity = {};
    boolean failCertCallback;
    int refuseClient;
    boolean declineOcsp;
    boolean failOcsp;
    List<byte[]> clientAuthorities = List.of();
    List<TrustAnchorId> trustAnchors;
    final List<byte[]> echServerConfigs = new ArrayList<>();
    final List<byte[]> echServerKeys = new ArrayList<>();
    final List<Boolean> echIsRetry = new ArrayList<>();
    boolean declineEch;

    // What is decided about the peer
    boolean verifyPeer;
    boolean requireClientCertificate;
    boolean verifyFail;
    boolean retainCertificateHash;
    boolean acrossNames;
    boolean customVerifyCallback;
    boolean reverifyOnResume;
    boolean silentAboutName;
    String selectAlpn;
    boolean declineAlpn;
    boolean rejectAlpn;

    // What is exported
    int exportLength;
    String exportLabel = "";
    byte[] exportContext = {};
    boolean useExportContext;
    boolean exporterBetweenReads;
    boolean tlsUnique;
    boolean exportTrafficSecrets;

    // What is expected
    int expectRenegotiations;
    int expectVersion;
    int expectCipher;
    int expectCurve;
    int expectPeerSignature;
    final List<Integer> expectPeerSchemes = new ArrayList<>();
    boolean expectExtendedMasterSecret;
    Boolean expectSecureRenegotiation;
    byte[] expectCertificateTypes;
    Boolean expectRetry;
    String expectServerName;
    boolean expectNoServerName;
    String expectAlpn;
    byte[] expectAdvertisedAlpn;
    boolean expectSessionMiss;
    String expectMessages;
    boolean expectNoSession;
    Boolean expectSessionId;
    boolean expectTicketRenewal;
    int expectTicketAgeSkew;
    Integer expectCredential;
    boolean expectEarlyDataAccepted;
    boolean expectEarlyDataRejected;
    boolean expectNoEarlyDataOffer;
    boolean expectTicketForEarlyData;
    String expectEarlyDataReason;
    String expectPeerCertificate;
    boolean expectNoPeerCertificate;
    boolean expectCertificateHash;
    Boolean expectAcrossNames;
    List<byte[]> expectAuthorities;
    List<TrustAnchorId> expectAvailableTrustAnchors;
    Boolean expectTrustAnchorMatched;
    byte[] expectOcspResponse = {};
    List<byte[]> expectTimestamps = List.of();
    boolean expectEchAccept;
    String expectEchNameOverride;
    boolean expectNoEchNameOverride;
    byte[] expectEchRetryConfigs;

    /** A certificate and its key, or a pre-shared key, and what the flags say about their use. */
    static final class Credential {
        /** Its place among those that the test added, -1 for the one that is there by default. */
        final int number;

        String certificateFile;
        String keyFile;
        byte[] delegated;
        final List<Integer> signingPreferences = new ArrayList<>();
        boolean mustMatchIssuer;
        TrustAnchorId trustAnchor;
        byte[] ocspResponse = {};
        byte[] importedKey;
        byte[] importedIdentity = {};
        byte[] importedContext = {};
        PreSharedKey.Hash importedHash = PreSharedKey.Hash.SHA256;
        List<byte[]> timestamps = List.of();

        Credential(int number) {
            this.number = number;
        }
    }

    /** {@return the groups that a client predicts, a list that can grow: from now on it is not the package that does} */
    List<Integer> keyShares() {
        if (keyShares == null) {
            keyShares = new ArrayList<>();
        }
        return keyShares;
    }

    /** {@return the groups to predict: our best of those that the server is said to have, or those that the test names; null for neither} */
    List<Integer> predicted() {
        return curves.stream()
                .filter(groupsHint::contains)
                .findFirst()
                .map(List::of)
                .orElse(keyShares);
    }

    /** {@return the credentials that are pre-shared keys, best first} */
    List<Credential> preSharedKeys() {
        return credentials.stream()
                .filter(credential -> credential.importedKey != null)
                .toList();
    }

    /** {@return the versions that are on, newest first} */
    List<Integer> versions() {
        return List.of(Registry.TLS13, Registry.TLS12).stream()
                .filter(version -> version >= minVersion && version <= maxVersion)
                .filter(version -> !forbiddenVersions.contains(version))
                .toList();
    }
}
