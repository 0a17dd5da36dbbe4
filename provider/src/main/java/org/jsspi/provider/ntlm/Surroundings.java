package org.jsspi.provider.ntlm;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.jsspi.provider.crypto.Randomness;

/**
 * What an exchange takes from outside: names, time and chance.
 *
 * @param workstation the name of this machine, as a client tells it
 * @param version what we say in Version
 * @param nonces fresh random bytes
 * @param time 100 nanoseconds since 1601
 */
record Surroundings(String workstation, NtlmVersion version, IntFunction<byte[]> nonces, LongSupplier time) {
    private static final long UNIX_EPOCH = 116_444_736_000_000_000L;
    private static final int NETBIOS_LENGTH = 15;

    static Surroundings ofSystem() {
        return new Surroundings(
                netBios(Host.NAME),
                NtlmVersion.OURS,
                Randomness::bytes,
                () -> UNIX_EPOCH + System.currentTimeMillis() * 10_000);
    }

    /** The name of this machine; found on first use. */
    private static final class Host {
        static final String NAME = find();

        private static String find() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "localhost";
            }
        }
    }

    static String hostName() {
        return Host.NAME;
    }

    /** {@return the NetBIOS name that goes with a DNS name: its first label, at most 15 characters, in upper case} */
    static String netBios(String name) {
        int dot = name.indexOf('.');
        String label = dot < 0 ? name : name.substring(0, dot);
        return label.substring(0, Math.min(label.length(), NETBIOS_LENGTH)).toUpperCase(Locale.ROOT);
    }
}
