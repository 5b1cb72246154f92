package io.distributedlock.testkit.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A second JVM with the class path of this one, for tests of what happens between processes: it can stand still, die and
 * be read line by line. Ends with {@link #close()}, and at the latest with this JVM.
 */
public final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final PrintStream input;
    private final LinkedBlockingQueue<String> unread = new LinkedBlockingQueue<>();
    private final List<String> all = new CopyOnWriteArrayList<>();
    private final Thread atExit;

    private ChildJvm(Process process) {
        this.process = process;
        this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.atExit = new Thread(process::destroyForcibly, "end-child-jvm-" + process.pid());
        Runtime.getRuntime().addShutdownHook(atExit);
        Thread reader = new Thread(this::read, "read-child-jvm-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a JVM.
     *
     * @param main the class to run
     * @param arguments for its {@code main}
     * @return the running child; its error output is among its lines
     * @throws IOException if it cannot be started
     */
    public static ChildJvm start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ChildJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /**
     * Reads on until a line is found. Lines before it are skipped.
     *
     * @param wanted what to look for
     * @param timeout how long to wait for it
     * @return the line
     * @throws AssertionError with all lines so far, if it does not come in time
     */
    public String awaitLine(Predicate<String> wanted, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            while (true) {
                String line = unread.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (line == null) {
                    throw new AssertionError("The child JVM did not say what was awaited within " + timeout + ", but: "
                            + System.lineSeparator() + String.join(System.lineSeparator(), all));
                }
                if (wanted.test(line)) {
                    return line;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while reading from the child JVM", e);
        }
    }

    /**
     * Writes a line to its standard input.
     *
     * @param line what to say
     */
    public void say(String line) {
        input.println(line);
    }

    /**
     * Sends a signal to it. Killing returns when it is dead.
     *
     * @param signal which
     */
    public void send(Signal signal) {
        signal.send(process);
        if (signal == Signal.KILL) {
            end();
        }
    }

    /**
     * Its lines so far, also those that were read.
     *
     * @return a copy
     */
    public List<String> lines() {
        return List.copyOf(all);
    }

    /**
     * Whether it runs, or stands still.
     *
     * @return {@code false} once it has ended
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it if it still lives. */
    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void end() {
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> {
                all.add(line);
                unread.add(line);
            });
        } catch (IOException e) {
            unread.add("The output of the child JVM ended: " + e);
        }
    }

    /** Surefire may hide the class path in the manifest of one jar, which works for a child as well. */
    private static String classPath() {
        String real = System.getProperty("surefire.test.class.path", "");
        return real.isEmpty() ? System.getProperty("java.class.path", File.pathSeparator) : real;
    }
}
