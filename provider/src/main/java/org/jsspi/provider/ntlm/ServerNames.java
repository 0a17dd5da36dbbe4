package org.jsspi.provider.ntlm;

import java.nio.charset.StandardCharsets;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Writer;

/**
 * Who a server says it is.
 *
 * @param computer the NetBIOS name of the computer
 * @param domain the NetBIOS name of the domain; of a server without domain, the computer's
 * @param dnsComputer the DNS name of the computer; may be empty
 * @param dnsDomain the DNS name of the domain; may be empty
 */
record ServerNames(String computer, String domain, String dnsComputer, String dnsDomain) {
    private static final int NETBIOS_LENGTH = 15;
    private static final int DNS_LENGTH = 255;

    /**
     * {@return the names that a principal stands for: {@code DOMAIN\computer}, where either may be a DNS name; the computer
     * alone; null for this machine}
     */
    static ServerNames of(String principal) throws SspiException {
        String name = principal == null || principal.isEmpty() ? Surroundings.hostName() : principal;
        int backslash = name.indexOf('\\');
        String computer = name.substring(backslash + 1);
        String domain = backslash < 0 ? "" : name.substring(0, backslash);
        if (computer.isEmpty()
                || computer.length() > DNS_LENGTH
                || domain.length() > DNS_LENGTH
                || backslash == 0
                || backslash > 0 && domain.indexOf('.') < 0 && domain.length() > NETBIOS_LENGTH) {
            throw new SspiException(
                    SecurityStatus.SEC_E_NO_CREDENTIALS, "the name of a server is DOMAIN\\computer or computer");
        }
        int dot = computer.indexOf('.');
        String dnsDomain = domain.indexOf('.') > 0 ? domain : dot > 0 ? computer.substring(dot + 1) : "";
        return new ServerNames(
                Surroundings.netBios(computer),
                Surroundings.netBios(domain.isEmpty() ? computer : domain),
                dot > 0 ? computer : "",
                dnsDomain);
    }

    boolean hasDomain() {
        return !domain.equals(computer);
    }

    /** {@return the AV pairs in the order that Windows sends them} */
    TargetInfo targetInfo(long time) {
        TargetInfo info =
                TargetInfo.EMPTY.with(TargetInfo.NB_DOMAIN_NAME, domain).with(TargetInfo.NB_COMPUTER_NAME, computer);
        if (!dnsDomain.isEmpty()) {
            info = info.with(TargetInfo.DNS_DOMAIN_NAME, dnsDomain);
        }
        if (!dnsComputer.isEmpty()) {
            info = info.with(TargetInfo.DNS_COMPUTER_NAME, dnsComputer);
        }
        return info.with(
                TargetInfo.TIMESTAMP, new Writer(8).u64LittleEndian(time).toByteArray());
    }

    /** {@return true if the text can be a name in a message of ours} */
    static boolean isShort(String name, int characters) {
        return name.getBytes(StandardCharsets.UTF_16LE).length <= 2 * characters;
    }
}
