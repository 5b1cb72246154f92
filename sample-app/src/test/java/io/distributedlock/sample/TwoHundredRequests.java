package io.distributedlock.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two instances share a lock store and a database, and everybody wants the same thing at the same time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TwoHundredRequests {

    private static final int MANY = 200;

    private final String backend;
    private Instance one;
    private Instance two;
    private Shopper shoppers;

    TwoHundredRequests(String backend) {
        this.backend = backend;
    }

    @BeforeAll
    void startTwoInstances(@TempDir Path data) {
        // A slow machine makes two hundred calls in a row last long; nobody shall be sent away for that.
        String[] properties = {"lock.backend=" + backend, "lock.wait-time=60s"};
        one = Instance.start(data, properties);
        two = Instance.start(data, properties);
        shoppers = new Shopper(one.port(), two.port());
    }

    @AfterAll
    void stop() {
        two.close();
        one.close();
    }

    @BeforeEach
    void reset() {
        assertThat(shoppers.post("/reset").statusCode()).isEqualTo(204);
    }

    @Test
    void payOneOrderOnce() throws Exception {
        List<HttpResponse<String>> answers = shoppers.post("/orders/1/pay", MANY);

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(answers).map(shoppers::read).filteredOn(this::isCharged).hasSize(1);
        assertThat(payments()).isEqualTo(1);
    }

    @Test
    void payOneOrderSeveralTimesWithoutTheLock() throws Exception {
        shoppers.post("/unlocked/orders/1/pay", MANY);

        assertThat(payments()).isGreaterThan(1);
    }

    @Test
    void sellWhatIsThereAndNoMore() throws Exception {
        List<HttpResponse<String>> answers = shoppers.post("/stock/chair/reserve", MANY);

        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(100);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 422).hasSize(100);
        assertThat(chairs().get("quantity").asInt()).isZero();
        assertThat(chairs().get("reservations").asInt()).isEqualTo(100);
    }

    @Test
    void sellMoreThanThereIsWithoutTheLock() throws Exception {
        shoppers.post("/unlocked/stock/chair/reserve", MANY);

        assertThat(chairs().get("quantity").asInt()
                        + chairs().get("reservations").asInt())
                .isGreaterThan(100);
    }

    @Test
    void writeOneReport() throws Exception {
        List<HttpResponse<String>> answers = shoppers.post("/reports", 20);

        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 200).hasSize(19);
        assertThat(shoppers.get("/reports")).hasSize(1);
    }

    private boolean isCharged(JsonNode receipt) {
        return receipt.get("charged").asBoolean();
    }

    private int payments() throws IOException, InterruptedException {
        return shoppers.get("/orders/1").get("payments").asInt();
    }

    private JsonNode chairs() throws IOException, InterruptedException {
        return shoppers.get("/stock/chair");
    }
}
