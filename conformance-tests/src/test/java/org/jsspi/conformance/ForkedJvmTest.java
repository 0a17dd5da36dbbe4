package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForkedJvmTest {
    private static final String PROBE = ForkedProbe.class.getName();

    private final ForkedJvm jvm = new ForkedJvm().classPath(Reactor.testClasses());

    @Test
    void outputsExitCodeAndPropertiesArriveWhole() throws Exception {
        ForkedJvm.Result result = jvm.property("said", "two words").run(PROBE, "say", "an argument");

        assertEquals(3, result.exitCode());
        assertEquals(List.of("out two words"), result.lines());
        assertEquals("err an argument", result.err().strip());
    }

    @Test
    void aFailureIsReportedWithBothOutputs() throws Exception {
        ForkedJvm.Result result = jvm.property("said", "left").run(PROBE, "say", "right");

        IllegalStateException failure = assertThrows(IllegalStateException.class, result::orThrow);
        assertTrue(failure.getMessage().contains("exit code 3"), failure::getMessage);
        assertTrue(failure.getMessage().contains("out left"), failure::getMessage);
        assertTrue(failure.getMessage().contains("err right"), failure::getMessage);
    }

    @Test
    void aJvmThatDoesNotEndIsKilled() {
        long children = ProcessHandle.current().children().count();

        IllegalStateException failure = assertThrows(
                IllegalStateException.class,
                () -> jvm.limit(Duration.ofSeconds(3)).run(PROBE, "sleep", "600000"));

        assertTrue(failure.getMessage().contains("did not end within PT3S"), failure::getMessage);
        assertTrue(failure.getMessage().contains("started"), failure::getMessage);
        assertEquals(
                children,
                ProcessHandle.current()
                        .children()
                        .filter(ProcessHandle::isAlive)
                        .count());
    }
}
