package io.distributedlock.redis;

import io.distributedlock.spi.BackendStatus;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a server how it is, and whether its configuration can keep locks. */
final class Preflight {

    private static final Pattern REPLICAS = Pattern.compile("connected_slaves:(\\d+)");

    private static final String COVERAGE = "cluster-require-full-coverage";

    private final CommandLink link;
    private final int replicaAcks;
    private final boolean inCluster;

    /**
     * Asks nothing yet.
     *
     * @param replicaAcks how many replicas have to have a grant
     * @param inCluster whether other servers have other locks
     */
    Preflight(CommandLink link, int replicaAcks, boolean inCluster) {
        this.link = link;
        this.replicaAcks = replicaAcks;
        this.inCluster = inCluster;
    }

    CompletableFuture<BackendStatus> check() {
        CompletableFuture<List<String>> findings = link.send(redis -> config(redis, "maxmemory*")
                .thenCombine(config(redis, "save"), Preflight::both)
                .thenCombine(config(redis, "appendonly"), Preflight::both)
                .thenCombine(inCluster ? config(redis, COVERAGE) : none(), Preflight::both)
                .thenApply(Preflight::findings)
                .thenCombine(replication(redis), this::withReplicas));
        return link.send(Preflight::time)
                .thenCombine(
                        findings,
                        (status, found) ->
                                new BackendStatus(status.roundTrip(), status.clockDifference(), null, found));
    }

    private static CompletableFuture<BackendStatus> time(RedisAsyncCommands<String, String> redis) {
        long wallMicros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
        long sentNanos = System.nanoTime();
        return redis.time()
                .thenApply(time -> {
                    Duration roundTrip = Duration.ofNanos(System.nanoTime() - sentNanos);
                    long serverMicros = Long.parseLong(time.get(0)) * 1_000_000 + Long.parseLong(time.get(1));
                    // The server read its clock at some moment of the round trip: the middle is the best guess.
                    Duration difference = Duration.of(serverMicros - wallMicros, ChronoUnit.MICROS)
                            .minus(roundTrip.dividedBy(2));
                    return new BackendStatus(roundTrip, difference, null, List.of());
                })
                .toCompletableFuture();
    }

    /** A server that does not let us read its configuration gives no reason to find fault with it. */
    private static CompletableFuture<Map<String, String>> config(
            RedisAsyncCommands<String, String> redis, String parameter) {
        return redis.configGet(parameter).exceptionally(refused -> Map.of()).toCompletableFuture();
    }

    /** As {@link #config}: no answer is no finding. Asked only where replicas count: a user may need a right for it. */
    private CompletableFuture<String> replication(RedisAsyncCommands<String, String> redis) {
        return replicaAcks == 0
                ? CompletableFuture.completedFuture("")
                : redis.info("replication").exceptionally(refused -> "").toCompletableFuture();
    }

    private List<String> withReplicas(List<String> findings, String replication) {
        Matcher replicas = REPLICAS.matcher(replication);
        if (replicas.find() && Integer.parseInt(replicas.group(1)) < replicaAcks) {
            findings.add(
                    "min-replica-acks is %d and %s replicas are connected: no lock can be granted; bring replicas back"
                            .formatted(replicaAcks, replicas.group(1)));
        }
        return findings;
    }

    private static CompletableFuture<Map<String, String>> none() {
        return CompletableFuture.completedFuture(Map.of());
    }

    private static Map<String, String> both(Map<String, String> one, Map<String, String> other) {
        Map<String, String> all = new HashMap<>(one);
        all.putAll(other);
        return all;
    }

    static List<String> findings(Map<String, String> config) {
        List<String> findings = new ArrayList<>();
        String policy = config.getOrDefault("maxmemory-policy", "noeviction");
        if (!policy.equals("noeviction")
                && !config.getOrDefault("maxmemory", "0").equals("0")) {
            findings.add("maxmemory-policy is %s: Redis may evict a lock that is held; set it to noeviction"
                    .formatted(policy));
        }
        if (config.getOrDefault("appendonly", "yes").equals("no")
                && config.getOrDefault("save", "on").isEmpty()) {
            findings.add("appendonly is no and save is empty: a restart of Redis frees all locks that are held;"
                    + " set appendonly to yes");
        }
        if (config.getOrDefault(COVERAGE, "no").equals("yes")) {
            findings.add(
                    "cluster-require-full-coverage is yes: while one server has no successor, all others refuse renewals,"
                            + " and locks there are lost as well; set it to no");
        }
        return findings;
    }
}
