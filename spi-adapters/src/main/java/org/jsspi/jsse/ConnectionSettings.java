package org.jsspi.jsse;

import java.security.AlgorithmConstraints;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.jsspi.ContextCallbacks;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.PlatformConstraints;

/**
 * What the application asks of one connection: the values behind SSLParameters and the setters of engine and socket. A
 * handshake reads them once, when it begins. Fields are volatile: trust managers read the parameters in delegated tasks.
 */
final class ConnectionSettings {
    /**
     * Names that old configurations still pass. Those that the package does not know are accepted and ignored, as long as
     * one remains: throwing would break configurations that name more than we need.
     */
    private static final String[] NO_NAMES = {};

    private static final Set<String> STANDARD_PROTOCOLS =
            Set.of("SSLv2Hello", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    private final JsseCredential credential;
    private volatile boolean client;
    private volatile List<String> protocols;
    private volatile List<String> cipherSuites;
    private volatile List<String> namedGroups;
    private volatile List<String> signatureSchemes;
    private volatile ClientAuthentication clientAuthentication = ClientAuthentication.NONE;
    private volatile AlgorithmConstraints algorithmConstraints;
    private volatile String endpointIdentificationAlgorithm;
    private volatile List<SNIServerName> serverNames;
    private volatile List<SNIMatcher> serverNameMatchers;
    private volatile boolean preferLocalCipherSuites = true;
    private volatile boolean sessionCreation = true;
    private volatile List<String> applicationProtocols = List.of();
    /** Of datagrams: kept for whoever reads it back. */
    private volatile boolean retransmissions;

    private volatile int maximumPacketSize = JsseSession.PACKET_BUFFER_SIZE;

    /** @param client which side's defaults stand where the application says nothing */
    ConnectionSettings(JsseCredential credential, boolean client) {
        this.credential = credential;
        this.client = client;
    }

    /** Another connection with the same wishes, as a server socket gives to those it accepts. */
    ConnectionSettings(ConnectionSettings from) {
        this(from.credential, from.client);
        this.protocols = from.protocols;
        this.cipherSuites = from.cipherSuites;
        this.namedGroups = from.namedGroups;
        this.signatureSchemes = from.signatureSchemes;
        this.clientAuthentication = from.clientAuthentication;
        this.algorithmConstraints = from.algorithmConstraints;
        this.endpointIdentificationAlgorithm = from.endpointIdentificationAlgorithm;
        this.serverNames = from.serverNames;
        this.serverNameMatchers = from.serverNameMatchers;
        this.preferLocalCipherSuites = from.preferLocalCipherSuites;
        this.sessionCreation = from.sessionCreation;
        this.applicationProtocols = from.applicationProtocols;
        this.retransmissions = from.retransmissions;
        this.maximumPacketSize = from.maximumPacketSize;
    }

    /** @param names in the value of a system property, or null */
    static void requireProtocols(String property, List<String> names) {
        for (String name : names == null ? List.<String>of() : names) {
            if (!STANDARD_PROTOCOLS.contains(name)) {
                throw new IllegalArgumentException(property + ": " + name + " is not a supported SSL protocol name");
            }
        }
    }

    private List<String> namedGroups() {
        List<String> names = namedGroups;
        return names == null ? PlatformSettings.NAMED_GROUPS : names;
    }

    /** {@return the lists of what can be asked for, as SSLParameters} */
    static SSLParameters supported(JsseCredential credential) {
        SSLParameters parameters = new ConnectionSettings(credential, true).parameters();
        parameters.setProtocols(credential.supportedProtocols().toArray(NO_NAMES));
        parameters.setCipherSuites(credential.supportedCipherSuites().toArray(NO_NAMES));
        return parameters;
    }

    JsseCredential credential() {
        return credential;
    }

    /** What the application has not set becomes that of the other side. */
    void setClient(boolean mode) {
        client = mode;
    }

    String[] enabledProtocols() {
        List<String> names = protocols;
        return (names == null ? credential.defaultProtocols(client) : names).toArray(NO_NAMES);
    }

    void setEnabledProtocols(String[] names) {
        List<String> list = listOf(names, "protocols");
        for (String name : list) {
            if (!credential.supportedProtocols().contains(name) && !STANDARD_PROTOCOLS.contains(name)) {
                throw new IllegalArgumentException("Unsupported protocol: " + name);
            }
        }
        // What is handed back as it was read is no choice: it still changes with the mode.
        protocols = list.equals(credential.defaultProtocols(client)) ? null : credential.sharedProtocols(list);
    }

    String[] enabledCipherSuites() {
        List<String> names = cipherSuites;
        return (names == null ? credential.defaultCipherSuites(client) : names).toArray(NO_NAMES);
    }

    void setEnabledCipherSuites(String[] names) {
        List<String> list = listOf(names, "cipher suites");
        for (String name : list) {
            if (!credential.supportedCipherSuites().contains(name)) {
                throw new IllegalArgumentException("Unsupported cipher suite: " + name);
            }
        }
        cipherSuites = list.equals(credential.defaultCipherSuites(client)) ? null : credential.sharedCipherSuites(list);
    }

    private List<String> signatureSchemes() {
        List<String> names = signatureSchemes;
        if (names != null) {
            return names;
        }
        return client ? PlatformSettings.CLIENT_SIGNATURE_SCHEMES : PlatformSettings.SERVER_SIGNATURE_SCHEMES;
    }

    ClientAuthentication clientAuthentication() {
        return clientAuthentication;
    }

    void setClientAuthentication(ClientAuthentication wish) {
        clientAuthentication = wish;
    }

    boolean sessionCreation() {
        return sessionCreation;
    }

    void setSessionCreation(boolean allowed) {
        sessionCreation = allowed;
    }

    List<String> applicationProtocols() {
        return applicationProtocols;
    }

    List<SNIMatcher> serverNameMatchers() {
        return serverNameMatchers;
    }

    /** {@return a copy as SSLParameters} */
    SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters(enabledCipherSuites(), enabledProtocols());
        if (clientAuthentication == ClientAuthentication.NEED) {
            parameters.setNeedClientAuth(true);
        } else {
            parameters.setWantClientAuth(clientAuthentication == ClientAuthentication.WANT);
        }
        parameters.setAlgorithmConstraints(
                algorithmConstraints == null ? PlatformConstraints.CERTIFICATES : algorithmConstraints);
        parameters.setEndpointIdentificationAlgorithm(endpointIdentificationAlgorithm);
        parameters.setUseCipherSuitesOrder(preferLocalCipherSuites);
        parameters.setMaximumPacketSize(maximumPacketSize);
        parameters.setEnableRetransmissions(retransmissions);
        parameters.setApplicationProtocols(applicationProtocols.toArray(NO_NAMES));
        if (serverNames != null) {
            parameters.setServerNames(serverNames);
        }
        if (serverNameMatchers != null) {
            parameters.setSNIMatchers(serverNameMatchers);
        }
        ParameterMethods.setNamedGroups(parameters, arrayOf(namedGroups()));
        ParameterMethods.setSignatureSchemes(parameters, arrayOf(signatureSchemes()));
        return parameters;
    }

    /** Takes what {@code parameters} set; what they leave null stays as it is. */
    void setParameters(SSLParameters parameters) {
        if (parameters.getCipherSuites() != null) {
            setEnabledCipherSuites(parameters.getCipherSuites());
        }
        if (parameters.getProtocols() != null) {
            setEnabledProtocols(parameters.getProtocols());
        }
        if (parameters.getNeedClientAuth()) {
            clientAuthentication = ClientAuthentication.NEED;
        } else {
            clientAuthentication =
                    parameters.getWantClientAuth() ? ClientAuthentication.WANT : ClientAuthentication.NONE;
        }
        AlgorithmConstraints constraints = parameters.getAlgorithmConstraints();
        if (constraints != null) {
            // The platform's hold in any case.
            algorithmConstraints = constraints == PlatformConstraints.CERTIFICATES ? null : constraints;
        }
        if (parameters.getEndpointIdentificationAlgorithm() != null) {
            endpointIdentificationAlgorithm = parameters.getEndpointIdentificationAlgorithm();
        }
        if (parameters.getServerNames() != null) {
            serverNames = parameters.getServerNames();
        }
        Collection<SNIMatcher> matchers = parameters.getSNIMatchers();
        if (matchers != null) {
            serverNameMatchers = List.copyOf(matchers);
        }
        preferLocalCipherSuites = parameters.getUseCipherSuitesOrder();
        applicationProtocols = List.of(parameters.getApplicationProtocols());
        retransmissions = parameters.getEnableRetransmissions();
        maximumPacketSize = parameters.getMaximumPacketSize();
        namedGroups = nullOrListOf(ParameterMethods.namedGroups(parameters));
        signatureSchemes = nullOrListOf(ParameterMethods.signatureSchemes(parameters));
    }

    /**
     * {@return what a handshake that begins now is told}
     *
     * @throws SSLException if no protocol is left that the package knows
     */
    ContextOptions options(String host, int port, ContextCallbacks callbacks) throws SSLException {
        List<String> usable = usableProtocols();
        if (usable.isEmpty()) {
            throw new SSLHandshakeException("no protocol is left to use: enabled are " + List.of(enabledProtocols())
                    + " and available " + credential.supportedProtocols()
                    + " (see setEnabledProtocols and the property "
                    + (client ? "jdk.tls.client.protocols" : "jdk.tls.server.protocols") + ")");
        }
        String identification = endpointIdentificationAlgorithm;
        ContextOptions.Builder options = ContextOptions.builder();
        if (client && credential.echConfigs() != null) {
            encryptHello(options, echConfigList(host, port));
        }
        return options.peer(host, port)
                .protocols(usable)
                .cipherSuites(cipherSuites == null ? credential.defaultCipherSuites(client) : cipherSuites)
                .namedGroups(namedGroups())
                .signatureSchemes(signatureSchemes())
                .algorithmConstraints(algorithmConstraints)
                .clientAuthentication(clientAuthentication)
                .serverNames(PlatformSettings.SERVER_NAME ? serverNames : List.of())
                .endpointIdentificationAlgorithm(
                        identification == null || identification.isEmpty() ? null : identification)
                .preferLocalCipherSuites(preferLocalCipherSuites)
                .sessionCreation(sessionCreation)
                .maximumPacketSize(maximumPacketSize >= JsseSession.PACKET_BUFFER_SIZE ? 0 : maximumPacketSize)
                .async(true)
                .renegotiation(PlatformSettings.RENEGOTIATION)
                .callbacks(callbacks)
                .messageObserver(HandshakeReport.tracing(client, host, port))
                .build();
    }

    private List<String> usableProtocols() {
        List<String> chosen = protocols;
        List<String> names = chosen == null ? credential.defaultProtocols(client) : chosen;
        List<String> supported = credential.supportedProtocols();
        if (supported.containsAll(names)) {
            return names;
        }
        List<String> usable = new ArrayList<>(names);
        usable.retainAll(supported);
        return usable;
    }

    private byte[] echConfigList(String host, int port) throws SSLException {
        try {
            return credential.echConfigs().configListFor(host, port);
        } catch (RuntimeException e) {
            throw new SSLException("the trust manager has no answer to EchConfigs: " + e, e);
        }
    }

    private static void encryptHello(ContextOptions.Builder options, byte[] echConfigList) {
        if (echConfigList != null) {
            options.echConfigList(echConfigList.length == 0 ? null : echConfigList)
                    .echGrease(true);
        }
    }

    private static List<String> listOf(String[] names, String what) {
        if (!areNames(names)) {
            throw new IllegalArgumentException("null or empty name among the " + what);
        }
        return List.of(names);
    }

    private static boolean areNames(String[] names) {
        if (names == null) {
            return false;
        }
        for (String name : names) {
            if (name == null || name.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static List<String> nullOrListOf(String[] names) {
        return names == null ? null : List.of(names);
    }

    private static String[] arrayOf(List<String> names) {
        return names == null ? null : names.toArray(NO_NAMES);
    }
}
