package io.distributedlock.aop;

import java.util.Arrays;
import java.util.Set;
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
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Refuses beans that have locked methods and no proxy: those made before proxies could be, as what a post-processor
 * needs is. Of instances that were there before the container made beans it only warns: the application, or a test that
 * puts a mock in the place of a bean, has registered them as they are.
 */
public final class UnlockedBeans implements BeanFactoryPostProcessor, SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(UnlockedBeans.class);

    private final ConfigurableListableBeanFactory beanFactory;
    private final LockedMethods methods;
    private Set<String> registered = Set.of();

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
    public void postProcessBeanFactory(ConfigurableListableBeanFactory unused) {
        registered = Set.of(beanFactory.getSingletonNames());
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (String name : beanFactory.getSingletonNames()) {
            Object bean = beanFactory.getSingleton(name);
            if (bean != null && !isProxied(bean) && methods.isLocked(AopProxyUtils.ultimateTargetClass(bean))) {
                refuse(name, bean.getClass().getName());
            }
        }
    }

    private void refuse(String name, String type) {
        if (beanFactory.containsBeanDefinition(name) && !registered.contains(name)) {
            throw new InvalidLockException(
                    "bean '%s' (%s)".formatted(name, type),
                    "its methods would run without their locks, since it was made before beans could be proxied,"
                            + " or is of a kind that never is",
                    "See that no BeanPostProcessor, nor anything else that starts early, depends on it, or lock a"
                            + " method of another bean",
                    null);
        }
        log.warn(
                "The methods of '{}' ({}) run without their locks: it was registered as an instance. Register its class,"
                        + " or a supplier of it.",
                name,
                type);
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
