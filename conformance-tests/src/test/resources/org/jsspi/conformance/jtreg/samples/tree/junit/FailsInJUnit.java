/*
 * @test
 * @run junit FailsInJUnit
 */
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FailsInJUnit {
    @Test
    void adds() {
        assertEquals(3, 1 + 1);
    }
}
