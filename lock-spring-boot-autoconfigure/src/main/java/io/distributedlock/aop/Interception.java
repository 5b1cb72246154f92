package io.distributedlock.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;

/** What a proxy can do, being a subclass in the package of the class it stands for. */
final class Interception {

    private static final int NOT_OVERRIDABLE = Modifier.STATIC | Modifier.PRIVATE | Modifier.FINAL;

    private Interception() {}

    /** Why a proxy does not hear of a method's calls; {@code null} = it does. */
    static @Nullable String obstacle(Method method, Class<?> userClass) {
        int modifiers = method.getModifiers();
        if ((modifiers & NOT_OVERRIDABLE) != 0) {
            return Modifier.toString(modifiers);
        }
        boolean packagePrivate = !Modifier.isPublic(modifiers) && !Modifier.isProtected(modifiers);
        return packagePrivate && !areTogether(method.getDeclaringClass(), userClass)
                ? "package-private in another package than " + userClass.getName()
                : null;
    }

    /** As the JVM sees packages: those of two class loaders are two. */
    private static boolean areTogether(Class<?> one, Class<?> other) {
        return one.getPackageName().equals(other.getPackageName()) && one.getClassLoader() == other.getClassLoader();
    }

    /** The bean itself: a proxy may stand for another proxy, whose fields are all null. */
    static Object behindProxies(Object bean) {
        Object target = AopProxyUtils.getSingletonTarget(bean);
        return target == null ? bean : behindProxies(target);
    }
}
