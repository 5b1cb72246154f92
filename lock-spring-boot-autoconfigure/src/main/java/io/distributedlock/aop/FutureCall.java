package io.distributedlock.aop;

import io.distributedlock.LeaseGroup;
import io.distributedlock.LockInterruptedException;
import io.distributedlock.LockNotAcquiredException;
import io.distributedlock.fencing.FenceWatch;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A method that answers a future: called when the locks are granted, which are held until the future that it returned is
 * completed. Its caller is not kept waiting, but where the method has a thread of its own: that waits, and runs it.
 */
final class FutureCall {

    private final LockedInvocation invocation;
    private final Losses losses;
    private final AsyncCall async;
    private final CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();

    FutureCall(LockedInvocation invocation, Losses losses) {
        this.invocation = invocation;
        this.losses = losses;
        this.async = AsyncCall.start(invocation.manager(), invocation.requests());
    }

    /** @param carrier carries along what the calling thread has besides locks */
    CompletableFuture<@Nullable Object> run(UnaryOperator<Runnable> carrier) {
        CompletableFuture<LeaseGroup> granted = async.granted();
        if (AnswerType.runsOnItsOwnThread(invocation.method())) {
            awaitHere(granted);
            answered(granted);
        } else {
            Runnable answered = carrier.apply(() -> answered(granted));
            granted.whenComplete((leases, failure) -> answered.run());
        }
        // Whoever completes it from outside, by cancelling it or by a time-out, does not want the locks any more.
        answer.whenComplete((value, failure) -> granted.cancel(true));
        return answer;
    }

    private void awaitHere(CompletableFuture<LeaseGroup> granted) {
        try {
            granted.get();
        } catch (InterruptedException e) {
            granted.cancel(true);
            Thread.currentThread().interrupt();
            String name = invocation.requests().get(0).name();
            answer.completeExceptionally(new LockInterruptedException(
                    name, "The thread that waited for lock '%s' was interrupted".formatted(name), e));
        } catch (ExecutionException | CancellationException toldBelow) {
            return;
        }
    }

    private void answered(CompletableFuture<LeaseGroup> granted) {
        granted.whenComplete((leases, failure) -> {
            if (leases != null && answer.isDone()) {
                new HeldLocks(leases.leases()).releaseAsync();
            } else if (leases != null) {
                work(new HeldLocks(leases.leases()));
            } else {
                refused(failure);
            }
        });
    }

    private void refused(Throwable failure) {
        if (!(failure instanceof LockNotAcquiredException contended)) {
            answer.completeExceptionally(failure);
            return;
        }
        try {
            stage(invocation.locked().contended(invocation.call(), contended))
                    .whenComplete((value, thrown) -> complete(value, unwrap(thrown)));
        } catch (Throwable thrown) {
            answer.completeExceptionally(thrown);
        }
    }

    private void work(HeldLocks held) {
        LockedMethod locked = invocation.locked();
        CallUnderLock under = async.hold(locked, held.leases());
        FenceWatch watch = locked.isFencedByItself() ? FenceWatch.open(held.leases()) : null;
        CompletionStage<?> work = begin(held);
        boolean doneAtOnce = isDone(work);
        if (locked.interruptsOnLoss()) {
            held.leases()
                    .forEach(lease -> lease.lost().thenRun(() -> {
                        answer.completeExceptionally(Losses.interrupted(under));
                        cancel(work);
                    }));
        }
        answer.whenComplete((value, failure) -> {
            if (answer.isCancelled()) {
                cancel(work);
            }
        });
        work.whenComplete((value, failure) -> {
            Throwable thrown = unwrap(failure);
            if (thrown == null) {
                thrown = wrongAtEnd(under, watch, doneAtOnce && under.hasCommitted());
            } else {
                Losses.suppress(under, thrown);
            }
            if (watch != null) {
                watch.close();
            }
            Throwable result = thrown;
            held.releaseAsync().whenComplete((released, never) -> complete(value, result));
        });
    }

    /** On this thread, the work may also be done, or fail, before there is a future. */
    private CompletionStage<?> begin(HeldLocks held) {
        try (AsyncCall.Scope scope = async.enter()) {
            return stage(new WorkUnderLocks(invocation.call(), invocation.locked(), held).start());
        } catch (Throwable thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    private @Nullable Throwable wrongAtEnd(CallUnderLock under, @Nullable FenceWatch watch, boolean committed) {
        try {
            if (watch != null) {
                WorkUnderLocks.checkFences(watch, invocation.locked());
            }
            return losses.atEnd(invocation, under, false, committed);
        } catch (RuntimeException e) {
            return e;
        }
    }

    private static CompletionStage<?> stage(@Nullable Object returned) throws Throwable {
        if (returned instanceof CompletionStage<?> stage) {
            return stage;
        }
        if (returned
                instanceof Future<?> future) { // of a method with a thread of its own, which would wait for it anyway
            try {
                return CompletableFuture.completedFuture(future.get());
            } catch (ExecutionException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }
        return CompletableFuture.completedFuture(returned);
    }

    private static boolean isDone(CompletionStage<?> work) {
        return work instanceof Future<?> future && future.isDone();
    }

    private static void cancel(CompletionStage<?> work) {
        if (work instanceof Future<?> future) {
            future.cancel(true);
        }
    }

    private void complete(@Nullable Object value, @Nullable Throwable thrown) {
        if (thrown == null) {
            answer.complete(value);
        } else {
            answer.completeExceptionally(thrown);
        }
    }

    private static @Nullable Throwable unwrap(@Nullable Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
