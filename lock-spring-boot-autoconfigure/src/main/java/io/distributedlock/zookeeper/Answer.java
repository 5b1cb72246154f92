package io.distributedlock.zookeeper;

import java.util.List;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** What ZooKeeper answered: yes, or a no that belongs to the game, such as "no such node". */
record Answer(Code code, CuratorEvent event, long sentNanos) {

    boolean isOk() {
        return code == Code.OK;
    }

    boolean isNoNode() {
        return code == Code.NONODE;
    }

    /** The last part of the path that was created. */
    String createdNode() {
        String path = event.getName();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Nullable
    Stat stat() {
        return isOk() ? event.getStat() : null;
    }

    List<String> children() {
        List<String> children = isOk() ? event.getChildren() : null;
        return children == null ? List.of() : children;
    }

    byte @Nullable [] data() {
        return isOk() ? event.getData() : null;
    }
}
