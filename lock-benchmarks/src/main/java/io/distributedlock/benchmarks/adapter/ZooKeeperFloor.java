package io.distributedlock.benchmarks.adapter;

import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** The least that a lock in ZooKeeper can do: create an ephemeral node, and delete it. */
final class ZooKeeperFloor implements LockClient {

    private static final String ROOT = "/floor";

    private final CuratorFramework client;
    private final ZooKeeper zooKeeper;

    ZooKeeperFloor(String address) {
        client = CuratorLocks.connect(address);
        try {
            client.blockUntilConnected();
            zooKeeper = client.getZookeeperClient().getZooKeeper();
            if (zooKeeper.exists(ROOT, false) == null) {
                zooKeeper.create(ROOT, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            }
        } catch (Exception e) {
            throw new IllegalStateException("ZooKeeper at " + address + " cannot be used", e);
        }
    }

    @Override
    public Mutex mutex(String name) {
        String path = ROOT + "/" + name.replace('/', '_');
        return new Mutex() {
            @Override
            public long acquire() throws KeeperException, InterruptedException {
                zooKeeper.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
                return NO_TOKEN;
            }

            @Override
            public void release() throws KeeperException, InterruptedException {
                zooKeeper.delete(path, -1);
            }
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
