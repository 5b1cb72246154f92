package io.distributedlock.aop;

import io.distributedlock.annotation.DistributedLock;
import io.distributedlock.annotation.DistributedLocks;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Where to look for locks: all methods of a class, its superclasses and its interfaces. */
final class LockCandidates {

    private static final Logger log = LoggerFactory.getLogger(LockCandidates.class);

    private static final List<String> LOCKS =
            List.of(DistributedLock.class.getName(), DistributedLocks.class.getName());

    private LockCandidates() {}

    /** A proxy's own methods are left out, since all of them are final; its interfaces are not. */
    static Set<Method> of(Class<?> beanClass) {
        Class<?> userClass = ClassUtils.getUserClass(beanClass);
        Set<Method> candidates = new LinkedHashSet<>();
        try {
            ReflectionUtils.doWithMethods(userClass, candidates::add, ReflectionUtils.USER_DECLARED_METHODS);
            for (Class<?> type : ClassUtils.getAllInterfacesForClassAsSet(beanClass)) {
                ReflectionUtils.doWithMethods(type, candidates::add, ReflectionUtils.USER_DECLARED_METHODS);
            }
        } catch (IllegalStateException | LinkageError e) {
            if (namesLock(userClass.getName(), MetadataReaderFactory.create(userClass.getClassLoader()))) {
                throw new InvalidLockException(
                        userClass.getName(),
                        "its methods cannot be read: " + NestedExceptionUtils.getMostSpecificCause(e),
                        "Add to the classpath what they name",
                        e);
            }
            // A class whose methods name types that are not there can be a bean, but never be proxied.
            log.debug("Did not look for locks on {}", userClass, e);
            return Set.of();
        }
        return candidates;
    }

    /** By what is written in the class file: to load the methods has failed. */
    private static boolean namesLock(String type, MetadataReaderFactory classes) {
        AnnotationMetadata metadata;
        try {
            metadata = classes.getMetadataReader(type).getAnnotationMetadata();
        } catch (IOException e) {
            log.debug("Did not look for locks on {}", type, e);
            return false;
        }
        return LOCKS.stream().anyMatch(lock -> metadata.isAnnotated(lock) || metadata.hasAnnotatedMethods(lock))
                || Stream.concat(
                                Stream.ofNullable(metadata.getSuperClassName()),
                                Arrays.stream(metadata.getInterfaceNames()))
                        .anyMatch(parent -> namesLock(parent, classes));
    }
}
