package org.jsspi;

import java.io.ByteArrayOutputStream;
import java.net.IDN;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whether a certificate speaks for the host that a client asked for.
 *
 * <p>Algorithms: {@code HTTPS} (RFC 2818, RFC 9525) and {@code LDAPS} (RFC 2830, RFC 4513 3.1.3). Both compare with the
 * subjectAltName alone: dNSName for names, iPAddress for addresses. The subject's common name is never consulted: RFC 9525 2
 * leaves it behind, and certificate authorities do not vouch for it.
 *
 * <p>A wildcard is a whole left-most label, stands for exactly one label, and needs at least two labels after it
 * ({@code *.example.com}, never {@code *.com}, {@code w*.example.com} or {@code www.*.com}; RFC 9525 6.3).
 */
public final class EndpointIdentification {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private static final Pattern GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");

    private EndpointIdentification() {}

    /**
     * Checks the peer's own certificate.
     *
     * @param algorithm {@code HTTPS} or {@code LDAPS}, in any case
     * @param host the host name or address that was asked for; IPv6 addresses with or without brackets
     * @throws CertificateException if the certificate is not one for this host, the host is not known, or the algorithm is
     *     neither
     */
    public static void check(String algorithm, String host, X509Certificate certificate) throws CertificateException {
        if (!algorithm.equalsIgnoreCase("HTTPS") && !algorithm.equalsIgnoreCase("LDAPS")) {
            throw new CertificateException("unknown endpoint identification algorithm " + algorithm);
        }
        if (host == null || host.isEmpty()) {
            throw new CertificateException("the host that was asked for is not known");
        }
        if (!matches(host, certificate)) {
            throw new WrongPrincipalException("no subject alternative name of the certificate matches " + host);
        }
    }

    /**
     * {@return true if a subjectAltName of {@code certificate} is for {@code host}}
     *
     * @param host a host name or an address; IPv6 addresses with or without brackets
     */
    public static boolean matches(String host, X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return false;
        }
        if (names == null) {
            return false;
        }
        byte[] address = address(host);
        String name = address == null ? ascii(host) : null;
        if (address == null && name == null) {
            return false;
        }
        for (List<?> alternative : names) {
            if (alternative.size() < 2 || !(alternative.get(1) instanceof String value)) {
                continue;
            }
            int type = (Integer) alternative.get(0);
            if (address != null
                    ? type == IP_ADDRESS && Arrays.equals(address, address(value))
                    : type == DNS_NAME && matchesName(name, value)) {
                return true;
            }
        }
        return false;
    }

    /** {@return true if the dNSName {@code pattern} is for {@code host}, both in ASCII} */
    static boolean matchesName(String host, String pattern) {
        String wanted = host.toLowerCase(Locale.ROOT);
        String offered = withoutFinalDot(pattern).toLowerCase(Locale.ROOT);
        if (!offered.startsWith("*.")) {
            return !offered.isEmpty() && offered.indexOf('*') < 0 && offered.equals(wanted);
        }
        String parent = offered.substring(1);
        int firstDot = wanted.indexOf('.');
        return parent.indexOf('*') < 0
                && parent.indexOf('.', 1) > 0
                && firstDot > 0
                && wanted.substring(firstDot).equals(parent);
    }

    /** {@return the A-label form of a host name without a final dot, or null if it is none} */
    private static String ascii(String host) {
        try {
            String name = withoutFinalDot(IDN.toASCII(host));
            return name.isEmpty() ? null : name;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String withoutFinalDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** {@return the bytes of an address literal, or null if it is none; never asks a name service} */
    private static byte[] address(String text) {
        String literal = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        return literal.indexOf(':') >= 0 ? ipv6(literal) : ipv4(literal);
    }

    private static byte[] ipv4(String literal) {
        if (!IPV4.matcher(literal).matches()) {
            return null;
        }
        byte[] address = new byte[4];
        String[] parts = literal.split("\\.");
        for (int i = 0; i < 4; i++) {
            int part = Integer.parseInt(parts[i]);
            if (part > 255) {
                return null;
            }
            address[i] = (byte) part;
        }
        return address;
    }

    /** RFC 4291 2.2: eight groups, one run of zeros as ::, the last two groups perhaps as IPv4. */
    private static byte[] ipv6(String literal) {
        int zone = literal.indexOf('%');
        String text = zone < 0 ? literal : literal.substring(0, zone);
        int gap = text.indexOf("::");
        if (gap != text.lastIndexOf("::")) {
            return null;
        }
        byte[] head = groups(gap < 0 ? text : text.substring(0, gap));
        byte[] tail = gap < 0 ? new byte[0] : groups(text.substring(gap + 2));
        if (head == null || tail == null) {
            return null;
        }
        int used = head.length + tail.length;
        if (gap < 0 ? used != 16 : used > 14) {
            return null;
        }
        byte[] address = new byte[16];
        System.arraycopy(head, 0, address, 0, head.length);
        System.arraycopy(tail, 0, address, 16 - tail.length, tail.length);
        return address;
    }

    private static byte[] groups(String text) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16);
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (i == parts.length - 1 && part.indexOf('.') >= 0) {
                byte[] last = ipv4(part);
                if (last == null) {
                    return null;
                }
                bytes.writeBytes(last);
            } else if (!GROUP.matcher(part).matches()) {
                return null;
            } else {
                int group = Integer.parseInt(part, 16);
                bytes.write(group >> 8);
                bytes.write(group);
            }
        }
        return bytes.size() > 16 ? null : bytes.toByteArray();
    }
}
