package io.distributedlock.aop;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ObjectUtils;

/**
 * Turns what an expression yields into parts of names. Whatever would make two different things share a name, or one
 * thing have many, is refused.
 */
final class KeyValues {

    private KeyValues() {}

    /** One text for a value, one for each element of a collection or array. */
    static List<String> of(@Nullable Object wrapped) {
        Object value = unwrap(wrapped);
        if (value instanceof Map) {
            throw new IllegalArgumentException("a map; use its keySet() or values()");
        }
        if (value instanceof Collection<?> collection) {
            return elements(collection);
        }
        if (value instanceof byte[] || value instanceof char[]) {
            throw new IllegalArgumentException(
                    "an array of %ss, each of which would be a lock of its own; make one text of it"
                            .formatted(value.getClass().getComponentType()));
        }
        if (ObjectUtils.isArray(value)) {
            return elements(Arrays.asList(ObjectUtils.toObjectArray(value)));
        }
        return List.of(text(value));
    }

    /** Whether a value makes any number of names. */
    static boolean isMany(@Nullable Object wrapped) {
        Object value = unwrap(wrapped);
        return value instanceof Collection<?> || ObjectUtils.isArray(value);
    }

    private static List<String> elements(Collection<?> collection) {
        if (collection.isEmpty()) {
            throw new IllegalArgumentException(
                    "an empty collection, which would lock nothing; do not call the method then,"
                            + " or set a condition");
        }
        return collection.stream().map(KeyValues::element).distinct().toList();
    }

    /** What an optional has, or null: its own text would be the same for all that are empty. */
    private static @Nullable Object unwrap(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return unwrap(optional.orElse(null));
        }
        if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? optional.getAsInt() : null;
        }
        if (value instanceof OptionalLong optional) {
            return optional.isPresent() ? optional.getAsLong() : null;
        }
        if (value instanceof OptionalDouble optional) {
            return optional.isPresent() ? optional.getAsDouble() : null;
        }
        return value;
    }

    private static String element(@Nullable Object wrapped) {
        Object value = unwrap(wrapped);
        if (value instanceof Map || isMany(value)) {
            throw new IllegalArgumentException("a collection that holds a collection; flatten it");
        }
        try {
            return text(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a collection that holds " + e.getMessage(), e);
        }
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException(
                    "null, which would lock all such calls on one name; refuse it before the call,"
                            + " or set a condition");
        }
        @Nullable String text = value instanceof Enum<?> constant ? constant.name() : declaredToString(value);
        // A toString() may answer null, whatever its type promises.
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException(
                    "a blank text, which would lock all such calls on one name; refuse it before"
                            + " the call, or set a condition");
        }
        return text;
    }

    private static @Nullable String declaredToString(Object value) {
        if (!declaresToString(value.getClass())) {
            throw new IllegalArgumentException(
                    "a %s, which declares no toString(): each instance would be a lock of its own;"
                                    .formatted(value.getClass().getName())
                            + " use a property that identifies it, like '#{#order.id}'");
        }
        return value.toString();
    }

    private static boolean declaresToString(Class<?> type) {
        try {
            return type.getMethod("toString").getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException notFoundInANativeImage) {
            return false;
        }
    }
}
