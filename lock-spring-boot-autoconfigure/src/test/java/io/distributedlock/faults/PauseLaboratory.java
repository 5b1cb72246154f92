package io.distributedlock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.testkit.process.ChildJvm;
import io.distributedlock.testkit.process.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A holder that stands still past its lease, wakes up and goes on: nothing of what it does then counts. */
@Tag("faults")
abstract class PauseLaboratory {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int COUNTERS = FencedProcess.COUNTERS;

    /** Each stops ten holders at once. */
    private static final int PAUSES = 5;

    private JdbcTemplate jdbc;
    private ChildJvm first;
    private ChildJvm second;

    /** Where the data and the marks are, as a JDBC URL. */
    abstract String database();

    /** Where the locks are, as properties of the application. */
    abstract List<String> store();

    /** How long a lock is not given away after its holder fell silent. */
    abstract Duration lease();

    @BeforeEach
    void start() throws IOException {
        jdbc = new JdbcTemplate(new DriverManagerDataSource(database()));
        jdbc.execute("drop table if exists counter");
        jdbc.execute("drop table if exists lock_fence");
        jdbc.execute("create table counter (id int primary key, amount int not null)");
        IntStream.range(0, COUNTERS).forEach(id -> jdbc.update("insert into counter values (?, 0)", id));
        first = child("always");
        awaitAll(first, "READY", 1);
        second = child("never");
        awaitAll(second, "READY", 1);
    }

    private ChildJvm child(String initializeSchema) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.datasource.url=" + database(),
                "--spring.datasource.hikari.maximum-pool-size=" + COUNTERS,
                "--spring.main.banner-mode=off",
                "--lock.namespace=pause",
                "--lock.fencing.jdbc.initialize-schema=" + initializeSchema,
                "--lock.lease-time=" + lease().toMillis() + "ms",
                "--lock.wait-time=60s"));
        arguments.addAll(store());
        return ChildJvm.start(FencedProcess.class, arguments.toArray(String[]::new));
    }

    @AfterEach
    void end() {
        Stream.of(first, second).forEach(ChildJvm::close);
    }

    @Test
    @DisplayName(
            "transactions of holders that stood still with what they had read are rolled back, and the next ones lose nothing")
    void betweenReadAndWrite() {
        for (int pause = 1; pause <= PAUSES; pause++) {
            first.say("add");
            awaitAll(first, "READ", COUNTERS * pause);
            first.send(Signal.STOP);
            second.say("add");
            // They have the locks when the leases are over, and wait at the marks, which the first has not given up.
            long before = count(second, "READ");
            Awaitility.await()
                    .during(lease().plusSeconds(1))
                    .atMost(PATIENCE)
                    .until(() -> count(second, "READ") == before);
            first.send(Signal.CONT);
            first.say("go");
            awaitAll(first, "REFUSED", COUNTERS * pause);
            awaitAll(second, "READ", COUNTERS * pause);
            second.say("go");
            awaitAll(second, "DONE", COUNTERS * pause);
        }
        assertThat(count(first, "DONE")).as("stale transactions committed").isZero();
        assertThat(jdbc.queryForList("select amount from counter", Integer.class))
                .hasSize(COUNTERS)
                .containsOnly(PAUSES);
    }

    @Test
    @DisplayName("holders that stood still before they entered the fence are refused by it")
    void beforeTheFence() {
        for (int pause = 1; pause <= PAUSES; pause++) {
            first.say("hold");
            awaitAll(first, "HELD", COUNTERS * pause);
            first.send(Signal.STOP);
            second.say("hold");
            awaitAll(second, "HELD", COUNTERS * pause);
            second.say("go");
            awaitAll(second, "ENTERED", COUNTERS * pause);
            first.send(Signal.CONT);
            first.say("go");
            awaitAll(first, "REFUSED", COUNTERS * pause);
        }
        assertThat(count(first, "ENTERED")).as("stale tokens accepted").isZero();
        assertThat(first.lines())
                .filteredOn(line -> line.startsWith("REFUSED"))
                .allSatisfy(line -> assertThat(line).endsWith("StaleTokenException"));
    }

    private static void awaitAll(ChildJvm child, String word, int times) {
        try {
            Awaitility.await().atMost(PATIENCE).until(() -> count(child, word) >= times);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "Awaited %d times %s, but heard: %s".formatted(times, word, String.join("\n", child.lines())), e);
        }
    }

    private static long count(ChildJvm child, String word) {
        return child.lines().stream()
                .filter(line -> line.equals(word) || line.startsWith(word + " "))
                .count();
    }
}
