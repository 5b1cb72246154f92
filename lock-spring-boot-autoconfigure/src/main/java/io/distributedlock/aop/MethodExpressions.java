package io.distributedlock.aop;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/** SpEL as the annotations of one method may use it. */
final class MethodExpressions {

    private static final SpelExpressionParser PARSER = new SpelExpressionParser();

    private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

    private final Method method;
    private final ConfigurableBeanFactory beanFactory;

    MethodExpressions(Method method, ConfigurableBeanFactory beanFactory) {
        this.method = method;
        this.beanFactory = beanFactory;
    }

    NameTemplate template(String text) {
        try {
            return new NameTemplate(text, new TemplateParser(this::resolvePlaceholders, this::expression).parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its name '%s' is refused: %s".formatted(text, e.getMessage()), e);
        }
    }

    /**
     * Parses SpEL and checks what it refers to.
     *
     * @throws IllegalArgumentException if it cannot be evaluated whatever the call
     */
    Expression expression(String spel) {
        SpelExpression expression = parse(spel);
        new ReferenceCheck(method, NAMES.getParameterNames(method), beanFactory).check(expression.getAST());
        return expression;
    }

    private static SpelExpression parse(String spel) {
        try {
            return PARSER.parseRaw(spel);
        } catch (ParseException | IllegalStateException | IllegalArgumentException e) {
            throw new IllegalArgumentException("'%s' is not SpEL: %s".formatted(spel, e.getMessage()), e);
        }
    }

    /**
     * Replaces <code>${…}</code>. By the bean factory: the resolver that beans can ask for would evaluate
     * <code>#{…}</code> as well, without the call.
     */
    String resolvePlaceholders(String text) {
        String resolved = text.contains("${") ? beanFactory.resolveEmbeddedValue(text) : text;
        if (resolved == null || resolved.contains("${")) {
            throw new IllegalArgumentException("'%s' could not be resolved; define the property".formatted(text));
        }
        return resolved;
    }

    /** What expressions see in one call. */
    EvaluationContext call(Object target, @Nullable Object[] arguments) {
        MethodBasedEvaluationContext context =
                new MethodBasedEvaluationContext(new LockRoot(method, target), method, arguments, NAMES);
        context.setBeanResolver(new BeanFactoryResolver((BeanFactory) beanFactory));
        return context;
    }
}
