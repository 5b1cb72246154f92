package io.distributedlock;

import io.distributedlock.autoconfigure.InMemoryLockAutoConfiguration;
import io.distributedlock.autoconfigure.LockAutoConfiguration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Applications that lock in memory. */
public final class Locking {

    private Locking() {}

    public static ApplicationContextRunner application(Class<?>... beans) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AopAutoConfiguration.class,
                        PropertyPlaceholderAutoConfiguration.class,
                        InMemoryLockAutoConfiguration.class,
                        LockAutoConfiguration.class))
                .withPropertyValues("lock.backend=memory", "lock.wait-time=0")
                .withUserConfiguration(beans);
    }

    /** A bean whose methods tell under which locks they ran. */
    public abstract static class Witness {

        @Autowired
        protected ObjectProvider<LockManager> locks;

        protected List<String> held() {
            return locks.getObject().held().stream()
                    .map(LeaseInfo::name)
                    .sorted()
                    .toList();
        }
    }

    /** Somebody else, who holds a lock until it is closed. */
    public static Lease anotherHolderOf(String name, LockManager locks) {
        return locks.acquireAsync(LockRequest.of(name)).join();
    }

    /** Whether somebody who does not wait would get a lock. */
    public static boolean isFree(String name, LockManager locks) {
        var lease = locks.tryAcquire(LockRequest.of(name));
        lease.ifPresent(Lease::close);
        return lease.isPresent();
    }
}
