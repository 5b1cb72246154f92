package io.distributedlock.autoconfigure;

import io.distributedlock.aop.DurationText;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.Environment;

/**
 * Refuses, before any other bean is made, {@code lock.*} values that binding would take, ignore, or refuse without saying why:
 * numbers as durations, and what this version cannot do yet.
 */
final class LockEnvironmentCheck implements BeanFactoryPostProcessor, PriorityOrdered {

    private static final Set<String> BACKENDS = Set.of("redis", "zookeeper", "memory");

    private static final Set<String> LATER_BACKENDS = Set.of("redis-quorum", "etcd", "jdbc");

    /** Keys, or beginnings of keys. */
    private static final List<String> LATER = List.of(
            "lock.page",
            "lock.redis.quorum",
            "lock.zookeeper.ssl",
            "lock.etcd",
            "lock.jdbc",
            "lock.fencing.max-clock-skew",
            "lock.election");

    private final Binder binder;

    LockEnvironmentCheck(Environment environment) {
        this.binder = Binder.get(environment);
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        checkEnabled();
        checkBackend();
        LATER.forEach(this::checkNotSet);
        checkDurations("lock", LockProperties.class);
    }

    /** Binding takes more words than conditions do, which would keep the locks in the store without a word. */
    private void checkEnabled() {
        binder.bind("lock.enabled", String.class).ifBound(value -> {
            if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
                throw new InvalidLockConfigurationException(
                        "lock.enabled=%s is neither true nor false".formatted(value),
                        "Set lock.enabled=false for locks in this JVM only, or remove it");
            }
        });
    }

    private void checkBackend() {
        String backend = binder.bind("lock.backend", String.class).orElse("redis");
        String known = backend.toLowerCase(Locale.ROOT);
        if (LATER_BACKENDS.contains(known)) {
            throw new InvalidLockConfigurationException(
                    "lock.backend=%s is not available in this version".formatted(backend),
                    "Use one of redis, zookeeper, memory");
        }
        if (!BACKENDS.contains(known)) {
            throw new InvalidLockConfigurationException(
                    "lock.backend=%s is not a backend".formatted(backend), "Use one of redis, zookeeper, memory");
        }
    }

    private void checkNotSet(String key) {
        boolean set = binder.bind(key, Bindable.of(Object.class)).isBound()
                || binder.bind(key, Bindable.mapOf(String.class, Object.class))
                        .map(values -> !values.isEmpty())
                        .orElse(false);
        if (set) {
            throw new InvalidLockConfigurationException(
                    "%s is not available in this version".formatted(key), "Remove " + key + " from the configuration");
        }
    }

    /** By the record's own components, so that no duration can be forgotten. */
    private void checkDurations(String prefix, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
            if (component.getType().isRecord()) {
                checkDurations(key, component.getType());
            } else if (component.getType() == Duration.class) {
                binder.bind(key, String.class).ifBound(value -> checkDuration(key, value));
            }
        }
    }

    private static void checkDuration(String key, String value) {
        if (value.isEmpty()) {
            return;
        }
        try {
            DurationText.parse(value);
        } catch (IllegalArgumentException e) {
            throw new InvalidLockConfigurationException(
                    "%s=%s is not a duration with a unit".formatted(key, value), "The value " + e.getMessage());
        }
    }
}
