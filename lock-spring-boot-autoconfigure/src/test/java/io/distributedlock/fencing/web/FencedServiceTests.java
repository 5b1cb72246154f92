package io.distributedlock.fencing.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.distributedlock.Lease;
import io.distributedlock.LockLostException;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.fencing.Fence;
import io.distributedlock.fencing.FencingToken;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** A service that keeps a mark, and a client that holds the lock, over real HTTP. */
class FencedServiceTests {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Service.class)
    static class Application {}

    @RestController
    static class Service {

        private final Fence fence;

        Service(Fence fence) {
            this.fence = fence;
        }

        @PostMapping("/ledger")
        @Transactional
        public String book(FencingToken token) {
            fence.enter("ledger", token);
            return token.lock() + " " + token.number();
        }

        @PostMapping("/ledgers")
        @Transactional
        public List<String> bookAll(List<FencingToken> tokens) {
            return tokens.stream().map(FencingToken::lock).sorted().toList();
        }
    }

    private static ConfigurableApplicationContext service;
    private static LockManager locks;
    private static RestClient client;

    @BeforeAll
    static void start() {
        service = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--lock.backend=memory",
                "--spring.autoconfigure.exclude=org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
                "--spring.datasource.generate-unique-name=true");
        locks = service.getBean(LockManager.class);
        client = RestClient.builder()
                .baseUrl("http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port"))
                .requestInterceptor(new FencingRequestInterceptor(locks, 0))
                .defaultStatusHandler(status -> true, (request, response) -> FencedServiceTests.accept(response))
                .build();
    }

    private static void accept(ClientHttpResponse response) throws IOException {
        assertThat(response.getStatusCode()).isNotNull();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static ResponseEntity<ProblemDetail> problem(String... headers) {
        return client.post()
                .uri("/ledger")
                .headers(all -> List.of(headers).forEach(header -> all.add(FencingTokenHeader.NAME, header)))
                .retrieve()
                .toEntity(ProblemDetail.class);
    }

    @Test
    void theTokenOfTheCallersLeaseTravels() {
        try (Lease lease = locks.acquire(LockRequest.of("order:42"))) {
            String answer = client.post().uri("/ledger").retrieve().body(String.class);
            assertThat(answer).isEqualTo("order:42 " + lease.fencingToken());
        }
    }

    @Test
    void aRequestWithoutATokenIsToldToSendOne() {
        ResponseEntity<ProblemDetail> answer = problem();
        assertThat(answer.getStatusCode().value()).isEqualTo(428);
        assertThat(answer.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(answer.getBody().getDetail()).contains("send the header Fencing-Token");
    }

    @Test
    void aTokenThatIsOutOfDateIsRefused() {
        Lease late = locks.acquire(LockRequest.of("order:42"));
        String header = FencingTokenHeader.format(FencingToken.of(late, 0));
        late.close();
        theTokenOfTheCallersLeaseTravels();

        ResponseEntity<ProblemDetail> answer = problem(header);

        assertThat(answer.getStatusCode().value()).isEqualTo(412);
        assertThat(answer.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(answer.getBody().getTitle()).isEqualTo("Stale fencing token");
        assertThat(answer.getBody().getProperties())
                .containsEntry("lock", "order:42")
                .containsEntry("resource", "ledger");
    }

    @ParameterizedTest
    @CsvSource({
        "order:42, not of the form",
        "order:42;x;h, is no number",
        "order:42;-1;h, must be at least 1",
        "order:42;9007199254740993;h, later than the 0 of this service"
    })
    void whatIsNoTokenIsABadRequest(String header, String reason) {
        ResponseEntity<ProblemDetail> answer = problem(header);
        assertThat(answer.getStatusCode().value()).isEqualTo(400);
        assertThat(answer.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(answer.getBody().getDetail()).contains(header, reason);
    }

    @Test
    void aCallerWithSeveralLocksSendsAll() {
        try (var group = locks.acquireAll(List.of(LockRequest.of("a"), LockRequest.of("b")))) {
            assertThat(client.post().uri("/ledgers").retrieve().body(String[].class))
                    .containsExactly("a", "b");
            assertThat(problem().getStatusCode().value()).isEqualTo(400);
        }
    }

    private static final ClientHttpRequestInterceptor TWICE = (request, body, execution) -> {
        execution.execute(request, body).close();
        return execution.execute(request, body);
    };

    static Stream<Arguments> chains() {
        ClientHttpRequestInterceptor fencing = new FencingRequestInterceptor(locks, 0);
        return Stream.of(
                Arguments.of("retries around", List.of(TWICE, fencing)),
                Arguments.of("retries inside", List.of(fencing, TWICE)),
                Arguments.of("twice in the chain", List.of(fencing, fencing)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chains")
    void aRepeatedRequestSendsEachTokenOnce(String name, List<ClientHttpRequestInterceptor> chain) {
        RestClient repeating = client.mutate()
                .requestInterceptors(all -> {
                    all.clear();
                    all.addAll(chain);
                })
                .build();
        try (var group = locks.acquireAll(List.of(LockRequest.of("a"), LockRequest.of("b")))) {
            assertThat(repeating.post().uri("/ledgers").retrieve().body(String[].class))
                    .containsExactly("a", "b");
        }
    }

    @Test
    void aThreadWithoutLeasesPassesATokenOn() {
        assertThat(client.post()
                        .uri("/ledgers")
                        .header(FencingTokenHeader.NAME, "passed on;1;h")
                        .retrieve()
                        .body(String[].class))
                .containsExactly("passed on");
    }

    @Test
    void aLeaseThatIsLostSendsNothing() {
        try (Lease lease = locks.acquire(LockRequest.of("short").maxHoldTime(Duration.ofMillis(100)))) {
            Awaitility.await().until(() -> !lease.isHeld());
            assertThatExceptionOfType(LockLostException.class)
                    .isThrownBy(() -> client.post().uri("/ledger").retrieve().toBodilessEntity());
        }
    }
}
