package io.distributedlock.autoconfigure;

import io.distributedlock.fencing.web.FencingProblems;
import io.distributedlock.fencing.web.ReactiveTokenResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

/** Handlers of Spring WebFlux that take fencing tokens. */
@AutoConfiguration
@ConditionalOnClass(WebFluxConfigurer.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@EnableConfigurationProperties(LockProperties.class)
public final class FencingWebFluxAutoConfiguration {

    @Bean
    WebFluxConfigurer distributedLockTokenResolver(LockProperties properties) {
        return new WebFluxConfigurer() {
            @Override
            public void configureArgumentResolvers(ArgumentResolverConfigurer resolvers) {
                resolvers.addCustomResolver(
                        new ReactiveTokenResolver(properties.fencing().epoch()));
            }
        };
    }

    @Bean
    FencingProblems distributedLockFencingProblems() {
        return new FencingProblems();
    }
}
