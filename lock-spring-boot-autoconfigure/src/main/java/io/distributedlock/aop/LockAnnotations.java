package io.distributedlock.aop;

import io.distributedlock.annotation.DistributedLock;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.aop.support.AopUtils;
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
        if (!own.isEmpty()) {
            return own;
        }
        List<Method> implemented = implementedLater(method, targetClass);
        Stream<AnnotatedElement> classes = Stream.concat(
                isCoveredByItsClass(method) ? Stream.of(method.getDeclaringClass()) : Stream.empty(),
                implemented.stream().map(Method::getDeclaringClass));
        return Stream.concat(implemented.stream(), classes)
                .map(LockAnnotations::on)
                .filter(locks -> !locks.isEmpty())
                .findFirst()
                .orElse(List.of());
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
    private static List<Method> implementedLater(Method method, Class<?> targetClass) {
        int modifiers = method.getModifiers();
        if (method.getDeclaringClass() == targetClass
                || !Modifier.isPublic(modifiers)
                || Modifier.isStatic(modifiers)) {
            return List.of();
        }
        return ClassUtils.getAllInterfacesForClassAsSet(targetClass).stream()
                .filter(type -> !type.isAssignableFrom(method.getDeclaringClass()))
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(declared -> declared.getName().equals(method.getName())
                        && declared.getParameterCount() == method.getParameterCount()
                        && AopUtils.getMostSpecificMethod(declared, targetClass).equals(method))
                .toList();
    }

    private static boolean isCoveredByItsClass(Method method) {
        int modifiers = method.getModifiers();
        return Modifier.isPublic(modifiers)
                && !Modifier.isStatic(modifiers)
                && !Modifier.isFinal(modifiers)
                && !ReflectionUtils.isObjectMethod(method);
    }
}
