package io.distributedlock.aop;

import io.distributedlock.LockRequest;
import io.distributedlock.annotation.DistributedLock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.ast.BooleanLiteral;
import org.springframework.expression.spel.ast.Literal;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.util.StringUtils;

/**
 * One annotation, read and checked: what to ask for in each call.
 *
 * @param names one template each
 * @param condition whether a call needs these locks; {@code null} = always
 * @param times a request that has the declared times, and a name for messages
 */
record LockDeclaration(List<NameTemplate> names, @Nullable Expression condition, LockRequest times) {

    /**
     * Reads an annotation.
     *
     * @throws IllegalArgumentException if it cannot work; the message says why and how to mend it
     */
    static LockDeclaration read(DistributedLock lock, MethodExpressions expressions) {
        List<NameTemplate> names =
                Arrays.stream(lock.name()).map(expressions::template).toList();
        Expression condition = lock.condition().isEmpty() ? null : readCondition(lock.condition(), expressions);
        Duration minHoldTime = duration("minHoldTime", lock.minHoldTime(), expressions);
        LockRequest times = new LockRequest(
                forMessages(lock.name()[0]),
                lock.mode(),
                lock.permits(),
                duration("waitTime", lock.waitTime(), expressions),
                duration("leaseTime", lock.leaseTime(), expressions),
                duration("maxHoldTime", lock.maxHoldTime(), expressions),
                minHoldTime == null ? Duration.ZERO : minHoldTime,
                null);
        return new LockDeclaration(names, condition, times);
    }

    /** A template is no name, but stands for one until there is a call; it may have several lines. */
    private static String forMessages(String template) {
        return StringUtils.truncate(template.replaceAll("\\p{Cntrl}", " "));
    }

    boolean hasMinHoldTime() {
        return !times.minHoldTime().isZero();
    }

    /** Whether one call needs these locks. */
    boolean applies(EvaluationContext call) {
        return condition == null || isTrue(condition, call);
    }

    /** What to ask for in one call. */
    Stream<LockRequest> requests(EvaluationContext call) {
        return names.stream()
                .flatMap(template -> template.names(call).stream().map(name -> request(name, template.text())));
    }

    Stream<String> templates() {
        return names.stream().map(NameTemplate::text);
    }

    private LockRequest request(String name, String template) {
        return new LockRequest(
                name,
                times.mode(),
                times.permits(),
                times.waitTime(),
                times.leaseTime(),
                times.maxHoldTime(),
                times.minHoldTime(),
                template);
    }

    private static Expression readCondition(String text, MethodExpressions expressions) {
        if (text.contains("#{")) {
            throw new IllegalArgumentException(
                    "its condition '%s' is SpEL already; write it without '#{' and '}'".formatted(text));
        }
        Expression condition;
        try {
            condition = expressions.expression(expressions.resolvePlaceholders(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its condition '%s' is refused: %s".formatted(text, e.getMessage()), e);
        }
        if (condition instanceof SpelExpression spel
                && spel.getAST() instanceof Literal literal
                && !(literal instanceof BooleanLiteral)) {
            throw notABoolean(condition, literal.getLiteralValue().getValue());
        }
        return condition;
    }

    private static boolean isTrue(Expression condition, EvaluationContext call) {
        Object value;
        try {
            value = condition.getValue(call);
        } catch (EvaluationException e) {
            throw new IllegalArgumentException(
                    "its condition '%s' could not be evaluated: %s"
                            .formatted(condition.getExpressionString(), e.getMessage()),
                    e);
        }
        if (value instanceof Boolean answer) {
            return answer;
        }
        throw notABoolean(condition, value);
    }

    private static IllegalArgumentException notABoolean(Expression condition, @Nullable Object value) {
        return new IllegalArgumentException(
                "its condition '%s' must yield true or false, but yielded %s; compare, like '#x != null'"
                        .formatted(
                                condition.getExpressionString(),
                                value == null ? "null" : "a " + value.getClass().getName()));
    }

    private static @Nullable Duration duration(String attribute, String text, MethodExpressions expressions) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            String resolved = expressions.resolvePlaceholders(text);
            return resolved.isBlank() ? null : DurationText.parse(resolved);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its %s is refused: %s".formatted(attribute, e.getMessage()), e);
        }
    }
}
