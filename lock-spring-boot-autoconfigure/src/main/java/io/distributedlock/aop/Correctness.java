package io.distributedlock.aop;

import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.Fencing;
import io.distributedlock.annotation.Guarantee;
import io.distributedlock.annotation.OnLoss;
import java.lang.reflect.Method;
import org.springframework.util.ClassUtils;

/** What {@code guarantee = CORRECTNESS} demands of a method; checked when its bean is created. */
final class Correctness {

    private static final String REPOSITORY = "org.springframework.data.repository.Repository";

    private static final String TRANSACTIONS = "org.springframework.transaction.interceptor.TransactionInterceptor";

    private final Method method;

    Correctness(Method method) {
        this.method = method;
    }

    /** Whether the library enters a fence for a method, in the method's transaction. */
    static boolean isInTransaction(DistributedLock lock) {
        return lock.guarantee() == Guarantee.CORRECTNESS && lock.fencing() == Fencing.TRANSACTION;
    }

    /** What annotations may not ask for together with it. */
    void check(DistributedLock lock) {
        if (lock.guarantee() != Guarantee.CORRECTNESS) {
            if (lock.fencing() != Fencing.TRANSACTION) {
                throw refused(
                        "fencing = %s says who compares tokens, which only guarantee = CORRECTNESS asks for"
                                .formatted(lock.fencing()),
                        "Set guarantee = CORRECTNESS, or remove the fencing");
            }
            return;
        }
        if (!lock.condition().isEmpty()) {
            throw refused(
                    "guarantee = CORRECTNESS holds for every call, and condition = \"%s\" lets some run without the lock"
                            .formatted(lock.condition()),
                    "Lock a method that is called only when the condition holds");
        }
        if (lock.onLoss() == OnLoss.IGNORE) {
            throw refused(
                    "guarantee = CORRECTNESS rolls back what a lost lock leaves unprotected, and onLoss = IGNORE lets it"
                            + " commit",
                    "Remove onLoss = IGNORE");
        }
        if (lock.fencing() == Fencing.TRANSACTION && !ClassUtils.isPresent(TRANSACTIONS, null)) {
            throw refused(
                    "guarantee = CORRECTNESS enters a fence in a transaction, and there is no org.springframework:spring-tx",
                    "Add spring-boot-starter-jdbc or -data-jpa, or set fencing = MANUAL and enter a Fence in the method");
        }
        if (isRepository(method.getDeclaringClass())) {
            throw refused(
                    "a Spring Data repository begins its transaction inside of its own proxy, where no fence can be"
                            + " entered",
                    "Lock the service method that calls the repository");
        }
    }

    private static boolean isRepository(Class<?> type) {
        for (Class<?> each : type.getInterfaces()) {
            if (isRepository(each)) {
                return true;
            }
        }
        return type.getName().equals(REPOSITORY);
    }

    private InvalidLockException refused(String problem, String mend) {
        return new InvalidLockException(method, problem, mend);
    }
}
