package io.distributedlock.aop;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A {@code @DistributedLock} that cannot work, noticed when its bean is created. Ends the start of the application. */
final class InvalidLockException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String mend;

    InvalidLockException(Method method, String problem, String mend) {
        this(describe(method), problem, mend, null);
    }

    InvalidLockException(String place, String problem, String mend, @Nullable Throwable cause) {
        super("@DistributedLock on %s cannot work: %s. %s.".formatted(place, problem, mend), cause);
        this.problem = "@DistributedLock on %s cannot work: %s.".formatted(place, problem);
        this.mend = mend + ".";
    }

    String problem() {
        return problem;
    }

    String mend() {
        return mend;
    }

    /** Class, method and parameter types: enough to find one of several overloaded methods. */
    static String describe(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(
                        ", ", method.getDeclaringClass().getName() + "." + method.getName() + "(", ")"));
    }
}
