package io.distributedlock.engine;

import io.distributedlock.LossReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The end of an engine: nothing new, time for what runs, everything given back. */
final class Shutdown {

    private static final Duration LONGEST_RELEASE = Duration.ofSeconds(2);

    private final EngineParts parts;
    private final HeldLeases leases;
    private final LocalQueues queues;
    private final AtomicBoolean started = new AtomicBoolean();

    Shutdown(EngineParts parts, HeldLeases leases, LocalQueues queues) {
        this.parts = parts;
        this.leases = leases;
        this.queues = queues;
    }

    boolean isStarted() {
        return started.get();
    }

    void run() {
        if (!started.compareAndSet(false, true)) {
            return;
        }
        boolean interrupted = false;
        try {
            queues.close();
            leases.close();
            leases.awaitNone(parts.settings().shutdownTimeout());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        leases.all().forEach(lease -> lease.lose(LossReason.SHUTDOWN));
        interrupted |= !awaitReleases();
        parts.threads().stop().run();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return false when interrupted */
    private boolean awaitReleases() {
        try {
            CompletableFuture.allOf(parts.releases().pending().toArray(CompletableFuture[]::new))
                    .get(LONGEST_RELEASE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException unanswered) {
            return true; // these locks end with their leases
        } catch (InterruptedException e) {
            return false;
        }
        return true;
    }
}
