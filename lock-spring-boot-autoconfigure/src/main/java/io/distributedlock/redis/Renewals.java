package io.distributedlock.redis;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Renewals in batches: few round trips, and no script that keeps the server busy for long. */
final class Renewals {

    private static final int BATCH = 200;

    private Renewals() {}

    /** What one call of the script gives to all its grants. */
    private record Length(Duration leaseTime, Duration lockDelay, Duration minHold) {

        static Length of(LockClaim claim) {
            return new Length(claim.leaseTime(), claim.lockDelay(), claim.minHold());
        }
    }

    static CompletableFuture<List<Renewal>> renew(LockScripts scripts, List<LockGrant> grants) {
        Map<Length, List<Integer>> alike = new LinkedHashMap<>();
        for (int i = 0; i < grants.size(); i++) {
            alike.computeIfAbsent(Length.of(grants.get(i).claim()), length -> new ArrayList<>())
                    .add(i);
        }
        Renewal[] answers = new Renewal[grants.size()];
        List<CompletableFuture<?>> batches = new ArrayList<>();
        for (List<Integer> all : alike.values()) {
            for (int from = 0; from < all.size(); from += BATCH) {
                batches.add(batch(scripts, grants, all.subList(from, Math.min(from + BATCH, all.size())), answers));
            }
        }
        return CompletableFuture.allOf(batches.toArray(CompletableFuture[]::new))
                .thenApply(done -> List.of(answers));
    }

    private static CompletableFuture<?> batch(
            LockScripts scripts, List<LockGrant> grants, List<Integer> indexes, Renewal[] answers) {
        AtomicLong sentNanos = new AtomicLong();
        List<LockGrant> batch = indexes.stream().map(grants::get).toList();
        return scripts.renew(batch, () -> sentNanos.set(System.nanoTime())).thenAccept(renewed -> {
            Duration leaseTime = batch.get(0).claim().leaseTime();
            for (int i = 0; i < indexes.size(); i++) {
                answers[indexes.get(i)] = renewed.charAt(i) == '1'
                        ? new Renewal.Renewed(sentNanos.get(), leaseTime)
                        : new Renewal.NotHeld();
            }
        });
    }
}
