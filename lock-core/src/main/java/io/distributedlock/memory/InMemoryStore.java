package io.distributedlock.memory;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.distributedlock.LockInfo;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * The locks of one store. Every method is one step under the monitor that leaves each lock settled: a tenure that is over
 * is gone, and the first waiter has what is free.
 */
final class InMemoryStore {

    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final Map<String, InMemoryLock> locks = new HashMap<>();

    /** One for all names: tokens of a name keep growing although a free name is forgotten. */
    private long lastToken;

    InMemoryStore(ScheduledExecutorService timer, LongSupplier nanoTime, long lastToken) {
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.lastToken = lastToken;
    }

    CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim, InMemoryLockBackend client) {
        CompletableFuture<Optional<LockGrant>> answer = new CompletableFuture<>();
        Answers answers = new Answers();
        synchronized (this) {
            InMemoryLock lock = settled(claim.name(), answers);
            LockGrant granted = lock.grantOf(claim.holder());
            if (granted != null) {
                answers.add(answer, Optional.of(granted));
            } else if (lock.tenure == null) {
                answers.add(answer, Optional.of(grant(lock, claim)));
            } else if (claim.waitTime().isZero()) {
                answers.add(answer, Optional.empty());
            } else {
                Future<?> timeout = timer.schedule(
                        () -> timedOut(lock, claim, answer), claim.waitTime().toNanos(), NANOSECONDS);
                lock.queue
                        .computeIfAbsent(claim.holder(), holder -> new Waiter(claim, client))
                        .add(new Waiter.Ask(answer, timeout));
            }
            settle(lock, answers);
        }
        answers.give();
        return answer;
    }

    Renewal renew(LockGrant grant) {
        Answers answers = new Answers();
        Renewal renewal;
        synchronized (this) {
            InMemoryLock lock = settled(grant.claim().name(), answers);
            LockGrant held = lock.grantOf(grant.claim().holder());
            if (lock.tenure == null || held == null || held.token() != grant.token()) {
                renewal = new Renewal.NotHeld();
            } else {
                lock.tenure = lock.tenure.renewed(held, grant.claim(), nanoTime.getAsLong());
                LockGrant renewed = Objects.requireNonNull(lock.tenure.grant());
                renewal = new Renewal.Renewed(renewed.validFromNanos(), renewed.lease());
            }
            settle(lock, answers);
        }
        answers.give();
        return renewal;
    }

    boolean release(LockClaim claim, Duration keep) {
        Answers answers = new Answers();
        boolean held;
        synchronized (this) {
            InMemoryLock lock = settled(claim.name(), answers);
            held = lock.grantOf(claim.holder()) != null;
            if (held) {
                lock.tenure = keep.isZero() ? null : Tenure.kept(keep, nanoTime.getAsLong());
            }
            Waiter waiter = lock.queue.remove(claim.holder());
            if (waiter != null) {
                waiter.answer(Optional.empty(), answers);
            }
            settle(lock, answers);
        }
        answers.give();
        return held;
    }

    long forceRelease(String name) {
        Answers answers = new Answers();
        long token;
        synchronized (this) {
            InMemoryLock lock = settled(name, answers);
            lock.tenure = null;
            token = ++lastToken;
            settle(lock, answers);
        }
        answers.give();
        return token;
    }

    LockInfo inspect(String name) {
        Answers answers = new Answers();
        LockInfo info;
        synchronized (this) {
            info = settled(name, answers).describe();
        }
        answers.give();
        return info;
    }

    synchronized Set<String> names() {
        return Set.copyOf(locks.keySet());
    }

    /** Withdraws whatever a client still waits for. */
    void withdraw(InMemoryLockBackend client) {
        Answers answers = new Answers();
        synchronized (this) {
            for (InMemoryLock lock : List.copyOf(locks.values())) {
                lock.queue.values().removeIf(waiter -> {
                    boolean ours = waiter.client == client;
                    if (ours) {
                        waiter.answer(Optional.empty(), answers);
                    }
                    return ours;
                });
                settle(lock, answers);
            }
        }
        answers.give();
    }

    private void timedOut(InMemoryLock lock, LockClaim claim, CompletableFuture<Optional<LockGrant>> answer) {
        synchronized (this) {
            Waiter waiter = lock.queue.get(claim.holder());
            if (waiter != null) {
                waiter.timedOut(answer);
                if (waiter.hasGivenUp()) {
                    lock.queue.remove(claim.holder());
                }
            }
        }
        // Says nothing to an ask that was answered between the end of its wait time and this.
        answer.complete(Optional.empty());
    }

    private void alarm(InMemoryLock lock) {
        Answers answers = new Answers();
        synchronized (this) {
            lock.alarm = null;
            settle(lock, answers);
        }
        answers.give();
    }

    private InMemoryLock settled(String name, Answers answers) {
        InMemoryLock known = locks.get(name);
        if (known != null) {
            settle(known, answers);
        }
        return locks.getOrDefault(name, new InMemoryLock(name));
    }

    private void settle(InMemoryLock lock, Answers answers) {
        long now = nanoTime.getAsLong();
        if (lock.tenure != null && lock.tenure.isOver(now)) {
            lock.tenure = null;
        }
        if (lock.tenure == null && !lock.queue.isEmpty()) {
            Waiter first = lock.first();
            first.answer(Optional.of(grant(lock, first.claim)), answers);
        }
        if (lock.tenure == null) {
            lock.silence();
            locks.remove(lock.name, lock);
        } else {
            locks.put(lock.name, lock);
            wake(lock, lock.tenure.takenUntil(), now);
        }
    }

    private void wake(InMemoryLock lock, long at, long now) {
        if (lock.alarm != null && lock.alarm.at() - at > 0) {
            lock.silence();
        }
        // One that rings too early, because the lease was renewed, sets the next.
        if (lock.alarm == null) {
            Future<?> ringing = timer.schedule(() -> alarm(lock), at - now, NANOSECONDS);
            lock.alarm = new InMemoryLock.Alarm(at, ringing);
        }
    }

    private LockGrant grant(InMemoryLock lock, LockClaim claim) {
        Tenure tenure = Tenure.granted(claim, lastToken + 1, nanoTime.getAsLong());
        lastToken += claim.tokens();
        lock.tenure = tenure;
        return Objects.requireNonNull(tenure.grant());
    }
}
