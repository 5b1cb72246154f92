package io.distributedlock.autoconfigure;

import io.distributedlock.annotation.LockClient;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Picks the bean by which locks reach their store. A guess would split the locks over two stores. */
final class ClientBeans {

    private ClientBeans() {}

    /**
     * The one marked with {@link LockClient}, else the only or primary one; empty when there is none.
     *
     * @param key property that settles it otherwise
     */
    static Optional<String> find(ConfigurableListableBeanFactory beans, String key, Class<?>... types) {
        List<String> all = Stream.of(types)
                .flatMap(type -> Arrays.stream(beans.getBeanNamesForType(type, true, false)))
                .distinct()
                .toList();
        List<String> marked = all.stream()
                .filter(name -> beans.findAnnotationOnBean(name, LockClient.class) != null)
                .toList();
        if (!marked.isEmpty()) {
            return only(marked, "are marked with @LockClient", "Mark one only, or set " + key);
        }
        List<String> primary =
                all.stream().filter(name -> isPrimary(name, beans)).toList();
        return only(
                primary.isEmpty() ? all : primary,
                "could lead to the locks' store",
                "Mark one with @LockClient or @Primary, or set " + key);
    }

    private static Optional<String> only(List<String> names, String what, String mend) {
        if (names.size() > 1) {
            throw new InvalidLockConfigurationException("The beans %s %s".formatted(names, what), mend);
        }
        return names.stream().findFirst();
    }

    private static boolean isPrimary(String name, ConfigurableListableBeanFactory beans) {
        return beans.containsBeanDefinition(name)
                && beans.getBeanDefinition(name).isPrimary();
    }
}
