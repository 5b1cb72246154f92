package io.distributedlock.aop;

import io.distributedlock.LockManager;
import io.distributedlock.LockRequest;
import java.lang.reflect.Method;
import java.util.List;
import org.aopalliance.intercept.MethodInvocation;

/**
 * One call of a locked method, and what it needs.
 *
 * @param requests at least one
 */
record LockedInvocation(
        MethodInvocation call,
        LockedMethod locked,
        Class<?> targetClass,
        LockManager manager,
        List<LockRequest> requests) {

    Method method() {
        return locked.method();
    }
}
