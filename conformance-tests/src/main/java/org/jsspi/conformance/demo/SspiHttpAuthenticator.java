package org.jsspi.conformance.demo;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.CredHandle;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/**
 * Authentication of HTTP requests by security packages (RFC 4559, MS-NTHT), for {@link com.sun.net.httpserver.HttpServer}:
 *
 * <pre>
 * C: GET /                                      S: 401  WWW-Authenticate: NTLM
 * C: GET /  Authorization: NTLM NEGOTIATE       S: 401  WWW-Authenticate: NTLM CHALLENGE
 * C: GET /  Authorization: NTLM AUTHENTICATE    S: 200
 * </pre>
 *
 * <p>The exchange belongs to one connection, so the server keeps its half by the client's address and port until the next
 * request from there. It keeps nothing longer: HttpServer does not say when a connection ends, and the next one from the same
 * address may be somebody else's. So each request is authenticated by itself, which clients put up with; a server that knows
 * its connections would ask once for each.
 */
public final class SspiHttpAuthenticator extends Authenticator implements AutoCloseable {
    /** How many exchanges may wait for their next request; a flood of first ones drives out the oldest. */
    private static final int MOST_PENDING = 1000;

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    /** An exchange between two requests. */
    private record Pending(String scheme, SecurityContext context, long since) {}

    private final String realm;
    private final Map<String, CredHandle> credentials;
    private final ReentrantLock lock = new ReentrantLock();
    /** In the order of age. */
    private final Map<InetSocketAddress, Pending> pending = new LinkedHashMap<>();

    /**
     * An authenticator that offers these packages.
     *
     * @param realm of the principals
     * @param credentials the names of packages, which are schemes of HTTP, best first, with an inbound credential for each;
     *     they stay the caller's
     */
    public SspiHttpAuthenticator(String realm, LinkedHashMap<String, CredHandle> credentials) {
        this.realm = realm;
        this.credentials = new LinkedHashMap<>(credentials);
    }

    @Override
    public Result authenticate(HttpExchange exchange) {
        Pending before = take(exchange.getRemoteAddress());
        try {
            String header = exchange.getRequestHeaders().getFirst("Authorization");
            String[] words = header == null ? new String[0] : header.strip().split(" +");
            if (words.length != 2 || credential(words[0]) == null) {
                close(before);
                return refuse(exchange, new Retry(401));
            }
            byte[] token = Base64.getDecoder().decode(words[1]);
            if (before != null && before.scheme.equalsIgnoreCase(words[0])) {
                return step(exchange, before.scheme, before.context, token);
            }
            close(before);
            return step(exchange, words[0], credential(words[0]).newContext(), token);
        } catch (IllegalArgumentException | SspiException e) {
            close(before);
            return refuse(exchange, new Failure(401));
        }
    }

    private CredHandle credential(String scheme) {
        for (Map.Entry<String, CredHandle> one : credentials.entrySet()) {
            if (one.getKey().equalsIgnoreCase(scheme)) {
                return one.getValue();
            }
        }
        return null;
    }

    private Result step(HttpExchange exchange, String scheme, SecurityContext context, byte[] token)
            throws SspiException {
        SecBuffer answer = new SecBuffer(SecBufferType.TOKEN, new byte[0]);
        SecurityStatus status;
        try {
            status = context.acceptSecurityContext(
                    AscReq.ALLOCATE_MEMORY,
                    null,
                    new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token)),
                    new SecBufferDesc(answer));
        } catch (SspiException e) {
            context.close();
            throw e;
        }
        if (answer.length() > 0) {
            exchange.getResponseHeaders()
                    .set("WWW-Authenticate", scheme + ' ' + Base64.getEncoder().encodeToString(answer.toByteArray()));
        }
        if (status == SecurityStatus.SEC_I_CONTINUE_NEEDED) {
            keep(exchange.getRemoteAddress(), new Pending(scheme, context, System.nanoTime()));
            return new Retry(401);
        }
        try (context) {
            return new Success(new HttpPrincipal(context.queryContextAttributes(ContextAttribute.NAMES), realm));
        }
    }

    /** HttpServer answers without a body, which has a Content-Length of 0: so the connection stays, as it must. */
    private Result refuse(HttpExchange exchange, Result result) {
        credentials.keySet().forEach(scheme -> exchange.getResponseHeaders().add("WWW-Authenticate", scheme));
        return result;
    }

    private Pending take(InetSocketAddress client) {
        lock.lock();
        try {
            Pending found = pending.remove(client);
            if (found != null && System.nanoTime() - found.since > PATIENCE) {
                close(found);
                return null;
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    private void keep(InetSocketAddress client, Pending exchange) {
        lock.lock();
        try {
            Iterator<Pending> oldest = pending.values().iterator();
            while (oldest.hasNext()) {
                Pending old = oldest.next();
                if (pending.size() < MOST_PENDING && exchange.since - old.since <= PATIENCE) {
                    break;
                }
                oldest.remove();
                close(old);
            }
            close(pending.put(client, exchange));
        } finally {
            lock.unlock();
        }
    }

    private static void close(Pending exchange) {
        if (exchange != null) {
            exchange.context.close();
        }
    }

    /** Ends the exchanges that are under way. */
    @Override
    public void close() {
        lock.lock();
        try {
            pending.values().forEach(SspiHttpAuthenticator::close);
            pending.clear();
        } finally {
            lock.unlock();
        }
    }
}
