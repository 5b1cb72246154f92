package io.distributedlock.aop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.Advisor;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Warns of beans that have locked methods and no proxy: those made before proxies could be, as what a post-processor
 * needs is, and those registered as they are.
 */
public final class UnlockedBeans implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(UnlockedBeans.class);

    private final ConfigurableListableBeanFactory beanFactory;
    private final LockedMethods methods;

    /**
     * Made once per application.
     *
     * @param beanFactory has the beans
     * @param methods answers which classes are locked
     */
    public UnlockedBeans(ConfigurableListableBeanFactory beanFactory, LockedMethods methods) {
        this.beanFactory = beanFactory;
        this.methods = methods;
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (String name : beanFactory.getSingletonNames()) {
            Object bean = beanFactory.getSingleton(name);
            if (bean != null && methods.isLocked(AopProxyUtils.ultimateTargetClass(bean)) && !isProxied(bean)) {
                log.warn(
                        "The methods of bean '{}' ({}) run without their locks: it was made before beans could be"
                                + " proxied, or registered as an instance. See that no BeanPostProcessor, nor anything"
                                + " else that starts early, depends on it.",
                        name,
                        bean.getClass().getName());
            }
        }
    }

    /** Also behind another proxy, and for what stands for beans that are made and proxied later. */
    private static boolean isProxied(@Nullable Object bean) {
        if (bean instanceof ScopedObject || bean instanceof AopInfrastructureBean) {
            return true;
        }
        return bean instanceof Advised advised
                && (Arrays.stream(advised.getAdvisors()).anyMatch(UnlockedBeans::isOurs)
                        || isProxied(AopProxyUtils.getSingletonTarget(bean)));
    }

    private static boolean isOurs(Advisor advisor) {
        return advisor instanceof PointcutAdvisor ours && ours.getPointcut() instanceof LockPointcut;
    }
}
