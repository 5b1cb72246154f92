package io.distributedlock.zookeeper;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.spi.Renewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The claims of this instance by holder, as long as ZooKeeper has, or may have, something of them. */
final class Claims {

    private final Session session;
    private final Requests requests;
    private final LockTree tree;
    private final Map<String, ClaimLife> lives = new ConcurrentHashMap<>();

    Claims(Session session, Requests requests, LockTree tree) {
        this.session = session;
        this.requests = requests;
        this.tree = tree;
    }

    CompletableFuture<Optional<LockGrant>> acquire(LockClaim claim) {
        ClaimLife life = life(claim, false);
        Holding held = life.holding();
        boolean givenUp = held != null && held.isGivenUp();
        return givenUp ? CompletableFuture.completedFuture(Optional.empty()) : life.ask(claim);
    }

    CompletableFuture<Boolean> release(LockClaim claim) {
        return life(claim, true).leave();
    }

    /** For a lease that was lost here while the session lives: the claim's node stays for so long. */
    CompletableFuture<Boolean> releaseLater(LockClaim claim, Duration delay) {
        ClaimLife life = lives.get(claim.holder());
        if (life == null) {
            return release(claim);
        }
        Holding held = life.holding();
        if (held == null || held.isLost()) {
            return release(claim);
        }
        held.giveUp();
        var unused = session.timer().schedule(life::leave, delay.toNanos(), NANOSECONDS);
        return CompletableFuture.completedFuture(true);
    }

    /** The longest lock-delay of those that are held and not being released: so long their nodes have to stay. */
    Duration lockDelay() {
        return lives.values().stream()
                .filter(life -> life.holding() != null)
                .map(life -> life.claim().lockDelay())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** One sync for all of them: its answer proves the session, and tells before it what became of the nodes. */
    CompletableFuture<List<Renewal>> renew(List<LockGrant> grants) {
        List<Holding> held =
                grants.stream().map(this::holding).filter(Objects::nonNull).toList();
        if (held.isEmpty()) {
            return CompletableFuture.completedFuture(answers(grants));
        }
        List<CompletableFuture<?>> asked = new ArrayList<>();
        asked.add(requests.sync(tree.base()));
        held.forEach(holding -> asked.add(holding.watch(requests)));
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(all -> answers(grants));
    }

    int size() {
        return lives.size();
    }

    /** Whoever still waits is told why it ends. */
    void fail(Exception cause) {
        lives.values().forEach(life -> life.fail(cause));
    }

    private List<Renewal> answers(List<LockGrant> grants) {
        return grants.stream()
                .map(grant -> {
                    Holding holding = holding(grant);
                    return holding == null ? new Renewal.NotHeld() : holding.renewed(grant);
                })
                .toList();
    }

    private @Nullable Holding holding(LockGrant grant) {
        ClaimLife life = lives.get(grant.claim().holder());
        Holding holding = life == null ? null : life.holding();
        if (holding == null || holding.has(grant)) {
            return holding;
        }
        if (holding.isLost()) {
            forget(grant.claim().holder(), tree.lock(grant.claim().name()));
        }
        return null;
    }

    private ClaimLife life(LockClaim claim, boolean uncertain) {
        return lives.computeIfAbsent(claim.holder(), holder -> {
            String lock = tree.lock(claim.name());
            session.nodes().claimed(lock);
            return new ClaimLife(session, tree, lock, claim, uncertain, () -> forget(holder, lock));
        });
    }

    private void forget(String holder, String lock) {
        if (lives.remove(holder) != null) {
            session.nodes().left(lock);
        }
    }
}
