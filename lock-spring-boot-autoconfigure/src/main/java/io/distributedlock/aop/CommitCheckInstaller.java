package io.distributedlock.aop;

import java.util.function.Supplier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;

/** Tells each transaction manager of the commit check: Boot does so with its own managers only. */
public final class CommitCheckInstaller implements BeanPostProcessor {

    private final Supplier<CommitCheck> check;

    /**
     * Made once per application.
     *
     * @param check asked for when there is a manager to tell of it
     */
    public CommitCheckInstaller(Supplier<CommitCheck> check) {
        this.check = check;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof ConfigurableTransactionManager manager
                && !manager.getTransactionExecutionListeners().contains(check.get())) {
            manager.addListener(check.get());
        }
        return bean;
    }
}
