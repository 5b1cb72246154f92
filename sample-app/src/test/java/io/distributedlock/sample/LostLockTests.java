package io.distributedlock.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.distributedlock.LockManager;
import io.distributedlock.spi.LockBackend;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostLockTests {

    @Test
    void aPaymentThatLosesItsLockIsRolledBack(@TempDir Path data) throws Exception {
        try (Instance instance = Instance.start(data, "lock.lease-time=1s")) {
            Shopper shopper = new Shopper(instance.port());
            CompletableFuture<HttpResponse<String>> paying = shopper.postLater("/orders/1/pay?takes=5s");
            LockManager locks = instance.context().getBean(LockManager.class);
            await().until(() -> !locks.held().isEmpty());
            instance.context()
                    .getBean(LockBackend.class)
                    .forceRelease("order:1")
                    .join();

            assertThat(paying.join().statusCode()).isEqualTo(503);
            assertThat(shopper.get("/orders/1").get("payments").asInt()).isZero();

            assertThat(shopper.post("/orders/1/pay").statusCode()).isEqualTo(200);
        }
    }
}
