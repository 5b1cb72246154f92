package io.distributedlock.zookeeper;

import io.distributedlock.HolderInfo;
import io.distributedlock.LockInfo;
import io.distributedlock.LockMode;
import io.distributedlock.spi.BackendCapabilities;
import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.curator.framework.CuratorFramework;

/**
 * Keeps locks in ZooKeeper. A claim is an ephemeral sequential node, the first one has the lock, each other one watches
 * the one before it; all of an instance live and die with its one session.
 *
 * <ul>
 *   <li>A lease is never longer than two thirds of the negotiated session timeout. Within that it has the length that
 *       was asked for: it ends here when the session was not proven for so long. ZooKeeper itself passes the lock on
 *       when the session ends.
 *   <li>The lock-delay of a claim is the last part of the session, in which its lease is over: the lease is two thirds of
 *       what is left. A claim whose delay leaves less than a second is refused, exceptionally.
 *   <li>Tokens are the creation's transaction number × 64; they grow as long as the ensemble keeps its data. 63 of the 64
 *       can be reserved.
 *   <li>A forced release answers a token above that of the holder it ended and below those of the claims that waited.
 * </ul>
 */
public final class ZooKeeperLockBackend implements LockBackend {

    private static final BackendCapabilities CAPABILITIES =
            new BackendCapabilities(false, false, true, true, false, true, true, false);

    private static final long CLOSE_SECONDS = 2;

    private final Connection connection;
    private final ScheduledThreadPoolExecutor timer;
    private final Requests requests;
    private final Claims claims;
    private final LockView view;
    private final Map<Object, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * With a client of its own, which connects when it is first used and is closed with the backend.
     *
     * @param settings where ZooKeeper is
     */
    public ZooKeeperLockBackend(ZooKeeperSettings settings) {
        this(Connection.with(settings), settings.root(), settings.namespace());
    }

    /**
     * With a client of the application, whose session, namespace and access rules are used. Never closed here. It may be
     * started later; until then every request fails.
     *
     * @param client the client
     * @param root path below which everything lives, within the client's namespace, for example {@code /locks}
     * @param namespace what keeps the locks of one application apart from others' of the same name
     */
    public ZooKeeperLockBackend(CuratorFramework client, String root, String namespace) {
        this(Connection.ofTheApplication(client), root, namespace);
    }

    private ZooKeeperLockBackend(Connection connection, String root, String namespace) {
        ZooKeeperSettings.checkTree(root, namespace);
        this.connection = connection;
        timer = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread worker = new Thread(task, "lock-zookeeper");
                    worker.setDaemon(true);
                    return worker;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        SessionProof proof = new SessionProof();
        requests = new Requests(connection, proof, Runnable::run);
        LockNodes nodes = new LockNodes(timer, requests::delete);
        LockTree tree = new LockTree(connection.prefix() + (root.equals("/") ? "" : root), namespace);
        claims = new Claims(new Session(connection, proof, nodes, timer), requests, tree);
        view = new LockView(requests, tree);
    }

    @Override
    public BackendCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public String description() {
        return "ZooKeeper at " + connection.address();
    }

    @Override
    public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
        if (claim.mode() != LockMode.EXCLUSIVE) {
            return CompletableFuture.failedFuture(
                    new UnsupportedOperationException("Locks in ZooKeeper are EXCLUSIVE only, but '" + claim.name()
                            + "' was asked for as " + claim.mode()));
        }
        return call(() -> claims.acquire(claim));
    }

    @Override
    public CompletableFuture<List<Renewal>> renew(List<LockGrant> grants) {
        List<LockGrant> asked = List.copyOf(grants);
        return call(() -> claims.renew(asked));
    }

    @Override
    public CompletableFuture<Boolean> release(LockClaim claim, Duration keep) {
        Duration delay = keep.compareTo(claim.lockDelay()) < 0 ? keep : claim.lockDelay();
        return call(() -> delay.isZero() ? claims.release(claim) : claims.releaseLater(claim, delay));
    }

    @Override
    public CompletableFuture<LockInfo> inspect(String name) {
        return call(() -> view.inspect(name));
    }

    @Override
    public CompletableFuture<Long> forceRelease(String name) {
        return call(() -> view.removeFirst(name))
                .thenCompose(removed ->
                        removed.map(CompletableFuture::completedFuture).orElseGet(() -> passThrough(name)));
    }

    @Override
    public CompletableFuture<BackendStatus> check() {
        return call(() -> new HealthCheck(connection, requests, timer).run());
    }

    /**
     * Closes the session, if it is ours: ZooKeeper gives what is still held to others at once, or, while something is held
     * that has a lock-delay, when that has passed.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        Duration delay = claims.lockDelay();
        claims.fail(closedError());
        if (delay.isZero()) {
            closeNow();
        } else {
            var unused = timer.schedule(
                    () -> {
                        connection.close();
                        timer.shutdown();
                    },
                    delay.toNanos(),
                    TimeUnit.NANOSECONDS);
        }
        underWay.values().forEach(call -> call.completeExceptionally(closedError()));
    }

    private void closeNow() {
        try {
            CompletableFuture.runAsync(connection::close, timer).get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // The server ends the session by its time.
        } finally {
            timer.shutdownNow();
        }
    }

    private IllegalStateException closedError() {
        return new IllegalStateException(description() + " was closed");
    }

    /** The session of now, 0 while there is none. */
    long session() {
        return connection.sessionId();
    }

    /** How many claims this instance remembers. */
    int claims() {
        return claims.size();
    }

    /** Nobody holds the lock: a grant of our own tells a token above all that were. */
    private CompletableFuture<Long> passThrough(String name) {
        LockClaim claim = new LockClaim(
                name,
                UUID.randomUUID().toString(),
                LockMode.EXCLUSIVE,
                0,
                Duration.ofSeconds(1),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                FencingTokens.PER_GRANT,
                new HolderInfo("forced release", "", Thread.currentThread().getName()));
        CompletableFuture<Optional<LockGrant>> acquired = acquire(claim);
        return acquired.handle((granted, failure) -> release(claim, Duration.ZERO))
                .thenCompose(released -> released)
                .thenCompose(released -> acquired)
                .thenCompose(granted -> granted.map(
                                grant -> CompletableFuture.completedFuture(grant.token() + FencingTokens.PER_GRANT))
                        .orElseGet(() -> forceRelease(name)));
    }

    private <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> work) {
        if (closed.get()) {
            return CompletableFuture.failedFuture(closedError());
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        Object call = new Object();
        underWay.put(call, answer);
        work.get().whenComplete((value, failure) -> {
            underWay.remove(call);
            if (failure == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
        });
        if (closed.get()) {
            // Its answer may never come, or come after those who were waiting were told.
            answer.completeExceptionally(closedError());
        }
        return answer;
    }
}
