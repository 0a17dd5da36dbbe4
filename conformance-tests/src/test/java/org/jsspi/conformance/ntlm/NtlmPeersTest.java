package org.jsspi.conformance.ntlm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.jsspi.AscReq;
import org.jsspi.AuthIdentity;
import org.jsspi.ContextAttribute;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.IscReq;
import org.jsspi.NtlmAccountTable;
import org.jsspi.NtlmCredentials;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.ntlm.NtlmPackage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NTLM with implementations that are not ours, in both roles. A peer that is not installed is skipped and named. */
class NtlmPeersTest {
    private static final String USER = "testuser";
    private static final String DOMAIN = "SSPIWG";
    private static final String PASSWORD = "pass1234";
    private static final IscReq SEALED = IscReq.CONFIDENTIALITY.or(IscReq.INTEGRITY);
    private static final Path GSSNTLMSSP = Path.of("/usr/lib/x86_64-linux-gnu/gssntlmssp/gssntlmssp.so");
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Path NTLM_AUTH = Path.of("/usr/bin/ntlm_auth");
    /** GSS_C_REPLAY, SEQUENCE, CONF and INTEG. */
    private static final int GSS_SEALED = 0x4 | 0x8 | 0x10 | 0x20;

    private static final IscReq[] WISHES = {SEALED, IscReq.INTEGRITY, IscReq.NONE};

    private static final int GSS_DATAGRAM = 0x10000;
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    private Path folder;

    private static CredHandle credential() throws SspiException {
        AuthIdentity identity = AuthIdentity.of(USER, DOMAIN, PASSWORD.toCharArray());
        return new NtlmPackage()
                .acquireCredentialsHandle(
                        DOMAIN + "\\JSSPI",
                        CredentialUse.BOTH,
                        new NtlmCredentials(identity, new NtlmAccountTable().add(identity)));
    }

    private static byte[] initialize(SecurityContext context, IscReq wish, byte[] token) throws SspiException {
        SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[2888]));
        context.initializeSecurityContext(
                "cifs/server",
                wish,
                null,
                token == null ? null : new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token)),
                output);
        return output.get(0).toByteArray();
    }

    private static byte[] accept(SecurityContext context, AscReq rule, byte[] token) throws SspiException {
        SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[2888]));
        context.acceptSecurityContext(rule, null, new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token)), output);
        return output.get(0).toByteArray();
    }

    private static byte[] sign(SecurityContext context, byte[] message, int number) throws SspiException {
        SecBuffer token = new SecBuffer(SecBufferType.TOKEN, new byte[16]);
        context.makeSignature(0, new SecBufferDesc(new SecBuffer(SecBufferType.DATA, message), token), number);
        return token.toByteArray();
    }

    private static void verify(SecurityContext context, byte[] message, byte[] token, int number) throws SspiException {
        context.verifySignature(
                new SecBufferDesc(
                        new SecBuffer(SecBufferType.DATA, message), new SecBuffer(SecBufferType.TOKEN, token)),
                number);
    }

    /** {@return TOKEN and data in one piece, as GSS_Wrap lays them out} */
    private static byte[] wrap(SecurityContext context, byte[] message) throws SspiException {
        ByteBuffer whole = ByteBuffer.allocate(16 + message.length).put(16, message);
        SecBufferDesc list = new SecBufferDesc();
        list.add(SecBufferType.TOKEN, whole, 0, 16);
        list.add(SecBufferType.DATA, whole, 16, message.length);
        context.encryptMessage(0, list, 0);
        return whole.array();
    }

    private static byte[] unwrap(SecurityContext context, byte[] sealed) throws SspiException {
        SecBuffer data = new SecBuffer(SecBufferType.DATA, new byte[0]);
        context.decryptMessage(new SecBufferDesc(new SecBuffer(SecBufferType.STREAM, sealed), data), 0);
        return data.toByteArray();
    }

    private static void need(Path file, String what) {
        boolean there = Files.exists(file);
        if (!there) {
            System.out.println("skipped: " + what + " is not installed (" + file + ")");
        }
        assumeTrue(there, what + " is not installed");
    }

    // Samba

    /** What the peer insists on. */
    private LinePeer samba(String protocol, IscReq wish) throws IOException {
        need(NTLM_AUTH, "Samba's ntlm_auth");
        Path configuration = LinePeer.resource(folder, "smb.conf");
        LinePeer peer = new LinePeer(
                List.of(
                        NTLM_AUTH.toString(),
                        "--configfile=" + configuration,
                        "--option=lock directory=" + folder,
                        "--option=state directory=" + folder,
                        "--option=cache directory=" + folder,
                        "--option=private dir=" + folder,
                        "--option=log file=" + folder.resolve("log"),
                        "--helper-protocol=" + protocol,
                        "--username=" + USER,
                        "--domain=" + DOMAIN,
                        "--password=" + PASSWORD),
                Map.of());
        peer.ask("SF NTLMSSP_FEATURE_SESSION_KEY");
        if (wish.has(IscReq.INTEGRITY)) {
            peer.ask("SF NTLMSSP_FEATURE_SIGN");
        }
        if (wish.has(IscReq.CONFIDENTIALITY)) {
            peer.ask("SF NTLMSSP_FEATURE_SEAL");
        }
        return peer;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }

    @Test
    void sambaAcceptsOurClientAndHasOurKey() throws Exception {
        for (IscReq wish : WISHES) {
            try (LinePeer samba = samba("squid-2.5-ntlmssp", wish);
                    CredHandle credential = credential();
                    SecurityContext client = credential.newContext()) {
                String[] challenge = samba.expect("TT", "YR " + base64(initialize(client, wish, null)));
                String answer = samba.ask("KK " + base64(initialize(client, wish, base64(challenge[1]))));
                assertEquals("AF " + DOMAIN + "\\" + USER, answer);
                assertArrayEquals(
                        base64(samba.expect("GK", "GK")[1]),
                        client.queryContextAttributes(ContextAttribute.SESSION_KEY));
            }
        }
    }

    @Test
    void weAcceptSambasClientAndHaveItsKey() throws Exception {
        for (IscReq wish : WISHES) {
            try (LinePeer samba = samba("ntlmssp-client-1", wish);
                    CredHandle credential = credential();
                    SecurityContext server = credential.newContext()) {
                byte[] challenge = accept(server, AscReq.NONE, base64(samba.expect("YR", "YR")[1]));
                String[] authenticate = samba.expect("AF", "TT " + base64(challenge));
                accept(server, AscReq.NONE, base64(authenticate[1]));
                assertEquals(DOMAIN + "\\" + USER, server.queryContextAttributes(ContextAttribute.NAMES));
                assertArrayEquals(
                        base64(samba.expect("GK", "GK")[1]),
                        server.queryContextAttributes(ContextAttribute.SESSION_KEY));
            }
        }
    }

    // gss-ntlmssp

    private LinePeer gss(String role, int flags) throws IOException {
        need(GSSNTLMSSP, "gss-ntlmssp");
        need(PYTHON, "Python");
        Path users = Files.writeString(folder.resolve("users"), DOMAIN + ":" + USER + ":" + PASSWORD + "\n");
        LinePeer peer = new LinePeer(
                List.of(
                        PYTHON.toString(),
                        LinePeer.resource(folder, "gssntlmssp.py").toString(),
                        GSSNTLMSSP.toString()),
                Map.of("NTLM_USER_FILE", users.toString()));
        peer.expect("OK", String.join(" ", "OPEN", role, USER, DOMAIN, PASSWORD, Integer.toString(flags)));
        return peer;
    }

    private static String hex(byte[] bytes) {
        return bytes.length == 0 ? "-" : HEX.formatHex(bytes);
    }

    private static byte[] step(LinePeer peer, byte[] token) throws IOException {
        String answer = peer.expect("TOKEN", "STEP " + hex(token))[1];
        return answer.equals("-") ? new byte[0] : HEX.parseHex(answer);
    }

    private static void exchangeMessages(LinePeer peer, SecurityContext ours) throws Exception {
        assertEquals(
                "KEY " + HEX.formatHex(ours.queryContextAttributes(ContextAttribute.SESSION_KEY)), peer.ask("KEY"));
        for (int i = 1; i < 20; i++) {
            byte[] message = ("message " + "x".repeat(i * i)).getBytes(StandardCharsets.US_ASCII);
            peer.expect("OK", "VERIFY " + hex(message) + " " + hex(sign(ours, message, 0)));
            verify(ours, message, HEX.parseHex(peer.expect("MIC", "MIC " + hex(message))[1]), 0);
            assertEquals("PLAIN " + hex(message), peer.ask("UNWRAP " + hex(wrap(ours, message))));
            assertArrayEquals(message, unwrap(ours, HEX.parseHex(peer.expect("WRAP", "WRAP " + hex(message))[1])));
        }
    }

    @Test
    void ourClientSignsAndSealsWithGssNtlmssp() throws Exception {
        try (LinePeer peer = gss("accept", GSS_SEALED);
                CredHandle credential = credential();
                SecurityContext client = credential.newContext()) {
            byte[] challenge = step(peer, initialize(client, SEALED, null));
            step(peer, initialize(client, SEALED, challenge));
            exchangeMessages(peer, client);
        }
    }

    @Test
    void ourServerSignsAndSealsWithGssNtlmssp() throws Exception {
        try (LinePeer peer = gss("initiate", GSS_SEALED);
                CredHandle credential = credential();
                SecurityContext server = credential.newContext()) {
            byte[] challenge = accept(server, AscReq.NONE, step(peer, new byte[0]));
            accept(server, AscReq.NONE, step(peer, challenge));
            exchangeMessages(peer, server);
        }
    }

    /** Signatures alone: gss-ntlmssp encrypts the payload of a datagram under the key of the message before. */
    private static void exchangeDatagrams(LinePeer peer, SecurityContext ours) throws Exception {
        for (int number : new int[] {7, 3, 70_000, 10}) {
            byte[] message = ("datagram " + number).getBytes(StandardCharsets.US_ASCII);
            peer.expect("OK", "SEQ " + number);
            byte[] signed = HEX.parseHex(peer.expect("MIC", "MIC " + hex(message))[1]);
            assertEquals(number, ours.peekSequence(ByteBuffer.wrap(signed)));
            verify(ours, message, signed, number);
            peer.expect("OK", "SEQ " + number);
            peer.expect("OK", "VERIFY " + hex(message) + " " + hex(sign(ours, message, number)));
        }
    }

    @Test
    void ourClientSignsDatagramsForGssNtlmssp() throws Exception {
        try (LinePeer peer = gss("accept", GSS_SEALED | GSS_DATAGRAM);
                CredHandle credential = credential();
                SecurityContext client = credential.newContext()) {
            IscReq wish = SEALED.or(IscReq.DATAGRAM);
            assertEquals(0, initialize(client, wish, null).length);
            byte[] early = sign(client, new byte[] {1, 2, 3}, 5);
            byte[] challenge = step(peer, new byte[0]);
            step(peer, initialize(client, wish, challenge));
            peer.expect("OK", "SEQ 5");
            peer.expect("OK", "VERIFY 010203 " + hex(early));
            exchangeDatagrams(peer, client);
        }
    }

    @Test
    void ourServerVerifiesDatagramsOfGssNtlmssp() throws Exception {
        try (LinePeer peer = gss("initiate", GSS_SEALED | GSS_DATAGRAM);
                CredHandle credential = credential();
                SecurityContext server = credential.newContext()) {
            assertEquals(0, step(peer, new byte[0]).length);
            byte[] challenge = accept(server, AscReq.DATAGRAM, new byte[0]);
            accept(server, AscReq.DATAGRAM, step(peer, challenge));
            exchangeDatagrams(peer, server);
        }
    }

    // The JDK's SASL mechanism, authentication only

    private static CallbackHandler answers(String user, String password) {
        return callbacks -> {
            for (Callback callback : callbacks) {
                if (callback instanceof NameCallback name) {
                    name.setName(user);
                } else if (callback instanceof PasswordCallback secret) {
                    secret.setPassword(password.toCharArray());
                } else if (callback instanceof RealmCallback realm) {
                    realm.setText(DOMAIN);
                } else if (callback instanceof AuthorizeCallback authorize) {
                    authorize.setAuthorized(true);
                }
            }
        };
    }

    private static Map<String, String> version(String version) {
        return Map.of("com.sun.security.sasl.ntlm.version", version);
    }

    @Test
    void theJdksServerAcceptsOurClient() throws Exception {
        SaslServer server = Sasl.createSaslServer(
                "NTLM",
                "cifs",
                null,
                Map.of("com.sun.security.sasl.ntlm.version", "NTLMv2", "com.sun.security.sasl.ntlm.domain", DOMAIN),
                answers(USER, PASSWORD));
        assumeTrue(server != null, "the JDK has no SASL mechanism NTLM");
        try (CredHandle credential = credential();
                SecurityContext client = credential.newContext()) {
            byte[] challenge = server.evaluateResponse(initialize(client, IscReq.NONE, null));
            server.evaluateResponse(initialize(client, IscReq.NONE, challenge));
            assertTrue(server.isComplete());
            assertEquals(USER, server.getAuthorizationID());
        }
    }

    @Test
    void weAcceptTheJdksClientAndRefuseItsNtlmV1() throws Exception {
        for (String version : new String[] {"NTLMv2", "LMv2/NTLMv2", "NTLM", "NTLM2"}) {
            SaslClient client = Sasl.createSaslClient(
                    new String[] {"NTLM"}, null, "cifs", "server", version(version), answers(USER, PASSWORD));
            assumeTrue(client != null, "the JDK has no SASL mechanism NTLM");
            try (CredHandle credential = credential();
                    SecurityContext server = credential.newContext()) {
                byte[] first = client.hasInitialResponse() ? client.evaluateChallenge(new byte[0]) : new byte[0];
                byte[] challenge = accept(server, AscReq.NONE, first);
                byte[] answer = client.evaluateChallenge(challenge);
                if (version.contains("NTLMv2")) {
                    accept(server, AscReq.NONE, answer);
                    assertEquals(DOMAIN + "\\" + USER, server.queryContextAttributes(ContextAttribute.NAMES));
                } else {
                    SspiException e =
                            assertThrows(SspiException.class, () -> accept(server, AscReq.NONE, answer), version);
                    assertEquals(SecurityStatus.SEC_E_LOGON_DENIED, e.status());
                }
            }
        }
    }

    @Test
    void theJdksServerRefusesAWrongPassword() throws Exception {
        SaslServer server = Sasl.createSaslServer(
                "NTLM",
                "cifs",
                null,
                Map.of("com.sun.security.sasl.ntlm.version", "NTLMv2", "com.sun.security.sasl.ntlm.domain", DOMAIN),
                answers(USER, "other"));
        assumeTrue(server != null, "the JDK has no SASL mechanism NTLM");
        try (CredHandle credential = credential();
                SecurityContext client = credential.newContext()) {
            byte[] challenge = server.evaluateResponse(initialize(client, IscReq.NONE, null));
            byte[] answer = initialize(client, IscReq.NONE, challenge);
            SaslException e = assertThrows(SaslException.class, () -> server.evaluateResponse(answer));
            assertTrue(String.valueOf(e.getCause()).contains("verified"), () -> "" + e.getCause());
        }
    }
}
