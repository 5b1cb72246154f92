package io.distributedlock.redis;

import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Renewals in batches: few round trips, and no script that keeps the server busy for long. */
final class Renewals {

    private static final int BATCH = 200;

    private Renewals() {}

    static CompletableFuture<List<Renewal>> renew(LockScripts scripts, List<LockGrant> grants) {
        List<CompletableFuture<List<Renewal>>> batches = new ArrayList<>();
        for (int from = 0; from < grants.size(); from += BATCH) {
            batches.add(batch(scripts, grants.subList(from, Math.min(from + BATCH, grants.size()))));
        }
        return CompletableFuture.allOf(batches.toArray(CompletableFuture[]::new))
                .thenApply(done ->
                        batches.stream().flatMap(batch -> batch.join().stream()).toList());
    }

    private static CompletableFuture<List<Renewal>> batch(LockScripts scripts, List<LockGrant> grants) {
        AtomicLong sentNanos = new AtomicLong();
        return scripts.renew(grants, () -> sentNanos.set(System.nanoTime())).thenApply(renewed -> {
            List<Renewal> answers = new ArrayList<>(grants.size());
            for (int i = 0; i < grants.size(); i++) {
                answers.add(
                        renewed.get(i)
                                ? new Renewal.Renewed(
                                        sentNanos.get(), grants.get(i).claim().leaseTime())
                                : new Renewal.NotHeld());
            }
            return answers;
        });
    }
}
