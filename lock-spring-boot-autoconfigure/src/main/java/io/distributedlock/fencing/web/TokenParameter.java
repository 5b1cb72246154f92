package io.distributedlock.fencing.web;

import io.distributedlock.fencing.FencingToken;
import java.util.List;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/** Which parameters of handlers are fencing tokens. */
final class TokenParameter {

    private TokenParameter() {}

    static boolean isOne(MethodParameter parameter) {
        return parameter.getParameterType() == FencingToken.class;
    }

    static boolean isAll(MethodParameter parameter) {
        return parameter.getParameterType() == List.class
                && ResolvableType.forMethodParameter(parameter).getGeneric(0).resolve() == FencingToken.class;
    }
}
