package io.distributedlock.engine;

import io.distributedlock.Lease;
import io.distributedlock.LockException;
import io.distributedlock.LockInfo;
import io.distributedlock.LockInterruptedException;
import io.distributedlock.LockRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** How callers wait for a lock: on their thread, or by a future. */
final class Claims {

    private final EngineParts parts;
    private final LocalQueues queues;
    private final Shutdown shutdown;

    Claims(EngineParts parts, LocalQueues queues, Shutdown shutdown) {
        this.parts = parts;
        this.queues = queues;
        this.shutdown = shutdown;
    }

    ActiveLease await(Terms terms) {
        Moment since = parts.clock().now();
        try {
            ActiveLease lease = get(terms, since);
            tellAcquired(lease, since);
            return lease;
        } catch (LockException e) {
            tellNotAcquired(terms, since, e);
            throw e;
        }
    }

    private ActiveLease get(Terms terms, Moment since) {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted(terms, new InterruptedException("interrupted before it waited"));
        }
        Waiter waiter = enter(terms, since, true);
        try {
            return waiter.result().get();
        } catch (InterruptedException e) {
            waiter.giveUp();
            throw interrupted(terms, e);
        } catch (ExecutionException e) {
            LockException failure = (LockException) Failures.unwrap(e);
            // It was made on a store's or a timer's thread; the caller's trace is the one that helps.
            failure.setStackTrace(Thread.currentThread().getStackTrace());
            throw failure;
        }
    }

    private static LockInterruptedException interrupted(Terms terms, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return Failures.interrupted(terms.name(), cause);
    }

    /**
     * Completes on the events executor: what a caller hangs on it must not run on a store's thread.
     *
     * @param handleOf what a caller gets for a lease
     */
    <L extends Lease> CompletableFuture<L> async(Terms terms, Function<ActiveLease, L> handleOf) {
        Moment since = parts.clock().now();
        CompletableFuture<L> answer = new CompletableFuture<>();
        Waiter waiter;
        try {
            waiter = enter(terms, since, false);
        } catch (LockException e) {
            tellNotAcquired(terms, since, e);
            return CompletableFuture.failedFuture(e);
        }
        waiter.result()
                .whenCompleteAsync(
                        (lease, failure) -> {
                            if (lease == null) {
                                fail(terms, since, answer, Failures.unwrap(failure));
                                return;
                            }
                            tellAcquired(lease, since);
                            L handle = handleOf.apply(lease);
                            if (!answer.complete(handle)) {
                                handle.release(); // cancelled while the grant was on its way
                            }
                        },
                        parts.threads().events());
        answer.whenComplete((lease, failure) -> {
            if (answer.isCancelled()) {
                waiter.cancel();
            }
        });
        return answer;
    }

    private void fail(Terms terms, Moment since, CompletableFuture<?> answer, Throwable cause) {
        if (cause instanceof LockException failure) {
            tellNotAcquired(terms, since, failure);
        }
        answer.completeExceptionally(cause);
    }

    private Waiter enter(Terms terms, Moment since, boolean inPlace) {
        if (!shutdown.isStarted()) {
            Waiter waiter = new Waiter(terms, since);
            queues.enter(waiter, inPlace);
            if (!shutdown.isStarted()) {
                return waiter;
            }
            waiter.giveUp();
        }
        throw parts.failures().shuttingDown(terms.name());
    }

    LockInfo inspect(LockRequest request) {
        return ask("inspect", request, parts.backend()::inspect);
    }

    long forceRelease(LockRequest request) {
        return ask("release", request, parts.backend()::forceRelease);
    }

    private <T> T ask(String operation, LockRequest request, Function<String, CompletableFuture<T>> question) {
        Duration patience = parts.settings().waitTime().plus(WaitLimit.ANSWER_TIME);
        String name = request.name();
        try {
            return question.apply(name).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw parts.failures().failed(name, operation, e);
        } catch (TimeoutException e) {
            throw parts.failures().notAnswered(name, operation, patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.interrupted(name, e);
        }
    }

    private void tellAcquired(ActiveLease lease, Moment since) {
        if (!parts.listeners().isEmpty()) {
            Duration waited = waited(since);
            parts.listeners().tell(listener -> listener.acquired(lease.info(), waited));
        }
    }

    private void tellNotAcquired(Terms terms, Moment since, LockException cause) {
        Duration waited = waited(since);
        parts.listeners().tell(listener -> listener.notAcquired(terms.request(), waited, cause));
    }

    private Duration waited(Moment since) {
        return Duration.ofNanos(Math.max(0, parts.clock().now().nanosSince(since)));
    }
}
