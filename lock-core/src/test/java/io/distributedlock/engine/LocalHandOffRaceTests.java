package io.distributedlock.engine;

import io.distributedlock.LockInfo;
import io.distributedlock.ReleaseOutcome;
import io.distributedlock.memory.InMemoryLockBackend;
import io.distributedlock.spi.Renewal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Callers of one lock at the same time, in thousands of interleavings that Lincheck chooses and repeats: at each shared
 * read and write, and at each monitor, another thread may go on.
 */
@Tag("interleavings")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LocalHandOffRaceTests {

    private static final int INVOCATIONS = Integer.getInteger("lincheck.invocations", 120);

    /** One run: the store, the instances, and whoever got the lock, in order. */
    private static final class Race {

        private final FrozenTime time = new FrozenTime();
        private final InMemoryLockBackend store = new InMemoryLockBackend(time, () -> 0);
        private final List<RacingInstance> instances = new ArrayList<>();
        private final List<ActiveLease> granted = new ArrayList<>();

        RacingInstance instance(int handOffs) {
            RacingInstance instance = new RacingInstance(store.anotherClient(), time, handOffs);
            instances.add(instance);
            return instance;
        }

        /** A caller who works for no time at all. */
        CompletableFuture<ActiveLease> call(RacingInstance instance) {
            return work(instance.enter());
        }

        CompletableFuture<ActiveLease> work(Waiter waiter) {
            return waiter.result().thenApply(lease -> {
                hold(lease);
                lease.closeHandle();
                return lease;
            });
        }

        synchronized ActiveLease hold(ActiveLease lease) {
            for (ActiveLease before : granted) {
                if (before.isOpen()) {
                    throw new AssertionError("two holders");
                }
                if (before.token() >= lease.token()) {
                    throw new AssertionError("token " + lease.token() + " after " + before.token());
                }
            }
            granted.add(lease);
            return lease;
        }

        void nothingIsLeft() {
            for (RacingInstance instance : instances) {
                require(instance.queueCount() == 0, "a queue is left");
                require(instance.leaseCount() == 0, "a lease is left");
            }
            require(store.names().isEmpty(), "the store still knows the lock");
        }

        void isHeldInStore(ActiveLease lease) {
            LockInfo info = store.inspect(RacingInstance.NAME).join();
            require(
                    info.holders().size() == 1
                            && info.holders()
                                    .get(0)
                                    .holder()
                                    .equals(lease.grant().claim().holder()),
                    "believes in a lease that the store gave to another");
        }
    }

    private static void require(boolean condition, String failure) {
        if (!condition) {
            throw new AssertionError(failure);
        }
    }

    private static void atOnce(Runnable... actions) {
        List<Thread> threads = new ArrayList<>();
        for (Runnable action : actions) {
            Thread thread = new Thread(action);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void served(CompletableFuture<ActiveLease> call) {
        require(call.isDone() && !call.isCompletedExceptionally(), "a caller was forgotten, or failed");
    }

    /** First without Lincheck: it allows a run 30 s, which a busy machine should not spend on loading classes. */
    private static void inManyInterleavings(Runnable race) {
        race.run();
        Lincheck.runConcurrentTest(INVOCATIONS, race);
    }

    @Test
    void eachCallerIsServedOnce() {
        inManyInterleavings(() -> {
            Race race = new Race();
            RacingInstance here = race.instance(1);
            List<CompletableFuture<ActiveLease>> calls = new ArrayList<>();
            Runnable call = () -> {
                CompletableFuture<ActiveLease> made = race.call(here);
                synchronized (calls) {
                    calls.add(made);
                }
            };
            atOnce(call, call, call);
            calls.forEach(LocalHandOffRaceTests::served);
            race.nothingIsLeft();
        });
    }

    @Test
    void twoInstancesShareALock() {
        inManyInterleavings(() -> {
            Race race = new Race();
            RacingInstance here = race.instance(8);
            RacingInstance there = race.instance(0);
            CompletableFuture<ActiveLease> first = new CompletableFuture<>();
            Waiter holder = here.enter();
            Waiter second = here.enter();
            race.hold(holder.result().join());
            CompletableFuture<ActiveLease> served = race.work(second);
            atOnce(
                    () -> holder.result().join().closeHandle(),
                    () -> race.call(there).thenAccept(first::complete));
            served(served);
            served(first);
            race.nothingIsLeft();
        });
    }

    @Test
    void whoLeavesIsPassedOver() {
        inManyInterleavings(() -> {
            Race race = new Race();
            RacingInstance here = race.instance(8);
            ActiveLease held = race.hold(here.enter().result().join());
            Waiter leaving = here.enter();
            CompletableFuture<ActiveLease> left = race.work(leaving);
            CompletableFuture<ActiveLease> last = race.call(here);
            boolean[] cancelled = new boolean[1];
            atOnce(held::closeHandle, () -> cancelled[0] = leaving.cancel());
            require(cancelled[0] == left.isCompletedExceptionally(), "cancelled and granted");
            served(last);
            race.nothingIsLeft();
        });
    }

    @Test
    void aGrantThatTheStoreDeniesIsNotBelieved() {
        inManyInterleavings(() -> {
            Race race = new Race();
            RacingInstance here = race.instance(8);
            ActiveLease held = race.hold(here.enter().result().join());
            Waiter next = here.enter();
            atOnce(held::closeHandle, () -> {
                race.store.forceRelease(RacingInstance.NAME);
                held.latest().renewalAnswered(new Renewal.NotHeld(), here.now(), here.now());
            });
            ActiveLease lease = next.result().join();
            if (lease.isOpen()) {
                race.isHeldInStore(lease);
            }
            lease.closeHandle();
            race.nothingIsLeft();
        });
    }

    @Test
    void theWatchdogLeavesAReleaseToItsCaller() {
        inManyInterleavings(() -> {
            Race race = new Race();
            RacingInstance here = race.instance(8);
            ActiveLease held = race.hold(here.enter().result().join());
            ReleaseOutcome[] outcome = new ReleaseOutcome[1];
            atOnce(
                    () -> outcome[0] = held.closeHandle().getNow(ReleaseOutcome.UNKNOWN),
                    () -> held.endLingering(here.now()));
            require(outcome[0] == ReleaseOutcome.RELEASED, "a release that went well was reported as something else");
            race.nothingIsLeft();
        });
    }

    @Test
    void whoComesAndGoesLeavesNothing() {
        inManyInterleavings(() -> {
            Race race = new Race();
            RacingInstance here = race.instance(8);
            Runnable comeAndGo = () -> {
                Waiter waiter = here.enter();
                waiter.giveUp();
            };
            atOnce(comeAndGo, comeAndGo);
            race.nothingIsLeft();
        });
    }
}
