package org.jsspi.conformance.ntlm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Another implementation as a process that answers each line with a line. */
final class LinePeer implements AutoCloseable {
    private final Process process;
    private final Writer to;
    private final BufferedReader from;

    LinePeer(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        process = builder.start();
        to = process.outputWriter(StandardCharsets.US_ASCII);
        from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** {@return the answer to a line} */
    String ask(String line) throws IOException {
        to.write(line + '\n');
        to.flush();
        String answer = from.readLine();
        if (answer == null) {
            throw new IOException("the peer has ended at: " + line.substring(0, Math.min(line.length(), 40)));
        }
        return answer;
    }

    /** {@return the words of an answer that begins as expected} */
    String[] expect(String first, String line) throws IOException {
        String answer = ask(line);
        String[] words = answer.split(" ");
        if (!words[0].equals(first)) {
            throw new IOException(
                    "the peer answers " + answer + " to " + line.substring(0, Math.min(line.length(), 40)));
        }
        return words;
    }

    @Override
    public void close() throws IOException {
        try {
            to.close();
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }

    /** {@return a resource beside the tests, as a file in this folder} */
    static Path resource(Path folder, String name) throws IOException {
        try (InputStream in = LinePeer.class.getResourceAsStream(name)) {
            Path file = folder.resolve(name);
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        }
    }
}
