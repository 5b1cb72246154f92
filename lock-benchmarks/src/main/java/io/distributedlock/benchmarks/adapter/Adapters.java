package io.distributedlock.benchmarks.adapter;

import static io.distributedlock.benchmarks.adapter.Adapter.Trait.FLOOR;
import static io.distributedlock.benchmarks.adapter.Adapter.Trait.OURS;
import static io.distributedlock.benchmarks.adapter.Adapter.Trait.TOKENS;
import static io.distributedlock.benchmarks.adapter.Adapter.Trait.WAITS;
import static io.distributedlock.benchmarks.adapter.Store.ETCD;
import static io.distributedlock.benchmarks.adapter.Store.REDIS;
import static io.distributedlock.benchmarks.adapter.Store.ZOOKEEPER;

import io.distributedlock.ReleaseMode;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.springframework.integration.redis.util.RedisLockRegistry.RedisLockType;

/** All that can be measured. */
public final class Adapters {

    /** The floor under locks that pass between two processes in Redis. */
    public static final Adapter FLOOR_PAIR =
            new Adapter("floor-pair", REDIS, Set.of(FLOOR, WAITS), RedisFloorPair::new);

    private static final List<Adapter> ALL = List.of(
            new Adapter("floor", REDIS, Set.of(FLOOR), RedisFloor::new),
            new Adapter(
                    "ours-redis",
                    REDIS,
                    Set.of(OURS, TOKENS, WAITS),
                    address -> Ours.onRedis(address, UnaryOperator.identity())),
            new Adapter(
                    "ours-redis-no-handoff",
                    REDIS,
                    Set.of(OURS, TOKENS, WAITS),
                    address -> Ours.onRedis(address, options -> options.localHandOffs(0))),
            new Adapter(
                    "ours-redis-pipelined",
                    REDIS,
                    Set.of(OURS, TOKENS, WAITS),
                    address -> Ours.onRedis(address, options -> options.release(ReleaseMode.PIPELINED))),
            new Adapter("redisson", REDIS, Set.of(WAITS), RedissonLocks::plain),
            new Adapter("redisson-fenced", REDIS, Set.of(TOKENS, WAITS), RedissonLocks::fenced),
            new Adapter("redisson-fair", REDIS, Set.of(WAITS), RedissonLocks::fair),
            new Adapter("redisson-spin", REDIS, Set.of(WAITS), RedissonLocks::spin),
            new Adapter(
                    "integration-pubsub",
                    REDIS,
                    Set.of(WAITS),
                    address -> new SpringIntegrationLocks(address, RedisLockType.PUB_SUB_LOCK)),
            new Adapter(
                    "integration-spin",
                    REDIS,
                    Set.of(WAITS),
                    address -> new SpringIntegrationLocks(address, RedisLockType.SPIN_LOCK)),
            new Adapter("shedlock", REDIS, Set.of(), ShedLocks::new),
            new Adapter("floor-zookeeper", ZOOKEEPER, Set.of(FLOOR), ZooKeeperFloor::new),
            new Adapter(
                    "ours-zookeeper",
                    ZOOKEEPER,
                    Set.of(OURS, TOKENS, WAITS),
                    address -> Ours.onZooKeeper(address, UnaryOperator.identity())),
            new Adapter(
                    "ours-zookeeper-no-handoff",
                    ZOOKEEPER,
                    Set.of(OURS, TOKENS, WAITS),
                    address -> Ours.onZooKeeper(address, options -> options.localHandOffs(0))),
            new Adapter("curator", ZOOKEEPER, Set.of(WAITS), CuratorLocks::new),
            new Adapter("floor-etcd", ETCD, Set.of(FLOOR), EtcdFloor::new),
            new Adapter("jetcd", ETCD, Set.of(WAITS), JetcdLocks::new));

    private Adapters() {}

    /**
     * All locks, floors first on each store.
     *
     * @return in the order of tables
     */
    public static List<Adapter> all() {
        return ALL;
    }

    /**
     * The floor of a store.
     *
     * @param store the store
     * @return what its locks are compared with
     */
    public static Adapter floor(Store store) {
        return ALL.stream()
                .filter(adapter -> adapter.store() == store && adapter.has(FLOOR))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Finds one by name.
     *
     * @param name as in a table
     * @return the adapter
     */
    public static Adapter named(String name) {
        return name.equals(FLOOR_PAIR.name())
                ? FLOOR_PAIR
                : ALL.stream()
                        .filter(adapter -> adapter.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("There is no adapter '" + name + "', only "
                                + ALL.stream().map(Adapter::name).toList()));
    }
}
