package io.distributedlock.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a POSIX system can do to a process from outside. */
public enum Signal {

    /** The process stands still, as in a long pause, and does not notice. */
    STOP,

    /** The process goes on after {@link #STOP}. */
    CONT,

    /** The process ends in order, as if somebody had pressed Ctrl-C. */
    INT,

    /** The process is dead at once. */
    KILL;

    private static final Duration STANDSTILL = Duration.ofSeconds(10);

    /**
     * Sends this signal. Stopping returns when all threads stand still, where that can be seen: on another processor it takes
     * a moment.
     *
     * @param process one that the test has started
     * @throws IllegalStateException if the system has no such signal, or no such process
     */
    public void send(Process process) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name(), Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("kill -" + name() + " " + process.pid() + " failed");
            }
            if (this == STOP) {
                awaitStandstill(process);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while sending a signal", e);
        }
    }

    private static void awaitStandstill(Process process) {
        Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
        long end = System.nanoTime() + STANDSTILL.toNanos();
        while (Files.isDirectory(threads) && !standStill(threads)) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(
                        "Process " + process.pid() + " did not stand still within " + STANDSTILL);
            }
            Thread.onSpinWait();
        }
    }

    /** The state stands behind the name, which is in brackets and may contain some itself. */
    private static boolean standStill(Path threads) {
        try (Stream<Path> all = Files.list(threads)) {
            for (Path thread : all.toList()) {
                String status = Files.readString(thread.resolve("stat"));
                if (!status.startsWith(") T", status.lastIndexOf(')'))) {
                    return false;
                }
            }
            return true;
        } catch (IOException | UncheckedIOException threadEnded) {
            return false;
        }
    }
}
