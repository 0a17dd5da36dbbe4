package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Field;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.SchannelControl;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.DeviantEnd.Deviation;
import org.jsspi.provider.tls.Handshaking.Shape;
import org.jsspi.provider.tls.message.AlertDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer must not get through while a context negotiates again. */
class RenegotiatedContextTest {
    /** RFC 5246 7.4.9: until its Finished nobody knows whose data it is. A server decrypts, a client is given records. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void dataInFrontOfTheFinishedIsRefused(boolean server) throws Exception {
        Handshaking handshaking = new Handshaking("TLSv1.2", Shape.RENEGOTIATED, server, Deviation.NONE);
        handshaking.sendDataBehindChangeCipherSpec();
        SspiException failure = handshaking.run();
        assertNotNull(failure, "the data went unnoticed");
        assertEquals(AlertDescription.UNEXPECTED_MESSAGE.code(), failure.alert().orElseThrow());
    }

    /** A context that has failed has no keys: what waits for its turn to be read must not pass as clear because of that. */
    @Test
    void whatIsReadAfterAFailureIsNotClear() throws Exception {
        Handshaking handshaking = new Handshaking("TLSv1.2", Shape.RENEGOTIATED, true, Deviation.NONE);
        handshaking.run();
        handshaking.establish(null);
        Field field = SchannelContext.class.getDeclaredField("readLock");
        field.setAccessible(true);
        ReentrantLock readLock = (ReentrantLock) field.get(handshaking.context());
        byte[] closeNotify = {21, 3, 3, 0, 2, 1, 0};
        CompletableFuture<byte[]> reading;
        readLock.lock();
        try {
            reading = CompletableFuture.supplyAsync(() -> {
                try {
                    return handshaking.establish(closeNotify);
                } catch (SspiException e) {
                    throw new java.util.concurrent.CompletionException(e);
                }
            });
            while (!readLock.hasQueuedThreads()) {
                Thread.onSpinWait();
            }
            handshaking
                    .context()
                    .applyControlToken(
                            SchannelControl.alert(SchannelControl.ALERT_FATAL, AlertDescription.INTERNAL_ERROR.code()));
        } finally {
            readLock.unlock();
        }
        ExecutionException failure = assertThrows(ExecutionException.class, () -> reading.get(20, TimeUnit.SECONDS));
        assertEquals(SecurityStatus.SEC_E_CONTEXT_EXPIRED, ((SspiException) failure.getCause()).status());
    }
}
