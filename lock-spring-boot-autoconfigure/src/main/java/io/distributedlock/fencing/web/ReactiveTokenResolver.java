package io.distributedlock.fencing.web;

import java.util.List;
import org.springframework.core.MethodParameter;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Gives handlers of Spring WebFlux the tokens of a request, as a {@code FencingToken} or a {@code List} of them. */
public final class ReactiveTokenResolver implements HandlerMethodArgumentResolver {

    private final int epoch;

    /**
     * For all handlers.
     *
     * @param epoch of this service
     */
    public ReactiveTokenResolver(int epoch) {
        this.epoch = epoch;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return TokenParameter.isOne(parameter) || TokenParameter.isAll(parameter);
    }

    @Override
    public Mono<Object> resolveArgument(MethodParameter parameter, BindingContext context, ServerWebExchange exchange) {
        return Mono.fromSupplier(() -> {
            List<String> all = exchange.getRequest().getHeaders().getOrEmpty(FencingTokenHeader.NAME);
            return TokenParameter.isOne(parameter)
                    ? FencingTokenHeader.parseOne(all, epoch)
                    : FencingTokenHeader.parseAll(all, epoch);
        });
    }
}
