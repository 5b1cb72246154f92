package io.distributedlock.redis;

import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one direct connection for requests, beside the one that all share. Opened in the background when somebody could have used it,
 * and given up at the first doubt: whoever does not find it uses the other.
 */
final class DirectLink implements AutoCloseable {

    /** Between two attempts to open it. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final @Nullable RedisURI uri;
    private final ScheduledExecutorService timer;
    private final AtomicBoolean opening = new AtomicBoolean();
    private volatile @Nullable DirectConnection connection;

    private final ReentrantLock inUse = new ReentrantLock();
    private final AtomicLong givenUp = new AtomicLong();
    private volatile long triedNanos = System.nanoTime() - PAUSE_NANOS;
    private volatile @Nullable Thread opener;
    private volatile boolean closed;

    /** @param uri where to; {@code null} = there is to be none */
    DirectLink(@Nullable RedisURI uri, ScheduledExecutorService timer) {
        this.uri = uri;
        this.timer = timer;
    }

    /** Whether such a connection can be made of what the URI says: by TCP, to one server, with credentials that stay. */
    static boolean isPossible(RedisURI uri) {
        return uri.getHost() != null
                && uri.getSocket() == null
                && uri.getSentinels().isEmpty()
                && !uri.isSsl()
                && !(uri.getCredentialsProvider() != null
                        && uri.getCredentialsProvider().supportsStreaming());
    }

    /** Whether it is there; if not, it may be later. An interrupted caller would break it. */
    boolean isThere() {
        if (uri == null || Thread.currentThread().isInterrupted()) {
            return false;
        }
        DirectConnection present = connection;
        if (present != null && present.isUsable()) {
            return true;
        }
        if (!closed && System.nanoTime() - triedNanos > PAUSE_NANOS && opening.compareAndSet(false, true)) {
            DirectConnection made = connection;
            if (made != null && made.isUsable()) {
                opening.set(false); // somebody else was faster
                return true;
            }
            try {
                opener = Daemon.start("lock-redis-connect-direct", () -> open(uri));
            } catch (Throwable noThread) {
                opening.set(false);
            }
        }
        return false;
    }

    private void open(RedisURI address) {
        try {
            triedNanos = System.nanoTime();
            long before = givenUp.get();
            DirectConnection made = DirectConnection.open(address, CommandLink.PATIENCE, timer);
            replaceBy(made);
            Greeting.say(made, address, CommandLink.PATIENCE);
            // The server that this leads to may have been left in the meantime.
            if (closed || givenUp.get() != before) {
                made.close();
            }
            made.greeted();
        } catch (Throwable e) {
            giveUp(); // the shared connection serves, and tells what is wrong
        } finally {
            opening.set(false);
        }
    }

    /** Whoever is owed an answer by a broken one is told so. */
    private void replaceBy(DirectConnection made) {
        DirectConnection broken;
        inUse.lock();
        try {
            broken = connection;
            if (broken != null) {
                broken.close();
                broken.readOwed();
            }
            connection = made;
        } finally {
            inUse.unlock();
        }
        tell(broken);
    }

    /** Outside of the lock: whoever hears it may ask for something. */
    private static void tell(@Nullable DirectConnection used) {
        Runnable news = used == null ? null : used.takeNews();
        if (news != null) {
            news.run();
        }
    }

    /** What is done with the connection, by one at a time. */
    @FunctionalInterface
    interface Work {
        void run(DirectConnection own) throws IOException;
    }

    /**
     * Whether it was done: not when somebody else uses the connection, or when that turns out to be broken.
     *
     * @param settled whether it must owe no answer
     */
    boolean isDone(boolean settled, Work work) throws IOException {
        if (!inUse.tryLock()) {
            return false;
        }
        DirectConnection present = connection;
        try {
            if (present == null || !present.isUsable() || (settled && present.owes()) || !present.isFresh()) {
                return false;
            }
            work.run(present);
            return true;
        } finally {
            inUse.unlock();
            tell(present);
        }
    }

    /** Whether an answer is to come for somebody who did not wait for it. */
    boolean owes() {
        DirectConnection present = connection;
        return present != null && present.owes();
    }

    /** Reads the answer that is owed, if it is there. Returns whether none is owed now. */
    boolean settle() {
        if (!inUse.tryLock()) {
            return !owes(); // whoever uses it reads that first
        }
        DirectConnection present = connection;
        try {
            return present == null || present.readOwed();
        } finally {
            inUse.unlock();
            tell(present);
        }
    }

    /** Whatever is under way on it fails. */
    void giveUp() {
        givenUp.incrementAndGet();
        DirectConnection present = connection;
        if (present != null) {
            present.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        giveUp();
        Daemon.await(opener);
        settle();
    }
}
