package io.distributedlock.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first instance runs the lock store and the database for all, and is killed in the middle of a payment. */
class KilledInstanceTests {

    private static final Duration SLOW_MACHINE = Duration.ofMinutes(1);

    @TempDir
    private Path data;

    @ParameterizedTest
    @ValueSource(strings = {"zookeeper", "redis"})
    void theOtherCarriesOnAndTheKilledOneMayComeBack(String backend) throws Exception {
        String[] properties = {
            "lock.backend=" + backend, "lock.lease-time=2s", "lock.zookeeper.session-timeout=2s",
        };
        int port = freePort();
        Shopper atTheFirst = new Shopper(port);
        Process first = startProcess(port, properties);
        try (Instance second = startWhenOpen(atTheFirst, properties)) {
            Shopper atTheSecond = new Shopper(second.port());
            LockManager locks = second.context().getBean(LockManager.class);
            CompletableFuture<HttpResponse<String>> never = atTheFirst.postLater("/orders/1/pay?takes=10m");
            await().atMost(SLOW_MACHINE)
                    .until(() -> !locks.inspect("order:1").holders().isEmpty());

            first.destroyForcibly().waitFor();

            await().atMost(SLOW_MACHINE)
                    .until(() -> atTheSecond.post("/orders/1/pay").statusCode() == 200);
            assertThat(never).isCompletedExceptionally();
            assertThat(atTheSecond.get("/orders/1").get("payments").asInt()).isEqualTo(1);

            first = startProcess(port, properties);
            awaitOpen(atTheFirst);
            try (Lease busy = locks.acquire(LockRequest.of("order:2"))) {
                assertThat(atTheFirst.post("/orders/2/pay").statusCode()).isEqualTo(409);
                assertThat(busy.isHeld()).isTrue();
            }
            assertThat(atTheFirst.post("/orders/2/pay").statusCode()).isEqualTo(200);
            // Before the second ends, in which the database runs: its last session has to be one that ends in order,
            // else the database is still being closed, and writes, while the directory is deleted.
            first.destroyForcibly().waitFor();
        } finally {
            first.destroyForcibly().waitFor();
        }
    }

    private Instance startWhenOpen(Shopper shopper, String... properties) {
        awaitOpen(shopper);
        return Instance.start(data, properties);
    }

    private static void awaitOpen(Shopper shopper) {
        await().atMost(SLOW_MACHINE)
                .ignoreExceptions()
                .until(() -> !shopper.get("/orders").isEmpty());
    }

    private Process startProcess(int port, String... properties) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                SampleApplication.class.getName()));
        command.addAll(Instance.arguments(data, properties));
        command.add("--server.port=" + port);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("first.log").toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
