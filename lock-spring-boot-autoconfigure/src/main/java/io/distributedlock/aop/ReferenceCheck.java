package io.distributedlock.aop;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.VariableReference;

/**
 * Looks through an expression for names that no call can give a value. SpEL yields null for a variable it does not know,
 * so a misspelt one would not even fail.
 */
final class ReferenceCheck {

    private static final Pattern BY_POSITION = Pattern.compile("[ap](\\d{1,3})");

    private final Method method;
    private final @Nullable List<String> parameters;
    private final BeanFactory beanFactory;

    ReferenceCheck(Method method, @Nullable String @Nullable [] parameters, BeanFactory beanFactory) {
        this.method = method;
        this.parameters = parameters == null ? null : known(parameters);
        this.beanFactory = beanFactory;
    }

    /** Spring may know some of them only. */
    private static List<String> known(@Nullable String[] parameters) {
        List<String> known = new ArrayList<>();
        for (String parameter : parameters) {
            if (parameter != null) {
                known.add(parameter);
            }
        }
        return known;
    }

    void check(SpelNode expression) {
        check(expression, true);
    }

    /** onRoot: whether a property without anything before it is one of {@code #root}. */
    private void check(SpelNode node, boolean onRoot) {
        if (node instanceof VariableReference) {
            checkVariable(node.toStringAST().substring(1));
        } else if (node instanceof FunctionReference) {
            throw refused("'%s' is no function here; call a method, like 'T(java.lang.Math).abs(#x)'", node);
        } else if (node instanceof BeanReference) {
            checkBean(node);
        } else if (node instanceof PropertyOrFieldReference && onRoot) {
            checkProperty(node);
        }
        boolean insideHasRoot =
                onRoot && !(node instanceof Selection || node instanceof Projection || node instanceof Indexer);
        for (int i = 0; i < node.getChildCount(); i++) {
            boolean first = i == 0 || !(node instanceof CompoundExpression);
            check(node.getChild(i), insideHasRoot && first);
        }
    }

    private void checkVariable(String name) {
        if (name.equals("root") || name.equals("this")) {
            return;
        }
        Matcher position = BY_POSITION.matcher(name);
        if (position.matches() && Integer.parseInt(position.group(1)) < method.getParameterCount()) {
            return;
        }
        if (parameters == null) {
            throw new IllegalArgumentException(
                    "'#%s' cannot be found, since the class has no parameter names; compile with -parameters or use '#p0'"
                            .formatted(name));
        }
        if (!parameters.contains(name)) {
            throw new IllegalArgumentException(
                    "'#%s' is not a parameter; there are %s".formatted(name, parameterList(parameters)));
        }
    }

    private static String parameterList(List<String> parameters) {
        return parameters.isEmpty()
                ? "none"
                : String.join(", ", parameters.stream().map(name -> "#" + name).toList());
    }

    private void checkBean(SpelNode node) {
        String name = node.toStringAST().substring(1).replaceAll("^'|'$", "");
        if (!beanFactory.containsBean(name)) {
            throw refused("'%s' is not a bean of this application", node);
        }
    }

    private static void checkProperty(SpelNode node) {
        String name = node.toStringAST();
        if (!name.equals("method") && !name.equals("target")) {
            throw new IllegalArgumentException("'%s' refers to nothing; did you mean '#%s'?".formatted(name, name));
        }
    }

    private static IllegalArgumentException refused(String message, SpelNode node) {
        return new IllegalArgumentException(message.formatted(node.toStringAST()));
    }
}
