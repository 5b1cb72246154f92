package io.distributedlock.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.json.JsonContent;

/** Through the auto-configurations as an application finds them, on a real server. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.application.name=shop",
            "spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
                    + "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
            "server.address=127.0.0.1",
            "lock.backend=memory",
            "management.endpoints.web.exposure.include=*",
            "management.endpoint.health.show-details=always",
            "management.endpoint.health.show-components=always"
        })
class SeeingLocksOverHttpTests {

    private final HttpClient http = HttpClient.newHttpClient();
    private final LockManager manager;
    private final int port;
    private Lease lease;

    SeeingLocksOverHttpTests(@Autowired LockManager manager, @LocalServerPort int port) {
        this.manager = manager;
        this.port = port;
    }

    @BeforeEach
    void lock() {
        lease = manager.acquire(LockRequest.of("files/a b/7").template("files/#{#path}"));
    }

    @AfterEach
    void unlock() {
        lease.close();
    }

    @Test
    void showsTheLeasesOfThisInstance() throws Exception {
        JsonContent leases = get("/actuator/locks");

        String first = "$.lockManagers.distributedLockManager.leases[0].";
        assertThat(leases).extractingPath("$.lockManagers.*.leases.length()").isEqualTo(List.of(1));
        assertThat(leases).extractingPath(first + "name").isEqualTo("files/a b/7");
        assertThat(leases).extractingPath(first + "template").isEqualTo("files/#{#path}");
        assertThat(leases).extractingPath(first + "holder").isEqualTo(lease.holder());
        assertThat(leases).extractingPath(first + "fencingToken").isEqualTo(lease.fencingToken());
        assertThat(leases).extractingPath(first + "mode").isEqualTo("EXCLUSIVE");
        assertThat(leases).extractingPath(first + "since").asString().matches("20..-.*Z");
        assertThat(leases).extractingPath(first + "remaining").asString().startsWith("PT");
        assertThat(leases)
                .extractingPath(first + "thread")
                .isEqualTo(Thread.currentThread().getName());
    }

    @Test
    void showsALockWhoseNameHasSlashes() throws Exception {
        JsonContent lock = get("/actuator/locks/files/a%20b/7");

        String stored = "$.lockManagers.distributedLockManager.";
        assertThat(lock).extractingPath("$.name").isEqualTo("files/a b/7");
        assertThat(lock).extractingPath(stored + "holders.length()").isEqualTo(1);
        assertThat(lock).extractingPath(stored + "holders[0].fencingToken").isEqualTo(lease.fencingToken());
        assertThat(lock).extractingPath(stored + "holders[0].since").asString().matches("20..-.*Z");
        assertThat(lock).extractingPath(stored + "holders[0].info.application").isEqualTo("shop");
        assertThat(lock)
                .extractingPath(stored + "holders[0].info.instance")
                .asString()
                .endsWith(":" + ProcessHandle.current().pid());
        assertThat(lock)
                .extractingPath(stored + "holders[0].info.thread")
                .isEqualTo(Thread.currentThread().getName());
        assertThat(lock).extractingPath(stored + "waiters").isEqualTo(0);
        assertThat(lock).doesNotHavePath(stored + "error");
    }

    @Test
    void showsALockThatNobodyHolds() throws Exception {
        JsonContent lock = get("/actuator/locks/free");

        assertThat(lock)
                .extractingPath("$.lockManagers.distributedLockManager.holders")
                .asArray()
                .isEmpty();
    }

    @Test
    void answersBadRequestToWhatIsNoName() throws Exception {
        assertThat(send("GET", "/actuator/locks/" + "a".repeat(513)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void offersNothingThatWrites() throws Exception {
        assertThat(send("DELETE", "/actuator/locks/files/a%20b/7").statusCode()).isEqualTo(405);
        assertThat(send("POST", "/actuator/locks").statusCode()).isEqualTo(405);
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void hasHealthThatNeitherLivenessNorReadinessHangOn() throws Exception {
        assertThat(get("/actuator/health"))
                .extractingPath("$.components.lock.details.backend")
                .isEqualTo("memory of this JVM");
        assertThat(get("/actuator/health/lock")).extractingPath("$.status").isEqualTo("UP");
        assertThat(get("/actuator/health/liveness")).doesNotHavePath("$.components.lock");
        assertThat(get("/actuator/health/readiness")).doesNotHavePath("$.components.lock");
    }

    @Test
    void hasMeters() throws Exception {
        assertThat(get("/actuator/metrics/lock.held"))
                .extractingPath("$.measurements[0].value")
                .isEqualTo(1.0);
        assertThat(get("/actuator/metrics/lock.acquire").getJson()).contains("files/#{#path}");
    }

    private JsonContent get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send("GET", path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonContent(response.body());
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Shop {}
}
