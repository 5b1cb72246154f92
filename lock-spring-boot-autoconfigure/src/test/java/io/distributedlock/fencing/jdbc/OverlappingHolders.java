package io.distributedlock.fencing.jdbc;

import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.StaleTokenException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Holders of a lock that is granted to everybody at once, each with a greater token; some begin late. */
final class OverlappingHolders implements AutoCloseable {

    private static final int THREADS = 8;

    private final Database database;
    private final JdbcFence fence;
    private final Guard guard;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final AtomicLong grants = new AtomicLong();
    private final AtomicLong lastEntered = new AtomicLong();
    private final AtomicInteger committed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger wronglyRefused = new AtomicInteger();

    OverlappingHolders(Database database, Guard guard) {
        this.database = database;
        this.fence = database.fence().build();
        this.guard = guard;
        database.jdbc.execute("drop table if exists guarded");
        database.jdbc.execute("create table guarded (n bigint not null)");
        database.jdbc.update("insert into guarded values (0)");
        fence.enter(Guard.RESOURCE, token(grants.incrementAndGet()));
    }

    record Outcome(int committed, long lost, int refused, int wronglyRefused) {}

    Outcome commit(int sections) {
        List<CompletableFuture<Void>> all = Stream.generate(
                        () -> CompletableFuture.runAsync(() -> holdUntil(sections), threads))
                .limit(THREADS)
                .toList();
        all.forEach(CompletableFuture::join);
        long counted = database.jdbc.queryForObject("select n from guarded", Long.class);
        return new Outcome(committed.get(), committed.get() - counted, refused.get(), wronglyRefused.get());
    }

    private void holdUntil(int sections) {
        while (committed.get() < sections) {
            long number = grants.incrementAndGet();
            if (ThreadLocalRandom.current().nextInt(4) == 0) {
                LockSupport.parkNanos(500_000);
            }
            try {
                database.inTransaction(() -> {
                    guard.run(database, fence, token(number), () -> lastEntered.accumulateAndGet(number, Math::max));
                    return null;
                });
                committed.incrementAndGet();
            } catch (StaleTokenException e) {
                refused.incrementAndGet();
                // Who has entered is known before it is committed, and refuses nobody before.
                if (lastEntered.get() < number) {
                    wronglyRefused.incrementAndGet();
                }
            }
        }
    }

    private static FencingToken token(long number) {
        return new FencingToken("lock", 0, number, "holder" + number);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
