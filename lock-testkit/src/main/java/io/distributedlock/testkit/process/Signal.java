package io.distributedlock.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

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

    /**
     * Sends this signal.
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
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while sending a signal", e);
        }
    }
}
