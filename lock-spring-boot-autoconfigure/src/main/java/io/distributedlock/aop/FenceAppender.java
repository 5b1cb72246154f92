package io.distributedlock.aop;

import io.distributedlock.fencing.Fence;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.SmartInstantiationAwareBeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.util.ClassUtils;

/**
 * Puts the {@link FenceInterceptor} behind all other advice of a bean with {@code guarantee = CORRECTNESS}. No order value
 * does that: advice of transactions and caches has the last one, and what is equal stands in the order of registration.
 */
public final class FenceAppender
        implements SmartInstantiationAwareBeanPostProcessor, SmartInitializingSingleton, Ordered {

    private static final Logger log = LoggerFactory.getLogger(FenceAppender.class);

    private final LockedMethods methods;
    private final SurroundingTransaction transactions;
    private final FenceInterceptor interceptor;
    private final ObjectProvider<Fence> fence;
    private final BooleanSupplier keepsEntities;
    private final Set<LockedMethod> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean isStarted;

    /**
     * Made once per application.
     *
     * @param methods answers which methods are fenced
     * @param transactions answers what methods declare about transactions
     * @param interceptor to be put at the end
     * @param fence to be entered; not asked for before all beans are made
     * @param keepsEntities whether web requests keep what JPA has read for them, over the transactions in them
     */
    public FenceAppender(
            LockedMethods methods,
            SurroundingTransaction transactions,
            FenceInterceptor interceptor,
            ObjectProvider<Fence> fence,
            BooleanSupplier keepsEntities) {
        this.methods = methods;
        this.transactions = transactions;
        this.interceptor = interceptor;
        this.fence = fence;
        this.keepsEntities = keepsEntities;
    }

    /** Behind those that put advice of their own around beans. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    /** Of beans that depend on each other in a circle the proxy is made before they are complete. */
    @Override
    public Object getEarlyBeanReference(Object bean, String name) {
        return postProcessAfterInitialization(bean, name);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof ScopedObject || bean instanceof AopInfrastructureBean) {
            return bean; // it stands for beans that are made, locked and fenced later
        }
        Class<?> type = ClassUtils.getUserClass(AopProxyUtils.ultimateTargetClass(bean));
        Set<LockedMethod> fenced = methods.fencedInTransaction(type);
        if (!fenced.isEmpty() && bean instanceof Advised advised) {
            fenced.forEach(method -> {
                checkFence(method);
                checkTransaction(method, type);
                checkChain(method, advised);
            });
            advised.addAdvisor(new DefaultPointcutAdvisor(new LockPointcut(methods), interceptor));
        }
        return bean;
    }

    /** Before, to ask for the fence could make it, and its database, before their time. */
    @Override
    public void afterSingletonsInstantiated() {
        isStarted = true;
        waiting.forEach(this::checkFence);
        if (!waiting.isEmpty() && keepsEntities.getAsBoolean()) {
            log.warn(
                    "guarantee = CORRECTNESS on {}: JPA entities that a web request has loaded before are not read again in"
                            + " the method's transaction, and may be out of date. Set spring.jpa.open-in-view=false, or"
                            + " refresh them there.",
                    waiting.stream()
                            .map(method -> InvalidLockException.describe(method.method()))
                            .sorted()
                            .toList());
        }
        waiting.clear();
    }

    private void checkFence(LockedMethod method) {
        if (!isStarted) {
            waiting.add(method);
            return;
        }
        try {
            fence.getObject();
        } catch (NoUniqueBeanDefinitionException e) {
            throw new InvalidLockException(
                    method.method(),
                    "guarantee = CORRECTNESS enters one Fence, and there are several beans of that type: "
                            + e.getBeanNamesFound(),
                    "Mark one of them as @Primary, or set fencing = MANUAL and enter the right one in the method");
        } catch (NoSuchBeanDefinitionException e) {
            throw new InvalidLockException(
                    method.method(),
                    "guarantee = CORRECTNESS needs a Fence, and there is no bean of that type",
                    "Have one DataSource, or mark one as @Primary, so that a JdbcFence is made; or define a Fence bean");
        }
    }

    /** One has to begin with the method, and be able to write. */
    private void checkTransaction(LockedMethod method, Class<?> type) {
        TransactionAttribute attribute =
                transactions.attribute(method.method(), type).orElse(null);
        if (attribute == null) {
            throw new InvalidLockException(
                    method.method(),
                    "guarantee = CORRECTNESS needs a transaction to enter the fence in",
                    "Add @Transactional, or set fencing = MANUAL and enter a Fence in the method");
        }
        if (!SurroundingTransaction.begins(attribute)) {
            throw new InvalidLockException(
                    method.method(),
                    "guarantee = CORRECTNESS needs a transaction that begins under the lock, and with its propagation"
                            + " none does",
                    "Use REQUIRED or REQUIRES_NEW");
        }
        if (attribute.isReadOnly()) {
            throw new InvalidLockException(
                    method.method(),
                    "guarantee = CORRECTNESS raises a mark, which a read-only transaction cannot",
                    "Remove readOnly, or the guarantee");
        }
    }

    private static void checkChain(LockedMethod method, Advised advised) {
        List<Advisor> chain = Arrays.asList(advised.getAdvisors());
        int lock = indexOf(chain, LockInterceptor.class);
        int transaction = indexOf(chain, TransactionInterceptor.class);
        if (lock >= 0 && transaction < 0) {
            throw new InvalidLockException(
                    method.method(),
                    "guarantee = CORRECTNESS needs a transaction, and this bean has no transactional proxy",
                    "Add @Transactional, and see that transactions are managed (@EnableTransactionManagement)");
        }
        if (transaction < lock) {
            throw new InvalidLockException(
                    method.method(),
                    "with guarantee = CORRECTNESS the lock has to be outside of the transaction, but the advice of"
                            + " transactions stands before it",
                    "Give transactions an order above lock.advisor-order, for instance by removing the order of"
                            + " @EnableTransactionManagement");
        }
        if (advised.isFrozen()) {
            throw new InvalidLockException(
                    method.method(),
                    "guarantee = CORRECTNESS needs further advice, and the proxy is frozen",
                    "Do not freeze proxies");
        }
    }

    private static int indexOf(List<Advisor> chain, Class<?> advice) {
        for (int i = 0; i < chain.size(); i++) {
            if (advice.isInstance(chain.get(i).getAdvice())) {
                return i;
            }
        }
        return -1;
    }
}
