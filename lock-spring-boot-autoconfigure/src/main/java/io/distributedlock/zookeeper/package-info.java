/** Locks in ZooKeeper: one ephemeral node for each claim, in the order of their creation. */
@NullMarked
package io.distributedlock.zookeeper;

import org.jspecify.annotations.NullMarked;
