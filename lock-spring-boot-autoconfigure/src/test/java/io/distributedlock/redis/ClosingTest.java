package io.distributedlock.redis;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;

/** Tests that leave nothing open. */
abstract class ClosingTest {

    /** Does not run out in a test. */
    static final Duration LONG = Duration.ofSeconds(60);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    /** The last one first. */
    final <T extends AutoCloseable> T closedAfterTheTest(T made) {
        opened.push(made);
        return made;
    }

    /** Asks, and has the lock. */
    static LockGrant held(Function<LockClaim, CompletableFuture<Optional<LockGrant>>> acquire, LockClaim claim) {
        return acquire.apply(claim).join().orElseThrow();
    }
}
