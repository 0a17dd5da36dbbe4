package org.jsspi.provider.ntlm;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jsspi.AscReq;
import org.jsspi.AuthIdentity;
import org.jsspi.ChannelBindings;
import org.jsspi.CredentialUse;
import org.jsspi.IscReq;
import org.jsspi.NtlmAccountTable;
import org.jsspi.NtlmAccounts;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/** What the tests of contexts have in common. */
final class Exchanges {
    static final String USER = "User";
    static final String DOMAIN = "Domain";
    static final String PASSWORD = "Password";
    static final IscReq SEALED = IscReq.CONFIDENTIALITY.or(IscReq.INTEGRITY);
    static final IscReq DATAGRAM = SEALED.or(IscReq.DATAGRAM);

    private Exchanges() {}

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static AuthIdentity identity() {
        return AuthIdentity.of(USER, DOMAIN, PASSWORD.toCharArray());
    }

    static NtlmAccountTable accounts() throws SspiException {
        return new NtlmAccountTable().add(identity());
    }

    static SecurityContext client(NtlmPolicy policy, AuthIdentity identity) throws SspiException {
        return NtlmPackage.acquire(null, CredentialUse.OUTBOUND, identity, policy, Surroundings.ofSystem())
                .newContext();
    }

    static SecurityContext client() throws SspiException {
        return client(NtlmPolicy.DEFAULT, identity());
    }

    static SecurityContext server(NtlmPolicy policy, NtlmAccounts accounts) throws SspiException {
        return NtlmPackage.acquire(
                        "DOMAIN\\server.example.org", CredentialUse.INBOUND, accounts, policy, Surroundings.ofSystem())
                .newContext();
    }

    static SecurityContext server() throws SspiException {
        return server(NtlmPolicy.DEFAULT, accounts());
    }

    /** What one establishing call came to. */
    record Step(SecurityStatus status, byte[] token) {}

    static SecBufferDesc input(byte[] token, ChannelBindings bindings) {
        SecBufferDesc input = new SecBufferDesc();
        if (token != null) {
            input.add(SecBufferType.TOKEN, ByteBuffer.wrap(token));
        }
        if (bindings != null) {
            input.add(SecBufferType.CHANNEL_BINDINGS, ByteBuffer.wrap(bindings.toStructure()));
        }
        return input;
    }

    static Step initialize(SecurityContext context, IscReq request, byte[] token) throws SspiException {
        return initialize(context, request, token, "host/server", null);
    }

    static Step initialize(
            SecurityContext context, IscReq request, byte[] token, String target, ChannelBindings bindings)
            throws SspiException {
        SecBufferDesc output =
                new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[NtlmPackage.MAXIMUM_TOKEN]));
        SecurityStatus status =
                context.initializeSecurityContext(target, request, null, input(token, bindings), output);
        return new Step(status, output.get(0).toByteArray());
    }

    static Step accept(SecurityContext context, AscReq request, byte[] token) throws SspiException {
        return accept(context, request, token, null);
    }

    static Step accept(SecurityContext context, AscReq request, byte[] token, ChannelBindings bindings)
            throws SspiException {
        SecBufferDesc output =
                new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[NtlmPackage.MAXIMUM_TOKEN]));
        SecurityStatus status = context.acceptSecurityContext(request, null, input(token, bindings), output);
        return new Step(status, output.get(0).toByteArray());
    }

    /** Runs a connection-oriented exchange to its end. */
    static void connect(SecurityContext client, IscReq wish, SecurityContext server, AscReq rule) throws SspiException {
        Step negotiate = initialize(client, wish, null);
        Step challenge = accept(server, rule, negotiate.token());
        Step authenticate = initialize(client, wish, challenge.token());
        accept(server, rule, authenticate.token());
    }

    /** Runs a datagram exchange to its end; the client may have begun. */
    static void connectDatagram(SecurityContext client, SecurityContext server, IscReq wish, AscReq rule)
            throws SspiException {
        initialize(client, wish, null);
        byte[] challenge = accept(server, rule, new byte[0]).token();
        accept(server, rule, initialize(client, wish, challenge).token());
    }

    static byte[] sign(SecurityContext context, byte[] message, int number) throws SspiException {
        SecBufferDesc list = new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, message), new SecBuffer(SecBufferType.TOKEN, new byte[16]));
        context.makeSignature(0, list, number);
        return list.get(1).toByteArray();
    }

    static void verify(SecurityContext context, byte[] message, byte[] token, int number) throws SspiException {
        context.verifySignature(
                new SecBufferDesc(
                        new SecBuffer(SecBufferType.DATA, message), new SecBuffer(SecBufferType.TOKEN, token.clone())),
                number);
    }

    /** {@return TOKEN and ciphertext, one after the other} */
    static byte[] seal(SecurityContext context, byte[] message, int number) throws SspiException {
        byte[] data = message.clone();
        SecBufferDesc list = new SecBufferDesc(
                new SecBuffer(SecBufferType.TOKEN, new byte[16]), new SecBuffer(SecBufferType.DATA, data));
        context.encryptMessage(0, list, number);
        return Responses.concat(list.get(0).toByteArray(), data);
    }

    static byte[] unseal(SecurityContext context, byte[] sealed, int number) throws SspiException {
        byte[] data = Arrays.copyOfRange(sealed, 16, sealed.length);
        context.decryptMessage(
                new SecBufferDesc(
                        new SecBuffer(SecBufferType.TOKEN, Arrays.copyOf(sealed, 16)),
                        new SecBuffer(SecBufferType.DATA, data)),
                number);
        return data;
    }

    static SecurityStatus statusOf(Call call) {
        try {
            call.run();
            return SecurityStatus.SEC_E_OK;
        } catch (SspiException e) {
            return e.status();
        }
    }

    /** A call that may fail. */
    interface Call {
        void run() throws SspiException;
    }
}
