package io.distributedlock.zookeeper;

import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;

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

    /** Everybody may do so much with what it creates, and nothing more. */
    static ApplicationClient allowed(String address, int permissions) {
        List<ACL> acl = List.of(new ACL(permissions, ZooDefs.Ids.ANYONE_ID_UNSAFE));
        CuratorFramework curator = builder(address)
                .aclProvider(new ACLProvider() {
                    @Override
                    public List<ACL> getDefaultAcl() {
                        return acl;
                    }

                    @Override
                    public List<ACL> getAclForPath(String path) {
                        return acl;
                    }
                })
                .build();
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
