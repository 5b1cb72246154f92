package io.distributedlock.autoconfigure;

import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Sees to it that beans are proxied: with {@code spring.aop.auto=false} Boot does not, and locked methods would run
 * unlocked.
 */
final class LockProxyRegistrar implements ImportBeanDefinitionRegistrar {

    private final Environment environment;

    LockProxyRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        boolean ours = !registry.containsBeanDefinition(AopConfigUtils.AUTO_PROXY_CREATOR_BEAN_NAME);
        AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
        // As Boot would; a creator that is there already belongs to somebody who has decided.
        if (ours && environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true)) {
            AopConfigUtils.forceAutoProxyCreatorToUseClassProxying(registry);
        }
    }
}
