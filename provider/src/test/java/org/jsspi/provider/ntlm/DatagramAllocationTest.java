package org.jsspi.provider.ntlm;

import static org.jsspi.provider.ntlm.Exchanges.DATAGRAM;
import static org.jsspi.provider.ntlm.Exchanges.client;
import static org.jsspi.provider.ntlm.Exchanges.connectDatagram;
import static org.jsspi.provider.ntlm.Exchanges.server;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.security.GeneralSecurityException;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextKey;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.provider.JsspiProvider;
import org.jsspi.spec.SequenceParameterSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * To the byte what a datagram of 1 KiB allocates: nothing, where the caller has the buffers. JCA's own calls under it, MD5's and
 * RC4's, allocate nothing either.
 */
class DatagramAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int SIZE = 1024;
    private static final int ROUNDS = 6;
    private static final int MESSAGES = 100;

    private final byte[] data = new byte[SIZE];
    private final byte[] token = new byte[Protection.TOKEN_LENGTH];
    private final SecBufferDesc message =
            new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token), new SecBuffer(SecBufferType.DATA, data));
    private SecurityContext client;
    private SecurityContext server;
    /** What an array of a token's length takes. */
    private long array;

    private byte[] kept;

    private interface Operation {
        void on(int number) throws GeneralSecurityException;
    }

    @BeforeEach
    void connect() throws GeneralSecurityException {
        array = least(number -> kept = new byte[Protection.TOKEN_LENGTH]);
        assertEquals(Protection.TOKEN_LENGTH, kept.length);
        client = client();
        server = server();
        connectDatagram(client, server, DATAGRAM, AscReq.DATAGRAM);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    /** {@return bytes for one message} What comes once, as when a class is loaded, is not in every round. */
    private static long least(Operation operation) throws GeneralSecurityException {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < MESSAGES; i++) {
                operation.on(round * MESSAGES + i);
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least % MESSAGES);
        return least / MESSAGES;
    }

    @Test
    void signingAllocatesNothing() throws GeneralSecurityException {
        assertEquals(0, least(number -> client.makeSignature(0, message, number)));
    }

    @Test
    void sealingAllocatesNothing() throws GeneralSecurityException {
        assertEquals(0, least(number -> client.encryptMessage(0, message, number)));
    }

    @Test
    void verifyingAllocatesACopyOfTheToken() throws GeneralSecurityException {
        byte[][] tokens = new byte[ROUNDS * MESSAGES][];
        for (int number = 0; number < tokens.length; number++) {
            client.makeSignature(0, message, number);
            tokens[number] = token.clone();
        }
        assertEquals(array, least(number -> {
            System.arraycopy(tokens[number], 0, token, 0, token.length);
            server.verifySignature(message, number);
        }));
    }

    @Test
    void decryptingAllocatesACopyOfTheToken() throws GeneralSecurityException {
        byte[][] tokens = new byte[ROUNDS * MESSAGES][];
        byte[][] sealed = new byte[ROUNDS * MESSAGES][];
        for (int number = 0; number < tokens.length; number++) {
            client.encryptMessage(0, message, number);
            tokens[number] = token.clone();
            sealed[number] = data.clone();
        }
        assertEquals(array, least(number -> {
            System.arraycopy(tokens[number], 0, token, 0, token.length);
            System.arraycopy(sealed[number], 0, data, 0, data.length);
            server.decryptMessage(message, number);
        }));
    }

    /** JCA's Mac takes the signature from the package in an array of its own, also where the caller has one. */
    @Test
    void aMacAllocatesTheToken() throws GeneralSecurityException {
        Mac mac = Mac.getInstance("NTLM", new JsspiProvider());
        ContextKey.Signing key = client.queryContextAttributes(ContextAttribute.SIGNING_KEY);
        SequenceParameterSpec[] numbers = IntStream.range(0, ROUNDS * MESSAGES)
                .mapToObj(SequenceParameterSpec::new)
                .toArray(SequenceParameterSpec[]::new);
        assertEquals(array, least(number -> {
            mac.init(key, numbers[number]);
            mac.update(data);
            mac.doFinal(token, 0);
        }));
    }
}
