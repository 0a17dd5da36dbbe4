package org.jsspi.frameworks;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/** Tomcat, configured by the attributes of its server.xml. */
final class TomcatWeb {
    private TomcatWeb() {}

    static WebServer start(WebServer.Wish wish) throws Exception {
        SSLHostConfig host = new SSLHostConfig();
        if (wish.protocol() != null) {
            host.setProtocols(wish.protocol());
        }
        host.setCertificateVerification("required");
        host.setTruststoreFile(Material.TRUST_FILE.toString());
        host.setTruststorePassword(Material.PASSWORD);
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystoreFile(
                Material.store("tomcat.p12", wish.credential().keyStore()).toString());
        certificate.setCertificateKeystorePassword(Material.PASSWORD);
        host.addCertificate(certificate);

        Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("SSLEnabled", "true");
        connector.setScheme("https");
        connector.setSecure(true);
        connector.addSslHostConfig(host);
        if (wish.http2()) {
            Http2Protocol http2 = new Http2Protocol();
            // A large upload in small pieces is what these limits take for an attack.
            http2.setOverheadDataThreshold(0);
            http2.setOverheadWindowUpdateThreshold(0);
            connector.addUpgradeProtocol(http2);
        }
        Tomcat tomcat = new Tomcat();
        String base = Material.directory().toString();
        tomcat.setBaseDir(base);
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", base);
        Tomcat.addServlet(context, "pages", new Pages());
        context.addServletMapping("/*", "pages");
        tomcat.start();
        if (connector.getState() != LifecycleState.STARTED) {
            throw new IllegalStateException("the connector is " + connector.getStateName());
        }
        return new WebServer() {
            @Override
            public int port() {
                return connector.getLocalPort();
            }

            @Override
            public void close() throws IOException {
                try {
                    tomcat.stop();
                    tomcat.destroy();
                } catch (LifecycleException e) {
                    throw new IOException(e);
                }
            }
        };
    }

    private static final class Pages extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            X509Certificate[] client =
                    (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
            String about = request.getAttribute("jakarta.servlet.request.secure_protocol") + " "
                    + request.getAttribute("jakarta.servlet.request.cipher_suite") + " "
                    + request.getAttribute("jakarta.servlet.request.key_size") + " "
                    + request.getAttribute("jakarta.servlet.request.ssl_session_id") + " "
                    + client[0].hashCode();
            WebServer.serve(request.getRequestURI(), about, request.getInputStream(), response.getOutputStream());
        }
    }
}
