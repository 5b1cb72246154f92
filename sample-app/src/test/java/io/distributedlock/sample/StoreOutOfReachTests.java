package io.distributedlock.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

class StoreOutOfReachTests {

    @Test
    void theShopOpensAndTakesNoMoneyWithoutALock(@TempDir Path data) throws Exception {
        try (Instance instance =
                Instance.start(data, "lock.zookeeper.connect-string=127.0.0.1:1", "lock.wait-time=1s")) {
            Shopper shopper = new Shopper(instance.port());

            HttpResponse<String> answer = shopper.post("/orders/1/pay");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(shopper.get("/orders/1").get("paid").asBoolean()).isFalse();
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void nobodyWritesThePasswordToTheLog(@TempDir Path data, CapturedOutput output) {
        try (Instance instance = Instance.start(
                data, "lock.backend=redis", "lock.redis.url=redis://shop:secret@127.0.0.1:1", "lock.wait-time=1s")) {
            HttpResponse<String> answer = new Shopper(instance.port()).post("/orders/1/pay");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(output).contains("lock.redis.url").doesNotContain("secret");
        }
    }
}
