package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import org.junit.jupiter.api.Test;

class ContextAttributeTest {
    @Test
    void theTypeOfAConstantIsTheOneThatItDeclares() throws Exception {
        int constants = 0;
        for (Field field : ContextAttribute.class.getFields()) {
            ContextAttribute<?> attribute = (ContextAttribute<?>) field.get(null);
            assertEquals(field.getName(), attribute.toString());
            assertEquals(
                    ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0],
                    attribute.type(),
                    field.getName());
            constants++;
        }
        assertEquals(32, constants);
        assertSame(Sizes.class, ContextAttribute.SIZES.type());
        assertSame(byte[].class, ContextAttribute.KEYING_MATERIAL.type());
        assertSame(ContextKey.Signing.class, ContextAttribute.SIGNING_KEY.type());
        assertSame(Session.class, ContextAttribute.SESSION.type());
    }

    @Test
    void anAttributeOfAPackageHasTheTypeThatItWasMadeWith() {
        assertSame(Object.class, new ContextAttribute<>(0xC, "NEGOTIATION_INFO", Object.class).type());
        assertThrows(NullPointerException.class, () -> new ContextAttribute<>(1, "NAMES", null));
    }
}
