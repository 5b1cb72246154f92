package io.distributedlock.redis;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The claims of this client that wait for the store: sends what {@link WaitingClaim} decides, and brings it answers,
 * messages and the time.
 *
 * <p>A claim is known here before its request is sent, so that no message misses it. A claim that has ended stays known
 * for a while if the store may still know it: its release has to name what stands in the queue, and to leave a tombstone
 * when a request is unanswered.
 */
final class WaitingClaims implements Inbox.Listener {

    /** Later than a holder that lives renews: looking before that would be looking in vain. */
    private static final long MIN_JITTER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** So that the waiters of a lock whose holder died do not all come in the same millisecond. */
    private static final long MAX_JITTER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final LockScripts scripts;
    private final @Nullable Function<LockGrant, CompletableFuture<LockGrant>> acks;
    private final boolean inCluster;
    private final Route shared;
    private final Alarm alarm;
    private final Inbox inbox;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    WaitingClaims(LockScripts scripts, Servers servers, ScheduledExecutorService timer, Inbox.Source inboxes) {
        this.scripts = scripts;
        this.acks = servers.replicaAcks();
        this.inCluster = servers.isCluster();
        this.shared = servers;
        this.alarm = new Alarm(timer, this::check);
        this.inbox = inboxes.create(this);
    }

    CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim, Route route) {
        Entry mine = new Entry(claim, entries.get(claim.holder()));
        Entry known = entries.compute(
                claim.holder(), (holder, present) -> present == null || present.result.isDone() ? mine : present);
        if (known != mine) {
            return known.result;
        }
        if (!claim.waitTime().isZero()) {
            // First of all, because the inbox may open at any moment and set another time.
            mine.reminder.in(TimeUnit.NANOSECONDS.convert(claim.waitTime()));
        }
        if (claim.waitTime().isZero() || inbox.open()) {
            ask(mine, route);
        }
        return mine.result;
    }

    CompletableFuture<Boolean> release(LockClaim claim, Duration keep, Route route) {
        Entry entry = entries.get(claim.holder());
        if (entry == null) {
            return scripts.release(claim, null, keep, false, route);
        }
        entry.claim.end();
        entry.givenBack = true;
        boolean waiting = !entry.result.isDone();
        return scripts.release(claim, entry.stored, keep, entry.claim.isUnanswered(), shared)
                .whenComplete((had, error) -> {
                    if (waiting) {
                        finish(entry, Optional.empty());
                    }
                    if (error == null) {
                        entries.remove(claim.holder(), entry);
                    } else {
                        forgetLater(entry);
                    }
                });
    }

    private void ask(Entry entry, Route route) {
        if (entry.claim.ask()) {
            send(entry, route);
        }
    }

    private void send(Entry entry, Route route) {
        WaitingClaim claim = entry.claim;
        scripts.acquire(
                        claim.claim(),
                        entry.stored,
                        route,
                        () -> claim.sent(System.nanoTime()),
                        () -> claim.left(System.nanoTime()))
                .whenComplete((answer, error) -> {
                    take(
                            entry,
                            error == null
                                    ? claim.answered(answer, System.nanoTime())
                                    : claim.failed(Failures.cause(error)));
                    forget(entry);
                });
    }

    private void take(Entry entry, WaitingClaim.Step step) {
        if (step instanceof WaitingClaim.Step.Ask) {
            ask(entry, shared);
        } else if (step instanceof WaitingClaim.Step.AskLater later) {
            long jitter = ThreadLocalRandom.current().nextLong(MIN_JITTER_NANOS, MAX_JITTER_NANOS);
            entry.reminder.in(entry.claim.untilLook(later.nanos() + jitter, System.nanoTime()));
        } else if (step instanceof WaitingClaim.Step.Withdraw) {
            withdraw(entry);
        } else if (step instanceof WaitingClaim.Step.Finish finish) {
            believe(entry, finish.grant());
        } else if (step instanceof WaitingClaim.Step.Fail fail) {
            entry.reminder.end();
            entry.result.completeExceptionally(fail.cause());
        }
    }

    private void check() {
        long now = System.nanoTime();
        entries.values().forEach(entry -> {
            if (entry.reminder.hasCome(now)) {
                remind(entry, now);
            }
        });
    }

    private void remind(Entry entry, long now) {
        if (entry.result.isDone()) {
            entries.remove(entry.claim.claim().holder(), entry);
        } else {
            take(entry, entry.claim.timeCame(now));
        }
    }

    private void withdraw(Entry entry) {
        entry.reminder.end();
        scripts.release(entry.claim.claim(), entry.stored, Duration.ZERO, entry.claim.isUnanswered(), shared)
                .whenComplete((had, error) -> {
                    if (error == null) {
                        finish(entry, Optional.empty());
                    } else {
                        entry.result.completeExceptionally(Failures.cause(error));
                    }
                    forget(entry);
                });
    }

    /** Nobody is told of a grant that may be lost with its server, where that was asked for. */
    private void believe(Entry entry, Optional<LockGrant> grant) {
        if (grant.isEmpty() || acks == null) {
            finish(entry, grant);
            return;
        }
        entry.reminder.end();
        acks.apply(grant.get()).whenComplete((same, failure) -> {
            if (!entry.givenBack && failure == null) {
                finish(entry, grant);
            } else if (!entry.givenBack) {
                entry.result.completeExceptionally(Failures.cause(failure));
            }
            forget(entry);
        });
    }

    private void finish(Entry entry, Optional<LockGrant> grant) {
        entry.reminder.end();
        entry.result.complete(grant);
    }

    /** Nothing stays of a claim that has ended, but for a while of one that may still stand in the store, or come to it. */
    private void forget(Entry entry) {
        if (!entry.result.isDone()) {
            return;
        }
        if (entry.claim.isUnanswered() || entry.result.isCompletedExceptionally()) {
            forgetLater(entry);
        } else {
            entries.remove(entry.claim.claim().holder(), entry);
        }
    }

    private static void forgetLater(Entry entry) {
        LockClaim claim = entry.claim.claim();
        long millis = Field.millis(claim.waitTime()) + LockScripts.tombstoneMillis(claim);
        entry.reminder.atLastIn(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Messages come to another server than the one that is listened at. */
    void deaf() {
        inbox.reopen();
    }

    @Override
    public void opened() {
        entries.values().stream().filter(entry -> entry.claim.askAnew()).forEach(entry -> send(entry, shared));
    }

    @Override
    public void received(String text) {
        Message message = Message.parse(text);
        Entry entry = message == null ? null : entries.get(message.holder());
        if (entry != null && message != null) {
            take(entry, entry.claim.received(message, System.nanoTime()));
            forget(entry);
        }
    }

    @Override
    public boolean isListening() {
        return entries.values().stream().anyMatch(entry -> !entry.result.isDone());
    }

    /** Whoever does not wait needs no messages. */
    @Override
    public void failed(Throwable cause) {
        entries.values().stream()
                .filter(entry -> !entry.claim.claim().waitTime().isZero())
                .forEach(entry -> fail(entry, cause));
    }

    /** How many claims are known: those that wait, and those that ended and may still stand in the store. */
    int known() {
        return entries.size();
    }

    void close(Throwable cause) {
        inbox.close();
        entries.values().forEach(entry -> fail(entry, cause));
    }

    private void fail(Entry entry, Throwable cause) {
        if (!entry.result.isDone()) {
            take(entry, entry.claim.fail(cause));
            forget(entry);
        }
    }

    private final class Entry {

        private final WaitingClaim claim;
        private final StoredClaim stored;
        private final Reminder reminder = new Reminder(alarm);
        private final CompletableFuture<Optional<LockGrant>> result = new CompletableFuture<>();

        /** Whatever its replicas say, it ends with the release. */
        private volatile boolean givenBack;

        /** An earlier attempt of the same claim may stand in the queue already, or come to it: as what it was sent. */
        Entry(LockClaim claim, @Nullable Entry earlier) {
            this.claim = new WaitingClaim(
                    claim, inCluster, System.nanoTime(), earlier != null && earlier.claim.isUnanswered());
            this.stored =
                    earlier != null && earlier.stored.waits() ? earlier.stored : StoredClaim.of(claim, inbox.channel());
        }
    }
}
