package io.distributedlock.engine;

import io.distributedlock.LockInfo;
import io.distributedlock.spi.BackendCapabilities;
import io.distributedlock.spi.BackendStatus;
import io.distributedlock.spi.LockBackend;
import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import io.distributedlock.spi.Succession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A store behind a line that can be down (requests fail) or deaf (requests are lost without a word). Counts requests. */
final class SwitchableBackend implements LockBackend {

    enum Line {
        UP,
        DOWN,
        DEAF,
        /** The request arrives, the answer does not. */
        ANSWERS_LOST
    }

    private final LockBackend store;
    volatile Line line = Line.UP;
    volatile boolean keeps = true;
    volatile @Nullable Duration session;
    volatile UnaryOperator<CompletableFuture<LockInfo>> inspecting = UnaryOperator.identity();
    volatile UnaryOperator<CompletableFuture<List<Renewal>>> renewing = UnaryOperator.identity();
    volatile boolean ranges = true;
    volatile Consumer<LockClaim> whenAsked = claim -> {};
    final List<String> requests = new ArrayList<>();
    /** Those of the requests for which the calling thread may be kept. */
    final List<String> inPlace = new ArrayList<>();

    /** How often a thread was offered to send only. */
    int pipelined;

    /** How often a release and the claim behind it were asked for together. */
    int successions;

    boolean refusesSuccessions;

    final List<LockClaim> acquires = new ArrayList<>();
    final List<List<LockGrant>> renewals = new ArrayList<>();
    final List<LockClaim> releases = new ArrayList<>();

    SwitchableBackend(LockBackend store) {
        this.store = store;
    }

    private <T> CompletableFuture<T> through(java.util.function.Supplier<CompletableFuture<T>> request) {
        return switch (line) {
            case UP -> request.get();
            case DOWN -> CompletableFuture.failedFuture(new IllegalStateException("Connection refused"));
            case DEAF -> new CompletableFuture<>();
            case ANSWERS_LOST ->
                request.get()
                        .thenCompose(
                                lost -> CompletableFuture.failedFuture(new IllegalStateException("Connection reset")));
        };
    }

    @Override
    public BackendCapabilities capabilities() {
        return new BackendCapabilities(false, false, true, ranges, keeps, true, true, session == null);
    }

    @Override
    public String description() {
        return "Test store at nowhere:1";
    }

    @Override
    public CompletableFuture<Optional<LockGrant>> acquireInPlace(LockClaim claim) {
        inPlace.add("acquire");
        return acquire(claim);
    }

    @Override
    public CompletableFuture<Boolean> releaseInPlace(LockClaim claim, Duration keep) {
        inPlace.add("release");
        return release(claim, keep);
    }

    @Override
    public CompletableFuture<Boolean> releasePipelined(LockClaim claim, Duration keep) {
        pipelined++;
        return release(claim, keep);
    }

    @Override
    public Succession releaseThenAcquire(LockClaim ended, Duration keep, LockClaim next) {
        successions++;
        if (refusesSuccessions) {
            throw new IllegalStateException("not now");
        }
        return LockBackend.super.releaseThenAcquire(ended, keep, next);
    }

    @Override
    public CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
        acquires.add(claim);
        requests.add("acquire");
        whenAsked.accept(claim);
        Duration longest = session;
        LockClaim cut =
                longest != null && longest.compareTo(claim.leaseTime()) < 0 ? claim.withLeaseTime(longest) : claim;
        return through(() -> store.acquire(cut));
    }

    @Override
    public CompletableFuture<List<Renewal>> renew(List<LockGrant> grants) {
        renewals.add(grants);
        return renewing.apply(through(() -> store.renew(grants)));
    }

    @Override
    public CompletableFuture<Boolean> release(LockClaim claim, Duration keep) {
        releases.add(claim);
        requests.add("release");
        return through(() -> store.release(claim, keep));
    }

    @Override
    public CompletableFuture<LockInfo> inspect(String name) {
        return inspecting.apply(through(() -> store.inspect(name)));
    }

    @Override
    public CompletableFuture<Long> forceRelease(String name) {
        return through(() -> store.forceRelease(name));
    }

    @Override
    public CompletableFuture<BackendStatus> check() {
        return through(store::check);
    }

    @Override
    public void close() {}
}
