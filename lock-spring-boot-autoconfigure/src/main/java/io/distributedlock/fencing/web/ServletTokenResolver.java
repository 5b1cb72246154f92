package io.distributedlock.fencing.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Gives handlers of Spring MVC the tokens of a request, as a {@code FencingToken} or a {@code List} of them. */
public final class ServletTokenResolver implements HandlerMethodArgumentResolver {

    private final int epoch;

    /**
     * For all handlers.
     *
     * @param epoch of this service
     */
    public ServletTokenResolver(int epoch) {
        this.epoch = epoch;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return TokenParameter.isOne(parameter) || TokenParameter.isAll(parameter);
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        String[] values = request.getHeaderValues(FencingTokenHeader.NAME);
        List<String> all = values == null ? List.of() : List.of(values);
        return TokenParameter.isOne(parameter)
                ? FencingTokenHeader.parseOne(all, epoch)
                : FencingTokenHeader.parseAll(all, epoch);
    }
}
