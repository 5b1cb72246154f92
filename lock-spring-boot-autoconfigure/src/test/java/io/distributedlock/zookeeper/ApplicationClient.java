package io.distributedlock.zookeeper;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.ExponentialBackoffRetry;

/** A client as an application would configure it: with retries, and perhaps a namespace. */
record ApplicationClient(CuratorFramework curator) implements AutoCloseable {

    static ApplicationClient latent(String address) {
        return new ApplicationClient(builder(address).build());
    }

    static ApplicationClient started(String address, String namespace) {
        CuratorFramework curator = namespace.isEmpty()
                ? builder(address).build()
                : builder(address).namespace(namespace).build();
        curator.start();
        return new ApplicationClient(curator);
    }

    private static CuratorFrameworkFactory.Builder builder(String address) {
        return CuratorFrameworkFactory.builder()
                .connectString(address)
                .sessionTimeoutMs(10_000)
                .connectionTimeoutMs(3_000)
                .ensembleTracker(false)
                .retryPolicy(new ExponentialBackoffRetry(100, 5));
    }

    @Override
    public void close() {
        curator.close();
    }
}
