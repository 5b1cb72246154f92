package io.distributedlock.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostLockTests {

    @Test
    void aPaymentThatLosesItsLockIsRolledBack(@TempDir Path data) throws Exception {
        try (Instance instance = Instance.start(data, "lock.max-hold-time=500ms")) {
            Shopper shopper = new Shopper(instance.port());

            assertThat(shopper.post("/orders/1/pay?takes=2s").statusCode()).isEqualTo(503);
            assertThat(shopper.get("/orders/1").get("payments").asInt()).isZero();

            assertThat(shopper.post("/orders/1/pay").statusCode()).isEqualTo(200);
        }
    }
}
