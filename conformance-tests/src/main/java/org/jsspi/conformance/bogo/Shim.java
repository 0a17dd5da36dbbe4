package org.jsspi.conformance.bogo;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.DelegatedCredential;
import org.jsspi.EchConfig;
import org.jsspi.EchKey;
import org.jsspi.EchKeys;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.PreSharedKey;
import org.jsspi.PreSharedKeys;
import org.jsspi.PreSharedKeys.Certificates;
import org.jsspi.SchCredentials;
import org.jsspi.Sspi;
import org.jsspi.SspiException;
import org.jsspi.TicketKeys;
import org.jsspi.conformance.demo.SchannelStream;

/** One test: its connections, one after the other, over one credential and so over one store of sessions. */
final class Shim {
    /** The test passed, as far as this side can tell. */
    static final int PASSED = 0;
    /** The connection failed, which may be what the test is for: the runner compares what standard error says. */
    static final int FAILED = 1;
    /** The runner's code for a test that the shim cannot do. */
    static final int UNIMPLEMENTED = 89;

    /** Whether there is a second program that takes over handshakes. */
    private static final String HANDSHAKER_QUESTION = "-is-handshaker-supported";

    /** A peer that says nothing for so long will say nothing more. */
    private static final int SILENCE_MILLIS = 30_000;

    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();

    private Shim() {}

    /**
     * How a test ended.
     *
     * @param exitCode for the process that the runner started
     */
    record Result(int exitCode, String out, String err) {}

    /** {@return what became of the test that these arguments describe; each character is one byte} */
    static Result run(List<String> arguments) {
        Shim shim = new Shim();
        int exitCode = shim.execute(arguments);
        return new Result(exitCode, shim.out.toString(), shim.err.toString());
    }

    /** {@return the end of a test that is not run} */
    static Result listed(List<String> arguments) {
        return arguments.contains(HANDSHAKER_QUESTION) ? run(arguments) : new Result(UNIMPLEMENTED, "", "");
    }

    private int execute(List<String> arguments) {
        if (arguments.contains(HANDSHAKER_QUESTION)) {
            out.append("No\n");
            return PASSED;
        }
        try {
            connect(Flags.parse(arguments));
            return PASSED;
        } catch (NotImplemented e) {
            err.append(e.getMessage()).append('\n');
            return UNIMPLEMENTED;
        } catch (SspiException e) {
            e.alert().ifPresent(alert -> err.append(alertName(alert)).append(", "));
            err.append(e.status()).append(": ").append(e.getMessage()).append('\n');
            return FAILED;
        } catch (ExpectationFailed e) {
            err.append("expectation failed: ").append(e.getMessage()).append('\n');
            return FAILED;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            err.append(e).append('\n');
            return FAILED;
        }
    }

    private static String alertName(int number) {
        return "alert " + Registry.alert(number);
    }

    private static void connect(Flags.Connections connections)
            throws IOException, GeneralSecurityException, NotImplemented, ExpectationFailed {
        Configuration initial = connections.initial();
        CallbackTicketKeys keys = initial.ticketCallback ? new CallbackTicketKeys(initial.renewTicket) : null;
        TicketAges ages = new TicketAges();
        try (CredHandle credential = credential(initial, keys)) {
            connect(initial, initial, credential, keys, ages, false);
            for (int i = 0; i < initial.resumeCount; i++) {
                Configuration resumed = connections.resumed();
                sleep(resumed.resumptionDelay);
                if (resumed.noTicket == initial.noTicket) {
                    connect(resumed, connections.retried(), credential, keys, ages, true);
                } else {
                    try (CredHandle other = credential(resumed, keys)) {
                        connect(resumed, connections.retried(), other, keys, ages, true);
                    }
                }
            }
        }
    }

    /** Sessions age by the clock of the machine, which no test sets: so it waits. */
    private static void sleep(int seconds) throws IOException {
        try {
            TimeUnit.SECONDS.sleep(seconds);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("the test was given up");
        }
    }

    /** One session at a time, as in BoringSSL's shim: so it shows whether a connection has brought a new one. */
    private static CredHandle credential(Configuration configuration, TicketKeys keys)
            throws SspiException, NotImplemented {
        Map<Configuration.Credential, Identity> identities = identities(configuration);
        return Sspi.acquireCredentialsHandle(
                null,
                SchannelStream.PACKAGE,
                CredentialUse.BOTH,
                SchCredentials.builder()
                        .sessionCacheSize(1)
                        .ticketKeys(keys)
                        .ticketCount(configuration.skipTicket || configuration.noTicket ? 0 : 1)
                        .statusResponses(chain -> of(identities, chain.get(0))
                                .filter(c -> c.ocspResponse.length > 0 && !configuration.declineOcsp)
                                .map(c -> List.of(c.ocspResponse))
                                .orElse(List.of()))
                        .preSharedKeys(preSharedKeys(configuration))
                        .certificateTimestamps(own ->
                                of(identities, own).map(c -> c.timestamps).orElse(List.of()))
                        .echKeys(echKeys(configuration))
                        .flags(
                                configuration.noTicket && !configuration.server
                                        ? SchCredentials.SCH_CRED_DISABLE_RECONNECTS
                                        : 0)
                        .build());
    }

    /** {@return the keys of the test, or null; as BoringSSL has it, certificates stand in one order with them} */
    private static PreSharedKeys preSharedKeys(Configuration configuration) throws NotImplemented {
        if (configuration.preSharedKey != null) {
            return keysOfTls12(configuration);
        }
        List<Configuration.Credential> keys = configuration.preSharedKeys();
        if (keys.isEmpty()) {
            return null;
        }
        boolean certificates =
                configuration.server ? keys.size() < configuration.credentials.size() : configuration.verifyPeer;
        boolean first = configuration.credentials.get(0).importedKey == null;
        return PreSharedKeys.of(keys.stream().map(Shim::preSharedKey).toArray(PreSharedKey[]::new))
                .with(!certificates ? Certificates.NEVER : first ? Certificates.FIRST : Certificates.OTHERWISE);
    }

    /** Beside these a certificate does, in the runner's tests; and they are as short as the runner likes. */
    private static PreSharedKeys keysOfTls12(Configuration configuration) throws NotImplemented {
        byte[] identity = configuration.preSharedKeyIdentity;
        if (identity.length == 0) {
            throw new NotImplemented("a pre-shared key has a name");
        }
        PreSharedKey key = PreSharedKey.ofAnyLength(
                new PreSharedKey.Name(PreSharedKey.Use.TLS12, identity),
                PreSharedKey.Hash.SHA256,
                configuration.preSharedKey);
        PreSharedKeys list = PreSharedKeys.of(key);
        return new PreSharedKeys() {
            @Override
            public PreSharedKey find(HandshakeInfo info, PreSharedKey.Name name) {
                return list.find(info, name);
            }

            @Override
            public List<PreSharedKey> keys(HandshakeInfo info) {
                return list.keys(info);
            }

            @Override
            public byte[] identityHint(HandshakeInfo info) {
                return identity;
            }

            @Override
            public Certificates certificates() {
                return Certificates.OTHERWISE;
            }
        };
    }

    private static PreSharedKey preSharedKey(Configuration.Credential credential) {
        return PreSharedKey.of(name(credential), credential.importedHash, credential.importedKey);
    }

    /** {@return the name of this credential, which is a pre-shared key} */
    static PreSharedKey.Name name(Configuration.Credential credential) {
        return new PreSharedKey.Name(
                PreSharedKey.Use.IMPORTED, credential.importedIdentity, credential.importedContext);
    }

    private static EchKeys echKeys(Configuration configuration) throws SspiException {
        List<EchKey> keys = new ArrayList<>();
        for (int i = 0; i < configuration.echServerConfigs.size(); i++) {
            byte[] config = configuration.echServerConfigs.get(i);
            byte[] list = ByteBuffer.allocate(2 + config.length)
                    .putShort((short) config.length)
                    .put(config)
                    .array();
            keys.add(EchKey.of(
                    EchConfig.decodeList(list).get(0),
                    configuration.echServerKeys.get(i),
                    configuration.echIsRetry.get(i)));
        }
        return keys.isEmpty() ? null : () -> keys;
    }

    /** {@return what the flags say of this certificate} */
    private static Optional<Configuration.Credential> of(
            Map<Configuration.Credential, Identity> identities, X509Certificate own) {
        return identities.entrySet().stream()
                .filter(candidate -> candidate.getValue().chain().get(0).equals(own))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static void connect(
            Configuration configuration,
            Configuration retried,
            CredHandle credential,
            CallbackTicketKeys keys,
            TicketAges ages,
            boolean resume)
            throws IOException, GeneralSecurityException, NotImplemented, ExpectationFailed {
        Connection connection = new Connection(configuration, retried, credential, ages, resume);
        InetAddress loopback = InetAddress.getByName(configuration.ipv6 ? "::1" : "127.0.0.1");
        try (Socket socket = new Socket(loopback, configuration.port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(SILENCE_MILLIS);
            ByteBuffer id = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            socket.getOutputStream().write(id.putLong(configuration.shimId).array());
            try {
                connection.run(new Wire(socket.getInputStream(), socket.getOutputStream(), configuration.async));
                if (keys != null) {
                    keys.check(resume);
                }
            } finally {
                drain(socket);
            }
        }
    }

    /** A socket that is closed over unread bytes resets the connection, and the runner loses what it has not read yet. */
    private static void drain(Socket socket) {
        try {
            socket.shutdownOutput();
            byte[] rest = new byte[4096];
            while (socket.getInputStream().read(rest) >= 0) {
                // What comes now comes too late.
            }
        } catch (IOException e) {
            // The runner is gone already.
        }
    }

    /** {@return who the flags say that this side is, best first} */
    static Map<Configuration.Credential, Identity> identities(Configuration configuration) throws SspiException {
        List<Configuration.Credential> credentials = new ArrayList<>(configuration.credentials);
        credentials.add(configuration.credential);
        Map<Configuration.Credential, Identity> identities = new LinkedHashMap<>();
        for (Configuration.Credential credential : credentials) {
            if (credential.certificateFile != null && credential.keyFile != null) {
                identities.put(credential, identity(credential, configuration.server));
            }
        }
        return identities;
    }

    private static Identity identity(Configuration.Credential credential, boolean server) throws SspiException {
        List<Integer> schemes = credential.signingPreferences;
        try {
            PrivateKey key = Pem.privateKey(credential.keyFile);
            List<X509Certificate> chain = Pem.certificates(credential.certificateFile);
            return new Identity(
                    key,
                    chain,
                    schemes.isEmpty() ? null : Registry.schemes(schemes),
                    credential.trustAnchor,
                    credential.delegated == null ? null : delegated(credential.delegated, key, server));
        } catch (SspiException e) {
            throw e;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the runner's files cannot be read", e);
        }
    }

    /**
     * {@return this delegated credential}
     *
     * <p>Its signature is not looked at: the runner has the scheme in front of the credential, where RFC 9345 4 has it behind.
     */
    private static DelegatedCredential delegated(byte[] encoded, PrivateKey key, boolean server) throws SspiException {
        DelegatedCredential credential =
                DelegatedCredential.decode(encoded, server ? CredentialUse.INBOUND : CredentialUse.OUTBOUND);
        if (!credential.isFor(key)) {
            throw new IllegalStateException(
                    "a delegated credential for another key, or one that may not be delegated to");
        }
        return credential;
    }

    /** {@return the names in a protocol_name_list without its length (RFC 7301 3.1)} */
    static List<String> protocols(byte[] list) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < list.length; ) {
            int length = list[i] & 0xFF;
            names.add(new String(list, i + 1, length, StandardCharsets.ISO_8859_1));
            i += 1 + length;
        }
        return names;
    }
}
