package io.distributedlock.redis;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import io.lettuce.core.RedisException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Renewals in batches: few round trips, and no script that keeps the server busy for long. */
final class Renewals {

    private static final int BATCH = 200;

    /** In a Cluster, where a script can be about one lock only. */
    private static final int SINGLE = 1;

    /** On a busy machine an answer may take that long. */
    private static final long LEAST_PATIENCE_MILLIS = 300;

    private static final Renewal NOT_HELD = new Renewal.NotHeld();
    private static final Renewal SILENT =
            new Renewal.Unknown(new RedisException("The server of this lock did not answer while others did"));

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
        return renewals.send(scripts, new AtomicReferenceArray<>(grants.size()));
    }

    private Batch batchFor(LockClaim claim) {
        if (size > SINGLE) {
            for (Batch batch : batches) {
                if (batch.takes(claim)) {
                    return batch;
                }
            }
        }
        Batch next = new Batch();
        batches.add(next);
        return next;
    }

    private CompletableFuture<List<Renewal>> send(LockScripts scripts, AtomicReferenceArray<Renewal> answers) {
        CompletableFuture<?>[] sent = new CompletableFuture<?>[batches.size()];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = batches.get(i).send(scripts, answers);
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(sent);
        if (size == SINGLE && sent.length > 1) {
            // A server that is silent must not keep others' answers back until their leases are over.
            all.completeOnTimeout(null, patienceMillis(), TimeUnit.MILLISECONDS);
        }
        return all.handle((done, failure) -> {
                    List<Renewal> answered = answered(answers);
                    boolean anyKnown = answered.stream().anyMatch(answer -> !(answer instanceof Renewal.Unknown));
                    return failure == null || anyKnown
                            ? CompletableFuture.completedFuture(answered)
                            : CompletableFuture.<List<Renewal>>failedFuture(Failures.cause(failure));
                })
                .thenCompose(answered -> answered);
    }

    /** Two thirds of a lease are left when it is renewed; after that there is still time to ask again. */
    private long patienceMillis() {
        long shortest = batches.stream()
                .mapToLong(batch -> Field.millis(batch.grants.get(0).claim().leaseTime()))
                .min()
                .orElse(0);
        return Math.max(shortest / 6, LEAST_PATIENCE_MILLIS);
    }

    private static List<Renewal> answered(AtomicReferenceArray<Renewal> answers) {
        List<Renewal> answered = new ArrayList<>();
        for (int i = 0; i < answers.length(); i++) {
            Renewal answer = answers.get(i);
            answered.add(answer == null ? SILENT : answer);
        }
        return answered;
    }

    /** What one call of the script renews: all its grants get the same times. */
    private final class Batch {

        private final List<LockGrant> grants = new ArrayList<>(size);
        private final int[] places = new int[size];
        private volatile long sentNanos;

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

        CompletableFuture<?> send(LockScripts scripts, AtomicReferenceArray<Renewal> answers) {
            return scripts.renew(grants, () -> sentNanos = System.nanoTime()).whenComplete((renewed, failure) -> {
                Renewal prolonged =
                        new Renewal.Renewed(sentNanos, grants.get(0).claim().leaseTime());
                for (int i = 0; i < grants.size(); i++) {
                    answers.set(
                            places[i],
                            failure != null
                                    ? new Renewal.Unknown(Failures.cause(failure))
                                    : renewed.charAt(i) == '1' ? prolonged : NOT_HELD);
                }
            });
        }
    }
}
