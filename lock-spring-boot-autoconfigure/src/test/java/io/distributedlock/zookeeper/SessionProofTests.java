package io.distributedlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionProofTests {

    /** Any value: nanoTime readings may be negative and may overflow. */
    private final long t0 = ThreadLocalRandom.current().nextLong();

    private final SessionProof proof = new SessionProof();

    @Test
    void countsFromTheLatestRequestThatWasAnswered() {
        proof.answered(7, 7, t0);
        proof.answered(7, 7, t0 + 5);
        proof.answered(7, 7, t0 + 3);

        assertThat(proof.of(7)).isEqualTo(OptionalLong.of(t0 + 5));
    }

    @Test
    void saysNothingOfAnotherSession() {
        proof.answered(7, 7, t0);

        assertThat(proof.of(8)).isEmpty();
    }

    @Test
    void isNotGivenByAnAnswerThatCameInAnotherSession() {
        proof.answered(7, 8, t0);
        assertThat(proof.of(7)).isEmpty();
        assertThat(proof.of(8)).isEmpty();

        proof.answered(0, 8, t0);
        assertThat(proof.of(8)).isEmpty();

        proof.answered(0, 0, t0);
        assertThat(proof.of(0)).isEmpty();
    }

    @Test
    void startsAnewWithANewSession() {
        proof.answered(7, 7, t0);
        proof.answered(8, 8, t0 - 5);

        assertThat(proof.of(8)).isEqualTo(OptionalLong.of(t0 - 5));
        assertThat(proof.of(7)).isEmpty();
    }

    @Test
    void isWorthTwoThirdsOfTheSession() {
        assertThat(SessionProof.worth(Duration.ofSeconds(9))).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void isGivenByWhatTheLeaderAnswersAndNotByARead(@TempDir Path directory) throws Exception {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        try (ZooKeeperProcess server = new ZooKeeperProcess(directory, 1000).start();
                ApplicationClient client = ApplicationClient.started(server.address(), "")) {
            client.curator().blockUntilConnected();
            Connection connection = Connection.ofTheApplication(client.curator());
            Requests requests = new Requests(connection, proof, thread);

            Claim.get(requests.children("/"));
            assertThat(proof.of(connection.sessionId())).isEmpty();
            long before = System.nanoTime();
            Claim.get(requests.sync("/"));
            assertThat(proof.of(connection.sessionId()).orElseThrow() - before).isNotNegative();
        } finally {
            thread.shutdownNow();
        }
    }
}
