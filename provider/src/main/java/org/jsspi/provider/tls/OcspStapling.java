package org.jsspi.provider.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jsspi.provider.crypto.Ocsp;
import org.jsspi.provider.crypto.Ocsp.Validity;
import org.jsspi.provider.tls.handshake.Stapling;

/**
 * Fetches the OCSP responses that a server staples from the responders that its certificates name, and keeps them.
 *
 * <p>A handshake waits for a responder until {@link Settings#responseTimeout()} after the question was sent, and never twice for
 * the same question: while one is on its way, later handshakes share the wait; a responder that failed is left alone for a while.
 * No failure here fails a handshake. The fetching itself is done by a few threads of the JVM, which end when they are idle.
 */
final class OcspStapling implements Stapling {
    private static final int FETCHERS = 8;
    private static final ThreadPoolExecutor THREADS = threads();

    /** Questions with a client's extensions have answers for it alone; they take at most half of the threads. */
    private static final Semaphore SPECIAL = new Semaphore(FETCHERS / 2);

    /** In bytes; longer ones count for none. A nonce takes 150 at most (RFC 8954 2.1). */
    private static final int LONGEST_EXTENSIONS = 1024;

    /** In bytes; a usual response takes 500 to 3,000. */
    private static final int LONGEST_RESPONSE = 0x8000;

    private static final Duration LONGEST_FETCH = Duration.ofSeconds(30);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);
    private static final byte[] NONE = {};

    /**
     * What the properties {@code jdk.tls.stapling.*} say.
     *
     * @param responseTimeout how long a handshake waits; zero: for nothing that is not here
     * @param cacheSize how many responses are kept; 0 for any number
     * @param cacheLifetime how long a response is kept at most; zero: as long as it holds
     * @param responder whom to ask where a certificate names none, or null
     * @param overridesCertificates whether that one is asked about every certificate
     * @param ignoresExtensions whether the extensions that a client wants in the request are left out
     */
    record Settings(
            Duration responseTimeout,
            int cacheSize,
            Duration cacheLifetime,
            URI responder,
            boolean overridesCertificates,
            boolean ignoresExtensions) {}

    private record Question(X509Certificate certificate, X509Certificate issuer) {}

    /**
     * What is known in answer to a question.
     *
     * @param response null if the responder failed
     * @param freshUntil when to ask again
     * @param holdsUntil when it is worth nothing any more
     */
    private record Answer(byte[] response, Instant freshUntil, Instant holdsUntil) {
        byte[] at(Instant time) {
            return response != null && holdsUntil.isAfter(time) ? response : NONE;
        }
    }

    /**
     * A question on its way, or its answer.
     *
     * @param waitUntil the reading of System.nanoTime() after which nobody waits for the answer
     * @param meanwhile what to make do with until it comes
     */
    private record Fetch(CompletableFuture<Answer> answer, long waitUntil, Answer meanwhile) {
        static Fetch done(Answer answer) {
            return new Fetch(CompletableFuture.completedFuture(answer), 0, answer);
        }
    }

    private static final Answer NOTHING = new Answer(null, Instant.MIN, Instant.MIN);

    private final Settings settings;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Question, Answer> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Answer> eldest) {
            return settings.cacheSize() > 0 && size() > settings.cacheSize();
        }
    };
    private final Map<Question, Fetch> running = new HashMap<>();

    OcspStapling(Settings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public List<byte[]> responsesFor(List<X509Certificate> chain, byte[] requestExtensions) {
        boolean special = !settings.ignoresExtensions()
                && requestExtensions.length > 0
                && requestExtensions.length <= LONGEST_EXTENSIONS;
        List<Fetch> fetches = new ArrayList<>();
        // An OCSP request names the issuer's key, so that there is none for the last of a chain.
        for (int i = 0; i + 1 < chain.size(); i++) {
            fetches.add(ask(new Question(chain.get(i), chain.get(i + 1)), special ? requestExtensions : NONE));
        }
        List<byte[]> responses = new ArrayList<>();
        for (Fetch fetch : fetches) {
            responses.add(await(fetch).at(clock.instant()));
        }
        return responses;
    }

    private static Answer await(Fetch fetch) {
        try {
            return fetch.answer().get(Math.max(0, fetch.waitUntil() - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException tooLate) {
            return fetch.meanwhile();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fetch.meanwhile();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a fetch always ends in an answer", e);
        }
    }

    private Fetch ask(Question question, byte[] extensions) {
        lock.lock();
        try {
            Answer known = answers.getOrDefault(question, NOTHING);
            boolean fresh = known.freshUntil().isAfter(clock.instant());
            boolean failed = fresh && known.response() == null;
            if (extensions.length > 0 && !failed && SPECIAL.tryAcquire()) {
                return start(question, extensions, NOTHING, answer -> SPECIAL.release());
            }
            if (fresh) {
                return Fetch.done(known);
            }
            Fetch fetch = running.get(question);
            if (fetch == null) {
                fetch = start(question, NONE, known, answer -> keep(question, answer));
                // It ends under this lock: so it is done only if there was nobody to ask.
                if (!fetch.answer().isDone()) {
                    running.put(question, fetch);
                }
            }
            return fetch;
        } finally {
            lock.unlock();
        }
    }

    private void keep(Question question, Answer answer) {
        lock.lock();
        try {
            running.remove(question);
            if (answer.freshUntil().isAfter(clock.instant())) {
                answers.put(question, answer);
            } else {
                answers.remove(question);
            }
        } finally {
            lock.unlock();
        }
    }

    /** @param end what is done with the answer before anybody sees it */
    private Fetch start(Question question, byte[] extensions, Answer known, Consumer<Answer> end) {
        Optional<URI> responder = responder(question.certificate());
        Optional<byte[]> request = question.certificate()
                        .getIssuerX500Principal()
                        .equals(question.issuer().getSubjectX500Principal())
                ? Ocsp.request(question.certificate(), question.issuer(), extensions)
                : Optional.empty();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        boolean asked = responder.isPresent()
                && request.isPresent()
                && execute(() -> {
                    Answer found = fetch(question, responder.get(), request.get(), known);
                    end.accept(found);
                    answer.complete(found);
                });
        if (!asked) {
            Answer failed = failed(known);
            end.accept(failed);
            return Fetch.done(failed);
        }
        return new Fetch(answer, System.nanoTime() + settings.responseTimeout().toNanos(), known);
    }

    private static boolean execute(Runnable work) {
        try {
            THREADS.execute(work);
            return true;
        } catch (RejectedExecutionException tooMuchToDo) {
            return false;
        }
    }

    private Optional<URI> responder(X509Certificate certificate) {
        Optional<URI> configured = Optional.ofNullable(settings.responder());
        if (settings.overridesCertificates() && configured.isPresent()) {
            return configured;
        }
        Optional<String> named = Ocsp.responder(certificate);
        try {
            return named.isPresent() ? named.map(URI::create) : configured;
        } catch (IllegalArgumentException notAUri) {
            return configured;
        }
    }

    /** {@return the answer for now where there is no new one: what was known as long as it holds, and peace for a while} */
    private Answer failed(Answer known) {
        return new Answer(known.response(), clock.instant().plus(PAUSE_AFTER_FAILURE), known.holdsUntil());
    }

    private Answer fetch(Question question, URI responder, byte[] request, Answer known) {
        try {
            byte[] response = post(responder, request);
            Instant now = clock.instant();
            Optional<Validity> validity = Ocsp.validity(response, question.certificate(), question.issuer())
                    .filter(holding -> holding.holdsAt(now));
            return validity.isPresent() ? answer(response, validity.get(), now) : failed(known);
        } catch (IOException | RuntimeException | Error unreachable) {
            return failed(known);
        }
    }

    private Answer answer(byte[] response, Validity validity, Instant now) {
        Optional<Instant> lifetimeEnd =
                settings.cacheLifetime().isZero() ? Optional.empty() : Optional.of(now.plus(settings.cacheLifetime()));
        // Whoever waits for it gets it, also if it is not to be kept.
        Instant holdsUntil = validity.nextUpdate().or(() -> lifetimeEnd).orElse(now.plus(LONGEST_FETCH));
        Instant freshUntil = lifetimeEnd.or(validity::nextUpdate).orElse(now);
        return new Answer(response, freshUntil.isBefore(holdsUntil) ? freshUntil : holdsUntil, holdsUntil);
    }

    /** RFC 6960 A.1: the request by POST, the response in the body. */
    private static byte[] post(URI responder, byte[] request) throws IOException {
        if (!(responder.toURL().openConnection() instanceof HttpURLConnection connection)) {
            throw new IOException("not a responder that is reached by HTTP: " + responder);
        }
        try {
            connection.setConnectTimeout((int) LONGEST_FETCH.toMillis());
            connection.setReadTimeout((int) LONGEST_FETCH.toMillis());
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(request.length);
            connection.setRequestProperty("Content-Type", "application/ocsp-request");
            connection.setRequestProperty("Accept", "application/ocsp-response");
            try (OutputStream out = connection.getOutputStream()) {
                out.write(request);
            }
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("the responder answers with status " + connection.getResponseCode());
            }
            return read(connection);
        } finally {
            // Kept alive it would be reused at the next lifetime's end, when the responder has long closed it.
            connection.disconnect();
        }
    }

    private static byte[] read(HttpURLConnection connection) throws IOException {
        long deadline = System.nanoTime() + LONGEST_FETCH.toNanos();
        byte[] response = new byte[LONGEST_RESPONSE + 1];
        int length = 0;
        try (InputStream in = connection.getInputStream()) {
            for (int count = in.read(response);
                    count >= 0;
                    count = in.read(response, length, response.length - length)) {
                length += count;
                if (length > LONGEST_RESPONSE || System.nanoTime() - deadline > 0) {
                    throw new IOException("a response that is too long, or takes too long");
                }
            }
        }
        return Arrays.copyOf(response, length);
    }

    private static ThreadPoolExecutor threads() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(FETCHERS, FETCHERS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(64), task -> {
                    Thread thread = new Thread(null, task, "jsspi-ocsp", 0, false);
                    thread.setDaemon(true);
                    // The thread may outlive the application whose handshake made it.
                    thread.setContextClassLoader(null);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
