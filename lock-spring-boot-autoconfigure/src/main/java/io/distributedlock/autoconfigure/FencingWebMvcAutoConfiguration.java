package io.distributedlock.autoconfigure;

import io.distributedlock.fencing.web.FencingProblems;
import io.distributedlock.fencing.web.ServletTokenResolver;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Handlers of Spring MVC that take fencing tokens. */
@AutoConfiguration
@ConditionalOnClass(WebMvcConfigurer.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(LockProperties.class)
public final class FencingWebMvcAutoConfiguration {

    @Bean
    WebMvcConfigurer distributedLockTokenResolver(LockProperties properties) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new ServletTokenResolver(properties.fencing().epoch()));
            }
        };
    }

    @Bean
    FencingProblems distributedLockFencingProblems() {
        return new FencingProblems();
    }
}
