package io.distributedlock.redis;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Renewals in batches: few round trips, and no script that keeps the server busy for long. */
final class Renewals {

    private static final int BATCH = 200;

    private static final Renewal NOT_HELD = new Renewal.NotHeld();

    private final List<Batch> batches = new ArrayList<>();

    private Renewals() {}

    static CompletableFuture<List<Renewal>> renew(LockScripts scripts, List<LockGrant> grants) {
        Renewals renewals = new Renewals();
        for (int i = 0; i < grants.size(); i++) {
            renewals.add(grants.get(i), i);
        }
        return renewals.send(scripts, grants.size());
    }

    private void add(LockGrant grant, int place) {
        for (Batch batch : batches) {
            if (batch.takes(grant.claim())) {
                batch.add(grant, place);
                return;
            }
        }
        Batch next = new Batch();
        next.add(grant, place);
        batches.add(next);
    }

    private CompletableFuture<List<Renewal>> send(LockScripts scripts, int size) {
        Renewal[] answers = new Renewal[size];
        CompletableFuture<?>[] sent = new CompletableFuture<?>[batches.size()];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = batches.get(i).send(scripts, answers);
        }
        return CompletableFuture.allOf(sent).thenApply(done -> Arrays.asList(answers));
    }

    /** What one call of the script renews: all its grants get the same times. */
    private static final class Batch {

        private final List<LockGrant> grants = new ArrayList<>(BATCH);
        private final int[] places = new int[BATCH];
        private volatile long sentNanos;

        boolean takes(LockClaim claim) {
            LockClaim first = grants.get(0).claim();
            return grants.size() < BATCH
                    && claim.leaseTime().equals(first.leaseTime())
                    && claim.lockDelay().equals(first.lockDelay())
                    && claim.minHold().equals(first.minHold());
        }

        void add(LockGrant grant, int place) {
            places[grants.size()] = place;
            grants.add(grant);
        }

        CompletableFuture<?> send(LockScripts scripts, Renewal[] answers) {
            return scripts.renew(grants, () -> sentNanos = System.nanoTime()).thenAccept(renewed -> {
                Renewal prolonged =
                        new Renewal.Renewed(sentNanos, grants.get(0).claim().leaseTime());
                for (int i = 0; i < grants.size(); i++) {
                    answers[places[i]] = renewed.charAt(i) == '1' ? prolonged : NOT_HELD;
                }
            });
        }
    }
}
