package org.jsspi.conformance.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import org.jsspi.ApplicationProtocols;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.Identity;
import org.jsspi.IscReq;
import org.jsspi.SchCredentials;
import org.jsspi.SchannelControl;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.Sspi;
import org.jsspi.SspiException;
import org.jsspi.StreamSizes;

/**
 * Two security contexts in one thread, each call printed with its status and its buffers: what SSPI looks like from near.
 * Nothing is between them but byte arrays.
 */
final class InMemoryExchange {
    private static final String SERVER = "localhost";
    private static final String MESSAGE = "what one context seals, the other opens";

    private final PrintStream out;
    private final SecurityContext client;
    private final SecurityContext server;
    private final int maxToken;

    private InMemoryExchange(PrintStream out, SecurityContext client, SecurityContext server) throws SspiException {
        this.out = out;
        this.client = client;
        this.server = server;
        this.maxToken = Sspi.querySecurityPackageInfo(SchannelStream.PACKAGE).maxToken();
    }

    /** Runs the exchange and prints it. */
    static void run(Identity identity, KeyStore roots, PrintStream out) throws GeneralSecurityException, IOException {
        SchCredentials serves =
                SchCredentials.builder().identities(List.of(identity)).build();
        SchCredentials trusts = SchCredentials.builder().rootStore(roots).build();
        try (CredHandle inbound =
                        Sspi.acquireCredentialsHandle(null, SchannelStream.PACKAGE, CredentialUse.INBOUND, serves);
                CredHandle outbound =
                        Sspi.acquireCredentialsHandle(null, SchannelStream.PACKAGE, CredentialUse.OUTBOUND, trusts);
                SecurityContext client = outbound.newContext();
                SecurityContext server = inbound.newContext()) {
            InMemoryExchange exchange = new InMemoryExchange(out, client, server);
            byte[] afterHandshake = exchange.establish();
            out.println();
            ConnectionReport.agreed(
                            client.queryContextAttributes(ContextAttribute.SESSION),
                            client.queryContextAttributes(ContextAttribute.APPLICATION_PROTOCOL),
                            client.queryContextAttributes(ContextAttribute.STREAM_SIZES))
                    .forEach(out::println);
            out.println();
            exchange.readTickets(afterHandshake);
            exchange.oneMessage();
            exchange.shutDown();
        }
    }

    /** The handshake: each side is called with what the other's call has left in TOKEN. */
    private byte[] establish() throws SspiException {
        SecBuffer offer = ApplicationProtocols.offer(List.of("h2", "http/1.1"));
        SecBuffer speaks = ApplicationProtocols.offer(List.of("h2"));
        byte[] toServer = new byte[0];
        byte[] toClient = new byte[0];
        boolean clientDone = false;
        boolean serverDone = false;
        for (int round = 0; !clientDone || !serverDone; round++) {
            if (round > 9) {
                throw new IllegalStateException("the two sides do not come to an end");
            }
            if (!clientDone) {
                SecBufferDesc input = round == 0 ? new SecBufferDesc(offer) : token(toClient);
                SecBufferDesc output = room();
                SecurityStatus status = client.initializeSecurityContext(
                        SERVER, IscReq.STREAM.or(IscReq.CONFIDENTIALITY), ContextOptions.DEFAULT, input, output);
                say("client  initializeSecurityContext", status, output);
                toServer = output.get(0).toByteArray();
                toClient = extra(toClient, input);
                clientDone = status == SecurityStatus.SEC_E_OK;
            }
            if (!serverDone) {
                SecBufferDesc input = round == 0
                        ? new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, toServer), new SecBuffer(), speaks)
                        : token(toServer);
                SecBufferDesc output = room();
                SecurityStatus status = server.acceptSecurityContext(
                        AscReq.STREAM.or(AscReq.CONFIDENTIALITY), ContextOptions.DEFAULT, input, output);
                say("server  acceptSecurityContext", status, output);
                toClient = concat(toClient, output.get(0).toByteArray());
                toServer = extra(toServer, input);
                serverDone = status == SecurityStatus.SEC_E_OK;
            }
        }
        return toClient;
    }

    /** TLS 1.3: tickets come behind the handshake, as records that decryptMessage hands to the establishing call. */
    private void readTickets(byte[] bytes) throws SspiException {
        byte[] rest = bytes;
        while (rest.length > 0) {
            SecBufferDesc list = data(rest);
            SecurityStatus status = client.decryptMessage(list, 0);
            say("client  decryptMessage", status, list);
            int consumed =
                    list.get(0).length() + list.get(1).length() + list.get(2).length();
            byte[] next = Arrays.copyOfRange(rest, consumed, rest.length);
            if (status == SecurityStatus.SEC_I_RENEGOTIATE) {
                SecBufferDesc output = room();
                SecBuffer ticket = list.find(SecBufferType.EXTRA);
                status = client.initializeSecurityContext(
                        SERVER,
                        IscReq.STREAM,
                        ContextOptions.DEFAULT,
                        new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, ticket.view()), new SecBuffer()),
                        output);
                say("client  initializeSecurityContext", status, output);
            }
            rest = next;
        }
    }

    /** HEADER, DATA, TRAILER on one side; first too few bytes, then all of them, on the other. */
    private void oneMessage() throws SspiException {
        byte[] text = MESSAGE.getBytes(StandardCharsets.US_ASCII);
        StreamSizes sizes = client.queryContextAttributes(ContextAttribute.STREAM_SIZES);
        ByteBuffer record = ByteBuffer.allocate(sizes.header() + text.length + sizes.trailer());
        record.put(sizes.header(), text);
        SecBufferDesc sealed = new SecBufferDesc();
        sealed.add(SecBufferType.STREAM_HEADER, record, 0, sizes.header());
        sealed.add(SecBufferType.DATA, record, sizes.header(), text.length);
        sealed.add(SecBufferType.STREAM_TRAILER, record, sizes.header() + text.length, sizes.trailer());
        sealed.add();
        say("client  encryptMessage", client.encryptMessage(0, sealed, 0), sealed);

        byte[] wire = concat(
                concat(sealed.get(0).toByteArray(), sealed.get(1).toByteArray()),
                sealed.get(2).toByteArray());
        SecBufferDesc tooFew = data(Arrays.copyOf(wire, 20));
        say("server  decryptMessage of 20 bytes", server.decryptMessage(tooFew, 0), tooFew);
        SecBufferDesc opened = data(wire);
        say("server  decryptMessage of " + wire.length, server.decryptMessage(opened, 0), opened);
        String arrived = StandardCharsets.US_ASCII.decode(opened.get(1).view()).toString();
        out.println("          \"" + arrived + "\"");
        if (!arrived.equals(MESSAGE)) {
            throw new IllegalStateException("another message arrived than was sent");
        }
    }

    private void shutDown() throws SspiException {
        client.applyControlToken(SchannelControl.shutdown());
        SecBufferDesc output = room();
        SecurityStatus status =
                client.initializeSecurityContext(SERVER, IscReq.STREAM, ContextOptions.DEFAULT, null, output);
        say("client  SCHANNEL_SHUTDOWN", status, output);
        SecBufferDesc list = data(output.get(0).toByteArray());
        say("server  decryptMessage", server.decryptMessage(list, 0), list);
    }

    private void say(String call, SecurityStatus status, SecBufferDesc list) {
        StringBuilder buffers = new StringBuilder();
        for (int i = 0; i < list.count(); i++) {
            SecBuffer buffer = list.get(i);
            if (buffer.type() != SecBufferType.EMPTY && (buffer.type() != SecBufferType.TOKEN || buffer.length() > 0)) {
                buffers.append(buffer.type().name().replace("STREAM_", ""))
                        .append(' ')
                        .append(buffer.length())
                        .append("  ");
            }
        }
        out.println("  %-34s %-24s  %s".formatted(call, status, buffers).stripTrailing());
    }

    private SecBufferDesc room() {
        return new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[maxToken]));
    }

    private static SecBufferDesc token(byte[] bytes) {
        return new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, bytes), new SecBuffer());
    }

    private static SecBufferDesc data(byte[] bytes) {
        return new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, bytes),
                new SecBuffer(),
                new SecBuffer(),
                new SecBuffer(),
                new SecBuffer());
    }

    private static byte[] extra(byte[] bytes, SecBufferDesc input) {
        SecBuffer extra = input.find(SecBufferType.EXTRA);
        int left = extra == null ? 0 : extra.length();
        return Arrays.copyOfRange(bytes, bytes.length - left, bytes.length);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
