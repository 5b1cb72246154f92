package io.distributedlock.zookeeper;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.BackgroundCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher;

/**
 * The requests to ZooKeeper. Each is sent at once and never blocks; its future completes in the given turns, on the thread
 * that brings the answer, in the order of the requests while the connection stands, and exceptionally when nobody knows
 * what became of it.
 */
final class Requests {

    private static final Set<Code> ANSWERS =
            EnumSet.of(Code.OK, Code.NONODE, Code.NODEEXISTS, Code.NOTEMPTY, Code.NOWATCHER);

    private final Connection connection;
    private final SessionProof proof;
    private final Executor turns;

    Requests(Connection connection, SessionProof proof, Executor turns) {
        this.connection = connection;
        this.proof = proof;
        this.turns = turns;
    }

    /** A node that the server removes when its last child is gone, should we fail to. */
    CompletableFuture<Answer> createContainer(String path) {
        return send(
                path,
                true,
                (client, callback) -> client.create()
                        .withMode(CreateMode.CONTAINER)
                        .inBackground(callback)
                        .forPath(path, new byte[0]));
    }

    CompletableFuture<Answer> createClaim(String path, byte[] data) {
        return send(
                path,
                true,
                (client, callback) -> client.create()
                        .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                        .inBackground(callback)
                        .forPath(path, data));
    }

    CompletableFuture<Answer> delete(String path) {
        return send(
                path,
                true,
                (client, callback) -> client.delete().inBackground(callback).forPath(path));
    }

    /**
     * Deletes a node so that whoever watches it can tell this from any other end of the node: in one step its data change
     * first, and a watch fires once.
     */
    CompletableFuture<Answer> deleteTelling(String path) {
        return send(
                path,
                true,
                (client, callback) -> client.transaction()
                        .inBackground(callback)
                        .forOperations(
                                client.transactionOp().setData().forPath(path, new byte[0]),
                                client.transactionOp().delete().forPath(path)));
    }

    /** Lets the server catch up with its leader, so that the reads behind it show all that had happened before. */
    CompletableFuture<Answer> sync(String path) {
        return send(
                path,
                true,
                (client, callback) -> client.sync().inBackground(callback).forPath(path));
    }

    CompletableFuture<Answer> children(String path) {
        return send(
                path,
                false,
                (client, callback) ->
                        client.getChildren().inBackground(callback).forPath(path));
    }

    CompletableFuture<Answer> stat(String path) {
        return send(
                path,
                false,
                (client, callback) ->
                        client.checkExists().inBackground(callback).forPath(path));
    }

    CompletableFuture<Answer> read(String path) {
        return send(
                path,
                false,
                (client, callback) -> client.getData().inBackground(callback).forPath(path));
    }

    /** Reads, because watching the existence of a node that is not there leaves a watch behind. */
    CompletableFuture<Answer> watch(String path, Watcher watcher) {
        return send(
                path,
                false,
                (client, callback) -> client.getData()
                        .usingWatcher(watcher)
                        .inBackground(callback)
                        .forPath(path));
    }

    /** Forgets a watch, for good also when there is no connection just now. */
    void unwatch(String path, Watcher watcher) {
        var unused = send(
                path,
                false,
                (client, callback) -> client.watchers()
                        .remove(watcher)
                        .ofType(Watcher.WatcherType.Data)
                        .locally()
                        .inBackground(callback)
                        .forPath(path));
    }

    private CompletableFuture<Answer> send(String path, boolean proves, Request request) {
        CompletableFuture<Answer> future = new CompletableFuture<>();
        try {
            CuratorFramework client = connection.client();
            long session = connection.sessionId();
            long sent = System.nanoTime();
            request.send(client, (sameClient, event) -> {
                Code code = Code.get(event.getResultCode());
                if (!ANSWERS.contains(code)) {
                    turns.execute(() -> future.completeExceptionally(failure(KeeperException.create(code, path))));
                    return;
                }
                if (proves) {
                    proof.answered(session, connection.sessionId(), sent);
                }
                turns.execute(() -> future.complete(new Answer(code, event, sent)));
            });
        } catch (Exception e) {
            future.completeExceptionally(failure(e));
        }
        return future;
    }

    private IOException failure(Exception cause) {
        return new IOException("ZooKeeper at " + connection.address() + ": " + cause.getMessage(), cause);
    }

    @FunctionalInterface
    private interface Request {

        void send(CuratorFramework client, BackgroundCallback callback) throws Exception;
    }
}
