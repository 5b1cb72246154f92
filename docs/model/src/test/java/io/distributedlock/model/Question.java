package io.distributedlock.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One question to the model checker: does a model, with these constants, have these properties?
 *
 * @param about in words
 * @param specification which of the model's specifications
 * @param checks lines of a configuration: invariants and properties
 * @param breaks the property that must not hold, because the variant is a wrong one; {@code null} = all must hold
 */
record Question(
        String model,
        String about,
        String specification,
        Map<String, String> constants,
        List<String> checks,
        @Nullable String breaks) {

    static Question about(String model, String about) {
        return new Question(model, about, "Spec", Map.of(), List.of(), null);
    }

    Question specification(String name) {
        return new Question(model, about, name, constants, checks, breaks);
    }

    /** Values as the configuration file of TLC wants them: strings in quotes, sets in braces. */
    Question where(String constant, Object value) {
        Map<String, String> more = new LinkedHashMap<>(constants);
        more.put(constant, String.valueOf(value));
        return new Question(model, about, specification, Collections.unmodifiableMap(more), checks, breaks);
    }

    Question variant(String constant, String value) {
        return where(constant, '"' + value + '"');
    }

    /** States that differ only in the names of the clients count as one. Not for what must happen some day. */
    Question symmetric() {
        return check("SYMMETRY Symmetry");
    }

    Question invariants(String... names) {
        Question question = this;
        for (String name : names) {
            question = question.check("INVARIANT " + name);
        }
        return question;
    }

    Question properties(String... names) {
        Question question = this;
        for (String name : names) {
            question = question.check("PROPERTY " + name);
        }
        return question;
    }

    Question mustBreakInvariant(String name) {
        return invariants(name).mustBreak(name);
    }

    Question mustBreakProperty(String name) {
        return properties(name).mustBreak(name);
    }

    private Question mustBreak(String name) {
        return new Question(model, about, specification, constants, checks, name);
    }

    private Question check(String line) {
        List<String> more = new ArrayList<>(checks);
        more.add(line);
        return new Question(model, about, specification, constants, List.copyOf(more), breaks);
    }

    /** What TLC reads. */
    String configuration() {
        StringBuilder text = new StringBuilder("SPECIFICATION ").append(specification);
        constants.forEach((name, value) ->
                text.append("\nCONSTANT ").append(name).append(" = ").append(value));
        checks.forEach(check -> text.append('\n').append(check));
        return text.append('\n').toString();
    }

    String expected() {
        return breaks == null ? "holds" : "breaks " + breaks;
    }

    @Override
    public String toString() {
        return model + ", " + about + ": " + expected();
    }
}
