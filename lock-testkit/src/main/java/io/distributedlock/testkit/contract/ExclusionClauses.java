package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.testkit.HistoryChecker;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class ExclusionClauses extends Clauses {

    private static final int THREADS = 8;
    private static final int NAMES = 3;

    ExclusionClauses(LockBackendContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("keeps out everybody else while it is held")
    void excludes() {
        LockGrant grant = scene.grant(one, scene.claim());

        assertThat(scene.ask(one, scene.claim())).isEmpty();
        assertThat(scene.ask(two, scene.claim())).isEmpty();

        assertThat(scene.holderOf(name)).contains(grant.claim().holder());
    }

    @Test
    @DisplayName("does not keep out those who want another name")
    void namesAreIndependent() {
        scene.grant(one, scene.claim(name));
        scene.grant(two, scene.claim(name + "2"));
        scene.grant(one, scene.claim(name + "3"));
    }

    @Test
    @DisplayName("never has two holders, and tokens in the order of time, under real contention of two clients")
    void excludesUnderContention() {
        HistoryChecker history = new HistoryChecker();
        int sections = scene.fixture.criticalSections();
        AtomicInteger left = new AtomicInteger(sections);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CompletableFuture<?>[] workers = IntStream.range(0, THREADS)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> work(i, left, history), threads))
                    .toArray(CompletableFuture[]::new);
            scene.answer(
                    CompletableFuture.allOf(workers), scene.fixture.patience().multipliedBy(12));
        } finally {
            threads.shutdownNow();
        }

        history.verify();
        assertThat(history.size()).isEqualTo(sections);
    }

    private void work(int worker, AtomicInteger left, HistoryChecker history) {
        LockBackend backend = worker % 2 == 0 ? one : two;
        List<String> locks =
                IntStream.range(0, NAMES).mapToObj(i -> name + "-" + i).toList();
        for (int i = left.getAndDecrement(); i > 0; i = left.getAndDecrement()) {
            LockClaim claim = scene.claim(locks.get(i % NAMES)).withWaitTime(scene.longLease());
            LockGrant grant = scene.answer(scene.send(backend, claim), scene.longLease())
                    .orElseThrow(() -> new AssertionError("The whole wait time of " + claim.waitTime() + " was over"));
            history.held(grant, Thread::yield);
            assertThat(scene.release(backend, claim)).as("had the grant").isTrue();
        }
    }
}
