package io.distributedlock.fencing.redis;

import io.distributedlock.Lease;
import io.distributedlock.fencing.FenceWatch;
import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.StaleTokenException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Marks in Redis, beside the data they protect:
 *
 * <pre>{@code
 * RedisFence fence = RedisFence.builder(redis).build();
 *
 * RedisFence.Entry entry = fence.enter("stock:42", lease);
 * int left = Integer.parseInt(redis.opsForValue().get("{stock:42}:left"));
 * entry.execute(RedisScript.of("redis.call('set', KEYS[1], ARGV[1])"), List.of("{stock:42}:left"), left - 1 + "");
 * }</pre>
 *
 * <p>Redis has no transaction that keeps others out between a read and a write. Whoever entered before reading, and is not
 * refused when writing, has read what was written last: a later holder that came between would have raised the mark. So
 * there is no way to write but by an {@link Entry}, which is had by entering first, and no way to ask whether a token is
 * good: the answer would be out of date. A script that reads and writes itself needs nothing between the two.
 *
 * <p>This is no {@link io.distributedlock.fencing.Fence}: those are entered by code that then writes as it likes, which in
 * Redis nothing would refuse. The marks {@code fence:{resource}} share the slot of their data, whose keys have to contain
 * <code>{resource}</code>. Persistence and replication of Redis are the marks' too: after a failover a replica may know a
 * smaller one.
 */
public final class RedisFence {

    private final Marks marks;
    private final int epoch;

    private RedisFence(Builder builder) {
        this.marks = new Marks(builder.redis, builder.retention);
        this.epoch = builder.epoch;
    }

    /**
     * Begins a fence.
     *
     * @param redis where the data is
     * @return with epoch 0 and a retention of 30 days
     */
    public static Builder builder(StringRedisTemplate redis) {
        return new Builder(redis);
    }

    /**
     * Raises the mark of a resource to the token of a lease, or refuses it. To be called before the first read.
     *
     * @param resource what is written to, the same text for all who write to it; without braces
     * @param lease of the lock that protects the resource
     * @return by which to write
     * @throws io.distributedlock.LockLostException if the lease is known to be lost; not to be known so proves nothing
     * @throws StaleTokenException if one with a greater token has entered, or another holder with the same one
     * @throws IllegalStateException in {@code MULTI}, in a pipeline, and in a transaction that the template takes part in: what
     *     is queued there is answered too late
     */
    public Entry enter(String resource, Lease lease) {
        lease.ensureHeld();
        Entry entry = enter(resource, FencingToken.of(lease, epoch));
        FenceWatch.entered(lease);
        return entry;
    }

    /**
     * As {@link #enter(String, Lease)}, for a token that came from elsewhere.
     *
     * @param resource what is written to
     * @param token who enters
     * @return by which to write
     */
    public Entry enter(String resource, FencingToken token) {
        Entry entry = new Entry(marks, resource, token);
        marks.raise(resource, token);
        return entry;
    }

    /** Somebody who has entered, and may write until somebody later enters. */
    public static final class Entry {

        private final Marks marks;
        private final String resource;
        private final FencingToken token;

        private Entry(Marks marks, String resource, FencingToken token) {
            this.marks = marks;
            this.resource = resource;
            this.token = token;
        }

        /**
         * Runs a script if nobody later has entered meanwhile; between the two nothing else happens in Redis.
         *
         * @param <T> what it answers
         * @param script sees its keys and arguments as always; without a {@code #!} line
         * @param keys all with the hash tag <code>{resource}</code>
         * @param arguments of the script
         * @return its answer
         * @throws StaleTokenException if somebody later has entered: the script did not run
         * @throws IllegalStateException as {@link RedisFence#enter(String, Lease)}: the script did not run
         */
        public <T> @Nullable T execute(RedisScript<T> script, List<String> keys, String... arguments) {
            return marks.raiseAndRun(resource, token, script, keys, arguments);
        }
    }

    /** Makes a {@link RedisFence}. */
    public static final class Builder {

        private final StringRedisTemplate redis;
        private Duration retention = Duration.ofDays(30);
        private int epoch;

        private Builder(StringRedisTemplate redis) {
            this.redis = redis;
        }

        /**
         * How long a mark stays that nobody touches.
         *
         * @param retention at least a day. A holder that stands still for longer than this is not refused any more.
         * @return this
         */
        public Builder retention(Duration retention) {
            if (retention.compareTo(Duration.ofDays(1)) < 0) {
                throw new IllegalArgumentException(
                        "The retention of marks must be at least a day, but was " + retention);
            }
            this.retention = retention;
            return this;
        }

        /**
         * The epoch of this application's leases.
         *
         * @param epoch from 0 to {@link FencingToken#MAX_EPOCH}
         * @return this
         */
        public Builder epoch(int epoch) {
            FencingToken.checkEpoch(epoch);
            this.epoch = epoch;
            return this;
        }

        /**
         * Ends.
         *
         * @return the fence
         */
        public RedisFence build() {
            return new RedisFence(this);
        }
    }
}
