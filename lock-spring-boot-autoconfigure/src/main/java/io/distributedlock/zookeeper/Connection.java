package io.distributedlock.zookeeper;

import java.time.Duration;
import org.apache.curator.RetryPolicy;
import org.apache.curator.RetrySleeper;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.imps.CuratorFrameworkState;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/** The client: the application's own, or ours, which is started when it is first used and closed with the backend. */
final class Connection {

    /** Sends nothing again by itself: a create that is repeated behind our back could come after its withdrawal. */
    private static final RetryPolicy ONCE = new RetryPolicy() {

        @Override
        public boolean allowRetry(int retryCount, long elapsedTimeMs, RetrySleeper sleeper) {
            return false;
        }

        @Override
        public boolean allowRetry(Throwable exception) {
            return false;
        }
    };

    private final CuratorFramework client;
    private final boolean ours;
    private final @Nullable Duration requestedSessionTimeout;

    private volatile boolean started;
    private volatile int negotiatedMillis;

    private Connection(CuratorFramework client, boolean ours, @Nullable Duration requestedSessionTimeout) {
        this.client = client;
        this.ours = ours;
        this.requestedSessionTimeout = requestedSessionTimeout;
    }

    static Connection ofTheApplication(CuratorFramework client) {
        return new Connection(client, false, null);
    }

    static Connection with(ZooKeeperSettings settings) {
        CuratorFramework client = CuratorFrameworkFactory.builder()
                .connectString(settings.connectString())
                .sessionTimeoutMs((int) settings.sessionTimeout().toMillis())
                .connectionTimeoutMs((int) settings.connectionTimeout().toMillis())
                .retryPolicy(ONCE)
                // Would replace the address by what the servers call themselves: wrong behind a proxy or a port
                // mapping.
                .ensembleTracker(false)
                .build();
        return new Connection(client, true, settings.sessionTimeout());
    }

    /** Without the client's namespace: Curator creates that with blocking requests. */
    CuratorFramework client() {
        if (ours && !started) {
            start();
        }
        if (client.getState() == CuratorFrameworkState.LATENT) {
            throw new IllegalStateException("the CuratorFramework of the application is not started yet");
        }
        return client.usingNamespace(null);
    }

    /** Others wait for it: the client says that it is started before it can be used. */
    private synchronized void start() {
        if (client.getState() == CuratorFrameworkState.LATENT) {
            client.start();
        }
        started = true;
    }

    /** The namespace of the application's client as the beginning of a path. */
    String prefix() {
        String namespace = client.getNamespace();
        return namespace == null || namespace.isEmpty() ? "" : "/" + namespace;
    }

    String address() {
        return client.getZookeeperClient().getCurrentConnectionString();
    }

    Duration connectionTimeout() {
        return Duration.ofMillis(client.getZookeeperClient().getConnectionTimeoutMs());
    }

    @Nullable
    Duration requestedSessionTimeout() {
        return requestedSessionTimeout;
    }

    boolean isConnected() {
        return client.getZookeeperClient().isConnected();
    }

    boolean isClosed() {
        return client.getState() == CuratorFrameworkState.STOPPED;
    }

    /** The session of now, 0 while there is none. It stays the same while the client reconnects within its time. */
    long sessionId() {
        ZooKeeper handle = handle();
        return handle == null ? 0 : handle.getSessionId();
    }

    /** What the server agreed to, last time if it has not answered again yet; zero before the first connection. */
    Duration sessionTimeout() {
        ZooKeeper handle = handle();
        if (handle != null && handle.getSessionId() != 0 && handle.getSessionTimeout() > 0) {
            negotiatedMillis = handle.getSessionTimeout();
        }
        return Duration.ofMillis(negotiatedMillis);
    }

    void close() {
        if (ours) {
            client.close();
        }
    }

    private @Nullable ZooKeeper handle() {
        try {
            return client.getState() == CuratorFrameworkState.STARTED
                    ? client.getZookeeperClient().getZooKeeper()
                    : null;
        } catch (Exception e) {
            // Curator hands out here what failed in the background; the next request fails by the same and says it.
            return null;
        }
    }
}
