package io.distributedlock.aop;

import java.lang.reflect.Method;
import org.springframework.aop.support.StaticMethodMatcherPointcut;

/**
 * Which methods of beans are locked. The class filter sees each class before a bean of it is proxied, and so is where a
 * lock that cannot work ends the start.
 */
public final class LockPointcut extends StaticMethodMatcherPointcut {

    private final LockedMethods methods;

    /**
     * Made once per application.
     *
     * @param methods answers for each method
     */
    public LockPointcut(LockedMethods methods) {
        this.methods = methods;
        setClassFilter(methods::isLocked);
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return methods.of(method, targetClass) != null;
    }
}
