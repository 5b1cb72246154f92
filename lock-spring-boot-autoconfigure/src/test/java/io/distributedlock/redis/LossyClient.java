package io.distributedlock.redis;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** The parts of a backend, with a postman between server and inbox who may lose messages or keep them for a while. */
final class LossyClient implements AutoCloseable {

    /** What happens to a message: deliver it, now or later, or do not. */
    interface Postman {
        void deliver(String message, Consumer<String> inbox);
    }

    final ScheduledExecutorService timer = Daemon.timer("lossy-timer");
    final LockScripts scripts;
    final String channel;
    private final Servers server;
    private final WaitingClaims claims;
    private volatile Postman postman = (message, inbox) -> inbox.accept(message);

    LossyClient(Redis redis) {
        server = new OneServer(
                RedisClientSource.own(redis.uri),
                null,
                new OneServer.Settings(redis.keys, 0, timer, false),
                "Redis at " + redis.uri);
        channel = redis.keys.inbox(UUID.randomUUID().toString(), false);
        scripts = new LockScripts(server, redis.keys, Duration.ofHours(1));
        claims = new WaitingClaims(
                scripts,
                server,
                timer,
                listener -> new Inbox(server.subscriptions(), timer, channel, through(listener)));
    }

    void postman(Postman next) {
        postman = next;
    }

    CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
        return claims.acquire(claim, server);
    }

    CompletableFuture<Boolean> release(LockClaim claim) {
        return claims.release(claim, Duration.ZERO, server);
    }

    int knownClaims() {
        return claims.known();
    }

    /** One run of the acquire script, as a client sends it again after a reconnect. */
    CompletableFuture<Answer> replay(LockClaim claim, String inbox) {
        return scripts.acquire(claim, StoredClaim.of(claim, inbox), server, () -> {}, claim::waitTime);
    }

    private Inbox.Listener through(Inbox.Listener listener) {
        return new Inbox.Listener() {
            @Override
            public void opened() {
                listener.opened();
            }

            @Override
            public void received(String message) {
                postman.deliver(message, listener::received);
            }

            @Override
            public boolean isListening() {
                return listener.isListening();
            }

            @Override
            public void failed(Throwable cause) {
                listener.failed(cause);
            }
        };
    }

    @Override
    public void close() {
        claims.close(new IllegalStateException("closed"));
        server.close();
        timer.shutdownNow();
    }
}
