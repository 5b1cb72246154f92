package io.distributedlock.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.HolderInfo;
import io.distributedlock.LockMode;
import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {

    /** It overflows after 20 seconds. */
    private final VirtualTime time = new VirtualTime(Long.MAX_VALUE - SECONDS.toNanos(20));

    private final InMemoryLockBackend store = new InMemoryLockBackend(time, time::nanoTime);

    @Test
    void tasksRunInTheOrderInWhichTheyAreDue() {
        List<String> run = new ArrayList<>();
        Future<?> late = time.schedule(() -> run.add("late"), 3, SECONDS);
        Future<?> early = time.schedule(
                () -> {
                    run.add("early");
                    return time.schedule(() -> run.add("next"), 1, SECONDS);
                },
                1,
                SECONDS);
        Future<?> cancelled = time.schedule(() -> run.add("cancelled"), 2, SECONDS);
        cancelled.cancel(false);

        time.advance(Duration.ofMillis(2999));
        assertThat(run).containsExactly("early", "next");
        assertThat(early).isDone();
        assertThat(late).isNotDone();

        time.advance(Duration.ofMillis(1));
        assertThat(run).containsExactly("early", "next", "late");
        assertThat(time.pending()).isZero();
    }

    @Test
    void aLeaseInMemoryEndsToTheNanosecond() {
        LockClaim holder = claim("holder", Duration.ZERO);
        LockClaim waiter = claim("waiter", Duration.ofSeconds(60));
        LockGrant grant = store.acquire(holder).join().orElseThrow();
        CompletableFuture<Optional<LockGrant>> waiting = store.acquire(waiter);

        time.advance(Duration.ofSeconds(30).minusNanos(1));
        assertThat(waiting).isNotDone();
        time.advance(Duration.ofNanos(1));

        assertThat(waiting).isDone();
        assertThat(waiting.join().orElseThrow().token()).isGreaterThan(grant.token());
        assertThat(waiting.join().orElseThrow().validFromNanos()).isEqualTo(time.nanoTime());
        assertThat(store.renew(List.of(grant)).join()).containsExactly(new Renewal.NotHeld());
    }

    @Test
    void aRenewedLeaseInMemoryEndsLater() {
        LockGrant grant = store.acquire(claim("holder", Duration.ZERO)).join().orElseThrow();
        CompletableFuture<Optional<LockGrant>> waiting = store.acquire(claim("waiter", Duration.ofSeconds(60)));
        time.advance(Duration.ofSeconds(20));

        assertThat(store.renew(List.of(grant)).join())
                .containsExactly(new Renewal.Renewed(time.nanoTime(), Duration.ofSeconds(30)));

        time.advance(Duration.ofSeconds(30).minusNanos(1));
        assertThat(waiting).isNotDone();
        time.advance(Duration.ofNanos(1));
        assertThat(waiting).isCompletedWithValueMatching(Optional::isPresent);
    }

    @Test
    void aWaitInMemoryEndsInTimeAndNothingIsLeft() {
        LockClaim holder = claim("holder", Duration.ZERO);
        store.acquire(holder).join();
        CompletableFuture<Optional<LockGrant>> waiting = store.acquire(claim("waiter", Duration.ofSeconds(5)));

        time.advance(Duration.ofSeconds(5).minusNanos(1));
        assertThat(waiting).isNotDone();
        time.advance(Duration.ofNanos(1));
        assertThat(waiting).isCompletedWithValueMatching(Optional::isEmpty);

        assertThat(store.release(holder, Duration.ZERO).join()).isTrue();
        assertThat(store.names()).isEmpty();
        assertThat(time.pending()).as("timers").isZero();
    }

    @Test
    void aKeptNameGoesToTheWaiterEarlierThanTheLeaseWouldHave() {
        LockClaim holder = claim("holder", Duration.ZERO);
        store.acquire(holder).join();
        CompletableFuture<Optional<LockGrant>> waiting = store.acquire(claim("waiter", Duration.ofSeconds(60)));

        store.release(holder, Duration.ofSeconds(10)).join();

        time.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(waiting).isNotDone();
        time.advance(Duration.ofNanos(1));
        assertThat(waiting).isCompletedWithValueMatching(Optional::isPresent);
    }

    private static LockClaim claim(String holder, Duration waitTime) {
        Duration lease = Duration.ofSeconds(30);
        HolderInfo info = new HolderInfo("test", "test", "main");
        return new LockClaim(
                "order:42", holder, LockMode.EXCLUSIVE, 0, lease, Duration.ZERO, Duration.ZERO, waitTime, 1, info);
    }
}
