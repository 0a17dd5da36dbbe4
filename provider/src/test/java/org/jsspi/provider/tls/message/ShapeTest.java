package org.jsspi.provider.tls.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The compiler holds {@code shape()} to a constant of the type that it declares; this holds that type to the class. */
class ShapeTest {
    private static Type extensions(Type shape) {
        return ((ParameterizedType) shape).getActualTypeArguments()[0];
    }

    @Test
    void theShapeOfAnExtensionIsThatOfItsClass() throws Exception {
        for (Class<?> extension : Extension.class.getPermittedSubclasses()) {
            assertEquals(
                    extension,
                    extensions(extension.getDeclaredMethod("shape").getGenericReturnType()),
                    extension::getSimpleName);
        }
    }

    @Test
    void everyClassOfExtensionsHasOneShape() {
        Set<Type> shaped = new HashSet<>();
        for (Field constant : Shape.class.getDeclaredFields()) {
            if (constant.getType() == Shape.class) {
                assertTrue(shaped.add(extensions(constant.getGenericType())), constant::getName);
            }
        }
        assertEquals(new HashSet<Type>(Arrays.asList(Extension.class.getPermittedSubclasses())), shaped);
    }
}
