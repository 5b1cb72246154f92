package io.distributedlock.fencing.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.StaleTokenException;
import io.distributedlock.memory.InMemoryLockBackend;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import reactor.core.publisher.Mono;

/** The same with WebFlux and a {@code WebClient}. */
class ReactiveFencingTests {

    @RestController
    static class Service {

        @PostMapping("/ledger")
        Mono<String> book(FencingToken token) {
            return token.number() == 13
                    ? Mono.error(new StaleTokenException("ledger", token))
                    : Mono.just(token.lock() + " " + token.number());
        }

        @PostMapping("/ledgers")
        Mono<String> bookAll(List<FencingToken> tokens) {
            return Mono.just(tokens.stream().map(FencingToken::lock).sorted().collect(Collectors.joining(", ")));
        }
    }

    private final WebTestClient client = WebTestClient.bindToController(new Service())
            .argumentResolvers(resolvers -> resolvers.addCustomResolver(new ReactiveTokenResolver(0)))
            .controllerAdvice(new FencingProblems())
            .build();

    @Test
    void theTokenOfTheCallersLeaseTravels() {
        try (LockEngine engine = LockEngine.builder(new InMemoryLockBackend()).build()) {
            LockManager locks = engine;
            WebTestClient holder = client.mutate()
                    .filter(new FencingExchangeFilter(locks::currentAll, 0))
                    .build();
            try (Lease lease = locks.acquire(LockRequest.of("order:42"))) {
                holder.post()
                        .uri("/ledger")
                        .exchange()
                        .expectBody(String.class)
                        .value(answer -> assertThat(answer).isEqualTo("order:42 " + lease.fencingToken()));
            }
        }
    }

    @Test
    void aRequestWithoutATokenIsToldToSendOne() {
        client.post()
                .uri("/ledger")
                .exchange()
                .expectStatus()
                .isEqualTo(428)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.detail")
                .value(detail -> assertThat((String) detail).contains("send the header Fencing-Token"));
    }

    @Test
    void aTokenThatIsOutOfDateIsRefused() {
        client.post()
                .uri("/ledger")
                .header(FencingTokenHeader.NAME, "order:42;13;h")
                .exchange()
                .expectStatus()
                .isEqualTo(412)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.resource")
                .isEqualTo("ledger");
    }

    @ParameterizedTest
    @CsvSource({
        "order:42, not of the form",
        "order:42;x;h, is no number",
        "order:42;-1;h, must be at least 1",
        "order:42;9007199254740993;h, later than the 0 of this service"
    })
    void whatIsNoTokenIsABadRequest(String header, String reason) {
        client.post()
                .uri("/ledger")
                .header(FencingTokenHeader.NAME, header)
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.detail")
                .value(detail -> assertThat((String) detail).contains(header, reason));
    }

    @Test
    void aRepeatedRequestSendsEachTokenOnce() {
        try (LockEngine engine = LockEngine.builder(new InMemoryLockBackend()).build()) {
            FencingExchangeFilter fencing = new FencingExchangeFilter(engine::currentAll, 0);
            ExchangeFilterFunction twice = (request, next) -> {
                Mono<ClientResponse> attempt = next.exchange(request);
                return attempt.flatMap(first -> first.releaseBody().then(attempt));
            };
            for (List<ExchangeFilterFunction> chain : List.<List<ExchangeFilterFunction>>of(
                    List.of(twice, fencing), List.of(fencing, twice), List.of(fencing, fencing))) {
                WebTestClient repeating = client.mutate()
                        .filters(filters -> filters.addAll(chain))
                        .build();
                try (var group = engine.acquireAll(List.of(LockRequest.of("a"), LockRequest.of("b")))) {
                    repeating
                            .post()
                            .uri("/ledgers")
                            .exchange()
                            .expectBody(String.class)
                            .isEqualTo("a, b");
                }
            }
        }
    }
}
