package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jsspi.EarlyDataInfo;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.handshake.Effects;
import org.junit.jupiter.api.Test;

/** A step that runs elsewhere has the same effects as one that runs in the call. */
class RecordedEffectsTest {
    private static TrafficKeys keys() {
        Aead aead = Aead.AES_128_GCM;
        return new TrafficKeys(aead, Secret.owning(new byte[aead.keyLength()]), new byte[aead.ivLength()]);
    }

    /** {@return all that a handshake can want done, those with an answer left out: nobody can give that later} */
    private static List<Method> effects() {
        return Arrays.stream(Effects.class.getMethods())
                .filter(method -> method.getReturnType() == void.class)
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    /** What is with an effect; null stands for what only a handshake can make. */
    private static Object operand(Class<?> type, int number) {
        if (type == int.class) {
            return number;
        } else if (type == byte[].class) {
            return new byte[number];
        } else if (type == TrafficKeys.class) {
            return keys();
        } else if (type == EarlyDataInfo.class) {
            return EarlyDataInfo.none(EarlyDataInfo.Reason.DISABLED);
        }
        return null;
    }

    @Test
    void everyEffectComesInItsPlaceAndWithWhatItWasRecordedWith() throws Exception {
        RecordedEffects recorded = new RecordedEffects();
        List<List<Object>> wanted = new ArrayList<>();
        List<Method> twice = new ArrayList<>(effects());
        twice.addAll(effects());
        assertTrue(twice.size() >= 34, "the methods are found");
        for (Method effect : twice) {
            List<Object> call = new ArrayList<>(List.of(effect.getName()));
            for (Class<?> type : effect.getParameterTypes()) {
                call.add(operand(type, 100 + wanted.size()));
            }
            effect.invoke(recorded, call.subList(1, call.size()).toArray());
            wanted.add(call);
        }
        List<List<Object>> done = new ArrayList<>();
        Effects live = (Effects) Proxy.newProxyInstance(
                Effects.class.getClassLoader(), new Class<?>[] {Effects.class}, (proxy, method, operands) -> {
                    List<Object> call = new ArrayList<>(List.of(method.getName()));
                    call.addAll(operands == null ? List.of() : Arrays.asList(operands));
                    done.add(call);
                    return null;
                });

        recorded.play(live);

        assertEquals(wanted, done);
    }

    @Test
    void keysThatNeverTakeEffectAreWiped() {
        RecordedEffects recorded = new RecordedEffects();
        TrafficKeys reads = keys();
        TrafficKeys writes = keys();
        recorded.protectReads(reads);
        recorded.send(new byte[4]);
        recorded.protectWrites(writes);
        assertFalse(reads.isDestroyed() || writes.isDestroyed());

        recorded.destroyKeys();

        assertTrue(reads.isDestroyed() && writes.isDestroyed());
    }
}
