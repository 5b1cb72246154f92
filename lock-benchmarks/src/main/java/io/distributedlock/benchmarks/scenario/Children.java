package io.distributedlock.benchmarks.scenario;

import io.distributedlock.benchmarks.adapter.Adapter;
import io.distributedlock.benchmarks.child.ChildMain;
import io.distributedlock.benchmarks.measure.Slice;
import io.distributedlock.benchmarks.server.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Child JVMs that all have the same clients open, and a directory for the files that they share. */
final class Children implements AutoCloseable {

    private final List<ChildJvm> all = new ArrayList<>();
    private final Path directory;
    private final Map<String, Path> guards = new HashMap<>();
    private int files;

    Children(Bench bench, int count, List<Adapter> adapters) throws IOException {
        directory = Files.createTempDirectory("bench-children-");
        List<String> arguments = new ArrayList<>();
        for (Adapter adapter : adapters) {
            arguments.add(adapter.name());
            arguments.add(bench.servers().address(adapter.store()));
        }
        for (int i = 0; i < count; i++) {
            all.add(new ChildJvm(ChildMain.class, List.of("-Xmx1g"), arguments.toArray(String[]::new)));
        }
        try {
            for (ChildJvm child : all) {
                child.answer();
            }
        } catch (IOException | RuntimeException e) {
            close(); // nobody else knows them
            throw e;
        }
    }

    /** Asks one. */
    String ask(int child, String line) throws IOException {
        all.get(child).say(line);
        return all.get(child).answer();
    }

    /** Asks all at the same time. Reads all answers, also when one of them fails: nobody is to take the rest for another's. */
    List<String> ask(List<String> lines) throws IOException {
        for (int i = 0; i < lines.size(); i++) {
            all.get(i).say(lines.get(i));
        }
        List<String> answers = new ArrayList<>();
        IOException failure = null;
        for (int i = 0; i < lines.size(); i++) {
            try {
                answers.add(all.get(i).answer());
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return answers;
    }

    /** All want one lock at the same time. */
    Slice contend(String adapter, String lock, int threadsEach, double seconds, long workNanos) throws IOException {
        Path guard = guardOf(lock);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            lines.add(String.join(
                    " ",
                    "slice",
                    adapter,
                    lock,
                    Integer.toString(threadsEach),
                    Double.toString(seconds),
                    Long.toString(workNanos),
                    guard.toString(),
                    Integer.toString(1 + i * threadsEach)));
        }
        return Slice.together(ask(lines).stream().map(Slice::fromLine).toList());
    }

    /** The first one alone wants a lock. */
    Slice alone(String adapter, String lock, int threads, double seconds) throws IOException {
        return Slice.fromLine(
                ask(0, String.join(" ", "alone", adapter, lock, Integer.toString(threads), "" + seconds)));
    }

    /** The same in each turn, so that tokens have to go on from where they were in the one before. */
    Path guardOf(String lock) {
        return guards.computeIfAbsent(lock, name -> newFile());
    }

    /** Not there yet, and gone with the children. */
    Path newFile() {
        files++;
        return directory.resolve("shared-" + files);
    }

    @Override
    public void close() throws IOException {
        all.forEach(ChildJvm::close);
        try (Stream<Path> left = Files.list(directory)) {
            for (Path file : left.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
