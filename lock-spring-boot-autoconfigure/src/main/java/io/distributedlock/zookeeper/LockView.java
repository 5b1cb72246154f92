package io.distributedlock.zookeeper;

import io.distributedlock.LockInfo;
import io.distributedlock.LockMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** A lock as anybody sees it from outside: who is there, and taking it away from the first. */
final class LockView {

    private final Requests requests;
    private final LockTree tree;

    LockView(Requests requests, LockTree tree) {
        this.requests = requests;
        this.tree = tree;
    }

    CompletableFuture<LockInfo> inspect(String name) {
        return queue(name).thenCompose(queue -> {
            ClaimQueue.Place first = queue.first();
            if (first == null) {
                return CompletableFuture.completedFuture(new LockInfo(name, List.of(), 0));
            }
            return requests.read(path(name, first)).thenCompose(answer -> {
                Stat stat = answer.stat();
                return stat == null
                        ? inspect(name)
                        : CompletableFuture.completedFuture(
                                new LockInfo(name, List.of(holder(first, stat, answer.data())), queue.size() - 1));
            });
        });
    }

    /** Answers the token that ends the holder's; empty when there was none. */
    CompletableFuture<Optional<Long>> removeFirst(String name) {
        return queue(name).thenCompose(queue -> {
            ClaimQueue.Place first = queue.first();
            if (first == null) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            return requests.stat(path(name, first)).thenCompose(seen -> {
                Stat stat = seen.stat();
                // Deleted only once it was seen, and never another one instead: a client that sends again by itself
                // finds nothing the second time, because the first time it was done.
                return stat == null
                        ? removeFirst(name)
                        : requests.delete(path(name, first))
                                .thenApply(deleted -> Optional.of(FencingTokens.forced(stat.getCzxid())));
            });
        });
    }

    private CompletableFuture<ClaimQueue> queue(String name) {
        CompletableFuture<Answer> synced = requests.sync(tree.lock(name));
        return requests.children(tree.lock(name)).thenCombine(synced, (seen, sync) -> new ClaimQueue(seen.children()));
    }

    private String path(String name, ClaimQueue.Place place) {
        return tree.lock(name) + "/" + place.node();
    }

    private static LockInfo.Holder holder(ClaimQueue.Place place, Stat stat, byte @Nullable [] data) {
        return new LockInfo.Holder(
                place.holder(),
                FencingTokens.first(stat.getCzxid()),
                LockMode.EXCLUSIVE,
                Instant.ofEpochMilli(stat.getCtime()),
                HolderData.read(data));
    }
}
