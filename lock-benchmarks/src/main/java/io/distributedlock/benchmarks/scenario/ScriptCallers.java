package io.distributedlock.benchmarks.scenario;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;

/** Ways to call a script that is about as much work for the server as an acquire. */
final class ScriptCallers implements AutoCloseable {

    private static final String SCRIPT = """
            if redis.call('exists', KEYS[2]) == 1 then return {'gone'} end
            local time = redis.call('time')
            local last = redis.call('get', KEYS[3])
            redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
            redis.call('set', KEYS[3], time[1], 'px', ARGV[2])
            return {'granted', time[1], time[2]}
            """;

    private final HostAndPort address;
    private final RedisClient lettuce;
    private final StatefulRedisConnection<String, String> connection;
    private final String script;
    private final List<redis.clients.jedis.RedisClient> pools = new ArrayList<>();

    ScriptCallers(String address) {
        this.address = HostAndPort.from(address);
        lettuce = RedisClient.create(RedisURI.create("redis://" + address));
        connection = lettuce.connect();
        script = connection.sync().scriptLoad(SCRIPT);
    }

    /** A way to call it. */
    interface Call {
        void with(String[] keys, String holder) throws Exception;
    }

    /** A way to call it, with its name. */
    record Caller(String name, Call call) {

        void call(String lock) throws Exception {
            call.with(new String[] {"{t:" + lock + "}", "{t:" + lock + "}:gone", "{t:" + lock + "}:token"}, "holder");
        }
    }

    List<Caller> all(int threads) {
        List<Caller> callers = new ArrayList<>();
        callers.add(new Caller(
                "lettuce-sync",
                (keys, holder) -> connection.sync().evalsha(script, ScriptOutputType.MULTI, keys, holder, "15000")));
        callers.add(new Caller("lettuce-async", this::lettuce));
        callers.add(jedis(8));
        callers.add(blockingWhenFree());
        callers.add(blockingWhenAlone());
        if (threads > 8) {
            callers.add(jedis(64));
        }
        return callers;
    }

    private Caller jedis(int connections) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        redis.clients.jedis.RedisClient client = redis.clients.jedis.RedisClient.builder()
                .hostAndPort(address)
                .clientConfig(DefaultJedisClientConfig.builder().build())
                .poolConfig(pool)
                .build();
        pools.add(client);
        return new Caller(
                "jedis-" + connections,
                (keys, holder) -> client.evalsha(script, List.of(keys), List.of(holder, "15000")));
    }

    /** One blocking connection for whoever finds it free, and the shared one for all others. */
    private Caller blockingWhenFree() {
        Caller blocking = jedis(1);
        Semaphore free = new Semaphore(1);
        return new Caller("jedis-1-else-lettuce", (keys, holder) -> {
            if (free.tryAcquire()) {
                try {
                    blocking.call().with(keys, holder);
                } finally {
                    free.release();
                }
            } else {
                lettuce(keys, holder);
            }
        });
    }

    /** The blocking connection for a caller that is alone; several share the other one, where commands leave together. */
    private Caller blockingWhenAlone() {
        Caller blocking = jedis(1);
        AtomicInteger underWay = new AtomicInteger();
        return new Caller("jedis-1-if-alone-else-lettuce", (keys, holder) -> {
            boolean alone = underWay.getAndIncrement() == 0;
            try {
                if (alone) {
                    blocking.call().with(keys, holder);
                } else {
                    lettuce(keys, holder);
                }
            } finally {
                underWay.decrementAndGet();
            }
        });
    }

    private void lettuce(String[] keys, String holder) throws Exception {
        connection
                .async()
                .evalsha(script, ScriptOutputType.MULTI, keys, holder, "15000")
                .get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        pools.forEach(redis.clients.jedis.RedisClient::close);
        lettuce.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
