package org.jsspi.conformance.demo;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.CredHandle;
import org.jsspi.IscReq;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/**
 * HTTP requests that a security package authenticates (RFC 4559, MS-NTHT), over {@link HttpClient}.
 *
 * <p>An exchange of NTLM is made of requests on one connection. HttpClient has no connections to name, but gives the one that
 * is idle to the next request: so this client has an HttpClient of its own, speaks HTTP/1.1, and sends one request at a time.
 */
public final class SspiHttpClient {
    /** How often client and server may answer each other; NTLM needs two. */
    private static final int MOST_LEGS = 8;

    private final HttpClient http;
    private final String scheme;
    private final CredHandle credential;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * A client of this package.
     *
     * @param http what to build the client from: time limits, TLS, proxy
     * @param scheme the name of the package, which is a scheme of HTTP
     * @param credential an outbound credential of the package, which stays the caller's
     */
    public SspiHttpClient(HttpClient.Builder http, String scheme, CredHandle credential) {
        this.http = http.version(HttpClient.Version.HTTP_1_1).build();
        this.scheme = scheme;
        this.credential = credential;
    }

    /**
     * Sends a request, and where the server asks for it authenticates and sends it again.
     *
     * @throws SspiException if the server's tokens are refused
     */
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException, SspiException {
        lock.lockInterruptibly();
        try {
            HttpResponse<T> response = http.send(request, handler);
            if (response.statusCode() != 401 || token(response.headers()) == null) {
                return response;
            }
            return authenticated(request, handler);
        } finally {
            lock.unlock();
        }
    }

    private <T> HttpResponse<T> authenticated(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException, SspiException {
        byte[] received = null;
        try (SecurityContext context = credential.newContext()) {
            for (int leg = 0; leg < MOST_LEGS; leg++) {
                SecBuffer token = new SecBuffer(SecBufferType.TOKEN, new byte[0]);
                SecurityStatus status = context.initializeSecurityContext(
                        "HTTP/" + request.uri().getHost(),
                        IscReq.ALLOCATE_MEMORY,
                        null,
                        received == null ? null : new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, received)),
                        new SecBufferDesc(token));
                HttpRequest next = HttpRequest.newBuilder(request, (name, value) -> true)
                        .setHeader(
                                "Authorization",
                                scheme + ' ' + Base64.getEncoder().encodeToString(token.toByteArray()))
                        .build();
                if (status == SecurityStatus.SEC_E_OK) {
                    return http.send(next, handler);
                }
                // Only the last request takes the body along.
                HttpRequest empty = HttpRequest.newBuilder(next, (name, value) -> true)
                        .method(request.method(), BodyPublishers.noBody())
                        .build();
                received = token(http.send(empty, BodyHandlers.discarding()).headers());
                if (received == null || received.length == 0) {
                    throw new IOException("the server breaks off the exchange of " + scheme);
                }
            }
        }
        throw new IOException("the exchange of " + scheme + " has no end");
    }

    /** {@return what the server says to our scheme: empty where it only names it, null where it does not offer it} */
    private byte[] token(HttpHeaders headers) throws IOException {
        for (String header : headers.allValues("WWW-Authenticate")) {
            String[] words = header.strip().split(" +");
            if (words[0].equalsIgnoreCase(scheme)) {
                try {
                    return words.length == 1 ? new byte[0] : Base64.getDecoder().decode(words[1]);
                } catch (IllegalArgumentException e) {
                    throw new IOException("the server's token is not in base 64", e);
                }
            }
        }
        return null;
    }
}
