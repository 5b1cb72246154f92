package io.distributedlock.zookeeper;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;

/**
 * Tells once what became of a node, on the thread that brings the news. The client watches on by itself after a reconnect.
 */
final class NodeWatch implements Watcher {

    /** What one can hear of a node. */
    enum News {
        /** Its data changed: that is how a holder that had to wait gives the lock on, see {@link Requests#deleteTelling}. */
        CHANGED,
        /** It is gone, who knows why. */
        GONE,
        /** The session that watched it is over. */
        UNKNOWN
    }

    private final String path;
    private final BiConsumer<NodeWatch, News> listener;

    NodeWatch(String path, BiConsumer<NodeWatch, News> listener) {
        this.path = path;
        this.listener = listener;
    }

    CompletableFuture<Answer> set(Requests requests) {
        return requests.watch(path, this);
    }

    /**
     * Forgets the watch here. The server forgets its part when the node goes: it keeps one watch for each node and
     * session at most, and could not be told to drop only ours.
     */
    void cancel(Requests requests) {
        requests.unwatch(path, this);
    }

    @Override
    public void process(WatchedEvent event) {
        if (event.getState() == KeeperState.Expired || event.getState() == KeeperState.Closed) {
            listener.accept(this, News.UNKNOWN);
        } else if (event.getType() == EventType.NodeDeleted) {
            listener.accept(this, News.GONE);
        } else if (event.getType() == EventType.NodeDataChanged) {
            listener.accept(this, News.CHANGED);
        }
    }
}
