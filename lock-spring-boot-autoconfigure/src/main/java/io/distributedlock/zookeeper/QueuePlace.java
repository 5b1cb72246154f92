package io.distributedlock.zookeeper;

import io.distributedlock.spi.LockClaim;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** The place of one claim in the queue of its lock: gets it, finds it again after a lost answer, and gives it up. */
final class QueuePlace {

    /**
     * Where a claim stands.
     *
     * @param mine its node
     * @param ahead paths of the nodes before it when it looked, in their order: none can have come since
     * @param synced whether the session was proven after it looked
     */
    record Standing(ClaimNode mine, List<String> ahead, boolean synced) {

        boolean isFirst() {
            return ahead.isEmpty();
        }

        /** The node just before it. */
        String before() {
            return ahead.get(ahead.size() - 1);
        }

        /** The node just before it had the lock, and gave it back. */
        Standing afterTheHolder() {
            return new Standing(mine, List.of(), false);
        }

        /** The node just before it has ended, whatever it was; those before that may be there. */
        Standing afterTheEndBefore() {
            return new Standing(mine, ahead.subList(0, ahead.size() - 1), false);
        }
    }

    private final Session session;
    private final Requests requests;
    private final LockTree tree;
    private final String lock;
    private final LockClaim claim;
    private @Nullable ClaimNode node;
    private boolean uncertain;
    private boolean waited;
    private boolean abandoned;

    /** Uncertain: the claim may have nodes that we do not know of. */
    QueuePlace(Session session, Requests requests, LockTree tree, String lock, LockClaim claim, boolean uncertain) {
        this.session = session;
        this.requests = requests;
        this.tree = tree;
        this.lock = lock;
        this.claim = claim;
        this.uncertain = uncertain;
    }

    boolean isKnown() {
        return node != null;
    }

    /** From now on no new node is made; what is under way ends exceptionally. */
    void abandon() {
        abandoned = true;
    }

    /** One round trip when nobody else wants the lock. */
    CompletableFuture<Standing> find() {
        // Without a connection nothing is created yet: a claim that never was sent needs no removal later.
        boolean isNew = node == null && !uncertain && session.connection().isConnected();
        return isNew ? enter(null) : look();
    }

    /** Two requests, one round trip: the server catches up with its leader, then tells who is there. */
    CompletableFuture<Standing> look() {
        CompletableFuture<Answer> synced = requests.sync(lock);
        return requests.children(lock)
                .thenCombine(synced, (seen, sync) -> new ClaimQueue(seen.children()))
                .thenCompose(queue -> standing(queue, true));
    }

    /** Asks only whether the session lives; what was seen before still holds. */
    CompletableFuture<Standing> prove(Standing standing) {
        return requests.sync(lock).thenApply(synced -> new Standing(standing.mine(), standing.ahead(), true));
    }

    /**
     * Deletes whatever the claim has there.
     *
     * @param holds whether its known node has the lock
     * @return whether the claim had the lock until this moment
     */
    CompletableFuture<Boolean> remove(boolean holds) {
        if (uncertain) {
            return requests.sync(lock)
                    .thenCombine(requests.children(lock), (sync, seen) -> new ClaimQueue(seen.children()))
                    .thenCompose(queue -> {
                        List<ClaimQueue.Place> mine = queue.of(claim.holder());
                        boolean isFirst = !mine.isEmpty() && mine.get(0).equals(queue.first());
                        return delete(mine).thenApply(deleted -> deleted && isFirst);
                    });
        }
        ClaimNode known = node;
        if (known == null || session.isOver(known.session())) {
            return CompletableFuture.completedFuture(false);
        }
        String path = lock + "/" + known.node();
        boolean telling = holds && waited;
        // Should telling be refused, for want of the right to write, the next attempt does without.
        waited = false;
        return (telling ? requests.deleteTelling(path) : requests.delete(path))
                .thenApply(deleted -> deleted.isOk() && holds);
    }

    private CompletableFuture<Standing> enter(@Nullable Throwable parentsFailure) {
        if (abandoned) {
            return CompletableFuture.failedFuture(new CancellationException());
        }
        IOException refusal = session.refusalOf(claim);
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        uncertain = true;
        CompletableFuture<Answer> container = session.nodes().isThere(lock) ? null : requests.createContainer(lock);
        CompletableFuture<Answer> created =
                requests.createClaim(lock + "/" + ClaimQueue.prefix(claim.holder()), HolderData.write(claim.info()));
        CompletableFuture<ClaimQueue> seen = requests.children(lock)
                .handle((answer, failure) -> new ClaimQueue(failure == null ? answer.children() : List.of()));
        return created.thenCompose(answer -> {
            uncertain = false;
            Stat stat = answer.stat();
            session.nodes().heardOf(lock, stat != null);
            if (stat == null) {
                return container == null
                        ? enter(parentsFailure)
                        : container.thenCompose(above -> enterAgain(above, parentsFailure));
            }
            ClaimNode mine = ClaimNode.of(answer.createdNode(), stat);
            node = mine;
            // A client that sends again by itself may have looked before it created, or created twice and looked
            // between.
            return seen.thenCompose(queue -> queue.has(mine.node()) ? standing(queue, false) : look());
        });
    }

    /** The lock's node was not there: its parents are missing, or its last claim left at this moment. */
    private CompletableFuture<Standing> enterAgain(Answer container, @Nullable Throwable parentsFailure) {
        if (!container.isNoNode()) {
            return enter(null);
        }
        if (parentsFailure != null) {
            return CompletableFuture.failedFuture(parentsFailure);
        }
        CompletableFuture<?>[] parents =
                tree.parents().stream().map(requests::createContainer).toArray(CompletableFuture[]::new);
        // Who may not create a parent gets a refusal even where it exists.
        return CompletableFuture.allOf(parents)
                .handle((all, failure) -> Optional.ofNullable(failure))
                .thenCompose(failure -> enter(failure.orElse(null)));
    }

    private CompletableFuture<Standing> standing(ClaimQueue queue, boolean synced) {
        List<ClaimQueue.Place> mine = queue.of(claim.holder());
        if (mine.isEmpty()) {
            node = null;
            return enter(null);
        }
        ClaimQueue.Place place = mine.get(0);
        ClaimNode known = node;
        if (known == null || !known.node().equals(place.node())) {
            return adopt(place, queue, synced);
        }
        if (session.isOver(known.session())) {
            // It ends with a session before this one, without asking us.
            return requests.delete(path(place)).thenCompose(deleted -> look());
        }
        if (place.isBeyondOrder()) {
            return CompletableFuture.failedFuture(new IOException("Lock '" + claim.name() + "' was claimed 2^31 times"
                    + " without being free once, and ZooKeeper stops counting there;"
                    + " it counts anew when all its claims have ended"));
        }
        uncertain = mine.size() > 1;
        if (uncertain) {
            // The client sent the create twice, and both arrived.
            return delete(mine.subList(1, mine.size())).thenCompose(deleted -> look());
        }
        List<String> ahead = queue.ahead(place).stream().map(this::path).toList();
        waited |= !ahead.isEmpty();
        return CompletableFuture.completedFuture(new Standing(known, ahead, synced));
    }

    private CompletableFuture<Standing> adopt(ClaimQueue.Place place, ClaimQueue queue, boolean synced) {
        return requests.stat(path(place)).thenCompose(answer -> {
            Stat stat = answer.stat();
            if (stat == null) {
                return look();
            }
            node = ClaimNode.of(place.node(), stat);
            // Perhaps, before its answer was lost.
            waited = true;
            return standing(queue, synced);
        });
    }

    private CompletableFuture<Boolean> delete(List<ClaimQueue.Place> places) {
        List<CompletableFuture<Answer>> deletions =
                places.stream().map(place -> requests.delete(path(place))).toList();
        return CompletableFuture.allOf(deletions.toArray(CompletableFuture[]::new))
                .thenApply(all ->
                        deletions.stream().anyMatch(deletion -> deletion.join().isOk()));
    }

    private String path(ClaimQueue.Place place) {
        return lock + "/" + place.node();
    }
}
