package io.distributedlock.model;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tlc2.TLC;

/** Runs the model checker, each time in a JVM of its own: it keeps its state in static fields. */
final class Tlc {

    private static final Pattern BROKEN = Pattern.compile(
            "Error: (?:Invariant|Action property) (\\w+) is violated|Error: (Temporal properties) were");
    private static final Pattern STATES = Pattern.compile("(\\d+) distinct states found");

    private final Path models;
    private final Path workspace;
    private final long minutes;

    /** @param minutes how long one answer may take */
    Tlc(Path models, Path workspace, long minutes) {
        this.models = models;
        this.workspace = workspace;
        this.minutes = minutes;
    }

    /** @param verdict "holds", "breaks" and the property, or how the checker itself failed */
    record Answer(String verdict, long states, long seconds, Path output) {}

    Answer ask(Question question) throws IOException, InterruptedException {
        Path directory = workspace.resolve(question.model() + "-" + Integer.toHexString(question.hashCode()));
        delete(directory);
        Files.createDirectories(directory);
        Files.copy(
                models.resolve(question.model() + ".tla"),
                directory.resolve(question.model() + ".tla"),
                REPLACE_EXISTING);
        Files.writeString(directory.resolve("question.cfg"), question.configuration());
        Path output = directory.resolve("answer.txt");

        long start = System.nanoTime();
        Process process = new ProcessBuilder(command(question.model()))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean done;
        try {
            done = process.waitFor(minutes, TimeUnit.MINUTES);
        } finally {
            process.destroyForcibly().waitFor();
        }
        long seconds = NANOSECONDS.toSeconds(System.nanoTime() - start);
        String said = Files.readString(output);
        delete(directory.resolve("states"));
        String verdict = done ? verdict(said, question) : "took longer than " + minutes + " minutes";
        return new Answer(verdict, states(said), seconds, output);
    }

    private static List<String> command(String model) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "-XX:+UseParallelGC",
                "-cp",
                Path.of(TLC.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toString(),
                TLC.class.getName(),
                "-workers",
                "2",
                "-deadlock", // a state without a successor is not an error: everybody is done
                "-metadir",
                "states",
                "-config",
                "question.cfg",
                model);
    }

    private static String verdict(String said, Question question) {
        Matcher broken = BROKEN.matcher(said);
        if (broken.find()) {
            // Of what must happen some day TLC does not say which one failed; such questions ask for one, or expect
            // none.
            return "breaks " + (broken.group(1) != null ? broken.group(1) : nameOfTemporal(question));
        }
        return said.contains("No error has been found") ? "holds" : "gave no verdict";
    }

    private static String nameOfTemporal(Question question) {
        return question.breaks() != null ? question.breaks() : "something that must happen some day";
    }

    private static long states(String said) {
        long states = 0;
        for (Matcher found = STATES.matcher(said.replace(",", "")); found.find(); ) {
            states = Long.parseLong(found.group(1));
        }
        return states;
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
