package io.distributedlock.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChildJvmTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Says hello, then answers every line. */
    static final class Echo {
        private Echo() {}

        @SuppressWarnings("SystemOut") // how a child talks
        public static void main(String[] arguments) throws IOException {
            System.out.println("hello " + arguments[0]);
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                lines.lines().forEach(line -> System.out.println("heard " + line));
            }
        }
    }

    @Test
    void talksToItsParent() throws IOException {
        try (ChildJvm child = ChildJvm.start(Echo.class, "wörld")) {
            assertThat(child.awaitLine(line -> line.startsWith("hello"), PATIENCE))
                    .startsWith("hello w");
            child.say("one");
            child.say("two");
            child.awaitLine("heard two"::equals, PATIENCE);
            assertThat(child.lines()).hasSize(3);
        }
    }

    @Test
    void standsStillAndGoesOn() throws IOException {
        try (ChildJvm child = ChildJvm.start(Echo.class, "world")) {
            child.awaitLine(line -> line.startsWith("hello"), PATIENCE);
            child.send(Signal.STOP);
            child.say("one");
            assertThatThrownBy(() -> child.awaitLine(line -> true, Duration.ofMillis(500)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("hello world");
            child.send(Signal.CONT);
            child.awaitLine("heard one"::equals, PATIENCE);
        }
    }

    @Test
    void diesAtOnceAndWithItsOwner() throws IOException {
        ChildJvm killed = ChildJvm.start(Echo.class, "world");
        ChildJvm closed = ChildJvm.start(Echo.class, "world");

        killed.send(Signal.KILL);
        closed.close();

        assertThat(killed.isAlive()).isFalse();
        assertThat(closed.isAlive()).isFalse();
        killed.close();
    }
}
