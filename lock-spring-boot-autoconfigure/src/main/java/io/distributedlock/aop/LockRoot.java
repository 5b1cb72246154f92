package io.distributedlock.aop;

import java.lang.reflect.Method;

/**
 * What expressions see as {@code #root}.
 *
 * @param method the annotated method
 * @param target the bean behind the proxy
 */
record LockRoot(Method method, Object target) {}
