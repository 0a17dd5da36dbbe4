package org.jsspi.conformance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jsspi.PackageCapability;
import org.jsspi.SecPkgInfo;
import org.jsspi.WindowsPackages;
import org.jsspi.conformance.demo.PackageTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    @Test
    void packagesShowsSchannelUnderItsThreeNames() {
        Tool.Result result = Tool.run("packages");

        assertEquals(0, result.exitCode());
        assertEquals("", result.err());
        assertTrue(result.lines().get(0).matches("Package +Capabilities +Version +RPC id +Max token +Comment"));
        for (String name : List.of("Schannel", "Microsoft Unified Security Protocol Provider", "Default TLS SSP")) {
            assertTrue(
                    result.lines().stream().anyMatch(line -> line.matches(name + " +0x[0-9A-F]{8} +1 +14 +\\d+ .*")),
                    () -> name + " in\n" + result.out());
        }
    }

    @Test
    void theTableHoldsEveryFieldAndItsColumnsAreAligned() {
        List<String> lines = PackageTable.of(List.of(WindowsPackages.NTLM, WindowsPackages.CREDSSP));

        int rpc = lines.get(0).indexOf("RPC id") + "RPC id".length();
        int token = lines.get(0).indexOf("Max token") + "Max token".length();
        assertTrue(lines.get(1).startsWith("NTLM "));
        assertTrue(lines.get(1).substring(0, rpc).endsWith(" 10"));
        assertTrue(lines.get(2).substring(0, rpc).endsWith(" none"));
        assertTrue(lines.get(1).substring(0, token).endsWith(" 2888"));
        assertTrue(lines.get(2).substring(0, token).endsWith(" 73032"));
        assertTrue(lines.get(2).endsWith(WindowsPackages.CREDSSP.comment()));
    }

    @Test
    void capabilitiesAreDecodedBelowTheTableOnceForEachValue() {
        int bits = PackageCapability.bits(PackageCapability.STREAM, PackageCapability.INTEGRITY);
        List<String> lines = PackageTable.of(
                List.of(new SecPkgInfo(bits, 1, 14, 10, "A", ""), new SecPkgInfo(bits, 1, 14, 10, "B", "")));

        assertEquals(
                List.of("0x00000401 = INTEGRITY STREAM"),
                lines.stream().filter(line -> line.contains("=")).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"packages", "demo", "serve", "connect"})
    void everyCommandExplainsItself(String command) {
        Tool.Result result = Tool.run(command, "--help");

        assertEquals(0, result.exitCode());
        assertTrue(result.out().startsWith("Usage: jsspi " + command), result::out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "connect"})
    void exitCodesAreDocumented(String command) {
        String help = Tool.run(command, "--help").out();

        for (int code = 0; code <= 3; code++) {
            String start = "  " + code + "   ";
            assertTrue(help.lines().anyMatch(line -> line.startsWith(start)), help);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "connect,                                  Missing required parameter: 'HOST:PORT'",
        "connect localhost:http,                   'localhost:http' is not HOST:PORT",
        "connect :443,                             ':443' is not HOST:PORT",
        "connect localhost:65536,                  'localhost:65536' is not HOST:PORT",
        "connect localhost:1 --timeout 0,          --timeout is 1 to 3600 seconds",
        "connect localhost:1 --servername a..b,    'a..b' is not a host name",
        "connect localhost:1 --cert a.pem,         Missing required argument",
        "serve --port 65536,                       no port 65536",
        "serve --port many,                        'many' is not an int",
        "serve --max -1,                           --max -1 is negative",
        "serve --client-auth perhaps,              expected one of",
        "serve --cert a --key b --keystore c --storepass d, mutually exclusive",
    })
    void aCommandLineThatMakesNoSenseIsExitCode2(String arguments, String complaint) {
        Tool.Result result = Tool.run(arguments.split(" "));

        assertEquals(2, result.exitCode(), result::err);
        assertTrue(result.err().lines().findFirst().orElse("").contains(complaint), result::err);
        assertTrue(result.err().contains("Usage: jsspi "), result::err);
    }
}
