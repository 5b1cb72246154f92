package io.distributedlock.autoconfigure;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where ZooKeeper is. A bean of this type, for instance of a test that starts a server, goes before
 * {@code lock.zookeeper.connect-string}.
 */
public interface ZooKeeperConnectionDetails extends ConnectionDetails {

    /**
     * The servers.
     *
     * @return host and port of each, separated by commas
     */
    String connectString();
}
