package io.distributedlock.zookeeper;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;

/** Tells once when a node is gone, or the session that watches it. The client watches on by itself after a reconnect. */
final class NodeWatch implements Watcher {

    private final String path;
    private final Executor thread;
    private final Runnable gone;
    private boolean over;

    NodeWatch(String path, Executor thread, Runnable gone) {
        this.path = path;
        this.thread = thread;
        this.gone = gone;
    }

    CompletableFuture<Answer> set(Requests requests) {
        return requests.watch(path, this);
    }

    /**
     * Forgets the watch here. The server forgets its part when the node goes: it keeps one watch for each node and
     * session at most, and could not be told to drop only ours.
     */
    void cancel(Requests requests) {
        if (!over) {
            over = true;
            requests.unwatch(path, this);
        }
    }

    @Override
    public void process(WatchedEvent event) {
        boolean lost = event.getState() == KeeperState.Expired || event.getState() == KeeperState.Closed;
        if (lost || event.getType() == EventType.NodeDeleted) {
            thread.execute(this::tell);
        }
    }

    private void tell() {
        if (!over) {
            over = true;
            gone.run();
        }
    }
}
