package io.distributedlock.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class TidinessClauses extends Clauses {

    /** So many locks are on their way at a time. */
    private static final int WINDOW = 100;

    TidinessClauses(LockBackendContract contract) {
        super(contract);
    }

    @Test
    @DisplayName("of locks that were released, however many names there were")
    void manyNames() {
        int names = scene.fixture.manyNames();
        for (int from = 0; from < names; from += WINDOW) {
            CompletableFuture<?>[] cycles = new CompletableFuture<?>[Math.min(WINDOW, names - from)];
            for (int i = 0; i < cycles.length; i++) {
                LockClaim claim = scene.claim(name + "-" + (from + i));
                cycles[i] = one.acquire(claim).thenCompose(grant -> {
                    assertThat(grant).isPresent();
                    return one.release(claim, Duration.ZERO);
                });
            }
            scene.answer(
                    CompletableFuture.allOf(cycles), scene.fixture.patience().multipliedBy(4));
        }

        scene.nothingIsLeft();
    }

    @Test
    @DisplayName("of a queue that timed out")
    void timedOutQueue() {
        Duration waitTime = Duration.ofSeconds(2);
        LockGrant grant = scene.grant(one, scene.claim());
        CompletableFuture<?>[] waiters = new CompletableFuture<?>[20];
        for (int i = 0; i < waiters.length; i++) {
            LockClaim waiter = scene.claim().withWaitTime(waitTime.plusMillis(10L * i));
            waiters[i] = (i % 2 == 0 ? one : two).acquire(waiter);
        }
        scene.answer(CompletableFuture.allOf(waiters), waitTime.plusSeconds(1).plus(scene.fixture.patience()));

        assertThat(scene.waiters(name)).isZero();
        scene.release(one, grant.claim());

        scene.nothingIsLeft();
    }

    @Test
    @DisplayName("of claims that were withdrawn")
    void withdrawnQueue() {
        LockGrant grant = scene.grant(one, scene.claim());
        for (int i = 0; i < 20; i++) {
            LockClaim waiter = scene.patient();
            CompletableFuture<?> waiting = (i % 2 == 0 ? one : two).acquire(waiter);
            scene.release(i % 2 == 0 ? one : two, waiter);
            scene.answer(waiting);
        }

        assertThat(scene.waiters(name)).isZero();
        scene.release(one, grant.claim());

        scene.nothingIsLeft();
    }

    @Test
    @DisplayName("of a holder that died")
    void deadHolder() throws Exception {
        scene.grant(one, scene.claim());

        scene.fixture.expire(name);

        scene.nothingIsLeft();
    }

    @Test
    @DisplayName("of a client that was closed while it waited")
    void closedClient() {
        LockGrant grant = scene.grant(one, scene.claim());
        for (int i = 0; i < 3; i++) {
            // Not remembered by the scene: a closed client takes nothing back.
            assertThat(two.acquire(scene.patient())).isNotDone();
        }

        two.close();

        assertThat(scene.release(one, grant.claim())).isTrue();
        scene.grant(one, scene.claim());
    }
}
