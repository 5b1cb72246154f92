package io.distributedlock.engine;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LossReason;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a lock that others of this instance wait for")
class LocalHandOffTests extends EngineFixture {

    private List<CompletableFuture<Lease>> waiting(LockEngine where, int callers) {
        return IntStream.range(0, callers)
                .mapToObj(i -> where.acquireAsync(order))
                .toList();
    }

    private static long closed(CompletableFuture<Lease> waiting) {
        Lease lease = waiting.join();
        assertThat(lease.isHeld()).isTrue();
        lease.close();
        assertThat(lease.isHeld()).isFalse();
        return lease.fencingToken();
    }

    @Test
    void passesFromOneToTheNextInTheirOrderWithoutARequest() {
        Lease first = engine.acquire(order);
        List<CompletableFuture<Lease>> all = waiting(engine, 5);
        assertThat(first.release()).isEqualTo(ReleaseOutcome.RELEASED);
        List<Long> tokens = new ArrayList<>(List.of(first.fencingToken()));
        for (int i = 0; i < 5; i++) {
            assertThat(all.subList(i + 1, 5)).noneMatch(CompletableFuture::isDone);
            tokens.add(closed(all.get(i)));
        }
        assertThat(tokens).doesNotHaveDuplicates().isSorted();
        assertThat(backend.requests).containsExactly("acquire", "release");
    }

    @Test
    void costsTwoRequestsFor65Callers() {
        Lease first = engine.acquire(order);
        List<CompletableFuture<Lease>> all = waiting(engine, 129);
        first.close();
        List<Long> tokens = all.stream().map(LocalHandOffTests::closed).toList();
        assertThat(tokens).doesNotHaveDuplicates().isSorted();
        assertThat(backend.requests).containsExactly("acquire", "release", "acquire", "release");
    }

    @Test
    void isDeadInTheHandOfWhoHandedItOn() {
        Lease first = engine.acquire(order);
        CompletableFuture<Lease> waiting = engine.acquireAsync(order);
        first.close();
        Lease second = waiting.join();
        assertThat(first.isHeld()).isFalse();
        assertThat(first.remaining()).isZero();
        assertThat(first.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(second.isHeld()).isTrue();
        assertThat(second.fencingToken()).isGreaterThan(first.fencingToken());
        assertThat(engine.held())
                .singleElement()
                .satisfies(info -> assertThat(info.fencingToken()).isEqualTo(second.fencingToken()));
        second.close();
    }

    @Test
    void passesOnAsOftenAsItMayAndThenGoesBackToTheStore() {
        try (LockEngine twice = LockEngine.builder(backend).localHandOffs(2).build(time.threads(), time.clock())) {
            Lease first = twice.acquire(order);
            List<CompletableFuture<Lease>> all = waiting(twice, 5);
            first.close();
            all.forEach(LocalHandOffTests::closed);
            assertThat(backend.requests).containsExactly("acquire", "release", "acquire", "release");
            assertThat(backend.acquires).allMatch(claim -> claim.tokens() == 3);
        }
    }

    @Test
    void asksTheStoreForEachCallerWhenSwitchedOff() {
        try (LockEngine never = LockEngine.builder(backend).localHandOffs(0).build(time.threads(), time.clock())) {
            Lease first = never.acquire(order);
            List<CompletableFuture<Lease>> all = waiting(never, 2);
            first.close();
            all.forEach(LocalHandOffTests::closed);
            assertThat(backend.requests)
                    .containsExactly("acquire", "release", "acquire", "release", "acquire", "release");
        }
    }

    @Test
    void asksTheStoreForEachCallerWhenThatHasNoRangesOfTokens() {
        backend.ranges = false;
        Lease first = engine.acquire(order);
        List<CompletableFuture<Lease>> all = waiting(engine, 2);
        first.close();
        all.forEach(LocalHandOffTests::closed);
        assertThat(backend.acquires).hasSize(3).allMatch(claim -> claim.tokens() == 1);
    }

    @Test
    void goesToAnotherInstanceThatWaitsWhenItsTimeHereIsOver() {
        Lease first = engine.acquire(order);
        CompletableFuture<Lease> elsewhere = other.acquireAsync(order);
        CompletableFuture<Lease> here = engine.acquireAsync(order);
        time.pass(ofMillis(10));
        first.close();
        assertThat(here).isNotDone();
        closed(elsewhere);
        closed(here);
    }

    @Test
    void letsThoseWhoWaitTakeTheirPlaceInTheStoreWhenItsTimeHereIsOver() {
        Lease first = engine.acquire(order);
        CompletableFuture<Lease> here = engine.acquireAsync(order);
        time.pass(ofMillis(9));
        assertThat(backend.acquires).hasSize(1);
        time.pass(ofMillis(1));
        assertThat(backend.acquires).hasSize(2);
        CompletableFuture<Lease> elsewhere = other.acquireAsync(order);
        first.close();
        assertThat(elsewhere).isNotDone();
        closed(here);
        closed(elsewhere);
    }

    @Test
    void isNotHandedOnWhileOneOfThisInstanceStandsInTheStoresQueue() {
        Lease first = engine.acquire(order);
        CompletableFuture<Lease> second = engine.acquireAsync(order);
        CompletableFuture<Lease> third = engine.acquireAsync(order);
        time.pass(ofMillis(10));
        first.close();
        closed(second);
        closed(third);
        assertThat(backend.acquires).hasSize(2);
        assertThat(backend.releases).hasSize(2);
    }

    @Test
    void isNotHandedOnByWhoLostIt() {
        Lease first = engine.acquire(order);
        CompletableFuture<Lease> here = engine.acquireAsync(order.waitTime(Duration.ofMinutes(1)));
        store.forceRelease("order:42");
        time.pass(ofSeconds(5));
        assertThat(first.lost().toCompletableFuture()).isCompletedWithValue(LossReason.NOT_HELD);
        assertThat(first.release()).isEqualTo(ReleaseOutcome.ALREADY_LOST);
        assertThat(here.join().fencingToken()).isGreaterThan(first.fencingToken() + 64);
        closed(here);
    }

    @Test
    void isNotHandedOnWhenRenewalsFailAndLittleIsLeft() {
        try (LockEngine slow =
                LockEngine.builder(backend).localHandOffTime(ofSeconds(30)).build(time.threads(), time.clock())) {
            Lease first = slow.acquire(order);
            backend.line = SwitchableBackend.Line.DOWN;
            time.pass(ofSeconds(10));
            CompletableFuture<Lease> here = slow.acquireAsync(order);
            first.close();
            assertThat(here).isNotDone();
            backend.line = SwitchableBackend.Line.UP;
            time.pass(ofSeconds(1));
            closed(here);
            assertThat(backend.acquires).hasSizeGreaterThan(1);
        }
    }

    @Test
    void staysTakenForItsMinHoldTimeInTheStore() {
        Lease first = engine.acquire(order.minHoldTime(ofSeconds(2)));
        CompletableFuture<Lease> here = engine.acquireAsync(order);
        first.close();
        assertThat(here).isNotDone();
        time.pass(ofSeconds(2));
        closed(here);
    }

    @Test
    void staysTakenForItsMinHoldTimeByTheEngine() {
        backend.keeps = false;
        Lease first = engine.acquire(order.minHoldTime(ofSeconds(2)));
        CompletableFuture<Lease> here = engine.acquireAsync(order);
        first.close();
        assertThat(here).isNotDone();
        time.pass(ofSeconds(2));
        closed(here);
    }

    @Test
    void isClaimedAnewForOneWhoWantsToKeepItForAMinimumOfTime() {
        Lease first = engine.acquire(order);
        CompletableFuture<Lease> here = engine.acquireAsync(order.minHoldTime(ofSeconds(2)));
        first.close();
        assertThat(backend.acquires)
                .last()
                .satisfies(claim -> assertThat(claim.minHold()).isEqualTo(ofSeconds(2)));
        closed(here);
        time.pass(ofSeconds(2));
        assertThat(store.inspect("order:42").join().holders()).isEmpty();
    }

    @Test
    void isRenewedForOneWhoStaysAndWantsItForMuchLonger() {
        Lease first = engine.acquire(order.leaseTime(ofSeconds(1)));
        CompletableFuture<Lease> here = engine.acquireAsync(order.leaseTime(ofSeconds(30)));
        first.close();
        time.pass(ofMillis(19));
        assertThat(backend.renewals).isEmpty();
        time.pass(ofMillis(1));
        assertThat(backend.renewals).hasSize(1);
        assertThat(here.join().remaining()).isEqualTo(ofSeconds(27));
        closed(here);
    }

    @Test
    void isNotRenewedForThoseWhoAreGoneSoon() {
        for (int tenure = 0; tenure < 10; tenure++) {
            Lease first = engine.acquire(order.leaseTime(ofSeconds(1)));
            List<CompletableFuture<Lease>> all = waiting(engine, 5);
            first.close();
            all.forEach(here -> {
                time.pass(ofMillis(2));
                closed(here);
            });
        }
        assertThat(backend.acquires).hasSize(10);
        assertThat(backend.renewals).isEmpty();
    }

    @Test
    void isRenewedOnForWhoeverHasIt() {
        Lease first = engine.acquire(order);
        CompletableFuture<Lease> here = engine.acquireAsync(order);
        first.close();
        time.pass(ofSeconds(40));
        closed(here);
    }

    @Test
    void hasNoBoundOfTheOneBefore() {
        Lease first = engine.acquire(order.maxHoldTime(ofSeconds(1)));
        CompletableFuture<Lease> here = engine.acquireAsync(order);
        first.close();
        time.pass(ofSeconds(40));
        closed(here);
    }

    @Test
    void isHeldUpToTheBoundOfTheOneWhoHasIt() {
        Lease first = engine.acquire(order);
        CompletableFuture<Lease> here = engine.acquireAsync(order.maxHoldTime(ofSeconds(1)));
        first.close();
        time.pass(ofSeconds(1));
        assertThat(here.join().lost().toCompletableFuture()).isCompletedWithValue(LossReason.MAX_HOLD_TIME);
        here.join().close();
    }

    @Test
    void isLostByWhoeverHasItWhenTheStoreSaysNo() {
        CompletableFuture<List<Renewal>> answer = new CompletableFuture<>();
        backend.renewing = real -> answer;
        try (LockEngine slow =
                LockEngine.builder(backend).localHandOffTime(ofSeconds(30)).build(time.threads(), time.clock())) {
            Lease first = slow.acquire(order);
            time.pass(ofSeconds(5));
            CompletableFuture<Lease> here = slow.acquireAsync(order);
            first.close();
            assertThat(here.join().isHeld()).isTrue();
            answer.complete(List.of(new Renewal.NotHeld()));
            assertThat(here.join().isHeld()).isFalse();
            assertThat(here.join().lost().toCompletableFuture()).isCompletedWithValue(LossReason.NOT_HELD);
            here.join().close();
        }
        store.forceRelease("order:42").join();
    }

    @Test
    void isNotHandedToWhoHasLeft() {
        Lease first = engine.acquire(order);
        CompletableFuture<Lease> impatient = engine.acquireAsync(order.waitTime(ofMillis(5)));
        CompletableFuture<Lease> cancelled = engine.acquireAsync(order);
        CompletableFuture<Lease> patient = engine.acquireAsync(order);
        cancelled.cancel(true);
        time.pass(ofMillis(5));
        first.close();
        assertThat(impatient).isCompletedExceptionally();
        closed(patient);
        assertThat(backend.acquires).hasSize(1);
    }

    @Test
    void refusesOneWhoDoesNotWaitWithoutARequest() {
        try (Lease first = engine.acquire(order)) {
            assertThat(engine.tryAcquire(order.waitTime(ZERO).leaseTime(ofSeconds(1))))
                    .as("re-entry")
                    .isPresent()
                    .hasValueSatisfying(Lease::close);
            assertThat(engine.acquireAsync(order.waitTime(ZERO))).isCompletedExceptionally();
            assertThat(first.isHeld()).isTrue();
        }
        assertThat(backend.acquires).hasSize(1);
    }
}
