package io.distributedlock.zookeeper;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.distributedlock.spi.LockClaim;
import io.distributedlock.spi.LockGrant;
import io.distributedlock.zookeeper.NodeWatch.News;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One claim, from its first request until ZooKeeper has nothing of it any more. Everything happens in turns, and it has one
 * conversation with ZooKeeper at a time: find its place, then hold the lock, wait for the claim ahead, or leave.
 */
final class ClaimLife {

    private static final long REMOVAL_PAUSE_MILLIS = 200;

    private final Turns turns = new Turns();
    private final Session session;
    private final Requests requests;
    private final String lock;
    private final LockClaim claim;
    private final QueuePlace place;
    private final Runnable end;

    private @Nullable Ask ask;
    private @Nullable NodeWatch ahead;
    private boolean talking;
    private boolean ended;
    private boolean removalUnanswered;
    private CompletableFuture<Boolean> removed = new CompletableFuture<>();

    /** These two are read by renewals, which have no turn here. */
    private volatile @Nullable Holding holding;

    private volatile boolean leaving;

    ClaimLife(Session session, LockTree tree, String lock, LockClaim claim, boolean uncertain, Runnable end) {
        this.session = session;
        this.requests = session.requests(turns);
        this.lock = lock;
        this.claim = claim;
        this.place = new QueuePlace(session, requests, tree, lock, claim, uncertain);
        this.end = end;
    }

    LockClaim claim() {
        return claim;
    }

    @Nullable
    Holding holding() {
        return leaving ? null : holding;
    }

    CompletableFuture<Optional<LockGrant>> ask(LockClaim again) {
        return inTurn(() -> asked(again));
    }

    /** Makes everything of this claim go away; answers whether it had the lock. Tried again until it is done. */
    CompletableFuture<Boolean> leave() {
        return inTurn(() -> {
            Ask asking = ask;
            ask = null;
            if (asking != null) {
                asking.end();
            }
            return remove();
        });
    }

    void fail(Throwable failure) {
        turns.execute(() -> failed(failure));
    }

    private CompletableFuture<Optional<LockGrant>> asked(LockClaim again) {
        if (leaving) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        if (ask != null) {
            return ask.answer();
        }
        Ask asking = new Ask(again.waitTime(), session.timer(), turns);
        ask = asking;
        if (!talking && ahead == null) {
            talk(place.find());
        }
        asking.setAlarm(this::patienceOver, this::waitOver);
        return asking.answer();
    }

    private void talk(CompletableFuture<QueuePlace.Standing> conversation) {
        talking = true;
        conversation.thenAccept(this::decide).exceptionally(failure -> {
            talking = false;
            failed(failure);
            return null;
        });
    }

    private void decide(QueuePlace.Standing standing) {
        Ask asking = ask;
        if (leaving || asking == null) {
            talking = false;
            if (leaving) {
                removeNow();
            }
        } else if (standing.isFirst()) {
            hold(asking, standing);
        } else if (asking.isTimeOver()) {
            talking = false;
            waitOver();
        } else {
            waitFor(standing);
        }
    }

    private void hold(Ask asking, QueuePlace.Standing standing) {
        ClaimNode mine = standing.mine();
        OptionalLong proven = session.proof().of(mine.session());
        if (proven.isEmpty()) {
            talk(place.look());
            return;
        }
        long third = session.leaseOf(claim).toNanos() / 3;
        if (!standing.synced() && System.nanoTime() - proven.getAsLong() > third) {
            talk(place.prove(standing));
            return;
        }
        Holding held = holding;
        if (held == null || !held.node().equals(mine)) {
            held = new Holding(session, lock, mine, claim.tokens());
            holding = held;
        }
        talking = false;
        ask = null;
        asking.grant(held.grant(claim, proven.getAsLong()));
    }

    private void waitFor(QueuePlace.Standing standing) {
        NodeWatch watch =
                new NodeWatch(standing.before(), (heard, news) -> turns.execute(() -> changed(heard, standing, news)));
        ahead = watch;
        talking = true;
        watch.set(requests)
                .thenAccept(answer -> {
                    talking = false;
                    if (answer.isNoNode()) {
                        ahead = null;
                        lookUnlessFirst(standing.afterTheEndBefore());
                    } else if (leaving) {
                        removeNow();
                    } else if (ask != null && ask.isTimeOver()) {
                        waitOver();
                    }
                })
                .exceptionally(failure -> {
                    ahead = null;
                    talking = false;
                    failed(failure);
                    return null;
                });
    }

    /** Asks nothing where the news says enough: cost and delay of a hand-off do not depend on how many wait. */
    private void changed(NodeWatch heard, QueuePlace.Standing standing, News news) {
        if (heard != ahead) {
            return;
        }
        ahead = null;
        switch (news) {
            case CHANGED -> decide(standing.afterTheHolder());
            case GONE -> decide(standing.afterTheEndBefore());
            case UNKNOWN -> lookUnlessFirst(standing);
        }
    }

    private void lookUnlessFirst(QueuePlace.Standing standing) {
        if (leaving || ask == null || standing.isFirst()) {
            decide(standing);
        } else {
            talk(place.look());
        }
    }

    /** ZooKeeper has not said a word: the caller shall know it, and has time to ask again. */
    private void patienceOver() {
        if (!place.isKnown()) {
            failed(new IOException("ZooKeeper at %s has not answered (%s)"
                    .formatted(
                            session.connection().address(),
                            session.connection().isConnected() ? "connected" : "not connected")));
        }
    }

    private void waitOver() {
        Ask asking = ask;
        if (asking == null || talking) {
            return;
        }
        ask = null;
        remove().thenRun(asking::end).exceptionally(failure -> {
            asking.fail(failure);
            return null;
        });
    }

    private void failed(Throwable failure) {
        Ask asking = ask;
        ask = null;
        if (asking != null) {
            asking.fail(failure);
        }
        if (leaving) {
            removeNow();
        }
    }

    private CompletableFuture<Boolean> remove() {
        leaving = true;
        place.abandon();
        CompletableFuture<Boolean> answer = removed.copy();
        removeNow();
        return answer;
    }

    private void removeNow() {
        if (talking || ended) {
            return;
        }
        talking = true;
        NodeWatch watch = ahead;
        if (watch != null) {
            ahead = null;
            watch.cancel(requests);
        }
        place.remove(holding != null).thenAccept(this::removed).exceptionally(failure -> {
            removalFailed(failure);
            return null;
        });
    }

    private void removed(boolean hadTheLock) {
        ended = true;
        end.run();
        removed.complete(hadTheLock || (holding != null && removalUnanswered));
    }

    private void removalFailed(Throwable failure) {
        talking = false;
        // The next attempt may find nothing because this one did it after all.
        removalUnanswered = true;
        CompletableFuture<Boolean> unanswered = removed;
        removed = new CompletableFuture<>();
        if (!session.connection().isClosed()) {
            var unused =
                    session.timer().schedule(() -> turns.execute(this::removeNow), REMOVAL_PAUSE_MILLIS, MILLISECONDS);
        }
        unanswered.completeExceptionally(failure);
    }

    private <T> CompletableFuture<T> inTurn(Supplier<CompletableFuture<T>> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        turns.execute(() -> work.get().whenComplete((value, failure) -> {
            if (failure == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(failure);
            }
        }));
        return answer;
    }
}
