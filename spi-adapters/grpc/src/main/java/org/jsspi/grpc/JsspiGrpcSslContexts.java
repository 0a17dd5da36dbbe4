package org.jsspi.grpc;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.File;
import java.io.InputStream;
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.KeyManagerFactory;

/**
 * Netty's SslContext for gRPC over JSSPI: the methods of {@code io.grpc.netty.GrpcSslContexts}, with our provider.
 *
 * <pre>{@code
 * SslContext tls = JsspiGrpcSslContexts.forServer(chain, key).build();
 * Server server = NettyServerBuilder.forPort(443).sslContext(tls).addService(service).build();
 * }</pre>
 *
 * <p>The builders are Netty's: trust, client authentication and TLS versions are set as always. The provider JSSPI has to be
 * registered, in any place; netty-tcnative may be on the class path, it is not used.
 */
public final class JsspiGrpcSslContexts {
    private static final String PROVIDER = "JSSPI";

    /**
     * HTTP/2 and nothing else: gRPC has no other. The two behaviours are the ones that Netty has for engines of JSSE; a
     * peer that does not choose h2 is refused by gRPC itself.
     */
    private static final ApplicationProtocolConfig HTTP_2 = new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2);

    private JsspiGrpcSslContexts() {}

    /** {@return a builder for a client} */
    public static SslContextBuilder forClient() {
        return configure(SslContextBuilder.forClient());
    }

    /**
     * {@return a builder for a server}
     *
     * @param keyCertChainFile its certificate and those that vouch for it, PEM
     * @param keyFile its private key, PKCS#8 in PEM, without a password
     */
    public static SslContextBuilder forServer(File keyCertChainFile, File keyFile) {
        return configure(SslContextBuilder.forServer(keyCertChainFile, keyFile));
    }

    /**
     * {@return a builder for a server}
     *
     * @param keyCertChainFile its certificate and those that vouch for it, PEM
     * @param keyFile its private key, PKCS#8 in PEM
     * @param keyPassword the password of {@code keyFile}, or null
     */
    public static SslContextBuilder forServer(File keyCertChainFile, File keyFile, String keyPassword) {
        return configure(SslContextBuilder.forServer(keyCertChainFile, keyFile, keyPassword));
    }

    /**
     * {@return a builder for a server}
     *
     * @param keyCertChain its certificate and those that vouch for it, PEM
     * @param key its private key, PKCS#8 in PEM, without a password
     */
    public static SslContextBuilder forServer(InputStream keyCertChain, InputStream key) {
        return configure(SslContextBuilder.forServer(keyCertChain, key));
    }

    /**
     * {@return a builder for a server}
     *
     * @param keyCertChain its certificate and those that vouch for it, PEM
     * @param key its private key, PKCS#8 in PEM
     * @param keyPassword the password of {@code key}, or null
     */
    public static SslContextBuilder forServer(InputStream keyCertChain, InputStream key, String keyPassword) {
        return configure(SslContextBuilder.forServer(keyCertChain, key, keyPassword));
    }

    /**
     * {@return a builder for a server}
     *
     * @param keys an initialised factory with its key
     */
    public static SslContextBuilder forServer(KeyManagerFactory keys) {
        return configure(SslContextBuilder.forServer(keys));
    }

    /**
     * Sets what gRPC needs: our provider, ALPN with h2, and of the suites that RFC 7540 allows those that are supported.
     *
     * @return {@code builder}
     * @throws IllegalStateException if JSSPI is not registered
     */
    public static SslContextBuilder configure(SslContextBuilder builder) {
        Provider provider = Security.getProvider(PROVIDER);
        if (provider == null) {
            throw new IllegalStateException("the security provider " + PROVIDER + " is not registered:"
                    + " call Security.addProvider(new JsspiProvider()) first, or name it in a java.security file");
        }
        return builder.sslProvider(SslProvider.JDK)
                .sslContextProvider(provider)
                .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(HTTP_2);
    }
}
