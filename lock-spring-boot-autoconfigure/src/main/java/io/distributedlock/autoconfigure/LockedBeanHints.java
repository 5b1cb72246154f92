package io.distributedlock.autoconfigure;

import io.distributedlock.annotation.DistributedLock;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/**
 * Names to a native image what is only called by reflection: locked methods, their fallbacks, and what expressions read
 * from arguments.
 */
final class LockedBeanHints implements BeanRegistrationAotProcessor {

    private static final MemberCategory[] CALLED = {
        MemberCategory.INVOKE_PUBLIC_METHODS, MemberCategory.INVOKE_DECLARED_METHODS
    };

    /** Values of expressions: each is asked whether it has a text of its own. What arguments are made of comes on top. */
    private static final List<Class<?>> KEYS = List.of(
            String.class,
            Long.class,
            Integer.class,
            Short.class,
            Byte.class,
            Character.class,
            Boolean.class,
            UUID.class);

    private final BindingReflectionHintsRegistrar properties = new BindingReflectionHintsRegistrar();

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
        Set<Method> locked = lockedMethods(type);
        return locked.isEmpty()
                ? null
                : (generation, code) ->
                        register(type, locked, generation.getRuntimeHints().reflection());
    }

    /** Perhaps one that is not, of a class that is: a hint too many does no harm. */
    private static Set<Method> lockedMethods(Class<?> type) {
        Map<Method, Boolean> locked = MethodIntrospector.selectMethods(
                type, (Method method) -> (isLocked(method) || isLocked(method.getDeclaringClass())) ? true : null);
        return locked.keySet();
    }

    private static boolean isLocked(AnnotatedElement element) {
        return MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).isPresent(DistributedLock.class);
    }

    private void register(Class<?> type, Set<Method> locked, ReflectionHints hints) {
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            hints.registerType(each, CALLED);
        }
        for (Class<?> each : ClassUtils.getAllInterfacesForClassAsSet(type)) {
            hints.registerType(each, CALLED);
        }
        KEYS.forEach(hints::registerType);
        for (Method method : locked) {
            for (Class<?> argument : method.getParameterTypes()) {
                hints.registerType(
                        ClassUtils.resolvePrimitiveIfNecessary(argument), MemberCategory.INVOKE_PUBLIC_METHODS);
            }
            properties.registerReflectionHints(hints, method.getGenericParameterTypes());
        }
    }
}
