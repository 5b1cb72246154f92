package io.distributedlock.benchmarks.adapter;

/** The script by which everybody gives back a lock that is one key: only when it is still their own. */
final class CompareAndDelete {

    static final String SCRIPT = """
            if redis.call('get', KEYS[1]) == ARGV[1] then
              return redis.call('del', KEYS[1])
            end
            return 0
            """;

    /** The same, and whoever listens is told. */
    static final String AND_PUBLISH = """
            if redis.call('get', KEYS[1]) == ARGV[1] then
              redis.call('del', KEYS[1])
              redis.call('publish', KEYS[2], ARGV[1])
              return 1
            end
            return 0
            """;

    private CompareAndDelete() {}
}
