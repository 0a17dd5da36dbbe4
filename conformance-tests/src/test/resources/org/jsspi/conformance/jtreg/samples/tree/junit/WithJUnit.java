/*
 * @test
 * @run junit WithJUnit
 */
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WithJUnit {
    @Test
    void adds() {
        assertEquals(2, 1 + 1);
    }
}
