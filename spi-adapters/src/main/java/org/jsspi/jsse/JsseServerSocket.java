package org.jsspi.jsse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.jsspi.ContextOptions.ClientAuthentication;

/** A server socket: those it accepts get its parameters and do their handshake when they are first used. */
public final class JsseServerSocket extends SSLServerSocket {
    private final JsseCredential credential;
    private final ConnectionSettings settings;
    private volatile boolean clientMode;

    /** An unbound socket. */
    JsseServerSocket(JsseCredential credential) throws IOException {
        this.credential = credential;
        this.settings = new ConnectionSettings(credential, false);
    }

    /** A bound socket; {@code address} may be null for all addresses. */
    JsseServerSocket(JsseCredential credential, int port, int backlog, InetAddress address) throws IOException {
        super(port, backlog, address);
        this.credential = credential;
        this.settings = new ConnectionSettings(credential, false);
    }

    @Override
    public Socket accept() throws IOException {
        Socket transport = super.accept();
        JsseSocket socket = new JsseSocket(credential, new ConnectionSettings(settings), transport, true, clientMode);
        try {
            socket.layer(transport.getInetAddress().getHostAddress(), transport.getPort(), null);
            return socket;
        } catch (IOException e) {
            transport.close();
            throw e;
        }
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return settings.enabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        settings.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return credential.supportedCipherSuites().toArray(String[]::new);
    }

    @Override
    public String[] getSupportedProtocols() {
        return credential.supportedProtocols().toArray(String[]::new);
    }

    @Override
    public String[] getEnabledProtocols() {
        return settings.enabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        settings.setEnabledProtocols(protocols);
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        settings.setClientAuthentication(need ? ClientAuthentication.NEED : ClientAuthentication.NONE);
    }

    @Override
    public boolean getNeedClientAuth() {
        return settings.clientAuthentication() == ClientAuthentication.NEED;
    }

    @Override
    public void setWantClientAuth(boolean want) {
        settings.setClientAuthentication(want ? ClientAuthentication.WANT : ClientAuthentication.NONE);
    }

    @Override
    public boolean getWantClientAuth() {
        return settings.clientAuthentication() == ClientAuthentication.WANT;
    }

    @Override
    public void setUseClientMode(boolean mode) {
        clientMode = mode;
        settings.setClient(mode);
    }

    @Override
    public boolean getUseClientMode() {
        return clientMode;
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        settings.setSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return settings.sessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return settings.parameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        settings.setParameters(parameters);
    }

    @Override
    public String toString() {
        return "SSLServerSocket[" + getLocalSocketAddress() + "]";
    }
}
