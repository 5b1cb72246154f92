package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockRequest;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.engine.LockEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class HandOffClauses extends ManagerClauses {

    HandOffClauses(LockManagerContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("is a new grant: a greater token, and the lease before is dead")
    void isANewGrant() throws Exception {
        Lease before = one.acquireAsync(both.request()).join();
        List<CompletableFuture<Lease>> waiting = IntStream.range(0, 3)
                .mapToObj(i -> one.acquireAsync(both.request()))
                .toList();
        for (CompletableFuture<Lease> next : waiting) {
            assertThat(next).isNotDone();
            before.release();
            Lease after = both.answer(next);

            assertThat(after.fencingToken()).isGreaterThan(before.fencingToken());
            assertThat(before.isHeld()).isFalse();
            assertThat(after.isHeld()).isTrue();
            assertThat(both.fixture.holderOf(name)).contains(after.holder());
            assertThat(two.tryAcquire(both.atOnce())).isEmpty();
            before = after;
        }
        before.release();
        both.nothingIsLeft();
    }

    @Test
    @DisplayName("gives the lock to another instance in its turn, however many of this one want it")
    void letsOthersHaveTheirTurn() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<Long> tokens = new ArrayList<>(); // guarded by the lock itself
        LockRequest patient = both.request().waitTime(both.fixture.patience().multipliedBy(4));
        List<CompletableFuture<Boolean>> crowd = IntStream.range(0, 8)
                .mapToObj(i -> both.elsewhere(() -> {
                    while (!enough.get()) {
                        one.withLock(
                                patient,
                                () -> tokens.add(one.current().orElseThrow().fencingToken()));
                    }
                    return true;
                }))
                .toList();
        try {
            for (int turn = 0; turn < 20; turn++) {
                both.answer(both.elsewhere(() -> {
                    two.withLock(
                            patient,
                            () -> tokens.add(two.current().orElseThrow().fencingToken()));
                    return true;
                }));
            }
        } finally {
            enough.set(true);
        }
        for (CompletableFuture<Boolean> one : crowd) {
            assertThat(both.answer(one)).isTrue();
        }

        assertThat(tokens).hasSizeGreaterThan(20).isSorted().doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("is never one of a grant that the store gave up: who waits gets another, when it is free again")
    void isNotOfALostGrant() throws Exception {
        Duration patient = both.fixture.patience().multipliedBy(4);
        try (LockEngine handingOn = both.handingOn()) {
            Lease first = handingOn.acquireAsync(both.shortLease()).join();
            CompletableFuture<Lease> elsewhere = two.acquireAsync(both.request().waitTime(patient));
            both.awaitWaiter();
            CompletableFuture<Lease> here =
                    handingOn.acquireAsync(both.request().waitTime(patient));

            both.fixture.expire(name);
            Lease between = both.answer(elsewhere);
            both.eventually(() -> assertThat(first.isHeld()).isFalse());
            assertThat(first.release()).isEqualTo(ReleaseOutcome.ALREADY_LOST);

            assertThat(here).isNotDone();
            assertThat(both.fixture.holderOf(name)).contains(between.holder());
            assertThat(between.fencingToken()).isGreaterThanOrEqualTo(both.firstTokenAfter(first));
            between.release();
            Lease after = both.answer(here);
            assertThat(after.fencingToken()).isGreaterThanOrEqualTo(both.firstTokenAfter(between));
            assertThat(both.fixture.holderOf(name)).contains(after.holder());
            after.release();
        }
        both.nothingIsLeft();
    }

    @Test
    @DisplayName("skips callers who gave up")
    void skipsWhoGaveUp() throws Exception {
        Lease first = one.acquireAsync(both.request()).join();
        CompletableFuture<Lease> leaving = one.acquireAsync(both.request());
        CompletableFuture<Lease> staying = one.acquireAsync(both.request());

        leaving.cancel(true);
        first.release();

        assertThat(both.answer(staying).isHeld()).isTrue();
        staying.join().release();
        both.nothingIsLeft();
    }
}
