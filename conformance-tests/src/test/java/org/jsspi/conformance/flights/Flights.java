package org.jsspi.conformance.flights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLEngine;
import org.jsspi.conformance.fixture.End;
import org.jsspi.conformance.fixture.EngineEnd;
import org.jsspi.conformance.fixture.Memory;
import org.jsspi.provider.JsspiProvider;

/**
 * Replays the recorded connections, or makes them anew with SunJSSE as the other side. Runs in a JVM of its own, whose random
 * numbers are not random.
 */
final class Flights {
    private static final byte[] LONGER = new byte[300];

    private Flights() {}

    /** @param args a directory, then {@code replay}, {@code thorough} for a replay of every split, or {@code rewrite} */
    public static void main(String[] args) throws Exception {
        RepeatableRandom.install();
        // SunEC, which otherwise serves the first operations of a JVM, draws other numbers.
        for (String name : List.of(
                "X25519",
                "secp256r1",
                "secp384r1",
                "secp521r1",
                "SHA256withECDSA",
                "SHA384withECDSA",
                "SHA512withECDSA")) {
            System.setProperty("org.jsspi.provider." + name, "bcprov");
        }
        java.security.Security.addProvider(new JsspiProvider());
        // Ours is the first generator in the JVM: what others take from theirs changes nothing in it.
        if (!"Repeatable"
                .equals(org.jsspi.provider.crypto.Randomness.secureRandom().getAlgorithm())) {
            throw new IllegalStateException("not " + new SecureRandom().getProvider());
        }
        Path directory = Path.of(args[0]);
        boolean rewrite = args[1].equals("rewrite");
        boolean everySplit = args[1].equals("thorough");
        for (Scenario scenario : Scenario.values()) {
            Path file = directory.resolve(scenario.file());
            if (rewrite) {
                record(scenario).write(file);
            }
            System.out.println(scenario + " " + replay(scenario, Recording.read(file), everySplit));
        }
        List<String> files = new ArrayList<>();
        try (var all = Files.list(directory)) {
            all.map(each -> each.getFileName().toString()).forEach(files::add);
        }
        files.removeAll(Arrays.stream(Scenario.values()).map(Scenario::file).toList());
        if (!files.isEmpty()) {
            throw new AssertionError("recordings that nobody replays: " + files);
        }
    }

    /** {@return what was tried} */
    private static String replay(Scenario scenario, Recording recording, boolean everySplit) throws Exception {
        int questions = 0;
        for (Memory memory : Memory.values()) {
            for (Replay.Law law : Replay.Law.values()) {
                Replay replay = new Replay(scenario, memory, law).play(recording);
                if (law != Replay.Law.NONE && replay.questions() == 0) {
                    throw new AssertionError(scenario + ": nothing was asked of " + law);
                }
                questions += replay.questions();
            }
        }
        int splits = 0;
        List<Recording.Event> events = recording.inFlights().events();
        Memory[] memories = Memory.values();
        for (Memory memory : memories) {
            play(scenario, memory, events, -1, 0);
        }
        for (int split = 0; split < events.size(); split++) {
            if (events.get(split).kind() != Recording.Kind.ARRIVES) {
                continue;
            }
            for (int cut : cuts(events.get(split).bytes(), everySplit)) {
                play(scenario, memories[cut % memories.length], events, split, cut);
                splits++;
            }
        }
        return questions + " questions, " + splits + " splits";
    }

    /** Plays everything, one of the flights in two parts; with -1 each flight byte by byte. */
    private static void play(Scenario scenario, Memory memory, List<Recording.Event> events, int split, int cut)
            throws Exception {
        Replay replay = new Replay(scenario, memory, Replay.Law.NONE);
        replay.begin();
        for (int i = 0; i < events.size(); i++) {
            if (split < 0 && events.get(i).kind() == Recording.Kind.ARRIVES) {
                for (byte one : events.get(i).bytes()) {
                    replay.arrive(new byte[] {one});
                }
            } else if (i == split) {
                replay.arriveInTwo(events.get(i).bytes(), cut);
            } else {
                replay.perform(events.get(i));
            }
        }
    }

    /** Around every border of a record and of its header, and some in between; or at every byte. */
    private static Set<Integer> cuts(byte[] flight, boolean every) {
        Set<Integer> cuts = new TreeSet<>();
        for (int at = 0; at < flight.length; at += Recording.recordLength(flight, at)) {
            cuts.addAll(List.of(at - 1, at, at + 1, at + 4, at + 5, at + 6));
        }
        for (int at = 1; at < flight.length; at += every ? 1 : 41) {
            cuts.add(at);
        }
        cuts.removeIf(cut -> cut < 1 || cut >= flight.length);
        return cuts;
    }

    // Recording

    /** An end whose arrivals are written down. */
    private record Tap(End end, List<Recording.Event> events, Recording.Kind kind) implements End {
        @Override
        public void arrive(byte[] bytes) {
            events.add(new Recording.Event(kind, "", bytes));
            end.arrive(bytes);
        }

        @Override
        public boolean step(End peer) throws Exception {
            return end.step(peer);
        }

        @Override
        public int send(byte[] data, End peer) throws Exception {
            return end.send(data, peer);
        }

        @Override
        public byte[] takeReceived() {
            return end.takeReceived();
        }

        @Override
        public boolean established() {
            return end.established();
        }
    }

    private static Recording record(Scenario scenario) throws Exception {
        List<Recording.Event> events = new ArrayList<>();
        SSLEngine engine = scenario.peer();
        engine.beginHandshake();
        End peer = new Tap(new EngineEnd(engine, Memory.HEAP), events, Recording.Kind.LEAVES);
        Replay ours = new Replay(scenario, Memory.HEAP, Replay.Law.NONE);
        End network = new Network(ours, peer, events);
        ours.begin();
        peer.arrive(ours.takeSent());
        settle(peer, network);
        if (!ours.isEstablished() || !peer.established()) {
            throw new AssertionError(scenario + " is not established: " + engine.getHandshakeStatus());
        }
        for (byte[] data : new byte[][] {{'p', 'i', 'n', 'g'}, LONGER}) {
            event(events, "send", data);
            ours.perform(events.get(events.size() - 1));
            peer.arrive(ours.takeSent());
            settle(peer, network);
            peer.send(data, network);
            settle(peer, network);
            event(events, "received", ours.takeReceived());
        }
        engine.closeOutbound();
        settle(peer, network);
        event(events, "closed", new byte[0]);
        event(events, "shutdown", new byte[0]);
        ours.perform(events.get(events.size() - 1));
        peer.arrive(ours.takeSent());
        Runtime.Version version = Runtime.version();
        return new Recording(scenario.comment("SunJSSE of JDK " + version.feature()), withoutNothing(events));
    }

    private static void event(List<Recording.Event> events, String word, byte[] bytes) {
        events.add(new Recording.Event(Recording.Kind.APPLICATION, word, bytes));
    }

    private static List<Recording.Event> withoutNothing(List<Recording.Event> events) {
        return events.stream()
                .filter(event -> event.kind() == Recording.Kind.APPLICATION || event.bytes().length > 0)
                .toList();
    }

    private static void settle(End peer, End network) throws Exception {
        while (peer.step(network)) {
            // to us, and what we answer back
        }
    }

    /** Our end as the peer sees it: what arrives is written down and answered at once. */
    private record Network(Replay ours, End peer, List<Recording.Event> events) implements End {
        @Override
        public void arrive(byte[] bytes) {
            events.add(new Recording.Event(Recording.Kind.ARRIVES, "", bytes));
            try {
                ours.arrive(bytes);
            } catch (org.jsspi.SspiException e) {
                throw new AssertionError(e);
            }
            byte[] answer = ours.takeSent();
            if (answer.length > 0) {
                peer.arrive(answer);
            }
        }

        @Override
        public boolean step(End other) {
            return false;
        }

        @Override
        public int send(byte[] data, End other) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] takeReceived() {
            return ours.takeReceived();
        }

        @Override
        public boolean established() {
            return ours.isEstablished();
        }
    }
}
