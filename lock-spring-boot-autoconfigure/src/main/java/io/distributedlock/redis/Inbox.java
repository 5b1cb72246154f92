package io.distributedlock.redis;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one channel on which this client hears of its hand-offs, on a connection of its own. Subscribed when first needed,
 * and again after the connection broke, as long as somebody listens.
 */
final class Inbox {

    /** A subscription that broke sooner than this is not tried again at once. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Whoever waits for messages. Called on threads of the client or of a {@link Subscription}: must not block. */
    interface Listener {

        /** From now on messages arrive; what was sent before may be lost. */
        void opened();

        void received(String message);

        /** Whether to subscribe again after the connection broke. */
        boolean isListening();

        /** The server could not be reached; the inbox stays closed until asked to open. */
        void failed(Throwable cause);
    }

    /** Makes the inbox of a listener. */
    @FunctionalInterface
    interface Source {
        Inbox create(Listener listener);
    }

    private final Subscription.Source source;
    private final ScheduledExecutorService timer;
    private final String channel;
    private final Listener listener;

    private volatile @Nullable Thread opener;

    // guarded by this
    private @Nullable Subscription connection;
    private boolean opening;
    private boolean closed;
    private long openedNanos;

    Inbox(Subscription.Source source, ScheduledExecutorService timer, String channel, Listener listener) {
        this.source = source;
        this.timer = timer;
        this.channel = channel;
        this.listener = listener;
    }

    String channel() {
        return channel;
    }

    /** Whether messages arrive already; if not, the listener hears when they do. */
    boolean open() {
        synchronized (this) {
            // A closed one never opens: nobody waits for it, and the request itself hears why.
            if (connection != null || closed) {
                return true;
            }
            if (opening) {
                return false;
            }
            opening = true;
        }
        try {
            opener = Daemon.start("lock-redis-inbox", this::subscribe);
        } catch (Throwable noThread) {
            notOpened(noThread);
        }
        return false;
    }

    private void notOpened(Throwable cause) {
        synchronized (this) {
            opening = false;
        }
        listener.failed(cause);
    }

    /** Leaves a server that is not the right one any more, and connects anew if somebody listens. */
    void reopen() {
        Subscription present;
        synchronized (this) {
            present = connection;
        }
        if (present != null) {
            lost(present);
        }
    }

    private void subscribe() {
        Subscription made;
        try {
            made = source.open(channel, listener::received, this::lost);
        } catch (Throwable e) {
            notOpened(Failures.withReason(e));
            return;
        }
        boolean keep;
        synchronized (this) {
            opening = false;
            keep = !closed;
            connection = keep ? made : null;
            openedNanos = System.nanoTime();
        }
        if (!keep) {
            made.giveUp();
            return;
        }
        listener.opened();
        if (!made.isOpen()) {
            lost(made);
        }
    }

    private void lost(Subscription broken) {
        broken.giveUp();
        long steadyNanos;
        synchronized (this) {
            if (connection != broken) {
                return;
            }
            connection = null;
            steadyNanos = System.nanoTime() - openedNanos;
        }
        if (listener.isListening()) {
            var unused =
                    timer.schedule(this::open, steadyNanos < STEADY_NANOS ? STEADY_NANOS : 0, TimeUnit.NANOSECONDS);
        }
    }

    void close() {
        Subscription present;
        synchronized (this) {
            closed = true;
            present = connection;
            connection = null;
        }
        Daemon.await(opener);
        if (present != null) {
            present.close();
        }
    }
}
