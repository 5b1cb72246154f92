package io.distributedlock.aop;

import io.distributedlock.LockManager;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The managers that annotations name. They are looked up in the first call: making a proxy must not make a client of a
 * store before its time.
 */
public final class LockManagers {

    private final ConfigurableListableBeanFactory beanFactory;
    private final Map<String, Duration> maxHoldTimes;
    private final Map<String, LockManager> byName = new ConcurrentHashMap<>();

    /**
     * Made once per application.
     *
     * @param beanFactory has the managers
     * @param maxHoldTimes after which time a lock is lost when its annotation does not say, by the bean name of the
     *     manager
     */
    public LockManagers(ConfigurableListableBeanFactory beanFactory, Map<String, Duration> maxHoldTimes) {
        this.beanFactory = beanFactory;
        this.maxHoldTimes = Map.copyOf(maxHoldTimes);
    }

    LockManager get(String name) {
        LockManager known = byName.get(name);
        if (known == null) {
            known = name.isEmpty()
                    ? beanFactory.getBean(LockManager.class)
                    : beanFactory.getBean(name, LockManager.class);
            byName.put(name, known);
        }
        return known;
    }

    /** Refuses a method whose manager cannot be found, without making one. */
    void check(LockedMethod locked) {
        String name = locked.manager();
        List<String> names = Arrays.asList(beanFactory.getBeanNamesForType(LockManager.class, false, false));
        if (!name.isEmpty() && !(beanFactory.containsBean(name) && beanFactory.isTypeMatch(name, LockManager.class))) {
            throw new InvalidLockException(
                    locked.method(),
                    "there is no LockManager bean named '%s'".formatted(name),
                    "Set manager to one of " + names);
        }
        Optional<String> chosen = name.isEmpty() ? theOnly(names) : Optional.of(name);
        if (chosen.isEmpty() && !names.isEmpty()) {
            throw new InvalidLockException(
                    locked.method(),
                    "there are several LockManager beans: " + names,
                    "Set manager to one of them, or mark one as @Primary");
        }
        chosen.map(maxHoldTimes::get).ifPresent(locked::checkMinHoldTime);
    }

    private Optional<String> theOnly(List<String> names) {
        return names.size() == 1
                ? Optional.of(names.get(0))
                : names.stream().filter(this::isPrimary).findFirst();
    }

    private boolean isPrimary(String name) {
        if (!beanFactory.containsBeanDefinition(name)) {
            return false;
        }
        BeanDefinition definition = beanFactory.getBeanDefinition(name);
        return definition.isPrimary();
    }
}
