package org.jsspi.provider.ntlm;

import static org.jsspi.provider.ntlm.Exchanges.DATAGRAM;
import static org.jsspi.provider.ntlm.Exchanges.accept;
import static org.jsspi.provider.ntlm.Exchanges.client;
import static org.jsspi.provider.ntlm.Exchanges.connectDatagram;
import static org.jsspi.provider.ntlm.Exchanges.initialize;
import static org.jsspi.provider.ntlm.Exchanges.seal;
import static org.jsspi.provider.ntlm.Exchanges.server;
import static org.jsspi.provider.ntlm.Exchanges.sign;
import static org.jsspi.provider.ntlm.Exchanges.statusOf;
import static org.jsspi.provider.ntlm.Exchanges.unseal;
import static org.jsspi.provider.ntlm.Exchanges.verify;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jsspi.AscReq;
import org.jsspi.AscRet;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextKey;
import org.jsspi.DatagramMac;
import org.jsspi.IscReq;
import org.jsspi.IscRet;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.junit.jupiter.api.Test;

/** Datagram contexts: the caller's numbers, any order, any number of establishments. */
class NtlmDatagramTest {
    private static final int MANY = 10_000;

    private static byte[] message(int number) {
        byte[] bytes = new byte[16 + number % 200];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    @Test
    void theClientSignsBeforeTheServerIsHeardOf() throws SspiException {
        try (SecurityContext client = client();
                SecurityContext server = server()) {
            Exchanges.Step first = initialize(client, DATAGRAM, null);
            assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, first.status());
            assertEquals(0, first.token().length);
            byte[] signed = sign(client, message(41), 41);
            byte[] sealed = seal(client, message(42), 42);
            assertEquals(SecurityStatus.SEC_E_INVALID_HANDLE, statusOf(() -> verify(server, message(41), signed, 41)));

            byte[] challenge = accept(server, AscReq.DATAGRAM, new byte[0]).token();
            Exchanges.Step answer = initialize(client, DATAGRAM, challenge);
            assertEquals(SecurityStatus.SEC_E_OK, answer.status());
            assertEquals(
                    SecurityStatus.SEC_E_OK,
                    accept(server, AscReq.DATAGRAM, answer.token()).status());
            assertEquals(41, server.peekSequence(ByteBuffer.wrap(signed)));
            verify(server, message(41), signed, 41);
            assertArrayEquals(message(42), unseal(server, sealed, 42));
            assertTrue(client.initiatorAttributes().has(IscRet.DATAGRAM.or(IscRet.INTEGRITY)));
            assertTrue(server.acceptorAttributes().has(AscRet.DATAGRAM.or(AscRet.CONFIDENTIALITY)));
            assertFalse(server.acceptorAttributes().has(AscRet.REPLAY_DETECT));
            assertArrayEquals(
                    client.queryContextAttributes(ContextAttribute.SESSION_KEY),
                    server.queryContextAttributes(ContextAttribute.SESSION_KEY));
        }
    }

    @Test
    void aDatagramContextThatAsksForNothingSignsAllTheSame() throws SspiException {
        try (SecurityContext client = client();
                SecurityContext server = server()) {
            connectDatagram(client, server, IscReq.DATAGRAM, AscReq.DATAGRAM);
            verify(server, message(1), sign(client, message(1), 1), 1);
            assertEquals(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, statusOf(() -> seal(client, message(1), 2)));
        }
    }

    @Test
    void numbersThatDifferAreOutOfSequenceAndAlteredMessagesAreAltered() throws SspiException {
        try (SecurityContext client = client();
                SecurityContext server = server()) {
            connectDatagram(client, server, DATAGRAM, AscReq.DATAGRAM);
            byte[] token = sign(client, message(0), -1);
            assertEquals(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, statusOf(() -> verify(server, message(0), token, 7)));
            assertEquals(SecurityStatus.SEC_E_MESSAGE_ALTERED, statusOf(() -> verify(server, message(1), token, -1)));
            verify(server, message(0), token, -1);
            verify(server, message(0), token, -1);
            assertEquals(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, statusOf(() -> sign(client, message(0), -1)));
            assertEquals(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, statusOf(() -> seal(client, message(0), -1)));
        }
    }

    @Test
    void theContextIsEstablishedAgainAndAgainWithOneKey() throws SspiException {
        try (SecurityContext client = client()) {
            initialize(client, DATAGRAM, null);
            byte[] before = sign(client, message(0), 0);
            byte[] key = null;
            for (int round = 1; round <= 5; round++) {
                // The server has forgotten everything, or has not: both come to the same.
                try (SecurityContext server = server()) {
                    for (int again = 0; again < 3; again++) {
                        byte[] between = sign(client, message(round), round * 10 + again);
                        byte[] challenge =
                                accept(server, AscReq.DATAGRAM, new byte[0]).token();
                        assertArrayEquals(
                                challenge,
                                accept(server, AscReq.DATAGRAM, new byte[0]).token(),
                                "a challenge that was lost is sent again");
                        if (again > 0) {
                            verify(server, message(round), between, round * 10 + again);
                        }
                        byte[] answer = initialize(client, DATAGRAM, challenge).token();
                        accept(server, AscReq.DATAGRAM, answer);
                        assertEquals(
                                SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                                statusOf(() -> accept(server, AscReq.DATAGRAM, answer)),
                                "a datagram that arrives twice");
                        byte[] now = server.queryContextAttributes(ContextAttribute.SESSION_KEY);
                        assertTrue(key == null || java.util.Arrays.equals(key, now));
                        key = now;
                        verify(server, message(0), before, 0);
                        verify(server, message(round), between, round * 10 + again);
                        int number = round * 10 + again;
                        assertArrayEquals(message(9), unseal(client, seal(server, message(9), number), number));
                        assertEquals(
                                SecurityStatus.SEC_E_OUT_OF_SEQUENCE, statusOf(() -> seal(server, message(9), number)));
                        assertEquals(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, statusOf(() -> sign(client, message(9), 0)));
                    }
                }
            }
        }
    }

    @Test
    void badTokensFromAnybodyLeaveADatagramContextAsItWas() throws SspiException {
        NtlmPolicy patient = NtlmPolicy.DEFAULT.withFailuresPerMinute(0);
        try (SecurityContext client = client();
                SecurityContext server = server(patient, Exchanges.accounts())) {
            connectDatagram(client, server, DATAGRAM, AscReq.DATAGRAM);
            byte[] token = sign(client, message(1), 1);
            byte[] challenge = accept(server, AscReq.DATAGRAM, new byte[0]).token();
            byte[] answer = initialize(client, DATAGRAM, challenge).token();
            Random random = new Random(5);
            for (int i = 0; i < 300; i++) {
                byte[] badChallenge = challenge.clone();
                badChallenge[random.nextInt(32)] ^= 1 + random.nextInt(255);
                statusOf(() -> initialize(client, DATAGRAM, badChallenge));
                byte[] badAnswer = answer.clone();
                badAnswer[72 + random.nextInt(answer.length - 72)] ^= 1 + random.nextInt(255);
                SecurityStatus status = statusOf(() -> accept(server, AscReq.DATAGRAM, badAnswer));
                assertTrue(status.isError(), status.toString());
                verify(server, message(1), token, 1);
            }
            accept(server, AscReq.DATAGRAM, answer);
            verify(server, message(1), token, 1);
            byte[] late = sign(client, message(2), 2);
            verify(server, message(2), late, 2);
        }
    }

    @Test
    void replaysAreRefusedWhereTheReceiverAskedForIt() throws SspiException {
        for (AscReq rule : new AscReq[] {AscReq.REPLAY_DETECT, AscReq.SEQUENCE_DETECT}) {
            try (SecurityContext client = client();
                    SecurityContext server = server()) {
                connectDatagram(client, server, DATAGRAM, AscReq.DATAGRAM.or(rule));
                assertTrue(server.acceptorAttributes().has(AscRet.REPLAY_DETECT));
                byte[] sealed = seal(client, message(1), 5);
                byte[] signed = sign(client, message(1), 4);
                assertArrayEquals(message(1), unseal(server, sealed, 5));
                assertEquals(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, statusOf(() -> unseal(server, sealed, 5)));
                verify(server, message(1), signed, 4);
                assertEquals(
                        SecurityStatus.SEC_E_OUT_OF_SEQUENCE, statusOf(() -> verify(server, message(1), signed, 4)));
                server.setContextAttributes(ContextAttribute.RESET_KEYS, null);
                verify(server, message(1), signed, 4);
            }
        }
    }

    @Test
    void tenThousandDatagramsOfManyThreadsSurviveLossRepetitionAndDisorder() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (SecurityContext client = client();
                SecurityContext server = server()) {
            initialize(client, DATAGRAM, null);
            List<Future<byte[]>> sent = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                int number = i;
                sent.add(threads.submit(() -> number % 2 == 0
                        ? seal(client, message(number), number)
                        : sign(client, message(number), number)));
                if (i == MANY / 2) {
                    byte[] challenge =
                            accept(server, AscReq.DATAGRAM, new byte[0]).token();
                    accept(
                            server,
                            AscReq.DATAGRAM,
                            initialize(client, DATAGRAM, challenge).token());
                }
            }
            List<Integer> arriving = new ArrayList<>();
            Random random = new Random(1);
            for (int i = 0; i < MANY; i++) {
                for (int copies = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(10) / 9; copies > 0; copies--) {
                    arriving.add(i);
                }
            }
            Collections.shuffle(arriving, random);
            AtomicInteger right = new AtomicInteger();
            List<Callable<Void>> receivers = new ArrayList<>();
            for (int number : arriving) {
                byte[] datagram = sent.get(number).get();
                receivers.add(() -> {
                    if (number % 2 == 0) {
                        assertArrayEquals(message(number), unseal(server, datagram, number));
                    } else {
                        verify(server, message(number), datagram, number);
                    }
                    right.incrementAndGet();
                    return null;
                });
            }
            for (Future<Void> received : threads.invokeAll(receivers)) {
                received.get();
            }
            assertEquals(arriving.size(), right.get());
            assertTrue(right.get() > MANY / 2);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void theKeysOfTheContextSignWhatTheMessageFunctionsVerify() throws SspiException {
        SecurityContext client = client();
        try (SecurityContext server = server()) {
            initialize(client, DATAGRAM, null);
            ContextKey.Signing signing = client.queryContextAttributes(ContextAttribute.SIGNING_KEY);
            DatagramMac mac = signing.newMac();
            byte[] token = new byte[16];
            mac.begin(3, false);
            mac.update(message(3), 0, message(3).length);
            mac.sign(token, 0);
            connectDatagram(client, server, DATAGRAM, AscReq.DATAGRAM);
            verify(server, message(3), token, 3);
            assertEquals(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, statusOf(() -> sign(client, message(3), 3)));
            DatagramMac verifier = server.queryContextAttributes(ContextAttribute.VERIFYING_KEY)
                    .newMac();
            byte[] other = sign(client, message(4), 4);
            verifier.begin(4, false);
            verifier.update(
                    ByteBuffer.allocateDirect(message(4).length).put(message(4)).rewind());
            assertTrue(verifier.verify(ByteBuffer.wrap(other)));
            verifier.begin(4, false);
            verifier.update(ByteBuffer.wrap(message(5)));
            assertFalse(verifier.verify(ByteBuffer.wrap(other)));
            mac.begin(9, false);
            client.close();
            assertTrue(signing.isDestroyed());
            assertEquals(SecurityStatus.SEC_E_INVALID_HANDLE, statusOf(() -> mac.sign(token, 0)));
        }
    }

    @Test
    void theTwoModesDoNotMix() throws SspiException {
        try (SecurityContext client = client();
                SecurityContext server = server()) {
            initialize(client, Exchanges.SEALED, null);
            byte[] challenge = accept(server, AscReq.DATAGRAM, new byte[0]).token();
            assertEquals(
                    SecurityStatus.SEC_E_INVALID_TOKEN,
                    statusOf(() -> initialize(client, Exchanges.SEALED, challenge)));
        }
        try (SecurityContext client = client();
                SecurityContext server = server()) {
            byte[] negotiate = initialize(client, Exchanges.SEALED, null).token();
            assertEquals(
                    SecurityStatus.SEC_E_INVALID_TOKEN, statusOf(() -> accept(server, AscReq.DATAGRAM, negotiate)));
        }
    }
}
