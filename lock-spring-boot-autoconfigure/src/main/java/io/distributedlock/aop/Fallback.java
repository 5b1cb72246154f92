package io.distributedlock.aop;

import io.distributedlock.LockNotAcquiredException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.KotlinDetector;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The method that runs in place of one whose lock was not to be had. Called through the proxy where the proxy has it, so
 * that its own annotations (a transaction, another lock) count; one that the proxy cannot have, like a private one, is
 * called on the bean behind it: on the proxy itself, all fields would be null.
 */
final class Fallback {

    private final Method method;
    private final boolean takesException;
    private final boolean throughProxy;

    private Fallback(Method method, boolean takesException, boolean throughProxy) {
        this.method = method;
        this.takesException = takesException;
        this.throughProxy = throughProxy;
        ReflectionUtils.makeAccessible(method);
    }

    static Fallback find(String name, Method locked, Class<?> targetClass) {
        Class<?>[] parameters = locked.getParameterTypes();
        List<Class<?>> withException = new ArrayList<>(List.of(parameters));
        withException.add(placeOfException(locked), LockNotAcquiredException.class);
        Method found = name.isEmpty()
                ? null
                : ReflectionUtils.findMethod(targetClass, name, withException.toArray(Class<?>[]::new));
        boolean takesException = found != null;
        if (found == null && !name.isEmpty()) {
            found = ReflectionUtils.findMethod(targetClass, name, parameters);
        }
        String wanted = "the fallback method '%s' of %s".formatted(name, targetClass.getName());
        String mend =
                "Write a method that is not static, with the parameters of '%s', optionally one more at the end of type"
                                .formatted(locked.getName())
                        + " LockNotAcquiredException, and the return type %s"
                                .formatted(locked.getReturnType().getSimpleName());
        if (name.isEmpty()) {
            throw new InvalidLockException(locked, "onContention = FALLBACK needs a fallback method", mend);
        }
        if (found == null) {
            throw new InvalidLockException(locked, wanted + " does not exist with these parameters", mend);
        }
        if (Modifier.isStatic(found.getModifiers())) {
            throw new InvalidLockException(locked, wanted + " is static", mend);
        }
        if (found.equals(locked)) {
            throw new InvalidLockException(locked, wanted + " is the locked method itself", mend);
        }
        if (!ClassUtils.isAssignable(locked.getReturnType(), found.getReturnType())) {
            throw new InvalidLockException(
                    locked, wanted + " returns " + found.getReturnType().getSimpleName(), mend);
        }
        return new Fallback(found, takesException, Interception.obstacle(found, targetClass) == null);
    }

    /** Behind all parameters that the source has; the last one of a suspend function is the compiler's. */
    private static int placeOfException(Method locked) {
        return locked.getParameterCount() - (KotlinDetector.isSuspendingFunction(locked) ? 1 : 0);
    }

    @Nullable
    Object run(MethodInvocation call, LockNotAcquiredException cause) throws Throwable {
        List<@Nullable Object> arguments = new ArrayList<>(Arrays.asList(call.getArguments()));
        if (takesException) {
            arguments.add(placeOfException(call.getMethod()), cause);
        }
        return AopUtils.invokeJoinpointUsingReflection(receiver(call), method, arguments.toArray());
    }

    private @Nullable Object receiver(MethodInvocation call) {
        if (throughProxy
                && call instanceof ProxyMethodInvocation invocation
                && method.getDeclaringClass().isInstance(invocation.getProxy())) {
            return invocation.getProxy();
        }
        return Interception.behindProxies(Objects.requireNonNull(call.getThis()));
    }
}
