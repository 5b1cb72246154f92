package io.distributedlock.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "lock.wait-time=1s")
@DirtiesContext
class AnswersTests {

    @TempDir
    private static Path data;

    @LocalServerPort
    private int port;

    @Autowired
    private LockManager locks;

    @Autowired
    private Shop shop;

    private Shopper shopper;

    @DynamicPropertySource
    static void shareNothing(DynamicPropertyRegistry registry) {
        registry.add("sample.data-directory", data::toString);
    }

    @BeforeEach
    void open() {
        shopper = new Shopper(port);
        shop.reset();
    }

    @Test
    void aCallThatDoesNotGetTheLockIsToldToComeBack() throws Exception {
        try (Lease busy = locks.acquire(LockRequest.of("order:7"))) {
            HttpResponse<String> answer = shopper.post("/orders/7/pay");

            assertThat(busy.isHeld()).isTrue();
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(answer.body()).contains("order:7");
        }
        assertThat(shopper.get("/orders/7").get("paid").asBoolean()).isFalse();
        assertThat(shopper.post("/orders/7/pay").statusCode()).isEqualTo(200);
    }

    @Test
    void aLockOnOneOrderKeepsNobodyFromAnother() {
        try (Lease busy = locks.acquire(LockRequest.of("order:7"))) {
            assertThat(shopper.post("/orders/8/pay").statusCode()).isEqualTo(200);
            assertThat(busy.isHeld()).isTrue();
        }
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(shopper.post("/orders/4711/pay").statusCode()).isEqualTo(404);
        assertThat(shopper.post("/stock/sofa/reserve").statusCode()).isEqualTo(404);
    }

    @Test
    void openingTheShopAgainKeepsWhatHappened() throws Exception {
        shopper.post("/orders/3/pay");

        shop.run(new DefaultApplicationArguments());

        assertThat(shopper.get("/orders")).hasSize(10);
        assertThat(shopper.get("/orders/3").get("paid").asBoolean()).isTrue();
    }
}
