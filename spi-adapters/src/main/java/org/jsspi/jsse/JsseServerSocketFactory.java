package org.jsspi.jsse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ssl.SSLServerSocketFactory;

/** Server sockets of one SSLContext. Immutable. */
public final class JsseServerSocketFactory extends SSLServerSocketFactory {
    private static final int DEFAULT_BACKLOG = 50;

    private final JsseCredential credential;

    private JsseServerSocketFactory(JsseCredential credential) {
        this.credential = credential;
    }

    /** Sockets made with this credential. */
    static SSLServerSocketFactory of(JsseCredential credential) {
        return new JsseServerSocketFactory(credential);
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return new JsseServerSocket(credential);
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return new JsseServerSocket(credential, port, DEFAULT_BACKLOG, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return new JsseServerSocket(credential, port, backlog, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
        return new JsseServerSocket(credential, port, backlog, address);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return credential.defaultCipherSuites(false).toArray(String[]::new);
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return credential.supportedCipherSuites().toArray(String[]::new);
    }
}
