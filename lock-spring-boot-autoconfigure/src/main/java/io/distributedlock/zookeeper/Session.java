package io.distributedlock.zookeeper;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** What all claims of this instance share: one connection, one session, the nodes above them and a timer. */
record Session(Connection connection, SessionProof proof, LockNodes nodes, ScheduledExecutorService timer) {

    /** Requests whose answers are told in turns with other work. */
    Requests requests(Executor turns) {
        return new Requests(connection, proof, turns);
    }

    /** Doubt is not an end: while there is no new session yet, the old one may still come back. */
    boolean isOver(long session) {
        long current = connection.sessionId();
        return current != 0 && current != session;
    }

    /** The lease a claim gets: never longer than a proof of the session is worth. */
    Duration leaseOf(Duration wanted) {
        Duration most = SessionProof.worth(connection.sessionTimeout());
        return wanted.compareTo(most) < 0 ? wanted : most;
    }
}
