package io.distributedlock.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.Locking;
import io.distributedlock.annotation.DistributedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import kotlin.coroutines.EmptyCoroutineContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.ReflectionUtils;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;

/** A thread that worked for a call knows nothing of it afterwards, and what it worked for before again. */
class AsyncCallTests {

    static class Orders {

        @DistributedLock("order")
        public CompletableFuture<String> ship() {
            return CompletableFuture.completedFuture("shipped");
        }
    }

    /** What a thread works for, for all who ask. */
    private record Present(
            @Nullable AsyncCall call,
            @Nullable CallUnderLock innermost,
            @Nullable Lease lease) {

        static Present of(LockManager locks) {
            return new Present(
                    AsyncCall.current(),
                    CallUnderLock.innermost(),
                    locks.current().orElse(null));
        }
    }

    private record Held(AsyncCall call, CallUnderLock under, Lease lease) {

        Present present() {
            return new Present(call, under, lease);
        }

        void end() {
            under.end();
            lease.release();
        }
    }

    private record Fixture(LockManager locks, LockedMethod method) {

        /** A call that has the lock of this name. */
        Held call(String name) {
            AsyncCall call = AsyncCall.start(locks, List.of(LockRequest.of(name)));
            List<Lease> leases = call.granted().join().leases();
            return new Held(call, call.hold(method, leases), leases.get(0));
        }

        Present present() {
            return Present.of(locks);
        }
    }

    private static final Present NOTHING = new Present(null, null, null);

    private static void with(Consumer<Fixture> test) {
        Locking.application(Orders.class).run(context -> {
            LockedMethod method = context.getBean(LockedMethods.class)
                    .of(Objects.requireNonNull(ReflectionUtils.findMethod(Orders.class, "ship")), Orders.class);
            test.accept(new Fixture(context.getBean(LockManager.class), Objects.requireNonNull(method)));
            assertThat(AsyncCall.current()).isNull();
            assertThat(CallUnderLock.innermost()).isNull();
        });
    }

    @Test
    void isKnownToItsThreadFromEnteringToClosing() {
        with(at -> {
            Held call = at.call("a");
            assertThat(at.present()).isEqualTo(NOTHING);
            try (AsyncCall.Scope scope = call.call().enter()) {
                assertThat(at.present()).isEqualTo(call.present());
            }
            assertThat(at.present()).isEqualTo(NOTHING);
            call.end();
        });
    }

    @Test
    void isNestedInAnyOrderOfEnteringAndLeaving() {
        with(at -> {
            Held a = at.call("a");
            Held b = at.call("b");
            try (AsyncCall.Scope inA = a.call().enter()) {
                try (AsyncCall.Scope notOfB = b.call().leave()) {
                    assertThat(at.present()).isEqualTo(a.present());
                }
                try (AsyncCall.Scope inB = b.call().enter()) {
                    assertThat(at.present()).isEqualTo(b.present());
                    try (AsyncCall.Scope outOfB = b.call().leave()) {
                        assertThat(at.present()).isEqualTo(a.present());
                        try (AsyncCall.Scope inBAgain = b.call().enter()) {
                            assertThat(at.present()).isEqualTo(b.present());
                        }
                        assertThat(at.present()).isEqualTo(a.present());
                    }
                    assertThat(at.present()).isEqualTo(b.present());
                }
                assertThat(at.present()).isEqualTo(a.present());
                try (AsyncCall.Scope outOfA = a.call().leave()) {
                    assertThat(at.present()).isEqualTo(NOTHING);
                }
                assertThat(at.present()).isEqualTo(a.present());
            }
            a.end();
            b.end();
        });
    }

    @Test
    void whatACarrierSetsInsideOfAScopeIsOverWithIt() {
        with(at -> {
            Held a = at.call("a");
            Held b = at.call("b");
            try (AsyncCall.Scope inA = a.call().enter()) {
                AsyncCall.setCurrent(b.call());
                assertThat(at.present()).isEqualTo(b.present());
                AsyncCall.setCurrent(null);
                assertThat(at.present()).isEqualTo(NOTHING);
                AsyncCall.setCurrent(a.call());
                assertThat(at.present()).isEqualTo(a.present());
                AsyncCall.setCurrent(b.call());
            }
            assertThat(at.present()).isEqualTo(NOTHING);
            a.end();
            b.end();
        });
    }

    @Test
    void whatACarrierSetsOnAThreadOfNoCallIsTakenBack() {
        with(at -> {
            Held a = at.call("a");
            Held b = at.call("b");
            AsyncCall.setCurrent(a.call());
            AsyncCall.setCurrent(b.call());
            assertThat(at.present()).isEqualTo(b.present());
            AsyncCall.setCurrent(a.call());
            assertThat(at.present()).isEqualTo(a.present());
            AsyncCall.setCurrent(null);
            assertThat(at.present()).isEqualTo(NOTHING);
            a.end();
            b.end();
        });
    }

    @Test
    void theThreadOfACoroutineWorksForItOnlyWhileThatRuns() {
        with(at -> {
            Held call = at.call("a");
            Held before = at.call("b");
            CoroutineElement element = new CoroutineElement(call.call());
            AsyncCall.setCurrent(before.call());
            AsyncCall restored = element.updateThreadContext(EmptyCoroutineContext.INSTANCE);
            assertThat(at.present()).isEqualTo(call.present());
            element.restoreThreadContext(EmptyCoroutineContext.INSTANCE, restored);
            assertThat(at.present()).isEqualTo(before.present());
            AsyncCall.setCurrent(null);

            restored = element.updateThreadContext(EmptyCoroutineContext.INSTANCE);
            element.restoreThreadContext(EmptyCoroutineContext.INSTANCE, restored);
            assertThat(at.present()).isEqualTo(NOTHING);
            call.end();
            before.end();
        });
    }

    private static int depth(@Nullable Object call) {
        int depth = 0;
        for (Object around = call; around != null; around = ReflectionTestUtils.getField(around, "outer")) {
            depth++;
        }
        return depth;
    }

    @Test
    void aChainOfCallsThatStartEachOtherBeforeTheyEndDoesNotGrow() {
        with(at -> {
            Held last = at.call("a");
            for (int i = 0; i < 100; i++) {
                Held next;
                try (AsyncCall.Scope scope = last.call().enter()) {
                    next = at.call("a");
                }
                last.end();
                last = next;
            }
            assertThat(depth(last.under())).isLessThan(4);
            last.end();
        });
    }

    /** Notes what the subscriber's thread works for at each signal. */
    private static final class Noting extends BaseSubscriber<String> {

        final List<Present> present = new ArrayList<>();
        private final LockManager locks;

        Noting(LockManager locks) {
            this.locks = locks;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            present.add(Present.of(locks));
        }

        @Override
        protected void hookOnNext(String next) {
            present.add(Present.of(locks));
        }

        @Override
        protected void hookOnComplete() {
            present.add(Present.of(locks));
        }

        @Override
        protected void hookOnError(Throwable failure) {
            present.add(Present.of(locks));
        }

        @Override
        protected void hookFinally(SignalType end) {
            present.add(Present.of(locks));
        }
    }

    @Test
    void aStreamOfACallWorksForItAndItsSubscriberDoesNot() {
        with(at -> {
            Held call = at.call("a");
            List<Present> above = new ArrayList<>();
            Flux<String> work = Flux.<String>create(sink -> {
                above.add(at.present());
                sink.onRequest(count -> {
                    above.add(at.present());
                    sink.next("a");
                    sink.complete();
                });
            });
            Noting subscriber = new Noting(at.locks());
            new FluxOfCall<>(work, call.call()).subscribe(subscriber);
            subscriber.request(1);
            assertThat(above).hasSize(2).containsOnly(call.present());
            assertThat(subscriber.present).hasSize(4).containsOnly(NOTHING);

            Noting told = new Noting(at.locks());
            new FluxOfCall<>(Flux.<String>error(new IllegalStateException("no stock")), call.call()).subscribe(told);
            assertThat(told.present).hasSize(3).containsOnly(NOTHING);
            call.end();
        });
    }
}
