package org.jsspi.conformance;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestResponder;
import org.jsspi.conformance.fixture.TestResponder.Status;

/**
 * Our server, whose certificate names a responder on the loopback interface, in a JVM of its own with properties of its own.
 * Prints how many responses it staples, for each client and version, and how often the responder was asked.
 *
 * <p>Arguments: {@code named} or {@code configured}, whether the certificate names the responder or only the property
 * {@code jdk.tls.stapling.responderURI} does, and a directory for OpenSSL's responder; without it one of the fixture answers.
 */
final class OcspProbe {
    private OcspProbe() {}

    public static void main(String[] args) throws Exception {
        List<X509Certificate> own = new ArrayList<>();
        List<UnaryOperator<byte[]>> answers = new ArrayList<>();
        try (TestResponder responder =
                new TestResponder(request -> answers.get(0).apply(request))) {
            boolean named = args[0].equals("named");
            if (!named) {
                System.setProperty(
                        "jdk.tls.stapling.responderURI", responder.uri().toString());
            }
            // RFC 6761 6.4: nobody has this name.
            Credential credential = TestPki.server(named ? responder.uri() : URI.create("http://ocsp.invalid/"));
            own.add(credential.certificate());
            answers.add(
                    args.length > 1
                            ? TestResponder.openSsl(Path.of(args[1]), own.get(0), Status.GOOD)
                            : request -> TestResponder.response(own.get(0), Status.GOOD));
            SSLContext server = Jsse.OURS.context(credential);
            for (Jsse client : Jsse.values()) {
                for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
                    EnginePair pair = new EnginePair(client.client(), server);
                    pair.client().engine().setEnabledProtocols(new String[] {protocol});
                    pair.handshake();
                    ExtendedSSLSession session =
                            (ExtendedSSLSession) pair.client().engine().getSession();
                    long responses = session.getStatusResponses().stream()
                            .filter(response -> response.length > 0)
                            .count();
                    System.out.println(client + " " + session.getProtocol() + " " + responses);
                }
            }
            System.out.println("requests " + responder.requests());
        }
        System.exit(0);
    }
}
