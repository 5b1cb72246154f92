package io.distributedlock.engine;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.ReleaseMode;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.engine.SwitchableBackend.Line;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a caller's thread is offered to the store")
class InPlaceTests extends EngineFixture {

    @Test
    void byACallerThatWaitsForTheLockAndForItsRelease() {
        engine.acquire(order).close();
        assertThat(backend.inPlace).containsExactly("acquire", "release");
    }

    @Test
    void notByOneThatHasAFuture() {
        engine.acquireAsync(order).join().close();
        assertThat(backend.requests).containsExactly("acquire", "release");
        assertThat(backend.inPlace).isEmpty();
    }

    @Test
    void onlyToSendForAReleaseThatIsNotWaitedFor() {
        try (LockEngine pipelining =
                LockEngine.builder(backend).release(ReleaseMode.PIPELINED).build(time.threads(), time.clock())) {
            pipelining.acquire(order).close();
            assertThat(backend.pipelined).isEqualTo(1);
            pipelining.acquireAsync(order).join().close();
        }
        assertThat(backend.pipelined).isEqualTo(1);
        assertThat(backend.inPlace).containsExactly("acquire");
    }

    @Test
    void notForAReleaseBehindWhichTheClaimOfOthersHasToFollow() {
        Lease held = engine.acquire(order);
        CompletableFuture<Lease> waiting = engine.acquireAsync(order.minHoldTime(ofMillis(1)));
        backend.inPlace.clear();

        held.close();

        assertThat(backend.inPlace).isEmpty();
        assertThat(backend.requests).containsExactly("acquire", "release", "acquire");
        waiting.join().close();
    }

    @Test
    void forAReleaseAndTheClaimOfThoseWhoWaitHereTogether() {
        Lease held = engine.acquire(order);
        CompletableFuture<Lease> waiting = engine.acquireAsync(order.minHoldTime(ofMillis(1)));

        held.close();

        assertThat(backend.successions).isEqualTo(1);
        assertThat(waiting).isCompleted();
        waiting.join().close();
    }

    @Test
    void inVainWhenTheStoreCannotDoBoth() {
        Lease held = engine.acquire(order);
        CompletableFuture<Lease> waiting = engine.acquireAsync(order.minHoldTime(ofMillis(1)));
        backend.refusesSuccessions = true;

        assertThat(held.release()).isEqualTo(ReleaseOutcome.RELEASED);

        time.pass(ofSeconds(1));
        assertThat(waiting).isCompleted();
        waiting.join().close();
    }

    @Test
    void notForRepetitions() {
        backend.line = Line.DOWN;
        CompletableFuture<Lease> asked = engine.acquireAsync(order);
        backend.line = Line.UP;
        time.pass(ofSeconds(1));
        asked.join();
        backend.line = Line.DOWN;
        CompletableFuture.runAsync(asked.join()::close, Runnable::run);
        backend.line = Line.UP;
        time.pass(ofSeconds(1));
        assertThat(backend.inPlace).isEmpty();
        assertThat(backend.requests).containsExactly("acquire", "acquire", "release", "release");
    }
}
