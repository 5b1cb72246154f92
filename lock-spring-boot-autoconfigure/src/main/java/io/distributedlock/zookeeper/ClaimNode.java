package io.distributedlock.zookeeper;

import org.apache.zookeeper.data.Stat;

/** The node of a claim as ZooKeeper created it: it lives as long as the session that made it. */
record ClaimNode(String node, long czxid, long session) {

    static ClaimNode of(String node, Stat stat) {
        return new ClaimNode(node, stat.getCzxid(), stat.getEphemeralOwner());
    }
}
