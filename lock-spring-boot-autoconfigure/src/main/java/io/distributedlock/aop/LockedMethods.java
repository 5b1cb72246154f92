package io.distributedlock.aop;

import io.distributedlock.annotation.DistributedLock;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.aop.framework.ProxyConfig;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodClassKey;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.Schedules;
import org.springframework.util.ClassUtils;

/** All methods with {@code @DistributedLock}, read and checked when the class of a bean is first seen. */
public final class LockedMethods {

    private static final Logger log = LoggerFactory.getLogger(LockedMethods.class);

    private final ConfigurableListableBeanFactory beanFactory;
    private final LockManagers managers;
    private final Map<MethodClassKey, Optional<LockedMethod>> methods = new ConcurrentHashMap<>();
    private final Map<Class<?>, Boolean> classes = new ConcurrentHashMap<>();

    /**
     * Made once per application.
     *
     * @param beanFactory resolves placeholders and beans in annotations
     * @param managers checks the managers that annotations name
     */
    public LockedMethods(ConfigurableListableBeanFactory beanFactory, LockManagers managers) {
        this.beanFactory = beanFactory;
        this.managers = managers;
    }

    /** The method that a call of this one runs, if it is locked. */
    @Nullable
    LockedMethod of(Method method, Class<?> beanClass) {
        if (method.isSynthetic() && !method.isBridge()) {
            return null; // Kotlin copies annotations to what it makes of an open suspend function
        }
        // Not computeIfAbsent: reading an annotation can need other beans, whose creation comes back here.
        Class<?> targetClass = ClassUtils.getUserClass(beanClass);
        MethodClassKey key = new MethodClassKey(method, targetClass);
        Optional<LockedMethod> known = methods.get(key);
        if (known == null) {
            Method specific = specific(method, targetClass);
            known = specific.equals(method)
                    ? read(specific, targetClass)
                    : Optional.ofNullable(of(specific, targetClass));
            Optional<LockedMethod> raced = methods.putIfAbsent(key, known);
            known = raced == null ? known : raced;
        }
        return known.orElse(null);
    }

    /** Whether a class has locked methods; checks all of them. */
    boolean isLocked(Class<?> beanClass) {
        Boolean known = classes.get(beanClass);
        if (known == null) {
            Class<?> targetClass = ClassUtils.getUserClass(beanClass);
            known = LockCandidates.of(beanClass).stream()
                            .filter(method -> isLocked(method, targetClass))
                            .count()
                    > 0;
            if (known) {
                checkClass(targetClass);
            }
            classes.put(beanClass, known);
        }
        return known;
    }

    /** The methods of a class for which a fence is entered in their transactions. */
    Set<LockedMethod> fencedInTransaction(Class<?> beanClass) {
        if (!isLocked(beanClass)) {
            return Set.of();
        }
        return LockCandidates.of(beanClass).stream()
                .map(method -> of(method, beanClass))
                .filter(locked -> locked != null && locked.isFencedInTransaction())
                .collect(Collectors.toSet());
    }

    /** A lock that stands on one method, while calls run another that is not locked, is refused. */
    private boolean isLocked(Method candidate, Class<?> targetClass) {
        Method runs = specific(candidate, targetClass);
        String obstacle = Interception.obstacle(runs, targetClass);
        boolean locked = obstacle == null
                ? of(candidate, targetClass) != null
                : !LockAnnotations.of(runs, targetClass).isEmpty();
        if (!locked && (runs.equals(candidate) || !isDeclaredLocked(candidate))) {
            return false;
        }
        if (obstacle != null) {
            throw new InvalidLockException(
                    runs,
                    "a proxy cannot intercept a method that is " + obstacle,
                    "Make it public, neither static nor final, and call it from another bean");
        }
        if (!locked) {
            throw new InvalidLockException(
                    candidate,
                    "%s runs in its place, which the annotation does not reach"
                            .formatted(InvalidLockException.describe(runs)),
                    "Repeat the annotation there");
        }
        return true;
    }

    private static boolean isDeclaredLocked(Method method) {
        return !LockAnnotations.of(method, method.getDeclaringClass()).isEmpty();
    }

    private Optional<LockedMethod> read(Method method, Class<?> targetClass) {
        List<DistributedLock> locks = LockAnnotations.of(method, targetClass);
        if (locks.isEmpty()) {
            return Optional.empty();
        }
        LockedMethod locked = new LockedMethod(method, targetClass, locks, beanFactory);
        managers.check(locked);
        warnOfSchedule(locked);
        return Optional.of(locked);
    }

    private static void warnOfSchedule(LockedMethod locked) {
        Method method = locked.method();
        boolean scheduled = AnnotatedElementUtils.hasAnnotation(method, Scheduled.class)
                || AnnotatedElementUtils.hasAnnotation(method, Schedules.class);
        if (scheduled && !locked.skipsAndKeeps()) {
            log.warn(
                    "{} is scheduled on every instance, and its lock makes them run one after the other, not only one of"
                            + " them. For one run, set onContention = SKIP, waitTime = \"0\" and a minHoldTime longer than"
                            + " the clocks of the instances differ.",
                    InvalidLockException.describe(method));
        }
    }

    /** CGLIB makes subclasses; Spring's own message would not say why this class needs one. */
    private void checkClass(Class<?> type) {
        boolean final_ =
                Modifier.isFinal(type.getModifiers()) && !Proxy.isProxyClass(type) && !ClassUtils.isLambdaClass(type);
        if (final_ && (type.getInterfaces().length == 0 || proxiesClasses())) {
            throw new InvalidLockException(
                    type.getName(),
                    "the class is final, so that no proxy can be a subclass of it",
                    "Remove 'final' (Kotlin: 'open', or the Spring compiler plugin)",
                    null);
        }
    }

    private boolean proxiesClasses() {
        String creator = AopConfigUtils.AUTO_PROXY_CREATOR_BEAN_NAME;
        return beanFactory.containsBean(creator)
                && beanFactory.getBean(creator, ProxyConfig.class).isProxyTargetClass();
    }

    /** What runs, with its parameter names; for a JDK proxy as a bean, the interface's method. */
    private static Method specific(Method method, Class<?> targetClass) {
        if (Modifier.isStatic(method.getModifiers()) || Modifier.isPrivate(method.getModifiers())) {
            return method;
        }
        Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
        return Proxy.isProxyClass(specific.getDeclaringClass())
                ? ClassUtils.getInterfaceMethodIfPossible(specific, targetClass)
                : specific;
    }
}
