package io.distributedlock.fencing.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.distributedlock.Lease;
import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import io.distributedlock.engine.LockEngine;
import io.distributedlock.fencing.FencingToken;
import io.distributedlock.fencing.StaleTokenException;
import io.distributedlock.memory.InMemoryLockBackend;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
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
        client.post().uri("/ledger").exchange().expectStatus().isEqualTo(428);
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

    @Test
    void whatIsNoTokenIsABadRequest() {
        client.post()
                .uri("/ledger")
                .header(FencingTokenHeader.NAME, "order:42;x;h")
                .exchange()
                .expectStatus()
                .isBadRequest();
    }
}
