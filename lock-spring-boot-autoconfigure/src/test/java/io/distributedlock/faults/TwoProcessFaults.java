package io.distributedlock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.testkit.process.ChildJvm;
import io.distributedlock.testkit.process.Signal;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two instances, two JVMs, one lock on a real server, and what can happen to a process or to the server. */
@Tag("faults")
abstract class TwoProcessFaults {

    /** Of the lease with Redis, of the session with ZooKeeper. */
    static final Duration LEASE = Duration.ofSeconds(4);

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private ChildJvm first;
    private ChildJvm second;

    abstract String kind();

    abstract String address();

    abstract void stopServer() throws Exception;

    abstract void startServer() throws Exception;

    @BeforeEach
    void startBoth() throws IOException {
        first = start(Duration.ZERO);
        second = start(Duration.ZERO);
        await(first, "READY");
        await(second, "READY");
    }

    private ChildJvm start(Duration lockDelay) throws IOException {
        return ChildJvm.start(LockProcess.class, kind(), address(), LEASE.toString(), lockDelay.toString());
    }

    @AfterEach
    void endBoth() {
        first.close();
        second.close();
    }

    @Test
    @DisplayName("kill -9 of the holder: the other has the lock within the lease and a second, with a greater token")
    void killedHolder() {
        Said held = take(first);
        second.say("lock");
        Said killed = now();
        first.send(Signal.KILL);
        Said next = await(second, "HELD");
        assertThat(next.after(killed)).isLessThan(LEASE.plusSeconds(1));
        assertThat(next.token()).isGreaterThan(held.token());
    }

    @Test
    @DisplayName(
            "kill -9 of a holder with a lock-delay: the other has the lock after that and within lease, delay and a second")
    void killedHolderWithLockDelay() throws IOException {
        Duration delay = LEASE.multipliedBy(2);
        try (ChildJvm delaying = start(delay)) {
            Said held = take(delaying);
            second.say("lock");
            Said killed = now();
            delaying.send(Signal.KILL);
            Said next = await(second, "HELD");
            assertThat(next.after(killed)).isBetween(delay, delay.plus(LEASE).plusSeconds(1));
            assertThat(next.token()).isGreaterThan(held.token());
        }
    }

    @Test
    @DisplayName(
            "SIGSTOP past the lease of a holder with a lock-delay: it knows of its loss before the other has the lock")
    void stoppedHolderWithLockDelay() throws IOException {
        try (ChildJvm delaying = start(LEASE.multipliedBy(2))) {
            Said held = take(delaying);
            second.say("lock");
            delaying.send(Signal.STOP);
            Awaitility.await()
                    .during(LEASE.plusSeconds(1))
                    .atMost(PATIENCE)
                    .until(() -> second.lines().stream().noneMatch(line -> line.startsWith("HELD")));
            delaying.send(Signal.CONT);
            Said over = await(delaying, "OVER");
            Said next = await(second, "HELD");
            assertThat(next.after(over)).isGreaterThan(LEASE);
            assertThat(next.token()).isGreaterThan(held.token());
        }
    }

    @Test
    @DisplayName("kill -9 while threads pass the lock on among themselves: the other has a token above all of theirs")
    void killedInAChainOfHandOffs() {
        first.say("chain");
        for (int i = 0; i < 100; i++) {
            await(first, "PASSED");
        }
        Said killed = now();
        first.send(Signal.KILL);
        Said next = take(second);
        assertThat(next.after(killed)).isLessThan(LEASE.plusSeconds(1));
        assertThat(first.lines())
                .filteredOn(line -> line.startsWith("PASSED"))
                .allSatisfy(line -> assertThat(Said.parse(line).token()).isLessThan(next.token()));
    }

    @Test
    @DisplayName("kill -9 of a waiter that is just granted the lock: it is free again within the lease and a second")
    void killedWhenGranted() {
        Said held = take(first);
        second.say("lock");
        awaitWaiters(1);
        first.say("finish");
        await(first, "RELEASED");
        Said killed = now();
        second.send(Signal.KILL);
        Said next = take(first);
        assertThat(next.after(killed)).isLessThan(LEASE.plusSeconds(1));
        assertThat(next.token()).isGreaterThan(held.token());
    }

    @Test
    @DisplayName("kill -9 of a waiter: who waits behind it does not pass the holder, and has the lock right after it")
    void killedWaiter() throws IOException {
        Said held = take(first);
        second.say("lock");
        awaitWaiters(1);
        try (ChildJvm third = start(Duration.ZERO)) {
            third.say("lock");
            awaitWaiters(2);
            second.send(Signal.KILL);
            Awaitility.await()
                    .during(LEASE.plusSeconds(1))
                    .atMost(PATIENCE)
                    .until(() -> third.lines().stream().noneMatch(line -> line.startsWith("HELD")));
            first.say("finish");
            Said released = await(first, "RELEASED");
            Said next = await(third, "HELD");
            assertThat(next.after(released)).isLessThan(LEASE);
            assertThat(next.token()).isGreaterThan(held.token());
        }
    }

    @Test
    @DisplayName("SIGSTOP past the lease: the other has the lock, and the first learns of its loss when it wakes")
    void stoppedHolder() {
        Said held = take(first);
        second.say("lock");
        first.send(Signal.STOP);
        Said next = await(second, "HELD");
        assertThat(next.token()).isGreaterThan(held.token());
        first.say("finish");
        first.send(Signal.CONT);
        Said lost = await(first, "LOST");
        assertThat(lost.token()).isEqualTo(held.token());
        second.say("finish");
        await(second, "RELEASED");
    }

    @Test
    @DisplayName("a server that is back before the deadline: the holder rides it out")
    void shortOutage() throws Exception {
        take(first);
        stopServer();
        startServer();
        second.say("lock");
        // Longer than any lease from before the outage: only renewals afterwards can have kept it.
        Awaitility.await()
                .during(LEASE.multipliedBy(2))
                .atMost(LEASE.multipliedBy(3))
                .until(() -> second.lines().stream().noneMatch(line -> line.startsWith("HELD")));
        first.say("finish");
        Said released = await(first, "RELEASED");
        assertThat(await(second, "HELD").after(released)).isLessThan(LEASE.plusSeconds(1));
    }

    @Test
    @DisplayName("a server that stays away past the deadline: the holder gives up before anybody else has the lock")
    void longOutage() throws Exception {
        Said held = take(first);
        second.say("lock");
        stopServer();
        Said over = await(first, "OVER");
        startServer();
        Said next = await(second, "HELD");
        assertThat(next.micros()).isGreaterThanOrEqualTo(over.micros());
        assertThat(next.token()).isGreaterThan(held.token());
        first.say("finish");
        assertThat(await(first, "LOST").token()).isEqualTo(held.token());
    }

    private Said take(ChildJvm process) {
        process.say("lock");
        return await(process, "HELD");
    }

    private void awaitWaiters(int waiters) {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            first.say("waiters");
            return await(first, "WAITERS").token() == waiters;
        });
    }

    private static Said await(ChildJvm process, String word) {
        return Said.parse(process.awaitLine(line -> line.startsWith(word), PATIENCE));
    }

    private static Said now() {
        return new Said(0, System.currentTimeMillis() * 1000);
    }

    /** What a process said, and when. Both processes read the clock of one machine. */
    private record Said(long token, long micros) {

        static Said parse(String line) {
            String[] words = line.split(" ", -1);
            String last = words[words.length - 1];
            boolean hasToken = words.length > 2 && words[1].chars().allMatch(Character::isDigit);
            return new Said(hasToken ? Long.parseLong(words[1]) : 0, Long.parseLong(last.substring(1)));
        }

        Duration after(Said earlier) {
            return Duration.ofNanos((micros - earlier.micros) * 1000);
        }
    }
}
