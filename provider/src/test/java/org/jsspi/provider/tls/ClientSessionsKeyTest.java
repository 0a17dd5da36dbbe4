package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.security.AlgorithmConstraints;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session is offered where all it was made under is the same, and nowhere else. */
class ClientSessionsKeyTest {
    @Test
    void everyComponentCounts() throws Exception {
        RecordComponent[] components = ClientSessions.Key.class.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(components[i].getType(), 1);
        }
        assertEquals(key(values), key(values));
        assertEquals(key(values).hashCode(), key(values).hashCode());
        for (int i = 0; i < values.length; i++) {
            for (Object other : new Object[] {value(components[i].getType(), 2), absent(components[i].getType())}) {
                Object[] changed = values.clone();
                changed[i] = other;
                assertNotEquals(key(values), key(changed), components[i].getName());
                assertNotEquals(key(changed), key(values), components[i].getName());
                assertEquals(key(changed), key(changed), components[i].getName());
                assertEquals(key(changed).hashCode(), key(changed).hashCode(), components[i].getName());
            }
        }
    }

    private static ClientSessions.Key key(Object[] values) throws Exception {
        Class<?>[] types = Arrays.stream(ClientSessions.Key.class.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        return ClientSessions.Key.class.getDeclaredConstructor(types).newInstance(values);
    }

    private static Object absent(Class<?> type) {
        return type == int.class ? (Object) 0 : null;
    }

    private static Object value(Class<?> type, int number) {
        if (type == int.class) {
            return number;
        }
        if (type == Boolean.class) {
            return number == 1;
        }
        if (type == List.class) {
            return List.of("value " + number);
        }
        if (type == AlgorithmConstraints.class) {
            return Proxy.newProxyInstance(
                    type.getClassLoader() == null
                            ? ClientSessionsKeyTest.class.getClassLoader()
                            : type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "equals" -> proxy == arguments[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "toString" -> "constraints " + number;
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }
        return "value " + number;
    }
}
