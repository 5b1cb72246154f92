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

    /** In a Cluster, where a script can be about one lock only. */
    private static final int SINGLE = 1;

    private static final Renewal NOT_HELD = new Renewal.NotHeld();

    private final int size;
    private final List<Batch> batches = new ArrayList<>();

    private Renewals(int size) {
        this.size = size;
    }

    static CompletableFuture<List<Renewal>> renew(LockScripts scripts, List<LockGrant> grants, boolean inCluster) {
        Renewals renewals = new Renewals(inCluster ? SINGLE : BATCH);
        for (int i = 0; i < grants.size(); i++) {
            renewals.batchFor(grants.get(i).claim()).add(grants.get(i), i);
        }
        return renewals.send(scripts, grants.size());
    }

    private Batch batchFor(LockClaim claim) {
        if (size > SINGLE) {
            for (Batch batch : batches) {
                if (batch.takes(claim)) {
                    return batch;
                }
            }
        }
        Batch next = new Batch(size);
        batches.add(next);
        return next;
    }

    private CompletableFuture<List<Renewal>> send(LockScripts scripts, int grants) {
        Renewal[] answers = new Renewal[grants];
        CompletableFuture<?>[] sent = new CompletableFuture<?>[batches.size()];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = batches.get(i).send(scripts, answers);
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(sent);
        return all.handle((done, failure) -> {
                    boolean anyAnswered =
                            Arrays.stream(answers).anyMatch(answer -> !(answer instanceof Renewal.Unknown));
                    return failure == null || anyAnswered
                            ? CompletableFuture.completedFuture(Arrays.asList(answers))
                            : CompletableFuture.<List<Renewal>>failedFuture(Failures.cause(failure));
                })
                .thenCompose(answered -> answered);
    }

    /** What one call of the script renews: all its grants get the same times. */
    private static final class Batch {

        private final int size;
        private final List<LockGrant> grants;
        private final int[] places;
        private volatile long sentNanos;

        Batch(int size) {
            this.size = size;
            this.grants = new ArrayList<>(size);
            this.places = new int[size];
        }

        boolean takes(LockClaim claim) {
            LockClaim first = grants.get(0).claim();
            return grants.size() < size
                    && claim.leaseTime().equals(first.leaseTime())
                    && claim.lockDelay().equals(first.lockDelay())
                    && claim.minHold().equals(first.minHold());
        }

        void add(LockGrant grant, int place) {
            places[grants.size()] = place;
            grants.add(grant);
        }

        CompletableFuture<?> send(LockScripts scripts, Renewal[] answers) {
            return scripts.renew(grants, () -> sentNanos = System.nanoTime()).whenComplete((renewed, failure) -> {
                Renewal prolonged =
                        new Renewal.Renewed(sentNanos, grants.get(0).claim().leaseTime());
                for (int i = 0; i < grants.size(); i++) {
                    answers[places[i]] = failure != null
                            ? new Renewal.Unknown(Failures.cause(failure))
                            : renewed.charAt(i) == '1' ? prolonged : NOT_HELD;
                }
            });
        }
    }
}
