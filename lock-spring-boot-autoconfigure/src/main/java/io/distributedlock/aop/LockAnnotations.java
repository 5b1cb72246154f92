package io.distributedlock.aop;

import io.distributedlock.annotation.DistributedLock;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The one place that says which annotations count for a method. Whoever asks whether a method is locked and whoever asks
 * how must get the same answer: the difference would be methods that run unlocked.
 */
final class LockAnnotations {

    private LockAnnotations() {}

    /** The method's own annotations; without any, those of the class that declares it. Empty = not locked. */
    static List<DistributedLock> of(Method method, Class<?> targetClass) {
        List<DistributedLock> own = on(method);
        if (own.isEmpty()) {
            own = onInterfaces(method, targetClass);
        }
        return own.isEmpty() && isCoveredByItsClass(method) ? on(method.getDeclaringClass()) : own;
    }

    /**
     * Those of an element, else of the nearest overridden method, superclass or interface. Repeated ones and those on
     * other annotations count, also when such an other annotation is itself repeated.
     */
    static List<DistributedLock> on(AnnotatedElement element) {
        List<MergedAnnotation<DistributedLock>> all =
                MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).stream(DistributedLock.class)
                        .toList();
        int nearest =
                all.stream().mapToInt(MergedAnnotation::getAggregateIndex).min().orElse(0);
        return all.stream()
                .filter(annotation -> annotation.getAggregateIndex() == nearest)
                .map(MergedAnnotation::synthesize)
                .distinct()
                .toList();
    }

    /** A method of a superclass can implement an interface that only the subclass names. */
    private static List<DistributedLock> onInterfaces(Method method, Class<?> targetClass) {
        if (method.getDeclaringClass() == targetClass || Modifier.isPrivate(method.getModifiers())) {
            return List.of();
        }
        return ClassUtils.getAllInterfacesForClassAsSet(targetClass).stream()
                .map(type -> ClassUtils.getMethodIfAvailable(type, method.getName(), method.getParameterTypes()))
                .filter(declared -> declared != null && !on(declared).isEmpty())
                .findFirst()
                .map(LockAnnotations::on)
                .orElse(List.of());
    }

    private static boolean isCoveredByItsClass(Method method) {
        int modifiers = method.getModifiers();
        return Modifier.isPublic(modifiers)
                && !Modifier.isStatic(modifiers)
                && !Modifier.isFinal(modifiers)
                && !ReflectionUtils.isObjectMethod(method);
    }
}
