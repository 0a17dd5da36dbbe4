package org.jsspi.conformance.demo;

import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jsspi.ApplicationProtocol;
import org.jsspi.EchStatus;
import org.jsspi.Session;
import org.jsspi.StreamSizes;

/** What two sides have agreed on, in lines for people: a label and a value each. */
public final class ConnectionReport {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm'Z'").withZone(ZoneOffset.UTC);

    private ConnectionReport() {}

    /** {@return a label and its value as one line} */
    public static String line(String label, Object value) {
        return "  %-15s %s".formatted(label, value);
    }

    /** {@return protocol, cipher suite, group, ALPN, stream sizes: what either side can say of its context} */
    public static List<String> agreed(Session session, ApplicationProtocol protocol, StreamSizes sizes) {
        List<String> lines = new ArrayList<>();
        lines.add(line("protocol", session.protocol()));
        lines.add(line("cipher suite", session.cipherSuite()));
        lines.add(line("group", session.namedGroup() == null ? "unknown" : session.namedGroup()));
        lines.add(line("session", session.resumed() ? "resumed" : "new"));
        lines.add(line("ALPN", protocol.status() == ApplicationProtocol.Status.SUCCESS ? protocol.protocol() : "none"));
        lines.add(line("stream sizes", text(sizes)));
        if (session.peerDelegated()) {
            lines.add(line("authenticated", "by a delegated credential, " + session.peerSignatureScheme()));
        }
        if (session.echStatus() != EchStatus.NOT_OFFERED) {
            lines.add(line("encrypted hello", session.echStatus().name().toLowerCase(Locale.ROOT)));
        }
        return lines;
    }

    /** {@return the server names that a client asked for, as one line} */
    public static String serverName(Session session) {
        String names = session.requestedServerNames().stream()
                .map(ConnectionReport::text)
                .collect(Collectors.joining(", "));
        return line("server name", names.isEmpty() ? "none" : names);
    }

    /** {@return subject, issuer and validity of each certificate of the peer's chain; one line if there is none} */
    public static List<String> chain(String label, List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            return List.of(line(label, "none"));
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < chain.size(); i++) {
            X509Certificate certificate = chain.get(i);
            lines.add(line(i == 0 ? label : "", i + "  subject  " + certificate.getSubjectX500Principal()));
            lines.add(line("", "   issuer   " + certificate.getIssuerX500Principal()));
            lines.add(line(
                    "",
                    "   valid    " + DAY.format(certificate.getNotBefore().toInstant()) + " to "
                            + DAY.format(certificate.getNotAfter().toInstant())));
        }
        return lines;
    }

    /** {@return the sizes in words} */
    public static String text(StreamSizes sizes) {
        return "header %d, trailer %d, message %d, buffers %d, block %d"
                .formatted(sizes.header(), sizes.trailer(), sizes.maximumMessage(), sizes.buffers(), sizes.blockSize());
    }

    /** What a peer chose goes to a terminal: control characters do not. */
    private static String text(SNIServerName name) {
        return name instanceof SNIHostName host ? printable(host.getAsciiName()) : "type " + name.getType();
    }

    /** {@return the text with a question mark for each character that could move the cursor} */
    public static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
