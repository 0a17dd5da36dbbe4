package org.jsspi.conformance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jsspi.conformance.ForkedJvm;
import org.jsspi.conformance.demo.HttpsExchangeDemo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoTest {
    private static final Tool.Result DEMO = Tool.run("demo");

    @Test
    void itEndsWell() {
        assertEquals(0, DEMO.exitCode(), () -> DEMO.out() + DEMO.err());
        assertEquals("", DEMO.err());
        assertTrue(DEMO.out().endsWith("Everything above ran on JSSPI.\n"), DEMO::out);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "       security\\.provider\\.1=JSSPI",
                "  Schannel +0x[0-9A-F]{8} .*",
                "  response        HTTP_1_1 200, \"Hello from com.sun.net.httpserver.HttpsServer\"",
                "  provider        JSSPI by .*",
                "  server engine   org\\.jsspi\\..*",
                "  client engine   org\\.jsspi\\..*",
                "  protocol        TLSv1\\.3",
                "  cipher suite    TLS_.*",
                "  group           (?!unknown).+",
                "  ALPN            http/1\\.1",
                "  ALPN            h2",
                "  stream sizes    header 5, trailer 17, message \\d+, buffers 4, block 1",
                "  client  encryptMessage +SEC_E_OK +HEADER 5  DATA 39  TRAILER 17",
                "  server  decryptMessage of 20 bytes SEC_E_INCOMPLETE_MESSAGE +MISSING 41.*",
                "  server  decryptMessage +SEC_I_CONTEXT_EXPIRED.*"
            })
    void itShowsWhatItPromises(String line) {
        assertTrue(DEMO.lines().stream().anyMatch(shown -> shown.matches(line)), () -> line + " in\n" + DEMO.out());
    }

    @Test
    void withoutTheSecurityFileItFailsAndSaysThatTlsIsAnotherProviders() throws Exception {
        ForkedJvm.Result result = new ForkedJvm().classPath(Demo.classPath()).run(HttpsExchangeDemo.class.getName());

        assertEquals(1, result.exitCode(), result::out);
        assertEquals("demo failed: TLS is not served by JSSPI", result.err().strip());
    }
}
