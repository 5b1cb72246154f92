package io.distributedlock.benchmarks.adapter;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.ExponentialBackoffRetry;

/** Curator's mutex. */
final class CuratorLocks implements LockClient {

    private final CuratorFramework client;

    CuratorLocks(String address) {
        client = connect(address);
    }

    static CuratorFramework connect(String address) {
        CuratorFramework client =
                CuratorFrameworkFactory.newClient(address, 10_000, 3_000, new ExponentialBackoffRetry(100, 3));
        client.start();
        return client;
    }

    @Override
    public Mutex mutex(String name) {
        InterProcessMutex mutex = new InterProcessMutex(client, "/curator/" + name.replace('/', '_'));
        return new Mutex() {
            @Override
            public long acquire() throws Exception {
                mutex.acquire();
                return NO_TOKEN;
            }

            @Override
            public void release() throws Exception {
                mutex.release();
            }
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
