package io.distributedlock.aop;

import io.distributedlock.LeaseGroup;
import io.distributedlock.LockLostException;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.fencing.FenceWatch;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A method that answers a future: called when the locks are granted, which are held until the future that it returned is
 * completed. Its caller is not kept waiting, and its work is not done on the caller's thread, whose transaction it would take part in.
 */
final class FutureCall {

    private final LockedInvocation invocation;
    private final Losses losses;
    private final Executor threads;
    private final CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();

    /** @param threads run the method, and whatever follows on its answer */
    FutureCall(LockedInvocation invocation, Losses losses, Executor threads) {
        this.invocation = invocation;
        this.losses = losses;
        this.threads = threads;
    }

    /** @param carrier lets work have what the calling thread carries along besides locks */
    CompletableFuture<@Nullable Object> run(UnaryOperator<Runnable> carrier) {
        CompletableFuture<AsyncCall> claimed = new CompletableFuture<>();
        // Before the claim: what fails here must not leave one behind.
        Runnable answered = carrier.apply(() -> answered(claimed.join()));
        AsyncCall call = AsyncCall.start(invocation.manager(), invocation.requests());
        claimed.complete(call);
        call.granted().whenCompleteAsync((leases, failure) -> run(answered, leases), threads);
        // Whoever completes it from outside, by cancelling it or by a time-out, does not want the locks any more.
        answer.whenComplete((value, failure) -> call.granted().cancel(true));
        return answer;
    }

    private void run(Runnable answered, @Nullable LeaseGroup leases) {
        try {
            answered.run();
        } catch (Throwable unexpected) {
            if (leases != null) {
                new HeldLocks(leases.leases()).releaseAsync();
            }
            answer.completeExceptionally(unexpected);
        }
    }

    private void answered(AsyncCall call) {
        LeaseGroup leases;
        try {
            leases = call.granted().join();
        } catch (CompletionException | CancellationException e) {
            refused(Futures.reason(e));
            return;
        }
        if (answer.isDone()) {
            new HeldLocks(leases.leases()).releaseAsync();
        } else {
            work(call, new HeldLocks(leases.leases()));
        }
    }

    private void refused(Throwable failure) {
        if (!(failure instanceof LockNotAcquiredException contended)) {
            answer.completeExceptionally(failure);
            return;
        }
        try {
            stage(invocation.locked().contended(invocation.call(), contended)).whenComplete(this::complete);
        } catch (Throwable thrown) {
            answer.completeExceptionally(thrown);
        }
    }

    private void work(AsyncCall call, HeldLocks held) {
        LockedMethod locked = invocation.locked();
        CallUnderLock under = call.hold(locked, held.leases());
        FenceWatch fences = locked.isFencedByItself() ? FenceWatch.open(held.leases()) : null;
        Object returned;
        CompletableFuture<@Nullable Object> work;
        try (AsyncCall.Scope scope = call.enter()) {
            returned = new WorkUnderLocks(invocation.call(), locked, held).start();
            work = stage(returned);
        } catch (Throwable thrown) {
            returned = null;
            work = CompletableFuture.failedFuture(thrown);
        }
        boolean doneAtOnce = work.isDone();
        Object reached = returned;
        LossWatch watch = locked.interruptsOnLoss()
                ? LossWatch.of(held.leases(), () -> threads.execute(() -> breakOff(under, reached)))
                : null;
        answer.whenComplete((value, failure) -> {
            if (answer.isCancelled()) {
                Futures.cancel(reached);
            }
        });
        work.whenComplete((value, failure) -> {
            Throwable thrown = atEnd(under, fences, doneAtOnce, failure);
            under.end();
            if (watch != null) {
                watch.close();
            }
            held.releaseAsync().whenCompleteAsync((released, never) -> complete(value, thrown), threads);
        });
    }

    private void breakOff(CallUnderLock under, @Nullable Object work) {
        LockLostException lost = Losses.interrupted(under.locked(), under.leases());
        if (lost != null) {
            answer.completeExceptionally(lost);
            Futures.cancel(work);
        }
    }

    /** What is to be told instead of an answer. */
    private @Nullable Throwable atEnd(
            CallUnderLock under, @Nullable FenceWatch fences, boolean doneAtOnce, @Nullable Throwable failure) {
        try (fences) {
            if (failure != null) {
                Losses.suppress(under.locked(), under.leases(), failure);
                return failure;
            }
            // What it has begun to do elsewhere is not part of its transaction.
            return losses.atEnd(invocation, under, fences, false, doneAtOnce && under.hasCommitted());
        }
    }

    private static CompletableFuture<@Nullable Object> stage(@Nullable Object returned) {
        if (returned instanceof CompletionStage<?> stage) {
            return Futures.of(stage);
        }
        CompletableFuture<@Nullable Object> done = new CompletableFuture<>();
        done.complete(returned);
        return done;
    }

    private void complete(@Nullable Object value, @Nullable Throwable thrown) {
        if (thrown == null) {
            answer.complete(value);
        } else {
            answer.completeExceptionally(thrown);
        }
    }
}
