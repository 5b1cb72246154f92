package io.distributedlock.zookeeper;

import io.distributedlock.spi.BackendStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks ZooKeeper how it is: by a request that passes the leader, so that a server cut off from it is not well. */
final class HealthCheck {

    private static final Duration SHORT_SESSION = Duration.ofSeconds(4);

    /** Whoever asks how we are asks every few seconds, and takes a late answer for none. */
    private static final Duration MAX_PATIENCE = Duration.ofMillis(1_500);

    private final Connection connection;
    private final Requests requests;
    private final ScheduledExecutorService timer;

    HealthCheck(Connection connection, Requests requests, ScheduledExecutorService timer) {
        this.connection = connection;
        this.requests = requests;
        this.timer = timer;
    }

    CompletableFuture<BackendStatus> run() {
        // Retries of the application's client may last longer, and somebody waits for the answer.
        Duration connecting = connection.connectionTimeout();
        Duration patience = connecting.compareTo(MAX_PATIENCE) < 0 ? connecting : MAX_PATIENCE;
        CompletableFuture<BackendStatus> status = new CompletableFuture<>();
        Future<?> alarm = timer.schedule(
                () -> status.completeExceptionally(new IOException(silence(patience))),
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
        var unused = requests.sync("/").whenComplete((answer, failure) -> {
            alarm.cancel(false);
            if (failure != null) {
                status.completeExceptionally(failure);
            } else {
                Duration roundTrip = Duration.ofNanos(System.nanoTime() - answer.sentNanos());
                Duration negotiated = connection.sessionTimeout();
                status.complete(new BackendStatus(roundTrip, null, negotiated, findings(negotiated)));
            }
        });
        return status;
    }

    private String silence(Duration patience) {
        return connection.isConnected()
                ? "ZooKeeper at %s has not answered within %s".formatted(connection.address(), patience)
                : "not connected to ZooKeeper at " + connection.address();
    }

    private List<String> findings(Duration negotiated) {
        List<String> findings = new ArrayList<>();
        Duration requested = connection.requestedSessionTimeout();
        if (requested != null && !requested.equals(negotiated)) {
            findings.add("A session timeout of %s was asked for, but the server gave %s; change it or the server's %s"
                    .formatted(
                            requested,
                            negotiated,
                            requested.compareTo(negotiated) > 0 ? "maxSessionTimeout" : "minSessionTimeout"));
        }
        if (negotiated.compareTo(SHORT_SESSION) < 0) {
            findings.add("A session timeout of %s is short: a pause of %s loses all locks; ask for %s or more"
                    .formatted(negotiated, SessionProof.worth(negotiated), SHORT_SESSION));
        }
        return findings;
    }
}
