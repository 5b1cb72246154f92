package io.distributedlock.fencing.web;

import io.distributedlock.Lease;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Mono;

/**
 * Sends fencing tokens with the requests of a {@code WebClient}. For clients of services that keep marks; others learn the
 * names of locks by it.
 */
public final class FencingExchangeFilter implements ExchangeFilterFunction {

    private final Supplier<? extends Collection<Lease>> leases;
    private final int epoch;

    /**
     * For a client.
     *
     * @param leases asked for when a request is made ready, on the thread that does so: for blocking callers
     *     {@code lockManager::currentAll}. To be added before filters that make requests ready again on other threads.
     * @param epoch of this application, {@code lock.fencing.epoch}
     */
    public FencingExchangeFilter(Supplier<? extends Collection<Lease>> leases, int epoch) {
        this.leases = leases;
        this.epoch = epoch;
    }

    /**
     * Puts the tokens in place of those that the request has. Fails with {@link io.distributedlock.LockLostException} if a
     * lease is known to be lost: the request is not sent.
     */
    @Override
    public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        List<Lease> held = List.copyOf(leases.get());
        return Mono.defer(() -> {
            ClientRequest fenced = ClientRequest.from(request)
                    .headers(headers -> FencingTokenHeader.put(headers, held, epoch))
                    .build();
            return next.exchange(fenced);
        });
    }
}
