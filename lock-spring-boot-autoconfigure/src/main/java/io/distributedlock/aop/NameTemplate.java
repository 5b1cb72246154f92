package io.distributedlock.aop;

import io.distributedlock.LockRequest;
import io.distributedlock.aop.TemplateParser.Part;
import io.distributedlock.aop.TemplateParser.Spel;
import io.distributedlock.aop.TemplateParser.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.EvaluationException;

/**
 * A declared name.
 *
 * @param text as it was declared
 * @param parts text and expressions in turn
 */
record NameTemplate(String text, List<Part> parts) {

    /** Checks now what does not need a call. */
    NameTemplate {
        parts = List.copyOf(parts);
        if (parts.stream().allMatch(Text.class::isInstance)) {
            LockRequest.of(String.join(
                    "", parts.stream().map(part -> ((Text) part).text()).toList()));
        }
    }

    /**
     * The names for one call: one, or one for each element of a collection.
     *
     * @throws IllegalArgumentException if an expression fails or yields something that is no key
     */
    List<String> names(EvaluationContext call) {
        List<String> names = List.of("");
        boolean many = false;
        for (Part part : parts) {
            if (part instanceof Text literal) {
                names = names.stream().map(name -> name + literal.text()).toList();
            } else if (part instanceof Spel spel) {
                Object value = value(spel, call);
                if (many && KeyValues.isMany(value)) {
                    throw new IllegalArgumentException(
                            "'%s' has a second collection in %s; only one collection per name can be many locks"
                                    .formatted(text, spel.source()));
                }
                many |= KeyValues.isMany(value);
                List<String> keys = keys(spel, value);
                names = names.stream()
                        .flatMap(name -> keys.stream().map(key -> name + key))
                        .toList();
            }
        }
        return names;
    }

    private @Nullable Object value(Spel spel, EvaluationContext call) {
        try {
            return spel.expression().getValue(call);
        } catch (EvaluationException e) {
            throw new IllegalArgumentException(
                    "'%s': %s could not be evaluated: %s".formatted(text, spel.source(), e.getMessage()), e);
        }
    }

    private List<String> keys(Spel spel, @Nullable Object value) {
        try {
            return KeyValues.of(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'%s': %s yielded %s".formatted(text, spel.source(), e.getMessage()), e);
        }
    }
}
