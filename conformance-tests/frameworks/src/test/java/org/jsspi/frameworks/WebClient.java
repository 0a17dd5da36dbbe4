package org.jsspi.frameworks;

import java.io.IOException;
import java.net.URI;

/** A client of some framework that trusts the test root. */
interface WebClient extends AutoCloseable {
    /** How to make one. */
    interface Framework {
        /**
         * A client.
         *
         * @param certificate whether it has one
         */
        WebClient open(boolean http2, boolean certificate) throws Exception;
    }

    /** What a GET of a short page has brought. */
    record Answer(String body, boolean http2) {}

    Answer get(URI page) throws Exception;

    /** {@return how many bytes of the payload came as they had to} */
    long download(URI page) throws Exception;

    /** Sends the payload. {@return what the server says to it} */
    String upload(URI page) throws Exception;

    @Override
    void close() throws IOException;
}
