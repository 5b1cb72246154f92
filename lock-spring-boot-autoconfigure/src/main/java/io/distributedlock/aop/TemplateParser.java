package io.distributedlock.aop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.expression.Expression;

/**
 * Splits a name like <code>order:${region}:#{#id}</code> into text and expressions. Spring's own template parser takes
 * literal text as it is; here, text that looks like a mistyped expression is refused, since it would lock all callers on
 * one name.
 */
final class TemplateParser {

    /** Either text or an expression. */
    sealed interface Part {}

    record Text(String text) implements Part {}

    record Spel(String source, Expression expression) implements Part {}

    private static final Pattern HASH_WORD = Pattern.compile("#([\\p{L}_$][\\p{L}\\p{N}_$]*)");

    private final UnaryOperator<String> placeholders;
    private final Function<String, Expression> expressions;

    /**
     * @param placeholders resolves <code>${…}</code> in a text, or throws {@link IllegalArgumentException}
     * @param expressions makes an expression of SpEL, or throws {@link IllegalArgumentException}
     */
    TemplateParser(UnaryOperator<String> placeholders, Function<String, Expression> expressions) {
        this.placeholders = placeholders;
        this.expressions = expressions;
    }

    List<Part> parse(String template) {
        List<Part> parts = new ArrayList<>();
        int textFrom = 0;
        int i = 0;
        while (i < template.length()) {
            if (!template.startsWith("#{", i) && !template.startsWith("${", i)) {
                i++;
                continue;
            }
            addText(parts, template.substring(textFrom, i));
            boolean placeholder = template.charAt(i) == '$';
            int end = endOfBraces(template, i + 2, placeholder);
            if (placeholder) {
                addValue(parts, template.substring(i, end + 1));
            } else {
                String source = template.substring(i, end + 1);
                String spel = placeholders.apply(template.substring(i + 2, end));
                parts.add(new Spel(source, expressions.apply(spel)));
            }
            i = end + 1;
            textFrom = i;
        }
        addText(parts, template.substring(textFrom));
        return parts;
    }

    /** Braces in quoted strings of an expression do not count; all others are balanced. */
    private static int endOfBraces(String template, int from, boolean placeholder) {
        int depth = 1;
        char quote = 0;
        for (int i = from; i < template.length(); i++) {
            char c = template.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (!placeholder && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "'%s' is not closed: a '}' is missing".formatted(template.substring(from - 2)));
    }

    /** A property has text only: an expression in it would not be evaluated, and lock all callers on one name. */
    private void addValue(List<Part> parts, String placeholder) {
        String value = placeholders.apply(placeholder);
        try {
            addText(parts, value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'%s' has the value '%s', which is taken as it is: %s"
                            .formatted(placeholder, value, e.getMessage()),
                    e);
        }
    }

    private static void addText(List<Part> parts, String text) {
        if (text.isEmpty()) {
            return;
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "its text has a control character, such as the end of a line; those may be inside of #{…} only");
        }
        Matcher word = HASH_WORD.matcher(text);
        if (word.find()) {
            throw new IllegalArgumentException(
                    "'#%s' is plain text here; did you mean '#{#%s}'?".formatted(word.group(1), word.group(1)));
        }
        if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
            throw new IllegalArgumentException(
                    "'%s' has a brace that belongs to no expression; did you mean '#{#id}'? A brace as text is written #{'{'}"
                            .formatted(text));
        }
        parts.add(new Text(text));
    }
}
