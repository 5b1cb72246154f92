package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.LossReason;
import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Fencing;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.annotation.OnContention;
import io.distributedlock.annotation.OnLoss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** A lock of a method that answers a stream is held from the grant to the end of each subscription. */
class ReactiveCallTests {

    private static final Duration SOON = Duration.ofSeconds(5);

    static class Orders {

        final Sinks.One<String> one = Sinks.one();
        final Sinks.Many<String> many = Sinks.many().multicast().onBackpressureBuffer();
        final AtomicInteger calls = new AtomicInteger();
        final AtomicInteger cancelled = new AtomicInteger();

        @Autowired
        LockManager locks;

        @Autowired
        Stock stock;

        Sinks.One<String> one() {
            return one;
        }

        Sinks.Many<String> many() {
            return many;
        }

        int calls() {
            return calls.get();
        }

        int cancelled() {
            return cancelled.get();
        }

        private void called() {
            assertThat(locks.current("order:1")).isPresent();
            calls.incrementAndGet();
        }

        @DistributedLock("order:#{#id}")
        public Mono<String> ship(long id) {
            called();
            return one.asMono().doOnCancel(cancelled::incrementAndGet);
        }

        @DistributedLock("order:1")
        public Flux<String> events() {
            called();
            return many.asFlux().doOnCancel(cancelled::incrementAndGet);
        }

        @DistributedLock("order:1")
        public Publisher<String> plain() {
            called();
            return Flux.just("a", "b");
        }

        @DistributedLock(value = "order:1", waitTime = "1h")
        public Mono<String> patient() {
            called();
            return Mono.just("shipped");
        }

        @DistributedLock("order:1")
        public Mono<String> throwing() {
            throw new IllegalArgumentException("no such order");
        }

        @DistributedLock("order:1")
        public Mono<String> current() {
            return Mono.fromCallable(() -> locks.current("order:1")
                    .map(lease -> "token " + lease.fencingToken())
                    .orElse("none"));
        }

        @DistributedLock("order:1")
        public Mono<String> reentering() {
            return Mono.delay(Duration.ofMillis(1)).flatMap(later -> stock.reserve());
        }

        @DistributedLock(value = "order:1", onContention = OnContention.SKIP)
        public Flux<String> skipping() {
            return Flux.just("ran");
        }

        @DistributedLock(value = "order:1", onContention = OnContention.FALLBACK, fallback = "busy")
        public Mono<String> falling() {
            return Mono.just("ran");
        }

        Mono<String> busy(LockNotAcquiredException cause) {
            return Mono.just("busy: " + cause.lockName());
        }

        @DistributedLock(value = "order:1", maxHoldTime = "200ms")
        public Mono<String> bounded() {
            called();
            return one.asMono();
        }

        @DistributedLock(value = "order:1", maxHoldTime = "2s") // enough for a first element on any machine
        public Flux<String> boundedEvents() {
            called();
            return many.asFlux().doOnCancel(cancelled::incrementAndGet);
        }

        @DistributedLock(value = "order:1", maxHoldTime = "200ms", onLoss = OnLoss.INTERRUPT)
        public Flux<String> interruptible() {
            return Flux.<String>never().doOnCancel(cancelled::incrementAndGet);
        }

        @DistributedLock(value = "order:1", maxHoldTime = "200ms", onLoss = OnLoss.IGNORE)
        public Flux<String> careless() {
            called();
            return many.asFlux();
        }

        @DistributedLock(value = "order:1", guarantee = Guarantee.CORRECTNESS, fencing = Fencing.MANUAL)
        public Mono<String> fencing() {
            return Mono.just("not fenced");
        }
    }

    static class Stock {

        @Autowired
        LockManager locks;

        @DistributedLock("order:1")
        public Mono<String> reserve() {
            return Mono.fromCallable(
                    () -> "token " + locks.current("order:1").orElseThrow().fencingToken());
        }
    }

    private record Fixture(Orders orders, LockManager locks) {

        boolean isFree() {
            return Locking.isFree("order:1", locks);
        }

        void awaitCalls(int calls) {
            await().until(() -> orders.calls() == calls);
        }

        void awaitLoss() {
            await().until(() -> locks.held().isEmpty());
        }

        void awaitFree() {
            await().until(this::isFree);
        }
    }

    private static void with(Consumer<Fixture> test) {
        Locking.application(Orders.class, Stock.class)
                .run(context ->
                        test.accept(new Fixture(context.getBean(Orders.class), context.getBean(LockManager.class))));
    }

    @Test
    void aMonoHoldsItsLockFromTheGrantUntilItIsDone() {
        with(at -> {
            Mono<String> answer = at.orders().ship(1);
            assertThat(at.isFree()).isTrue();
            assertThat(at.orders().calls()).isZero();

            StepVerifier.create(answer.map(shipped -> shipped + at.isFree()))
                    .then(() -> at.awaitCalls(1))
                    .then(() -> assertThat(at.isFree()).isFalse())
                    .then(() -> at.orders().one().tryEmitValue("shipped "))
                    .expectNext("shipped true")
                    .expectComplete()
                    .verify(SOON);
        });
    }

    @Test
    void aFluxHoldsItsLockUntilItEndsAndNotOnlyToItsFirstElement() {
        with(at -> {
            StepVerifier.create(at.orders().events().map(event -> event + at.isFree()))
                    .then(() -> at.awaitCalls(1))
                    .then(() -> at.orders().many().tryEmitNext("a "))
                    .expectNext("a false")
                    .then(() -> at.orders().many().tryEmitComplete())
                    .expectComplete()
                    .verify(SOON);
            assertThat(at.isFree()).isTrue();
            StepVerifier.create(at.orders().plain()).expectNext("a", "b").verifyComplete();
        });
    }

    @Test
    void subscribingTwiceIsTwoCallsWithAClaimEach() {
        with(at -> {
            Mono<String> answer = at.orders().ship(1);
            StepVerifier.create(answer)
                    .then(() -> at.awaitCalls(1))
                    .then(() -> StepVerifier.create(answer)
                            .expectError(LockNotAcquiredException.class)
                            .verify(SOON))
                    .then(() -> at.orders().one().tryEmitValue("shipped"))
                    .expectNext("shipped")
                    .expectComplete()
                    .verify(SOON);
            StepVerifier.create(answer).expectNext("shipped").expectComplete().verify(SOON);
            assertThat(at.orders().calls()).isEqualTo(2);
        });
    }

    @Test
    void failsAsTheWorkFails() {
        with(at -> {
            StepVerifier.create(at.orders().throwing())
                    .expectErrorMessage("no such order")
                    .verify(SOON);
            at.orders().one().tryEmitError(new IllegalStateException("no stock"));
            StepVerifier.create(at.orders().ship(1))
                    .expectErrorMessage("no stock")
                    .verify(SOON);
            assertThat(at.isFree()).isTrue();
        });
    }

    @Test
    void saysByTheStreamThatTheLockWasNotToBeHad() {
        with(at -> {
            Lease other = Locking.anotherHolderOf("order:1", at.locks());
            StepVerifier.create(at.orders().ship(1))
                    .expectError(LockNotAcquiredException.class)
                    .verify(SOON);
            StepVerifier.create(at.orders().skipping()).expectComplete().verify(SOON);
            StepVerifier.create(at.orders().falling())
                    .expectNext("busy: order:1")
                    .expectComplete()
                    .verify(SOON);
            other.close();
        });
    }

    @Test
    void withdrawsItsClaimWhenItsSubscriberLeavesBeforeTheGrant() {
        with(at -> {
            Lease other = Locking.anotherHolderOf("order:1", at.locks());
            Disposable subscriber = at.orders().patient().subscribe();
            assertThat(at.locks().waiting()).containsKey("order:1");
            subscriber.dispose();
            assertThat(at.locks().waiting()).isEmpty();
            other.close();
            assertThat(at.orders().calls()).isZero();
            assertThat(at.isFree()).isTrue();
        });
    }

    @Test
    void givesTheLockBackWhenItsSubscriberLeaves() {
        with(at -> {
            Disposable subscriber = at.orders().events().subscribe();
            at.awaitCalls(1);
            subscriber.dispose();
            assertThat(at.orders().cancelled()).isEqualTo(1);
            at.awaitFree();
            assertThat(Flux.from(at.orders().plain()).blockFirst(SOON)).isEqualTo("a");
            at.awaitFree();
        });
    }

    @Test
    void leavesNothingBehindWheneverItsSubscriberLeaves() {
        with(at -> {
            for (int i = 0; i < 2_000; i++) {
                Disposable subscriber = at.orders().ship(1).onErrorComplete().subscribe();
                int spins = ThreadLocalRandom.current().nextInt(20_000);
                for (int spin = 0; spin < spins; spin++) {
                    Thread.onSpinWait();
                }
                subscriber.dispose();
            }
            await().untilAsserted(() -> assertThat(at.locks().held()).isEmpty());
            assertThat(at.locks().waiting()).isEmpty();
            assertThat(at.isFree()).isTrue();
        });
    }

    @Test
    void isReEnteredThroughTheContextOfTheStream() {
        with(at -> {
            StepVerifier.create(at.orders().reentering())
                    .expectNextMatches(answer -> answer.startsWith("token "))
                    .expectComplete()
                    .verify(SOON);
            assertThat(at.isFree()).isTrue();
        });
    }

    @Test
    void isReEnteredByWhatTheSubscribingThreadHolds() {
        with(at -> {
            try (Lease outer = at.locks().acquire(LockRequest.of("order:1"))) {
                assertThat(at.orders().current().block(SOON)).isEqualTo("token " + outer.fencingToken());
                assertThat(outer.isHeld()).isTrue();
            }
        });
    }

    @Test
    void isCurrentForTheWorkAndNotForItsSubscriber() {
        with(at -> {
            List<Boolean> downstream = new ArrayList<>();
            StepVerifier.create(at.orders()
                            .current()
                            .doOnNext(next ->
                                    downstream.add(at.locks().current("order:1").isPresent())))
                    .expectNextMatches(answer -> answer.startsWith("token "))
                    .expectComplete()
                    .verify(SOON);
            StepVerifier.create(Flux.from(at.orders().plain())
                            .doOnNext(next ->
                                    downstream.add(at.locks().current("order:1").isPresent())))
                    .expectNextCount(2)
                    .expectComplete()
                    .verify(SOON);
            assertThat(downstream).containsExactly(false, false, false);
        });
    }

    @Test
    void failsAtTheEndWhenTheLockWasLost() {
        with(at -> StepVerifier.create(at.orders().bounded())
                .then(() -> at.awaitCalls(1))
                .then(at::awaitLoss)
                .then(() -> at.orders().one().tryEmitValue("shipped"))
                .expectErrorSatisfies(thrown -> assertThat(thrown)
                        .isInstanceOfSatisfying(
                                LockLostException.class,
                                lost -> assertThat(lost.reason()).isEqualTo(LossReason.MAX_HOLD_TIME))
                        .hasMessageContaining("had completed by then"))
                .verify(SOON));
    }

    @Test
    void aFluxPassesOnNothingOfAfterTheLoss() {
        with(at -> StepVerifier.create(at.orders().boundedEvents())
                .then(() -> at.awaitCalls(1))
                .then(() -> at.orders().many().tryEmitNext("a"))
                .expectNext("a")
                .then(at::awaitLoss)
                .then(() -> at.orders().many().tryEmitNext("b"))
                .expectError(LockLostException.class)
                .verify(SOON));
    }

    @Test
    void aFluxThatNeverEndsIsEndedAtOnceWhenALossInterrupts() {
        with(at -> {
            StepVerifier.create(at.orders().interruptible())
                    .expectErrorSatisfies(thrown -> assertThat(thrown)
                            .isInstanceOf(LockLostException.class)
                            .hasMessageContaining("was interrupted for that"))
                    .verify(SOON);
            assertThat(at.orders().cancelled()).isEqualTo(1);
            at.awaitFree();
        });
    }

    @Test
    void doesNotMindALossThatIsIgnored() {
        with(at -> StepVerifier.create(at.orders().careless())
                .then(() -> at.awaitCalls(1))
                .then(at::awaitLoss)
                .then(() -> at.orders().many().tryEmitNext("b"))
                .expectNext("b")
                .then(() -> at.orders().many().tryEmitComplete())
                .expectComplete()
                .verify(SOON));
    }

    @Test
    void letsTheExceptionOfTheWorkWinOverALoss() {
        with(at -> StepVerifier.create(at.orders().bounded())
                .then(() -> at.awaitCalls(1))
                .then(at::awaitLoss)
                .then(() -> at.orders().one().tryEmitError(new IllegalStateException("no stock")))
                .expectErrorSatisfies(thrown -> {
                    assertThat(thrown).hasMessage("no stock");
                    assertThat(thrown.getSuppressed()).hasAtLeastOneElementOfType(LockLostException.class);
                })
                .verify(SOON));
    }

    @Test
    void hasToHaveFencedWhatItPromisedToFence() {
        with(at -> StepVerifier.create(at.orders().fencing())
                .expectErrorSatisfies(thrown -> assertThat(thrown)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("has entered no fence"))
                .verify(SOON));
    }

    @Test
    void nobodyWhoCallsItIsBlocked() {
        with(at -> {
            Lease other = Locking.anotherHolderOf("order:1", at.locks());
            Flux.range(0, 200)
                    .flatMap(i -> at.orders().patient().subscribeOn(Schedulers.parallel()), 200)
                    .subscribe();
            await().untilAsserted(() -> assertThat(at.locks().waiting()).containsEntry("order:1", 200));
            other.close();
            at.awaitCalls(200);
            at.awaitFree();
        });
    }
}
