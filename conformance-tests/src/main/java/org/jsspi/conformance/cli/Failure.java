package org.jsspi.conformance.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Base64;
import java.util.Map;
import org.jsspi.EchRejectedException;
import org.jsspi.SspiException;
import org.jsspi.conformance.demo.ConnectionReport;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into one line and an exit code. */
final class Failure {
    /** RFC 8446 6.2, and the registry for those of later documents. */
    private static final Map<Integer, String> ALERTS = Map.ofEntries(
            Map.entry(0, "close_notify"),
            Map.entry(10, "unexpected_message"),
            Map.entry(20, "bad_record_mac"),
            Map.entry(22, "record_overflow"),
            Map.entry(40, "handshake_failure"),
            Map.entry(42, "bad_certificate"),
            Map.entry(43, "unsupported_certificate"),
            Map.entry(44, "certificate_revoked"),
            Map.entry(45, "certificate_expired"),
            Map.entry(46, "certificate_unknown"),
            Map.entry(47, "illegal_parameter"),
            Map.entry(48, "unknown_ca"),
            Map.entry(49, "access_denied"),
            Map.entry(50, "decode_error"),
            Map.entry(51, "decrypt_error"),
            Map.entry(70, "protocol_version"),
            Map.entry(71, "insufficient_security"),
            Map.entry(80, "internal_error"),
            Map.entry(86, "inappropriate_fallback"),
            Map.entry(90, "user_canceled"),
            Map.entry(109, "missing_extension"),
            Map.entry(110, "unsupported_extension"),
            Map.entry(112, "unrecognized_name"),
            Map.entry(113, "bad_certificate_status_response"),
            Map.entry(115, "unknown_psk_identity"),
            Map.entry(116, "certificate_required"),
            Map.entry(120, "no_application_protocol"),
            Map.entry(121, "ech_required"));

    private Failure() {}

    /** Prints the line and returns the code: picocli's handler for what commands throw. */
    static int report(Exception failure, CommandLine commandLine, ParseResult parsed) throws Exception {
        if (failure instanceof ParameterException wrong) {
            // What makes no sense is explained as picocli explains it: the line, then the usage.
            return commandLine.getParameterExceptionHandler().handleParseException(wrong, new String[0]);
        }
        if (!(failure instanceof IOException || failure instanceof SspiException)) {
            // A defect of the tool: whoever reports it wants the stack.
            throw failure;
        }
        commandLine.getErr().println(commandLine.getCommandSpec().qualifiedName() + ": " + line(failure));
        commandLine.getErr().flush();
        return failure instanceof SspiException ? Jsspi.TLS_FAILED : Jsspi.UNUSABLE;
    }

    /** {@return what went wrong, in one line} */
    static String line(Exception failure) {
        return ConnectionReport.printable(
                failure instanceof SspiException sspi
                        ? line(sspi)
                        : failure instanceof IOException io ? line(io) : String.valueOf(failure));
    }

    /** {@code SEC_E_UNTRUSTED_ROOT (0x80090325): no trusted ...; alert 48 unknown_ca}. */
    private static String line(SspiException failure) {
        StringBuilder text = new StringBuilder(failure.status().name())
                .append(" (0x%08X): ".formatted(failure.status().value()))
                .append(failure.getMessage());
        Throwable cause = failure.getCause();
        if (cause != null && cause.getMessage() != null && !failure.getMessage().contains(cause.getMessage())) {
            text.append(" (").append(cause.getMessage()).append(')');
        }
        if (cause instanceof EchRejectedException rejection && rejection.retryConfigs().length > 0) {
            text.append("; the server wants --ech ")
                    .append(Base64.getEncoder().encodeToString(rejection.retryConfigs()));
        }
        // What the peer sent is named in the message; what we sent is not.
        failure.alert().ifPresent(alert -> {
            if (!failure.getMessage().contains(name(alert))) {
                text.append("; alert ").append(alert).append(' ').append(name(alert));
            }
        });
        return text.toString();
    }

    private static String line(IOException failure) {
        String message = failure.getMessage();
        if (failure instanceof NoSuchFileException || failure instanceof FileNotFoundException) {
            return "no such file: " + message;
        }
        if (failure instanceof AccessDeniedException) {
            return "the file may not be read: " + message;
        }
        if (failure instanceof UnknownHostException) {
            return "no such host: " + message;
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            return "cannot connect: " + message;
        }
        if (failure instanceof BindException) {
            return "cannot listen: " + message;
        }
        if (failure instanceof SocketTimeoutException) {
            return "no answer in time: " + message;
        }
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static String name(int alert) {
        return ALERTS.getOrDefault(alert, "(not in the registry)");
    }
}
