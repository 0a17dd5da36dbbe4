package org.jsspi.jsse;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Objects;
import javax.net.ssl.SSLSocketFactory;

/** Client sockets of one SSLContext. Immutable. */
public final class JsseSocketFactory extends SSLSocketFactory {
    private final JsseCredential credential;

    private JsseSocketFactory(JsseCredential credential) {
        this.credential = credential;
    }

    /** Sockets made with this credential. */
    static SSLSocketFactory of(JsseCredential credential) {
        return new JsseSocketFactory(credential);
    }

    @Override
    public Socket createSocket() {
        return newSocket(new Socket(), true, true);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connect(createSocket(), new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connect(createSocket(), new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connect(createSocket(), new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return connect(
                createSocket(), new InetSocketAddress(address, port), new InetSocketAddress(localAddress, localPort));
    }

    @Override
    public Socket createSocket(Socket transport, String host, int port, boolean autoClose) throws IOException {
        requireConnected(transport);
        JsseSocket socket = newSocket(transport, autoClose, true);
        socket.layer(host, port, null);
        return socket;
    }

    @Override
    public Socket createSocket(Socket transport, InputStream consumed, boolean autoClose) throws IOException {
        requireConnected(transport);
        JsseSocket socket = newSocket(transport, autoClose, false);
        socket.layer(transport.getInetAddress().getHostAddress(), transport.getPort(), consumed);
        return socket;
    }

    private JsseSocket newSocket(Socket transport, boolean autoClose, boolean client) {
        return new JsseSocket(credential, new ConnectionSettings(credential, client), transport, autoClose, client);
    }

    private static void requireConnected(Socket transport) throws SocketException {
        if (!Objects.requireNonNull(transport, "transport").isConnected()) {
            throw new SocketException("Underlying socket is not connected");
        }
    }

    private static Socket connect(Socket socket, InetSocketAddress remote, InetSocketAddress local) throws IOException {
        try {
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(remote);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return credential.defaultCipherSuites(true).toArray(String[]::new);
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return credential.supportedCipherSuites().toArray(String[]::new);
    }
}
